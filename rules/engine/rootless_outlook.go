package engine

import (
	"strconv"

	"seawall/lang"
	"seawall/snapshot"
)

// rootlessOutlook says in words what rootless mode would mean on this host. It
// words a message and decides nothing, so it looks at facts without reading
// them.
func rootlessOutlook(h *snapshot.Host, e *snapshot.Engine) string {
	prefix := ""
	if userns, ok := h.UserNamespaces.Peek(); ok && !(userns.Supported && userns.Unprivileged) {
		prefix = lang.T("rootless mode first needs user namespaces for ordinary users, which are off here; ")
	}
	containers, ok := e.Containers.Peek()
	if !ok {
		return prefix + lang.T("what rootless mode would break is not known, since the containers could not be read")
	}
	var broken []string
	for i := range containers {
		if reasons := rootlessObstacles(h, e, &containers[i]); len(reasons) > 0 {
			broken = append(broken, lang.Bracket(containers[i].Name, lang.Comma(reasons)))
		}
	}
	switch {
	case len(containers) == 0:
		return prefix + lang.T("it has no containers, so rootless mode would break none")
	case len(broken) == 0:
		return prefix + lang.Sprintf("nothing in the settings of its %d containers stands against rootless mode", len(containers))
	}
	return prefix + lang.Sprintf("rootless mode would need changes to %d of %d containers: %s", len(broken), len(containers), shorten(broken, 5))
}

// shorten joins the first n words and counts the rest.
func shorten(words []string, n int) string {
	if len(words) <= n {
		return lang.Comma(words)
	}
	return lang.Sprintf("%s and %d more", lang.Comma(words[:n]), len(words)-n)
}

// hostRights are capabilities that the kernel grants in the host's own user
// namespace only: a rootless container cannot use them.
var hostRights = snapshot.Caps("SYS_MODULE", "SYS_RAWIO", "SYS_TIME", "SYS_BOOT", "SYSLOG", "MAC_ADMIN", "MAC_OVERRIDE", "PERFMON", "BPF")

// rootlessObstacles lists what of a container does not work in rootless mode
// (Docker documentation, Rootless mode, known limitations).
func rootlessObstacles(h *snapshot.Host, e *snapshot.Engine, ctr *snapshot.Container) []string {
	var reasons []string
	note := func(when bool, reason string) {
		if when {
			reasons = append(reasons, reason)
		}
	}
	privileged, _ := ctr.Privileged.Peek()
	mode, _ := ctr.NetworkMode.Peek()
	added, _ := ctr.CapAdd.Peek()
	devices, _ := ctr.Devices.Peek()
	apparmor, _ := ctr.AppArmor.Peek()
	note(privileged, lang.T("is privileged: devices and kernel stay out of reach"))
	note(!privileged && added&hostRights != 0, lang.Sprintf("adds %s, which has no effect there", added&hostRights))
	note(mode == "host", lang.T("uses the host's network, which would be the rootless one"))
	note(len(devices) > 0, lang.T("has devices, which the user must be allowed to open"))
	note(apparmor != "" && apparmor != "unconfined" && apparmor != "docker-default", lang.Sprintf("has the AppArmor profile %s, which is not applied there", apparmor))
	if port := lowPort(ctr); port != "" {
		note(true, lang.Sprintf("publishes port %s, below 1024", port))
	}
	if driver := hostNetworkDriver(e, ctr); driver != "" {
		note(true, lang.Sprintf("is on a network of driver %s", driver))
	}
	memory, _ := ctr.Memory.Peek()
	version, _ := h.CgroupVersion.Peek()
	note(memory > 0 && version == 1, lang.T("has a memory limit, which cgroup v1 does not give to ordinary users"))
	return reasons
}

// lowPort is the first published host port below 1024.
func lowPort(ctr *snapshot.Container) string {
	ports, _ := ctr.Ports.Peek()
	for _, p := range ports {
		if n, err := strconv.Atoi(p.HostPort); err == nil && n > 0 && n < 1024 {
			return p.HostPort
		}
	}
	return ""
}

// hostNetworkDriver is the driver of a network that rootless mode cannot make:
// overlay, or one that sits on an interface of the host.
func hostNetworkDriver(e *snapshot.Engine, ctr *snapshot.Container) string {
	networks, _ := e.Networks.Peek()
	endpoints, _ := ctr.Networks.Peek()
	for _, endpoint := range endpoints {
		for _, n := range networks {
			if n.Name == endpoint.Network && (n.Driver == "overlay" || n.Driver == "macvlan" || n.Driver == "ipvlan") {
				return n.Driver
			}
		}
	}
	return ""
}
