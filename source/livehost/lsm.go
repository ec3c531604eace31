package livehost

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
)

// lsms lists the active security modules in their order. Where securityfs is
// not mounted, as in most containers, it lists those of AppArmor, SELinux,
// Smack and Yama that leave other traces when they are active; sysfs and
// /proc/sys are the kernel's own in containers too.
func (v vantage) lsms() snapshot.Fact[[]string] {
	list := kernelText("lsm", filepath.Join(v.m.Sys, "kernel/security/lsm"))
	if list.State() != snapshot.Absent {
		return snapshot.Map(list, func(s string) []string { return strings.Split(s, ",") })
	}
	o := snapshot.At("lsm", list.Origin().Source+" is missing; "+filepath.Join(v.m.Sys, "module/apparmor")+", "+filepath.Join(v.m.Sys, "fs/selinux"))
	enabled := kernelText("apparmor", v.appArmorSwitch())
	value, ok := enabled.Peek()
	if !ok {
		return snapshot.Lost[[]string](enabled.Gap(), o)
	}
	out := []string{}
	if pathExists(v.sysctlPath("kernel.yama.ptrace_scope")) {
		out = append(out, "yama")
	}
	for _, name := range [...]string{"selinux", "smackfs"} {
		if pathExists(filepath.Join(v.m.Sys, "fs", name)) {
			out = append(out, strings.TrimSuffix(name, "fs"))
		}
	}
	if value == "Y" {
		out = append(out, "apparmor")
	}
	return snapshot.See(out, o)
}

// lockdown reads the kernel's lockdown, "none [integrity] confidentiality". Where
// securityfs is not mounted nothing tells whether there is one.
func (v vantage) lockdown() snapshot.Fact[string] {
	dir := filepath.Join(v.m.Sys, "kernel/security")
	levels := kernelText("lockdown", filepath.Join(dir, "lockdown"))
	if levels.State() == snapshot.Absent && !pathExists(filepath.Join(dir, "lsm")) {
		return snapshot.Lost[string](unmountedGap(), levels.Origin())
	}
	return snapshot.Map(levels, func(s string) string {
		_, current, _ := strings.Cut(s, "[")
		current, _, _ = strings.Cut(current, "]")
		return current
	})
}

func pathExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func (v vantage) appArmorSwitch() string {
	return filepath.Join(v.m.Sys, "module/apparmor/parameters/enabled")
}

// appArmor reads whether AppArmor is on, and, where permitted (root), which
// profiles are loaded.
func (v vantage) appArmor() snapshot.Fact[snapshot.AppArmor] {
	enabled := kernelText("apparmor", v.appArmorSwitch())
	value, ok := enabled.Peek()
	switch {
	case !ok:
		return snapshot.Lost[snapshot.AppArmor](enabled.Gap(), enabled.Origin())
	case value != "Y":
		return snapshot.See(snapshot.AppArmor{DockerDefault: snapshot.None[string](enabled.Origin())}, enabled.Origin())
	}
	path := filepath.Join(v.m.Sys, "kernel/security/apparmor/profiles")
	o := snapshot.At("docker-default", path)
	data, err := os.ReadFile(path)
	if err != nil {
		return snapshot.See(snapshot.AppArmor{Enabled: true, DockerDefault: snapshot.Lost[string](profilesGap(err), o)}, enabled.Origin())
	}
	profiles, mode := parseProfiles(data)
	out := snapshot.AppArmor{Enabled: true, Profiles: profiles, DockerDefault: snapshot.None[string](o)}
	if mode != "" {
		out.DockerDefault = snapshot.See(mode, o)
	}
	return snapshot.See(out, snapshot.At("profiles", path))
}

// profilesGap says why the profiles cannot be read: without securityfs there
// is no list, which does not mean that there are no profiles.
func profilesGap(err error) snapshot.Gap {
	g := source.GapFrom(err)
	if errors.Is(err, fs.ErrNotExist) {
		unmounted := unmountedGap()
		g.Reason, g.Remedy = unmounted.Reason, unmounted.Remedy
	}
	return g
}

// unmountedGap is that of what only securityfs tells where it is not mounted.
func unmountedGap() snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonNamespace, Detail: lang.N("securityfs is not mounted at /sys/kernel/security"),
		Remedy: lang.Recordf("mount securityfs at /sys/kernel/security, or %s", onHostRemedy),
	}
}

// parseProfiles reads the list of loaded profiles, "name (mode)" a line
// (security/apparmor/apparmorfs.c), and counts them by mode.
func parseProfiles(data []byte) (byMode map[string]int, dockerDefault string) {
	byMode = map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		at := strings.LastIndex(line, " (")
		if at < 0 || !strings.HasSuffix(line, ")") {
			continue
		}
		mode := line[at+2 : len(line)-1]
		byMode[mode]++
		if line[:at] == "docker-default" {
			dockerDefault = mode
		}
	}
	return byMode, dockerDefault
}

// seLinux reads whether SELinux is on and enforces. The kernel makes the
// directory of selinuxfs only when SELinux is on.
func (v vantage) seLinux() snapshot.Fact[snapshot.SELinux] {
	dir := filepath.Join(v.m.Sys, "fs/selinux")
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return snapshot.See(snapshot.SELinux{}, snapshot.At("selinux", dir))
	}
	enforce := kernelText("enforce", filepath.Join(dir, "enforce"))
	switch enforce.State() {
	case snapshot.Seen:
		return snapshot.Map(enforce, func(s string) snapshot.SELinux {
			return snapshot.SELinux{Enabled: true, Enforcing: s == "1"}
		})
	case snapshot.Absent:
		return snapshot.Lost[snapshot.SELinux](snapshot.Gap{
			Reason: snapshot.ReasonNamespace,
			Detail: lang.Recordf("SELinux is on, but selinuxfs is not mounted at %s: whether it enforces cannot be read", dir),
			Remedy: onHostRemedy,
		}, enforce.Origin())
	}
	return snapshot.Lost[snapshot.SELinux](enforce.Gap(), enforce.Origin())
}
