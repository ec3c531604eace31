package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/snapshot"
)

func volumeSharedRead() *attack.Step {
	return &attack.Step{
		ID: "volume-shared-read", Title: "Read a volume that other containers mount",
		Why:  "What another container keeps in the volume lies here too.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.VolumeRead,
		ATTACK: "T1005", Cost: 1, CostReason: "one file read",
		Needs: attack.All(cond.SharesVolume("it mounts a volume that others mount", false), cond.MayUseFiles()),
		Each:  cond.SharedVolumes(false, attack.VolumeRead, change.SplitVolume),
		Proof: "the volumes that inspect lists for both, and mountinfo",
		Bad:   []rule.Example{{Run: "docker run --name a -v data:/d alpine\ndocker run --name b alpine", Facts: bothMount}},
		Good:  []rule.Example{{Run: "docker run -v data:/d alpine"}, {Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v other:/d alpine"}},
	}
}

// bothMount gives the mounts of the example's first container to the second, which
// is then the only one to be looked at.
func bothMount(s *snapshot.Snapshot) {
	list, _ := s.Engines[0].Containers.Peek()
	list[1].Mounts = list[0].Mounts
}
