package host

import (
	"slices"

	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func setuidInVolume() *attack.Step {
	return &attack.Step{
		ID: "setuid-left-in-volume", Title: "Leave a setuid program in a volume for a user of the host",
		Why:  "The engine's data directory lets other accounts pass. A program that root in the container makes setuid in its volume runs as root for the user who starts it there.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1548.001", Cost: 2, CostReason: "a file written, and an account of the host",
		Needs: attack.All(cond.HostRoot(), cond.NoLabel()),
		Each:  setuidVolumes,
		Rules: []string{"engine-data-root-reachable"},
		Proof: "mode of the data directory and of the directories above it, and the options of its mount; nothing is written",
		Bad:   []rule.Example{{Show: "chmod 711 /var/lib/docker", Run: "docker run -v data:/data alpine", Facts: dataRoot(0o711)}},
		Good: []rule.Example{
			{Run: "docker run -v data:/data alpine", Facts: dataRoot(0o710)},
			{Run: "docker run -v data:/data:ro alpine", Facts: dataRoot(0o711)},
			{Run: "docker run alpine", Facts: dataRoot(0o711)},
			{Show: "a file system mounted with nosuid", Run: "docker run -v data:/data alpine", Facts: example.Together(dataRoot(0o711), example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.DataRootNoSUID, true) }))},
		},
	}
}

// setuidVolumes are the volumes of the container that it may write to, with each
// account that gets to them. The directories of volumes let everybody pass, so that the
// mode of the data directory decides (moby, volume/local, since 20.10.9).
func setuidVolumes(q *attack.Query) []attack.Instance {
	var w cond.Gaps
	mounts, known := q.Container.Mounts.Try(&w)
	if known && !slices.ContainsFunc(mounts, keepsFiles) {
		return nil
	}
	files, _ := q.Engine.Daemon.Files.Look(&w)
	nosuid, known := q.Engine.Settings.DataRootNoSUID.Try(&w)
	if known && nosuid {
		return nil
	}
	if len(w) > 0 {
		return append(q.Instances(), attack.Instance{With: []attack.State{cond.HostUser}, What: lang.T("a volume that could not be seen"), Unknown: true, Missing: w})
	}
	out := q.Instances()
	for n := range files {
		f := &files[n]
		if f.Role != snapshot.RoleDataRoot {
			continue
		}
		who := attack.Once(q.Site, searchersKey{q.Engine, n}, func() []cond.Holder { return cond.Holders(q, access.Searchers(*f, access.Trust{}), "") })
		for i := range mounts {
			if keepsFiles(mounts[i]) {
				out = setuidVolume(out, q, &mounts[i], f, who)
			}
		}
	}
	return out
}

// searchersKey is the key of who gets into one of the directories of an engine.
type searchersKey struct {
	engine *snapshot.Engine
	file   int
}

// keepsFiles reports whether a mount is of a volume below the data directory that may
// be written to.
func keepsFiles(m snapshot.Mount) bool {
	return !m.ReadOnly && m.Type == "volume" && m.HostPath() == "" && (m.Driver == "" || m.Driver == "local")
}

// setuidVolume adds a volume with each account that gets to it by the data directory.
func setuidVolume(out []attack.Instance, q *attack.Query, m *snapshot.Mount, root *snapshot.File, who []cond.Holder) []attack.Instance {
	for _, h := range who {
		user := h.State
		if h.Grant.Everyone {
			if h.User != nil {
				continue // one of everybody
			}
			user = cond.HostUser
		}
		out = append(out, attack.Instance{
			With: q.States(user), What: lang.Sprintf("%s by %s", m.Volume, h.Grant),
			Origin: snapshot.At(root.Path, q.Engine.Daemon.Files.Origin().Source), Value: root.String(), Checks: []attack.Check{},
			Ends: q.Changes(attack.Change{Kind: closeDataRoot, Engine: q.Engine.Name, Subject: h.Grant.Path}, change.OnContainer(q, change.ReadOnlyVolume, m.Volume)),
		})
	}
	return out
}

var closeDataRoot = &attack.ChangeKind{
	ID: "close-data-root", Text: "Let nobody but root and the group of {subject} into it",
	Weight: 1, Breaks: "Programs of other users that read volumes or logs of containers below it.",
	Shell: "sudo chmod o-rwx {subject}",
}

// dataRoot gives the example's engine a data directory with a mode.
func dataRoot(mode snapshot.Mode) func(*snapshot.Snapshot) {
	return example.EngineFile(example.File(snapshot.RoleDataRoot, "/var/lib/docker", "dir", mode))
}
