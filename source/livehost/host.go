package livehost

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
	"seawall/source/procfs"
)

// collectHost reads what concerns the machine as a whole: its system, kernel,
// security modules, accounts, services and software. The package manager's lists
// are read if asked for.
func collectHost(ctx context.Context, m Machine, lists bool) snapshot.Host {
	v := look(m)
	h := snapshot.Host{
		Name:               v.name(),
		Hardware:           v.hardware(),
		OS:                 v.os(),
		Kernel:             v.kernel(),
		LSMs:               v.lsms(),
		Lockdown:           v.lockdown(),
		AppArmor:           v.appArmor(),
		SELinux:            v.seLinux(),
		SeccompFilter:      v.seccomp(),
		UserNamespaces:     v.userNamespaces(),
		CgroupVersion:      v.cgroupVersion(),
		Sysctls:            v.sysctls(),
		CPUVulnerabilities: v.vulnerabilities(),
		BootOptions:        v.bootOptions(),
		ModuleSignatures:   v.moduleSignatures(),
	}
	h.Users = v.users()
	h.EmptyGroups = v.emptyGroups()
	h.Services = v.services(ctx)
	h.Audit = v.auditLog(ctx)
	h.AuditConfig = v.auditConfig()
	owners := newOwners(v.m.Files)
	h.Software = v.software(ctx, owners, lists)
	h.Services = owners.packagesOf(h.Services)
	h.Tools = v.tools()
	return h
}

// kernelText reads a short file of proc or sysfs as a fact. A file that this
// kernel lacks is an absent fact.
func kernelText(name, path string) snapshot.Fact[string] {
	return kernelFile(name, path, source.GapFrom)
}

// kernelFile is kernelText with the gap that an error makes.
func kernelFile(name, path string, gap func(error) snapshot.Gap) snapshot.Fact[string] {
	o := snapshot.At(name, path)
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return snapshot.None[string](o)
	case err != nil:
		return snapshot.Lost[string](gap(err), o)
	}
	return snapshot.See(strings.TrimSpace(string(data)), o)
}

func (v vantage) sysctlPath(name string) string {
	return filepath.Join(v.m.Proc, "sys", strings.ReplaceAll(name, ".", "/"))
}

func (v vantage) name() snapshot.Fact[string] {
	path := v.sysctlPath("kernel.hostname")
	return hostFact(v.namespace("uts"), snapshot.At("hostname", path), func() snapshot.Fact[string] {
		return kernelText("hostname", path)
	})
}

func (v vantage) kernel() snapshot.Fact[string] {
	return kernelText("release", v.sysctlPath("kernel.osrelease"))
}

// os tells which system the host has.
func (v vantage) os() snapshot.Fact[snapshot.OS] {
	o := snapshot.At("os-release", "/etc/os-release")
	return hostFact(v.files, o, func() snapshot.Fact[snapshot.OS] { return systemOf(v.m.Files) })
}

