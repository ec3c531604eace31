package device

import (
	"strings"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/hostpath"
	"seawall/rule"
)

// diskNumbers are the numbers of disks: all block devices, and SCSI commands.
var diskNumbers = []string{"b *:*", "c 21:*"}

// disk reports whether a device is one, and not what makes others.
func disk(device string) bool { return hostpath.Disk(device) && !strings.HasSuffix(device, "control") }

// disks are the steps through disks of the host.
func disks() []*attack.Step {
	return []*attack.Step{
		diskSteps("device-block-rw", "rw", attack.Step{
			Title: "Write to a disk of the host",
			Why:   "Whoever writes to a disk past its file system changes any file on it: a program that root runs, or the password of root. No capability is needed.",
			To:    attack.HostRoot, ATTACK: "T1611", Cost: 2, CostReason: "one command, and the host must read the changed block again",
			Good: []rule.Example{{Run: "docker run --device /dev/sda:/dev/sda:r alpine"}},
		}),
		diskSteps("device-block-ro", "r", attack.Step{
			Title: "Read a disk of the host",
			Why:   "Whoever reads a disk past its file system reads every file on it, keys and password hashes included.",
			To:    attack.HostRead, ATTACK: "T1006", Cost: 1, CostReason: "one command (debugfs)",
			Bad: []rule.Example{{Run: "docker run --device /dev/sda:/dev/sda:r alpine"}},
		}),
		diskSteps("cap-sys-admin-block-device-mount", "rw", attack.Step{
			Title: "Mount a disk of the host",
			Why:   "With SYS_ADMIN and a disk the container mounts the host's file system and changes any file.",
			To:    attack.HostRoot, ATTACK: "T1611", Cost: 1, CostReason: "one command (mount)",
			Needs: attack.All(cond.HasCap("SYS_ADMIN"), cond.CallsOpen(), cond.NoLSM()),
			Bad:   []rule.Example{{Run: "docker run --cap-add SYS_ADMIN --security-opt apparmor=unconfined --device /dev/sda alpine"}},
			Good: []rule.Example{
				{Run: "docker run --security-opt apparmor=unconfined --device /dev/sda alpine"},
				{Run: "docker run --cap-add SYS_ADMIN --device /dev/sda alpine"},
			},
		}),
	}
}

// diskSteps makes a step through disks; without needs of its own it has the
// examples of all.
func diskSteps(id, access string, s attack.Step) *attack.Step {
	s.ID = id
	if s.Needs == nil {
		s.Bad = append(s.Bad, rule.Example{Run: "docker run --device /dev/nvme0n1p2 alpine"}, rule.Example{Run: "docker run --device-cgroup-rule 'b 8:* rw' alpine"})
	}
	s.Good = append(s.Good, rule.Example{Run: "docker run --device /dev/snd alpine"},
		rule.Example{Run: "docker run --cap-drop MKNOD --device-cgroup-rule 'b 8:* rw' alpine"},
		rule.Example{Run: "docker run --device /dev/sda --device-cgroup-rule 'b 8:* rw' alpine", Daemon: `{"userns-remap": "default"}`})
	return family{Step: s, is: disk, numbers: diskNumbers, access: access}.step()
}
