package container

import (
	"seawall/rule"
	"seawall/rules/internal/hostpath"
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
		},
		Refs: rule.Refs{CIS: "5.6", NIST: "4.5.5", ATTACK: "T1611", Guide: "G25", Docs: "Bind mounts"},
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
			{Show: "a volume that is a bind in disguise", Run: "docker run -v conf:/x alpine", Facts: bindVolume("conf", "/etc")},
			{Show: "a mount that only the kernel shows", Run: "docker run alpine", Facts: running(func(p *snapshot.Process) {
				p.HostMounts = snapshot.See([]snapshot.HostMount{{Source: "/etc", Destination: "/x"}}, p.HostMounts.Origin())
			})},
		},
		Good: []rule.Example{
			{Run: "docker run -v /etc/localtime:/etc/localtime:ro -v /srv/www:/www alpine"},
			{Run: "docker run -v data:/data --tmpfs /tmp alpine"},
			{Run: "docker run -v /home/alice/project/src:/src -v /sys/fs/cgroup:/sys/fs/cgroup:ro alpine"},
		},
		Container: checkSensitiveMount,
	}
}

func checkSensitiveMount(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	var worst hostPath
	var where hostpath.Place
	severity, more := rule.Severity(0), 0
	seen := map[string]bool(nil)
	eachHostPath(c, ctr, func(h hostPath) {
		if seen[h.destination] || hostpath.SocketFile(h.source) {
			return
		}
		if _, service := hostpath.ServiceOf(h.source); service {
			return // container-service-socket-mounted judges it
		}
		p, s := sensitivePlace(c, h)
		if s == 0 {
			return
		}
		if seen == nil {
			seen = map[string]bool{}
		}
		seen[h.destination] = true
		h.cite(c)
		if severity != 0 {
			more++
		}
		if s > severity {
			worst, where, severity = h, p, s
		}
	})
	if severity == 0 {
		return c.Pass("no sensitive path of the host is inside")
	}
	others := ""
	if more > 0 {
		others = ", and more (see the evidence)"
	}
	return failForRoot(c, ctr, severity, gradeReason(severity, worst), "it has %s inside: %s%s%s", worst, where.Gives, others, life(ctr))
}

// sensitivePlace judges a mounted path, the engine's data directory included
// wherever it is.
func sensitivePlace(c *rule.Context, h hostPath) (hostpath.Place, rule.Severity) {
	p, s := hostpath.Of(h.source, h.readOnly)
	root, _ := c.Engine.Settings.DataRoot.Peek()
	if root != "" && root != "/var/lib/docker" {
		data := hostpath.DataRoot(root)
		if t := data.Severity(h.readOnly); t > s && data.Touches(h.source) {
			return data, t
		}
	}
	return p, s
}

func gradeReason(s rule.Severity, h hostPath) string {
	switch {
	case s == rule.High:
		return ""
	case s > rule.High:
		return "writing there takes the host over"
	case h.readOnly:
		return "it can only be read"
	}
	return "writing there does not take the host over by itself"
}
