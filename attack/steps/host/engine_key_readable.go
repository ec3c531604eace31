package host

import (
	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func engineKeyReadable() *attack.Step {
	key := func(mode snapshot.Mode) func(*snapshot.Snapshot) {
		file := example.EngineFile(example.File(snapshot.RoleTLSKey, "/etc/docker/key.pem", "file", mode))
		return example.Together(file, example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.TLS, true) }))
	}
	return &attack.Step{
		ID: "engine-key-readable", Title: "Read the key by which the engine's API shows who it is",
		Why:  "Whoever has the key answers in the engine's place: clients trust the answer, and send registry passwords and build contexts.",
		At:   rule.KindEngine,
		From: attack.LocalUser, To: attack.Secret,
		ATTACK: "T1552.004", Cost: 1, CostReason: "one command",
		Each:  keyReaders,
		Rules: []string{"engine-tls-key-readable"},
		Proof: "owner, mode and ACL of the key file and of the directories above it",
		Bad:   []rule.Example{{Show: "chmod 644 /etc/docker/key.pem", Facts: key(0o644)}},
		Good:  []rule.Example{{Show: "chmod 400 /etc/docker/key.pem", Facts: key(0o400)}, {Show: "no key"}},
	}
}

// keyReaders are the accounts that may read a private key of the daemon.
func keyReaders(q *attack.Query) []attack.Instance {
	files, known := q.Engine.Daemon.Files.Look(q)
	switch {
	case !known && q.Is(q.Engine.Settings.TLS) == attack.No:
		return nil // it has no use for a key
	case !known:
		return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.LocalUser}, Unknown: true, Missing: cond.Lost(q.Engine.Daemon.Files)})
	}
	rootless := q.Is(q.Engine.Settings.Rootless)
	owner := ""
	if rootless != attack.No {
		owner = cond.EngineOwner(q)
	}
	out := q.Instances()
	for _, f := range files {
		if f.Role != snapshot.RoleTLSKey {
			continue
		}
		for _, i := range fileInstances(q, q.Engine.Daemon.Files.Origin(), f, access.Readers(f, access.Trust{}), attack.ReadsPath, owner) {
			i.To = attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: lang.N("the key of the engine's API")}
			if rootless == attack.Unknown {
				i.Unknown, i.Missing = true, cond.Lost(q.Engine.Settings.Rootless)
			}
			out = append(out, i)
		}
	}
	return out
}
