package host

import (
	"slices"

	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func engineProgramSetuid() *attack.Step {
	runc := func(mode snapshot.Mode) func(*snapshot.Snapshot) {
		return example.EngineFile(example.File("runc", "/usr/sbin/runc", "file", mode))
	}
	return &attack.Step{
		ID: "engine-program-setuid", Title: "Run a program of the engine with root's rights",
		Why:  "With the setuid bit runc, containerd or dockerd run as root for whoever starts them, and start what that account tells them to: a container with the disk of the host, as root.",
		At:   rule.KindEngine,
		From: attack.LocalUser, To: attack.HostRoot,
		ATTACK: "T1548.001", Cost: 1, CostReason: "one command",
		Each:  setuidPrograms,
		Proof: "owner, mode and ACL of the programs and of the directories above them",
		Bad:   []rule.Example{{Show: "chmod 4755 /usr/sbin/runc", Facts: runc(0o4755)}},
		Good: []rule.Example{
			{Show: "chmod 755 /usr/sbin/runc", Facts: runc(0o755)},
			{Show: "chmod 4750 /usr/sbin/runc, of group root", Facts: runc(0o4750)},
			{Show: "chmod 4755 /usr/bin/docker-proxy", Facts: example.EngineFile(example.File("docker-proxy", "/usr/bin/docker-proxy", "file", 0o4755))},
		},
	}
}

// starters are the programs that run what they are told to. The others, such as
// docker-proxy, do one thing.
var starters = []string{"dockerd", "containerd", "containerd-shim-runc-v2", "runc", "crun"}

// setuid is the bit of a mode that has a program run as its owner (chmod(2)).
const setuid = 0o4000

// setuidPrograms are the accounts that may start one of the engine's programs as root.
func setuidPrograms(q *attack.Query) []attack.Instance {
	out := q.Instances()
	files := cond.Look(&out, q.Engine.Daemon.Files)
	for i := range out {
		out[i].From = attack.State{Kind: attack.LocalUser}
	}
	for i := range files {
		f := &files[i]
		if f.Mode&setuid == 0 || f.UID != 0 || !slices.Contains(starters, f.Role) {
			continue
		}
		for _, in := range fileInstances(q, q.Engine.Daemon.Files.Origin(), *f, access.Searchers(*f, access.Trust{}), attack.ReadsPath, "") {
			in.Ends = q.Changes(attack.Change{Kind: withoutSetuid, Subject: f.Path})
			in.Checks = nil // that it runs as root is not tried
			out = append(out, in)
		}
	}
	return out
}

var withoutSetuid = &attack.ChangeKind{
	ID: "without-setuid", Text: "Take the setuid bit from {subject}",
	Weight: 1, Breaks: "Accounts that start it without sudo.",
	Shell: "sudo chmod u-s {subject}",
}
