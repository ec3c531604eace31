package host

import (
	"slices"

	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// writableFile is a step of whoever may write files of the engine that decide what
// runs as root.
type writableFile struct {
	id, title, why string
	roles          []string // "" for the engine's programs
	cost           int
	costReason     string
	bad            snapshot.File
}

// writables are the files, by what they are to the engine.
func writables() []*attack.Step {
	open := func(role, path, kind string, mode snapshot.Mode) snapshot.File {
		return example.File(role, path, kind, mode)
	}
	table := []writableFile{
		{"engine-program-writable", "Change a program that the engine runs as root", "dockerd, containerd and runc run as root, the latter at each start of a container.",
			[]string{""}, 1, "one write", open("runc", "/opt/docker/runc", "file", 0o777)},
		{"engine-config-writable", "Change the engine's configuration", "daemon.json names programs that the engine runs as root, such as runtimes, and the addresses it listens on.",
			[]string{snapshot.RoleConfig, snapshot.RoleConfigDir}, 2, "it is read at the next start of the engine", open(snapshot.RoleConfig, "/etc/docker/daemon.json", "file", 0o666)},
		{"engine-unit-writable", "Change the unit that starts the engine", "systemd runs as root what the unit and its environment files say.",
			[]string{snapshot.RoleUnit, snapshot.RoleDropIn, snapshot.RoleUnitDir, snapshot.RoleEnvironment, snapshot.RoleDefaults}, 2, "it is read at the next start of the engine", open(snapshot.RoleUnit, "/etc/systemd/system/docker.service", "file", 0o666)},
		{"engine-plugin-directory-writable", "Add a plugin or device specification to the engine", "The engine asks plugins that are described there, and a CDI specification names programs that run as root when a container starts.",
			[]string{snapshot.RolePluginDir, snapshot.RolePlugin}, 2, "it is read when a plugin or device is asked for", open(snapshot.RolePluginDir, "/etc/docker/plugins", "dir", 0o777)},
		{"containerd-config-writable", "Change the configuration of containerd", "It names programs and plugins that run as root.",
			[]string{snapshot.RoleContainerd}, 2, "it is read at the next start of containerd", open(snapshot.RoleContainerd, "/etc/containerd/config.toml", "file", 0o666)},
		{"engine-data-root-writable", "Change the files of containers and images", "Below the engine's data directory lie the files of all containers, and what it mounts for them as root.",
			[]string{snapshot.RoleDataRoot}, 1, "one write", open(snapshot.RoleDataRoot, "/var/lib/docker", "dir", 0o777)},
	}
	var out []*attack.Step
	for _, w := range table {
		out = append(out, w.step())
	}
	return out
}

func (w writableFile) step() *attack.Step {
	return &attack.Step{
		ID: w.id, Title: w.title, Why: w.why + " Accounts that may write there are root.",
		At:   rule.KindEngine,
		From: attack.LocalUser, To: attack.HostRoot,
		ATTACK: "T1574", Cost: w.cost, CostReason: w.costReason,
		Needs: attack.All(cond.Rootful()),
		Each:  w.writers,
		Proof: "owner, mode and ACL of the files and of the directories above them",
		Bad:   []rule.Example{{Show: "chmod " + w.bad.Mode.String() + " " + w.bad.Path, Facts: example.EngineFile(w.bad)}},
		Good:  []rule.Example{{Show: "files of root"}, {Show: "a rootless engine", Facts: example.Together(example.EngineFile(w.bad), example.Engine(example.Rootless))}},
	}
}

// writers are the accounts that may write one of the files.
func (w writableFile) writers(q *attack.Query) []attack.Instance {
	files, known := q.Engine.Daemon.Files.Look(q)
	if !known {
		return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.LocalUser}, Unknown: true, Missing: cond.Lost(q.Engine.Daemon.Files)})
	}
	out := q.Instances()
	for _, f := range files {
		if w.is(f.Role) {
			out = append(out, fileInstances(q, q.Engine.Daemon.Files.Origin(), f, access.Writers(f, access.Trust{}), attack.WritesPath, "")...)
		}
	}
	return out
}

func (w writableFile) is(role string) bool {
	if w.roles[0] == "" {
		return snapshot.IsProgram(role)
	}
	return slices.Contains(w.roles, role)
}

// fileInstances are the accounts but the owner's that have one of the grants on a
// file, each once. Kind is the check that shows a grant.
func fileInstances(q *attack.Query, o snapshot.Origin, f snapshot.File, grants []access.Grant, kind attack.CheckKind, owner string) []attack.Instance {
	out := q.Instances()
	for _, h := range cond.Holders(q, grants, owner) {
		out = append(out, attack.Instance{
			From: h.State, What: lang.Sprintf("%s by %s", f.Path, h.Grant),
			Origin: snapshot.At(f.Path, o.Source), Value: f.String(),
			Ends:   []attack.Change{{Kind: closePath, Subject: h.Grant.Path}},
			Checks: []attack.Check{fileCheck(h.Grant, kind)},
		})
	}
	return out
}

var closePath = &attack.ChangeKind{
	ID: "close-path", Text: "Take write and read permission on {subject} from everyone but its owner",
	Weight: 1, Breaks: "Others who use the file.",
	Shell: "sudo chown root:root {subject} && sudo chmod go-rwx {subject} && sudo setfacl -b {subject}",
}

// fileCheck shows that an account has a grant on a file: its owner may change the
// mode first, so that for the owner access(2) is not asked.
func fileCheck(g access.Grant, kind attack.CheckKind) attack.Check {
	if g.Owner {
		kind = attack.OwnsPath
	}
	return attack.Check{Kind: kind, Path: g.Path}
}
