package container

import (
	"cmp"
	"slices"

	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func sensitiveMount() *rule.Rule {
	return &rule.Rule{
		ID:       "container-sensitive-mount",
		Title:    "A container has a sensitive path of the host inside",
		Severity: rule.High,
		Why: "Through a mount of the host's own directories a container reads the host's secrets or, writable, changes what the host runs as root: no escape is needed. " +
			"A volume can be such a mount in disguise, and a harmless-looking parent directory contains the sensitive one.",
		Fix: rule.Fix{
			Text:    "Mount only the files that the workload uses, read-only where it does not write, and keep its data in volumes.",
			Run:     "instead of -v /etc:/etc: -v /etc/localtime:/etc/localtime:ro",
			Compose: "services:\n  web:\n    volumes:\n      - type: bind\n        source: /etc/localtime\n        target: /etc/localtime\n        read_only: true",
			Breaks:  "Programs that read other files there, such as monitoring agents.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("volumes"), rule.Drop("volumes_from")}},
		},
		Refs: rule.Refs{CIS: "5.6", NIST: "4.5.5", ATTACK: "T1611", Guide: "G25", Docs: "Bind mounts", Peers: "kics:1c1325ff CL-0013 CL-0025 docksec:sensitive-host-mount"},
		Bad: []rule.Example{
			{Run: "docker run -v /:/host alpine"},
			{Run: "docker run -v /etc:/x:ro alpine"},
			{Run: "docker run -v /etc/shadow:/s alpine"},
			{Run: "docker run -v /root:/r alpine"},
			{Run: "docker run -v /var/lib/docker:/d alpine"},
			{Run: "docker run -v /proc/sys:/p alpine"},
			{Run: "docker run -v /dev/vda:/disk alpine"},
			{Run: "docker run -v /var:/x alpine"},
			{Run: "docker run -v /run:/hostrun alpine"},
			{Run: "docker run -v /home/alice/.ssh:/keys:ro alpine"},
			{Show: "a volume that is a bind in disguise", Run: "docker run -v conf:/x alpine", Facts: example.BindVolume("conf", "/etc")},
			{Show: "a mount that only the kernel shows", Run: "docker run alpine", Facts: running(func(p *snapshot.Process) {
				p.HostMounts = snapshot.See([]snapshot.HostMount{{Source: "/etc", Destination: "/x"}}, p.HostMounts.Origin())
			})},
		},
		Good: []rule.Example{
			{Run: "docker run -v /etc/localtime:/etc/localtime:ro -v /srv/www:/www alpine"},
			{Run: "docker run -v data:/data --tmpfs /tmp alpine"},
			{Run: "docker run -v /dev/disk:/dev/disk:ro alpine"},
			{Run: "docker run -v /home/alice/project/src:/src -v /sys/fs/cgroup:/sys/fs/cgroup:ro alpine"},
		},
		Container: checkSensitiveMount,
	}
}

func checkSensitiveMount(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	var found []sensitivePath
	hostpath.Each(c, c.Engine, ctr, func(h hostpath.Mounted) {
		known := slices.ContainsFunc(found, func(f sensitivePath) bool { return f.Destination == h.Destination })
		if known || hostpath.SocketFile(h.Source) {
			return
		}
		if _, service := hostplace.ServiceOf(h.Source); service {
			return // container-service-socket-mounted judges it
		}
		if p, s := sensitivePlace(c, h); s != 0 {
			found = append(found, sensitivePath{h, p.Gives, s})
			citing(h)(c)
		}
	})
	if len(found) == 0 {
		return c.Pass("no sensitive path of the host is inside")
	}
	worst := slices.MaxFunc(found, func(a, b sensitivePath) int { return cmp.Compare(a.severity, b.severity) })
	others := ""
	if len(found) > 1 {
		others = lang.T(", and more (see the evidence)")
	}
	return failForRoot(c, ctr, worst.severity, gradeReason(worst.severity, worst.Mounted), "it has %s inside: %s%s%s", worst, worst.gives, others, life(ctr))
}

// sensitivePath is a path that a container should not have.
type sensitivePath struct {
	hostpath.Mounted
	gives    string
	severity rule.Severity
}

// sensitivePlace judges a mounted path, the engine's data directory included
// wherever it is.
func sensitivePlace(c *rule.Context, h hostpath.Mounted) (hostplace.Place, rule.Severity) {
	p, s := hostplace.Of(h.Source, h.ReadOnly)
	root, _ := c.Engine.Settings.DataRoot.Peek()
	if root != "" {
		data := hostplace.DataRoot(root)
		if t := data.Severity(h.ReadOnly); t > s && data.Touches(h.Source) {
			return data, t
		}
	}
	return p, s
}

func gradeReason(s rule.Severity, h hostpath.Mounted) string {
	switch {
	case s == rule.High:
		return ""
	case s > rule.High:
		return lang.T("writing there takes the host over")
	case h.ReadOnly:
		return lang.T("it can only be read")
	}
	return lang.T("writing there does not take the host over by itself")
}
