package host

import (
	"path"
	"slices"
	"strings"

	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func bindSourceWritable() *attack.Step {
	const run = "docker run -v /srv/app:/app node node /app/server.js"
	return &attack.Step{
		ID: "bind-source-writable", Title: "Change a file of the host that the container runs",
		Why: "What is mounted belongs to the host: an account that may write a program, script or configuration there decides what the container does at its next start, " +
			"with all that the container has. A mount that is read-only inside changes nothing.",
		At:   rule.KindContainer,
		From: attack.LocalUser, To: attack.Container,
		ATTACK: "T1574", Cost: 2, CostReason: "one file written, and the next start of the container",
		Needs: attack.All(bindsFiles()),
		Each:  bindWriters,
		Proof: "owner, mode and ACL of what the container's bind mounts bring in and of the files that its command names, and of the directories above; what else lies below is not looked at",
		Bad: []rule.Example{
			{Show: "a script of alice", Run: run, Facts: boundFiles(ofAlice(snapshot.RoleBindArgument, "/srv/app/server.js"))},
			{Show: "a program of alice", Run: "docker run -v /srv/app:/app:ro alpine /app/run", Facts: boundFiles(ofAlice(snapshot.RoleBindProgram, "/srv/app/run"))},
		},
		Good: []rule.Example{
			{Show: "files of root", Run: run, Facts: boundFiles(example.File(snapshot.RoleBindArgument, "/srv/app/server.js", "file", 0o644), example.File(snapshot.RoleBindSource, "/srv/app", "dir", 0o755))},
			{Run: "docker run -v data:/app node node /app/server.js"},
		},
	}
}

// bindsFiles: files of the host are bound into the container.
func bindsFiles() *attack.Cond {
	return &attack.Cond{
		Says:  "it has files of the host bound inside",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			files, known := q.Container.BoundFiles.Look(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(len(files) > 0)
		},
	}
}

// bindWriters are the accounts that may write what the container runs, and those
// that may write something of which it is not known whether it runs it.
func bindWriters(q *attack.Query) []attack.Instance {
	files, known := q.Container.BoundFiles.Look(q)
	if !known {
		return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.LocalUser}, Unknown: true, Missing: cond.Lost(q.Container.BoundFiles)})
	}
	by := ""
	if q.Is(q.Engine.Settings.Rootless) == attack.Yes {
		by = cond.EngineOwner(q)
	}
	out := q.Instances()
	for _, f := range files {
		for _, i := range fileInstances(q, q.Container.BoundFiles.Origin(), f, access.Writers(f, access.Trust{}), attack.WritesPath, by) {
			i.Ends = bindEnds(q, f.Path)
			if !starts(q, f.Role) {
				i.Unknown, i.Cost = true, 1
				i.Missing = cond.Undecided(snapshot.At(lang.Sprintf("use of %s", f.Path), lang.T("the container")), lang.T("whether the container runs or loads what is written there is not read"), lang.T("see what its programs open"))
			}
			out = append(out, i)
		}
	}
	return out
}

// bindEnds are the changes of which each keeps others from writing what is bound.
func bindEnds(q *attack.Query, file string) []attack.Change {
	owned, source := change.OnContainer(q, ownedSource, file), ""
	hostpath.Inside(&cond.Gaps{}, q.Engine, q.Container, func(m hostpath.Mounted) {
		if hostpath.Within(hostpath.Clean(file), m.Source) && len(m.Source) > len(source) {
			source = m.Source
		}
	})
	if source == "" {
		return q.Changes(owned)
	}
	return q.Changes(owned, change.OnContainer(q, change.RemoveMount, source))
}

var ownedSource = &attack.ChangeKind{
	ID: "owned-source", Text: "Mount in {subject} a copy of {detail} that only root may write, or build it into the image",
	Weight: 2, Disruption: attack.Recreate, Breaks: "Whoever changes the file in place: they deploy it instead.",
	Shell: "sudo install -o root -g root -m 0755 -D {detail} /srv/{subject}/…   # then mount that",
}

// interpreters run the file that they are given.
var interpreters = [...]string{"ash", "bash", "bun", "dash", "deno", "java", "ksh", "lua", "node", "nodejs", "perl", "php", "python", "ruby", "Rscript", "sh", "zsh"}

// starts reports whether the container surely runs a file by its role: a program, or
// what an interpreter is given.
func starts(q *attack.Query, role string) bool {
	command, _ := q.Container.Command.Peek()
	return role == snapshot.RoleBindProgram || role == snapshot.RoleBindArgument && slices.ContainsFunc(command, func(word string) bool {
		name := strings.TrimRight(path.Base(word), "0123456789.")
		return slices.Contains(interpreters[:], name)
	})
}

// boundFiles gives the example's last container files that are bound into it.
func boundFiles(files ...snapshot.File) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Containers.Peek()
		example.Set(&list[len(list)-1].BoundFiles, files)
	})
}

// ofAlice is a file of the example's account.
func ofAlice(role, file string) snapshot.File {
	f := example.File(role, file, "file", 0o644)
	f.UID, f.GID, f.Owner, f.Group = 1000, 1000, "alice", "alice"
	return f
}
