package apimodel

import (
	"strconv"
	"strings"

	"github.com/moby/moby/api/types/container"

	"seawall/lang"
	"seawall/snapshot"
)

// common fills every fact that inspect and create tell in the same way.
func (b builder) common(name string) snapshot.Container {
	h := b.host
	security := parseSecurityOpt(h.SecurityOpt)
	c := snapshot.Container{
		Name:    name,
		Project: b.config.Labels[LabelProject],
		Service: b.config.Labels[LabelService],

		BoundFiles: snapshot.Lost[[]snapshot.File](snapshot.Gap{
			Reason: snapshot.ReasonNotCollected,
			Detail: lang.N("an engine does not tell whose the files of its host are"),
			Remedy: lang.N("run on the engine's host"),
		}, snapshot.At("bound files", "stat")),
		Observed: snapshot.Lost[snapshot.Observed](snapshot.Unobserved("what it uses was not watched"), snapshot.At("observed", "observation")),

		Image:          see(b, "Config.Image", b.config.Image),
		Privileged:     see(b, "HostConfig.Privileged", h.Privileged),
		CapAdd:         see(b, "HostConfig.CapAdd", snapshot.Caps(h.CapAdd...)),
		CapDrop:        see(b, "HostConfig.CapDrop", snapshot.Caps(h.CapDrop...)),
		ReadonlyRootfs: see(b, "HostConfig.ReadonlyRootfs", h.ReadonlyRootfs),

		Seccomp:       see(b, "HostConfig.SecurityOpt", security.seccompFor(h)),
		AppArmor:      see(b, "HostConfig.SecurityOpt", security.appArmorFor(h)),
		SELinux:       see(b, "HostConfig.SecurityOpt", security.labelsFor(h)),
		UnmaskedPaths: see(b, "HostConfig.MaskedPaths", unmasked(h)),

		NetworkMode:  see(b, "HostConfig.NetworkMode", networkMode(h)),
		PidMode:      see(b, "HostConfig.PidMode", string(h.PidMode)),
		IpcMode:      see(b, "HostConfig.IpcMode", string(h.IpcMode)),
		UTSMode:      see(b, "HostConfig.UTSMode", string(h.UTSMode)),
		UsernsMode:   see(b, "HostConfig.UsernsMode", string(h.UsernsMode)),
		CgroupnsMode: see(b, "HostConfig.CgroupnsMode", string(h.CgroupnsMode)),

		VolumesFrom:       see(b, "HostConfig.VolumesFrom", list(h.VolumesFrom)),
		Devices:           see(b, "HostConfig.Devices", devices(h.Devices)),
		DeviceCgroupRules: see(b, "HostConfig.DeviceCgroupRules", list(h.DeviceCgroupRules)),
		DeviceRequests:    see(b, "HostConfig.DeviceRequests", deviceRequests(h.DeviceRequests)),
		Ports:             see(b, "HostConfig.PortBindings", b.declaredPorts()),
		Links:             see(b, "HostConfig.Links", links(h)),

		Memory:        see(b, "HostConfig.Memory", h.Memory),
		NanoCPUs:      see(b, "HostConfig.NanoCpus", h.NanoCPUs),
		CPUQuota:      see(b, "HostConfig.CpuQuota", h.CPUQuota),
		CPUShares:     see(b, "HostConfig.CpuShares", h.CPUShares),
		CPUSet:        see(b, "HostConfig.CpusetCpus", h.CpusetCpus),
		PidsLimit:     see(b, "HostConfig.PidsLimit", limit(h.PidsLimit)),
		Ulimits:       see(b, "HostConfig.Ulimits", ulimits(h.Ulimits)),
		CgroupParent:  see(b, "HostConfig.CgroupParent", h.CgroupParent),
		RestartPolicy: see(b, "HostConfig.RestartPolicy", restartPolicy(h.RestartPolicy)),
		LogDriver:     see(b, "HostConfig.LogConfig.Type", h.LogConfig.Type),
		Runtime:       see(b, "HostConfig.Runtime", h.Runtime),
		Sysctls:       see(b, "HostConfig.Sysctls", dict(h.Sysctls)),

		Env:     see(b, "Config.Env", env(b.config.Env)),
		Command: see(b, "Config.Cmd", b.command()),
	}
	c.NoNewPrivileges = snapshot.None[bool](b.at("HostConfig.SecurityOpt"))
	if v := security.noNewPrivileges; v != nil {
		c.NoNewPrivileges = see(b, "HostConfig.SecurityOpt", *v)
	}
	b.addWorkload(&c)
	return c
}

func (b builder) command() []string {
	all := make([]string, 0, len(b.config.Entrypoint)+len(b.config.Cmd))
	all = append(append(all, b.config.Entrypoint...), b.config.Cmd...)
	return list(snapshot.RedactArgs(all))
}

// list and dict make one thing of null and empty, which the API and its
// clients use alike.
func list[T any](in []T) []T {
	if len(in) == 0 {
		return nil
	}
	return in
}

func dict(in map[string]string) map[string]string {
	if len(in) == 0 {
		return nil
	}
	return in
}

func env(assignments []string) []snapshot.EnvVar {
	var out []snapshot.EnvVar
	for _, a := range assignments {
		out = append(out, snapshot.RedactEnv(a))
	}
	return out
}

func devices(in []container.DeviceMapping) []snapshot.Device {
	var out []snapshot.Device
	for _, d := range in {
		out = append(out, snapshot.Device{Host: d.PathOnHost, Container: d.PathInContainer, Permissions: d.CgroupPermissions})
	}
	return out
}

// deviceRequests writes a request as "driver: what", or what alone where the
// engine is to choose the driver: "nvidia: gpu", "gpu", "cdi: vendor.com/x=0".
func deviceRequests(in []container.DeviceRequest) []string {
	var out []string
	for _, r := range in {
		what := append([]string(nil), r.DeviceIDs...)
		for _, set := range r.Capabilities {
			what = append(what, strings.Join(set, "+"))
		}
		text := strings.Join(what, ", ")
		if r.Driver != "" {
			text = r.Driver + ": " + text
		}
		out = append(out, text)
	}
	return out
}

func ulimits(in []*container.Ulimit) []string {
	var out []string
	for _, u := range in {
		if u != nil {
			out = append(out, u.String())
		}
	}
	return out
}

// restartPolicy writes the policy as docker run takes it. Engines before 25
// keep an empty name for "no".
func restartPolicy(p container.RestartPolicy) string {
	switch {
	case p.IsNone():
		return string(container.RestartPolicyDisabled)
	case p.MaximumRetryCount > 0:
		return string(p.Name) + ":" + strconv.Itoa(p.MaximumRetryCount)
	}
	return string(p.Name)
}

// limit: null, zero and less all mean none; the engine stores -1 as 0 or null.
func limit(n *int64) int64 {
	if n == nil || *n < 0 {
		return 0
	}
	return *n
}
