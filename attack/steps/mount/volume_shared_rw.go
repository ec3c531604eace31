package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func volumeSharedRW() *attack.Step {
	return &attack.Step{
		ID: "volume-shared-rw", Title: "Write to a volume that other containers mount",
		Why:  "What is written to the volume lies in the other containers too.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Volume,
		ATTACK: "T1080", Cost: 1, CostReason: "one file written",
		Needs: attack.All(cond.SharesVolume("it can write to a volume that others mount", true), cond.MayUseFiles()),
		Each:  cond.SharedVolumes(true, attack.Volume, change.ReadOnlyVolume, change.SplitVolume),
		Proof: "the volumes that inspect lists for both, and mountinfo",
		Bad: []rule.Example{
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v data:/d:ro alpine"},
			{Run: "docker run --name a --mount type=volume,src=data,dst=/d,readonly alpine\ndocker run --name b -v data:/d alpine"},
		},
		Good: []rule.Example{{Run: "docker run -v data:/d alpine"}, {Run: "docker run --name a -v data:/d:ro alpine\ndocker run --name b -v data:/d:ro alpine"}},
	}
}
