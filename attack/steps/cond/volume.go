package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about volumes that several containers mount.

// SharesVolume: the container mounts a volume that another mounts too.
func SharesVolume(says string, write bool) *attack.Cond {
	return &attack.Cond{
		Says:  says,
		Check: AsRead,
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

// SharedVolumes makes an instance of every volume that the container shares, as a
// state of the kind. Of volumes whose other users were not seen each may be shared.
func SharedVolumes(write bool, kind attack.Kind, ends ...*attack.ChangeKind) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		out := q.Instances()
		var w Gaps
		mounts, known := q.Container.Mounts.Try(&w)
		if !known {
			return append(q.Instances(), attack.Instance{To: Unseen(kind)(q, nil)[0], What: lang.T("a volume that could not be seen"), Unknown: true, Missing: w})
		}
		seen := q.SeesMounts()
		for i := range mounts {
			m := &mounts[i]
			if sure := shared(q, m, write); sure || !seen && hasVolume(mounts[i:i+1], write) {
				v := attack.Instance{To: attack.State{Kind: kind, Engine: q.Engine.Name, Name: m.Volume}, Unknown: !sure, Ends: volumeEnds(q, m.Volume, ends)}
				if !q.Brief() {
					v.What, v.Checks = lang.Sprintf("%s at %s", m.Volume, m.Destination), []attack.Check{volumeCheck(m, write)}
					v.Origin, v.Value = q.Container.Mounts.Origin(), m.Volume+":"+m.Destination
				}
				out = append(out, v)
			}
		}
		return out
	}
}

// volumeEnds are the changes to a container's mount of a volume, and to the volume.
func volumeEnds(q *attack.Query, volume string, kinds []*attack.ChangeKind) []attack.Change {
	var list [usualChanges]attack.Change
	out := list[:0]
	for _, k := range kinds {
		if k == change.SplitVolume {
			out = append(out, attack.Change{Kind: k, Engine: q.Engine.Name, Subject: volume})
		} else {
			out = append(out, change.OnContainer(q, k, volume))
		}
	}
	return q.Changes(out...)
}

// MayUseFiles: the container's user has the permissions of a volume's files, as
// root has. Those of another user are not known: they are not read.
func MayUseFiles() *attack.Cond {
	return &attack.Cond{
		Says:  "its user may use the files of its volumes",
		Check: AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			u := q.RunsAs()
			if u.Known && u.Root {
				return attack.Yes
			}
			if u.Known {
				q.Missed(q.Container.Mounts.Origin(), snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.T("the permissions of the files in volumes are not read")})
			}
			return attack.Unknown
		},
	}
}
