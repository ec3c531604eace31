package container

import (
	"seawall/rule"
	"seawall/snapshot"
)

func privileged() *rule.Rule {
	return &rule.Rule{
		ID:       "container-privileged",
		Title:    "A container is privileged",
		Severity: rule.Critical,
		Confined: rule.Medium,
		Why: "A privileged container has all capabilities, all devices of the host, no system call filter, no AppArmor or SELinux confinement and writable kernel settings. " +
			"Root inside mounts the host's disk with one command: the container is only a view, not a boundary.",
		Fix: rule.Fix{
			Text:    "Take --privileged away and give what the workload really needs: single capabilities, single devices.",
			Run:     "instead of --privileged: --cap-drop ALL --cap-add NET_ADMIN --device /dev/net/tun",
			Compose: "services:\n  web:\n    privileged: false\n    cap_drop: [ALL]\n    cap_add: [NET_ADMIN]\n    devices: [/dev/net/tun]",
			Breaks:  "Whatever used a capability, device or kernel setting that is not given by name. Try the workload with the new settings before you change it for good.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Set("privileged", "false")}},
		},
		Refs: rule.Refs{CIS: "5.5 5.4 5.18", CISRelated: "5.2 5.3 5.22 5.26", NIST: "4.4.3", ATTACK: "T1611", Guide: "G17 G19", Docs: "Running containers", Peers: "kics:ae5b6871 CL-0002 docksec:privileged semgrep:privileged-service"},
		Bad: []rule.Example{
			{Run: "docker run --privileged alpine"},
			{Run: "docker run --privileged --label docker_bench_security=1 --name h1-vanilla alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --privileged=false --cap-add NET_ADMIN alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			if ctr.Privileged.Read(c) {
				return c.Fail("it is privileged: all capabilities, all devices, no filters%s", life(ctr))
			}
			return c.Pass("it is not privileged")
		},
	}
}
