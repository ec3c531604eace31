package container

import (
	"cmp"
	"slices"

	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func serviceSocketMounted() *rule.Rule {
	return &rule.Rule{
		ID:       "container-service-socket-mounted",
		Title:    "A container has a socket of another service of the host inside",
		Severity: rule.High,
		Why: "Services trust whoever can open their socket: libvirt, LXD, CRI-O and systemd then do as root whatever they are told, agents hand out a user's keys, a desktop its keyboard. " +
			"That the mount is read-only changes nothing: connecting to a socket is not a write.",
		Fix: rule.Fix{
			Text:    "Remove the mount. Where the workload needs one function of the service, give it that by a service of its own that offers no more.",
			Run:     "remove: -v /run/dbus/system_bus_socket:/run/dbus/system_bus_socket",
			Compose: "services:\n  web:\n    volumes: []   # without sockets of the host",
			Breaks:  "What the workload does through the service.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("volumes"), rule.Drop("volumes_from")}},
		},
		Refs: rule.Refs{CISRelated: "5.6", NIST: "4.5.5", ATTACK: "T1611 T1559", Guide: "G25", Docs: "Bind mounts"},
		Bad: []rule.Example{
			{Run: "docker run -v /var/run/dbus/system_bus_socket:/bus:ro alpine"},
			{Run: "docker run -v /var/run/libvirt:/var/run/libvirt alpine"},
			{Run: "docker run -v /tmp/.X11-unix:/tmp/.X11-unix alpine"},
			{Run: "docker run -v /tmp/ssh-1a2b/agent.77:/agent alpine"},
			{Run: "docker run -v /run/user/1000:/r alpine"},
			{Show: "a volume that is a bind in disguise", Run: "docker run -v agent:/x alpine", Facts: example.BindVolume("agent", "/run/user/1000/keyring/ssh")},
		},
		Good: []rule.Example{
			{Run: "docker run -v /run/mysqld/mysqld.sock:/m.sock alpine"},
			{Run: "docker run -v /dev/log:/dev/log -v /run/systemd/journal/socket:/j alpine"},
		},
		Container: checkServiceSocket,
	}
}

func checkServiceSocket(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	var found []serviceSocket
	hostpath.Each(c, c.Engine, ctr, func(h hostpath.Mounted) {
		if s, ok := hostplace.ServiceOf(h.Source); ok {
			found = append(found, serviceSocket{s, h})
		}
	})
	if len(found) == 0 {
		return c.Pass("no socket of a known service of the host is inside")
	}
	worst := slices.MaxFunc(found, func(a, b serviceSocket) int { return cmp.Compare(a.Severity, b.Severity) })
	citing(worst.where)(c)
	reason := ""
	if worst.Severity != rule.High {
		reason = worst.Gives
	}
	return failForRoot(c, ctr, worst.Severity, reason, "it has %s inside, which is of %s: %s%s", worst.where, worst.Name, worst.Gives, life(ctr))
}

// serviceSocket is a service whose socket a container has inside.
type serviceSocket struct {
	hostplace.Service
	where hostpath.Mounted
}
