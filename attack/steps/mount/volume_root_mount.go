package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
)

func volumeRootMount() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		root, known := q.Engine.Settings.DataRoot.Look(q)
		data := hostplace.DataRoot(root)
		if m.ReadOnly || m.Source == "/" || known && (root == "" || !data.Touches(m.Source)) {
			return attack.No
		}
		_, truth := volumesIn(q, m)
		return truth
	}
	to := func(q *attack.Query, m *hostpath.Mounted) []attack.State {
		volumes, _ := volumesIn(q, m)
		return volumes
	}
	return &attack.Step{
		ID: "volume-root-mount", Title: "Write to the volumes of other containers",
		Why:  "The engine's directory of volumes holds the files of all of them.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Volume,
		ATTACK: "T1080", Cost: 1, CostReason: "one file written",
		Needs: attack.All(cond.HasMount("it can write to the engine's directory of volumes", is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is, to, allVolumes, change.ReadOnlyMount),
		Proof: "mountinfo of its process; access(2) tells that its root may write there, and nothing is written",
		Bad: []rule.Example{
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x alpine"},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes/data:/x alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x:ro alpine"},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes/other:/x alpine"},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x alpine", Facts: scene.Remapped},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x alpine", Facts: scene.Labelled},
		},
	}
}

// volumesIn are the volumes of containers that a mount holds. Where it is not known
// what volumes there are, or who mounts them, they are unknown.
func volumesIn(q *attack.Query, m *hostpath.Mounted) ([]attack.State, attack.Truth) {
	var out []attack.State
	volumes, known := q.Engine.Volumes.Look(q)
	if !known {
		return cond.Unseen(attack.Volume)(q, m), attack.Unknown
	}
	truth := attack.No
	for i := range volumes {
		v := &volumes[i]
		if v.Mountpoint == "" || !hostpath.Within(v.Mountpoint, m.Source) && !hostpath.Within(m.Source, v.Mountpoint) {
			continue
		}
		used := q.Mounted(v.Name) > 0
		if used || !q.SeesMounts() {
			out = append(out, attack.State{Kind: attack.Volume, Engine: q.Engine.Name, Name: v.Name})
			truth = max(truth, attack.Unknown, attack.Sure(used))
		}
	}
	return out, truth
}

// allVolumes are all volumes that containers may mount.
func allVolumes(q *attack.Query, _ *hostpath.Mounted) []attack.State {
	volumes, _ := volumesIn(q, &hostpath.Mounted{Source: "/"})
	return volumes
}
