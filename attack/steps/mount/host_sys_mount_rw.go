package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/rule"
)

func hostSysMountRW() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		if m.ReadOnly || m.Source != "/sys" {
			return attack.No
		}
		return outsideProfile(q, m)
	}
	return &attack.Step{
		ID: "host-sys-mount-rw", Title: "Switch off devices of the host",
		Why:  "Files below /sys take disks, processors and network cards away and send the machine to sleep; some kernels run a program of choice as root from there.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Outage,
		ATTACK: "T1529", Cost: 1, CostReason: "one file written",
		Needs: attack.All(cond.PlacesInside(), cond.HasMount("it can write to the host's /sys", is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, nil, nil, change.ReadOnlyMount),
		Proof: "access(2) tells that its root may write power/state there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /sys:/x alpine"}, {Run: "docker run -v /sys:/sys --security-opt apparmor=unconfined alpine"}},
		Good: append(scene.WithoutMount("docker run -v /sys:/x alpine"), rule.Example{Run: "docker run -v /sys:/x:ro alpine"},
			rule.Example{Run: "docker run -v /sys:/sys alpine"}),
	}
}