// systemOf reads os-release(5) of a root from its two places.
func systemOf(files *hostfile.FS) snapshot.Fact[snapshot.OS] {
	name := "/etc/os-release"
	data, err := files.ReadFile(name, 64<<10)
	if errors.Is(err, fs.ErrNotExist) {
		name = "/usr/lib/os-release"
		data, err = files.ReadFile(name, 64<<10)
	}
	o := snapshot.At("os-release", files.Where(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return snapshot.None[snapshot.OS](o)
	case err != nil:
		return snapshot.Lost[snapshot.OS](source.GapFrom(err), o)
	}
	return snapshot.See(parseOSRelease(string(data)), o)
}

// parseOSRelease reads assignments as a shell would: quotes around values,
// backslashes before special characters.
func parseOSRelease(text string) snapshot.OS {
	var out snapshot.OS
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok {
			continue
		}
		if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
			value = value[1 : len(value)-1]
		}
		value = strings.NewReplacer(`\"`, `"`, `\$`, `$`, `\\`, `\`, "\\`", "`").Replace(value)
		switch name {
		case "ID":
			out.ID = value
		case "VERSION_ID":
			out.Version = value
		case "PRETTY_NAME":
			out.Name = value
		}
	}
	return out
}

// cgroupVersion is 2 where the unified hierarchy is at /sys/fs/cgroup, 1 where
// there are controllers of version 1 (also beside version 2, "hybrid").
func (v vantage) cgroupVersion() snapshot.Fact[int] {
	o := snapshot.At("cgroup", filepath.Join(v.m.Proc, v.first, "mountinfo"))
	tree, err := hostTree(v.m)
	if err != nil {
		return snapshot.Lost[int](source.GapFrom(err), o)
	}
	version := 0
	for _, mount := range tree.Mounts {
		switch {
		case mount.FSType == "cgroup2" && mount.Point == "/sys/fs/cgroup":
			return snapshot.See(2, o)
		case mount.FSType == "cgroup":
			version = 1
		}
	}
	switch {
	case version != 0:
		return snapshot.See(version, o)
	case v.files != nil:
		return snapshot.Lost[int](*v.files, o)
	}
	return snapshot.None[int](o)
}

// vulnerabilities reads what the kernel says of each known fault of the CPU.
func (v vantage) vulnerabilities() snapshot.Fact[map[string]string] {
	dir := filepath.Join(v.m.Sys, "devices/system/cpu/vulnerabilities")
	o := snapshot.At("vulnerabilities", dir)
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return snapshot.None[map[string]string](o)
	case err != nil:
		return snapshot.Lost[map[string]string](source.GapFrom(err), o)
	}
	out := make(map[string]string, len(entries))
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return snapshot.Lost[map[string]string](source.GapFrom(lang.RecordErrorf("CPU vulnerabilities: %w", err)), o)
		}
		out[entry.Name()] = strings.TrimSpace(string(data))
	}
	return snapshot.See(out, o)
}

// userNamespaces says who may make user namespaces: nobody if the limit is 0;
// only root where Debian's or Ubuntu's own settings forbid it to others.
func (v vantage) userNamespaces() snapshot.Fact[snapshot.UserNS] {
	limit := kernelText("max_user_namespaces", v.sysctlPath("user.max_user_namespaces"))
	o := limit.Origin()
	text, ok := limit.Peek()
	if !ok {
		return snapshot.Lost[snapshot.UserNS](limit.Gap(), o)
	}
	var ns snapshot.UserNS
	if limit.State() == snapshot.Absent { // before Linux 4.9, or without user namespaces
		_, err := os.Readlink("/proc/self/ns/user")
		ns.Supported = err == nil
	} else {
		n, err := strconv.Atoi(text)
		if err != nil {
			return snapshot.Lost[snapshot.UserNS](malformed(err, o.Source), o)
		}
		ns.Supported = n > 0
	}
	ns.Unprivileged = ns.Supported
	for name, forbids := range map[string]string{"kernel.unprivileged_userns_clone": "0", "kernel.apparmor_restrict_unprivileged_userns": "1"} {
		f := kernelText(name, v.sysctlPath(name))
		value, ok := f.Peek()
		if !ok {
			return snapshot.Lost[snapshot.UserNS](f.Gap(), f.Origin())
		}
		ns.Unprivileged = ns.Unprivileged && value != forbids
	}
	return snapshot.See(ns, o)
}

// seccomp says whether the kernel can filter system calls. Linux 4.14 lists
// the actions of filters; before, only that seccomp is there can be seen.
func (v vantage) seccomp() snapshot.Fact[bool] {
	actions := kernelText("actions_avail", v.sysctlPath("kernel.seccomp.actions_avail"))
	if actions.State() != snapshot.Absent {
		return snapshot.Map(actions, func(s string) bool { return strings.Contains(" "+s+" ", " errno ") })
	}
	o := snapshot.At("Seccomp", "/proc/self/status")
	data, err := os.ReadFile(o.Source)
	if err != nil {
		return snapshot.Lost[bool](source.GapFrom(err), o)
	}
	status, err := procfs.ParseStatus(data)
	switch {
	case err != nil:
		return snapshot.Lost[bool](malformed(err, o.Source), o)
	case status.Has&procfs.HasSeccomp == 0:
		return snapshot.See(false, o)
	case status.Has&procfs.HasSeccompFilters != 0:
		return snapshot.See(true, o)
	}
	return snapshot.Lost[bool](snapshot.Gap{
		Reason: snapshot.ReasonUnsupported,
		Detail: lang.Recordf("this kernel has seccomp and does not tell whether it has filters (%s is missing)", actions.Origin().Source),
	}, o)
}
