package steps

import (
	"seawall/attack"
	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
)

// This file has the steps through volumes that several containers mount, each volume
// a state of its own, and through the directory that holds all volumes.

func volumeSharedRW() *attack.Step {
	return &attack.Step{
		ID: "volume-shared-rw", Title: "Write to a volume that other containers mount",
		Why:  "What is written to the volume lies in the other containers too.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Volume,
		ATTACK: "T1080", Cost: 1, CostReason: "one file written",
		Needs: attack.All(mountsShared("it can write to a volume that others mount", true)),
		Each:  sharedVolumes(true, attack.Volume, readOnlyVolume, splitVolume),
		Proof: "the volumes that inspect lists for both, and mountinfo",
		Bad: []rule.Example{
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v data:/d:ro alpine"},
			{Run: "docker run --name a --mount type=volume,src=data,dst=/d,readonly alpine\ndocker run --name b -v data:/d alpine"},
		},
		Good: []rule.Example{{Run: "docker run -v data:/d alpine"}, {Run: "docker run --name a -v data:/d:ro alpine\ndocker run --name b -v data:/d:ro alpine"}},
	}
}

func volumeSharedRead() *attack.Step {
	return &attack.Step{
		ID: "volume-shared-read", Title: "Read a volume that other containers mount",
		Why:  "What another container keeps in the volume lies here too.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.VolumeRead,
		ATTACK: "T1005", Cost: 1, CostReason: "one file read",
		Needs: attack.All(mountsShared("it mounts a volume that others mount", false)),
		Each:  sharedVolumes(false, attack.VolumeRead, splitVolume),
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

func volumeSharedRun() *attack.Step {
	each := sharedVolumes(false, attack.Volume, splitVolume)
	return &attack.Step{
		ID: "volume-shared-run", Title: "Have a container run what lies in its volume",
		Why:  "Programs load and run what they find in their volumes: pages, plugins, configuration.",
		At:   rule.KindContainer,
		From: attack.Volume, To: attack.Container,
		ATTACK: "T1574", Cost: 2, CostReason: "something must run, load or interpret the file",
		Needs: attack.All(mountsShared("it mounts a volume that others mount", false)),
		Each: func(q *attack.Query) []attack.Instance {
			out := each(q)
			for i := range out {
				out[i].From, out[i].To = out[i].To, q.State(attack.Container)
			}
			return out
		},
		Proof: "the volumes that inspect lists for both, and the files that its programs have open",
		Bad:   []rule.Example{{Run: "docker run --name a -v data:/d alpine\ndocker run --name b alpine", Facts: bothMount}},
		Good:  []rule.Example{{Run: "docker run -v data:/d alpine"}},
	}
}

// mountsShared: the container mounts a volume that another mounts too.
func mountsShared(says string, write bool) *attack.Cond {
	return &attack.Cond{
		Says: says,
		Ask: func(q *attack.Query) attack.Truth {
			mounts, known := q.Container.Mounts.Try(q)
			for i := range mounts {
				if shared(q, &mounts[i], write) {
					return attack.Yes
				}
			}
			if !known || !q.SeesMounts() && hasVolume(mounts, write) {
				return attack.Unknown
			}
			return attack.No
		},
	}
}

// shared reports whether a mount is of a volume that several containers mount.
func shared(q *attack.Query, m *snapshot.Mount, write bool) bool {
	return m.Type == "volume" && (!write || !m.ReadOnly) && q.Mounted(m.Volume) > 1
}

func hasVolume(mounts []snapshot.Mount, write bool) bool {
	for i := range mounts {
		if mounts[i].Type == "volume" && (!write || !mounts[i].ReadOnly) {
			return true
		}
	}
	return false
}

// sharedVolumes makes an instance of every volume that the container shares, as a
// state of the kind. Of volumes whose other users were not seen each may be shared.
func sharedVolumes(write bool, kind attack.Kind, ends ...*attack.ChangeKind) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		var out []attack.Instance
		var w gaps
		mounts, known := q.Container.Mounts.Try(&w)
		if !known {
			return []attack.Instance{{To: unseen(kind)(q, nil)[0], What: "a volume that could not be seen", Unknown: true, Missing: w}}
		}
		seen := q.SeesMounts()
		for i := range mounts {
			m := &mounts[i]
			if sure := shared(q, m, write); sure || !seen && hasVolume(mounts[i:i+1], write) {
				out = append(out, attack.Instance{To: attack.State{Kind: kind, Engine: q.Engine.Name, Name: m.Volume}, What: m.Volume + " at " + m.Destination,
					Unknown: !sure, Ends: volumeEnds(q, m.Volume, ends), Origin: q.Container.Mounts.Origin(), Value: m.Volume + ":" + m.Destination})
			}
		}
		return out
	}
}

// volumeEnds are the changes to a container's mount of a volume, and to the volume.
func volumeEnds(q *attack.Query, volume string, kinds []*attack.ChangeKind) []attack.Change {
	out := make([]attack.Change, len(kinds))
	for i, k := range kinds {
		out[i] = onContainer(q, k, volume)
		if k == splitVolume {
			out[i] = attack.Change{Kind: k, Engine: q.Engine.Name, Subject: volume}
		}
	}
	return out
}

func volumeRootMount() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		if m.ReadOnly || m.Source == "/" {
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
		Needs: attack.All(has("it can write to the engine's directory of volumes", is), hostRoot(), noLabel()),
		Each:  eachMount(is, to, allVolumes, readOnlyMount),
		Proof: "mountinfo of its process; access(2) tells that its root may write there, and nothing is written",
		Bad: []rule.Example{
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x alpine"},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes/data:/x alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x:ro alpine"},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes/other:/x alpine"},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x alpine", Facts: remappedHost},
			{Run: "docker run --name a -v data:/d alpine\ndocker run --name b -v /var/lib/docker/volumes:/x alpine", Facts: labelled},
		},
	}
}

// volumesIn are the volumes of containers that a mount holds. Where it is not known
// what volumes there are, or who mounts them, they are unknown.
func volumesIn(q *attack.Query, m *hostpath.Mounted) ([]attack.State, attack.Truth) {
	var out []attack.State
	volumes, known := q.Engine.Volumes.Look(q)
	if !known {
		return unseen(attack.Volume)(q, m), attack.Unknown
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
