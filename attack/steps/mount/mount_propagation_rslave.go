package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func mountPropagationSlave() *attack.Step {
	return &attack.Step{
		ID: "mount-propagation-rslave", Title: "Read what is mounted on the host later",
		Why:  "Disks, shares and directories that the host mounts later below the path appear in the container.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1005", Cost: 3, CostReason: "the host must mount something there",
		Needs: attack.All(receivesMounts(), cond.HostRoot(), cond.NoLabel()),
		Each:  laterMounts,
		Proof: "the tag master in mountinfo",
		Bad:   []rule.Example{{Run: "docker run -v /mnt:/x:rslave alpine"}, {Run: "docker run -v /media:/x:ro,rshared alpine"}},
		Good:  append(scene.WithoutMount("docker run -v /mnt:/x:rslave alpine"), rule.Example{Run: "docker run -v /mnt:/x alpine"}, rule.Example{Run: "docker run -v /mnt:/x:slave alpine"}),
	}
}

// receivesMounts: mounts of the host appear below a mount of the container.
func receivesMounts() *attack.Cond {
	return &attack.Cond{
		Says:  "mounts of the host appear inside",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			mounts, known := q.Container.Mounts.Try(q)
			for i := range mounts {
				if receives(&mounts[i]) {
					return attack.Yes
				}
			}
			if !known {
				return attack.Unknown
			}
			return attack.No
		},
	}
}

// receives reports whether a mount takes up what the host mounts below its source.
func receives(m *snapshot.Mount) bool {
	return m.Type == "bind" && (m.Propagation == "rslave" || m.Propagation == "rshared")
}

// mountedLater is the name of what appears below a mount.
var mountedLater = attack.NewNameForm(lang.N("what is mounted later below %s"))

func laterMounts(q *attack.Query) []attack.Instance {
	var w cond.Gaps
	mounts, known := q.Container.Mounts.Try(&w)
	if !known {
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.Secret}, What: lang.T("a mount that could not be seen"), Unknown: true, Missing: w})
	}
	out := q.Instances()
	for i := range mounts {
		if m := &mounts[i]; receives(m) {
			source := hostpath.Clean(m.Source)
			out = append(out, attack.Instance{To: cond.Secret(mountedLater.Of(source))[0], What: lang.Sprintf("%s at %s", source, m.Destination),
				Ends:   []attack.Change{change.OnContainer(q, change.RemoveMount, source), change.OnContainer(q, change.PrivatePropagation, source)},
				Origin: q.Container.Mounts.Origin(), Value: source + ":" + m.Destination + ":" + m.Propagation})
		}
	}
	return out
}
