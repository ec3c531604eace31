package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/rule"
)

func volumeSharedRun() *attack.Step {
	each := cond.SharedVolumes(false, attack.Volume, change.SplitVolume)
	return &attack.Step{
		ID: "volume-shared-run", Title: "Have a container run what lies in its volume",
		Why:  "Programs load and run what they find in their volumes: pages, plugins, configuration.",
		At:   rule.KindContainer,
		From: attack.Volume, To: attack.Container,
		ATTACK: "T1574", Cost: 2, CostReason: "something must run, load or interpret the file",
		Needs: attack.All(cond.SharesVolume("it mounts a volume that others mount", false)),
		Each: func(q *attack.Query) []attack.Instance {
			out := each(q)
			for i := range out {
				out[i].From, out[i].To = out[i].To, q.State(attack.Container)
				out[i].Checks = nil // that something runs it cannot be seen
			}
			return out
		},
		Proof: "the volumes that inspect lists for both, and the files that its programs have open",
		Bad:   []rule.Example{{Run: "docker run --name a -v data:/d alpine\ndocker run --name b alpine", Facts: bothMount}},
		Good:  []rule.Example{{Run: "docker run -v data:/d alpine"}},
	}
}
