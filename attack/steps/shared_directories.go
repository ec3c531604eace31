package steps

import (
	"seawall/attack"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
)

// This file has the steps through directories that programs and users of the host
// share.

func varLogMountRW() *attack.Step {
	is := writable(hostplace.Logs)
	return &attack.Step{
		ID: "var-log-mount-rw", Title: "Lead a reader of the host's logs to other files",
		Why:  "Programs that read, rotate and ship logs as root follow links that stand in place of a log.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRead,
		ATTACK: "T1005", Cost: 4, CostReason: "a reader that follows links is assumed",
		Needs: attack.All(placesInside(), has("it can write to the host's logs", is), hostRoot(), noLabel()),
		Each:  eachMount(is, nil, nil, readOnlyMount),
		Proof: "mountinfo of its process; access(2) tells that its root may write there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /var/log:/x alpine"}},
		Good:  append(withoutMount("docker run -v /var/log:/x alpine"), rule.Example{Run: "docker run -v /var/log:/x:ro alpine"}, rule.Example{Run: "docker run -v /var/log/app:/x alpine"}),
	}
}

func tmpMount() *attack.Step {
	is := byOwner(writable(hostplace.Tmp))
	return &attack.Step{
		ID: "tmp-mount", Title: "Exchange files that users of the host use",
		Why:  "Users and their programs keep files and sockets there, of their agents and desktops too, and root in the container exchanges them in passing.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.LocalUser,
		ATTACK: "T1574", Cost: 3, CostReason: "somebody must use a file there, and be faster",
		Needs: attack.All(placesInside(), has("it can write to a directory that the host's users share", is), hostRoot(), noLabel()),
		Each:  eachMount(is, anyUser, anyUser, readOnlyMount),
		Proof: "mountinfo of its process; access(2) tells that its root may write there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /tmp:/x alpine"}, {Run: "docker run -v /var/tmp:/x alpine"}},
		Good:  append(withoutMount("docker run -v /tmp:/x alpine"), rule.Example{Run: "docker run -v /tmp:/x:ro alpine"}, rule.Example{Run: "docker run --tmpfs /tmp alpine"}),
	}
}

func hostDevMount() *attack.Step {
	is := func(_ *attack.Query, m *hostpath.Mounted) attack.Truth {
		return attack.Sure(m.Source == "/dev" || hostpath.Within(m.Source, "/dev/pts"))
	}
	return &attack.Step{
		ID: "host-dev-mount", Title: "Read what is typed on the host's terminals",
		Why:  "The list of devices that every container may open has terminals in it, and the mount brings in those of the host. Disks stay closed.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1056.001", Cost: 3, CostReason: "somebody must be logged in, and type a secret",
		Needs: attack.All(has("it has the host's terminals inside", is), hostRoot(), noLabel()),
		Each: eachMount(is, func(*attack.Query, *hostpath.Mounted) []attack.State {
			return secret("what is typed on the host's terminals")
		}, unseen(attack.Secret)),
		Proof: "mountinfo of its process; no terminal is opened",
		Bad:   []rule.Example{{Run: "docker run -v /dev:/x alpine"}, {Run: "docker run -v /dev/pts:/x:ro alpine"}},
		Good:  append(withoutMount("docker run -v /dev:/x alpine"), rule.Example{Run: "docker run -v /dev/shm:/x alpine"}),
	}
}
