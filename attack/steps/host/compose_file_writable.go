package host

import (
	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func composeFileWritable() *attack.Step {
	return &attack.Step{
		ID: "compose-file-writable", Title: "Change the Compose file of a project",
		Why: "docker compose up starts what the file says, --privileged and the host's disk included, with the rights of whoever calls it. " +
			"An account that may write the file, or its variables, decides what that is.",
		At:   rule.KindEngine,
		From: attack.LocalUser, To: attack.EngineControl,
		ATTACK: "T1610", Cost: 3, CostReason: "somebody must bring the project up again",
		Needs: attack.All(cond.Unfiltered()),
		Each:  composeWriters,
		Proof: "owner, mode and ACL of the files that the labels of the project's containers name, and of those that these include or extend, and of the directories above",
		Bad: []rule.Example{
			{Show: "a Compose file of alice", Facts: project(ofAlice(snapshot.RoleCompose, "/home/alice/shop/compose.yaml"))},
			{Show: "an open file of variables", Facts: project(example.File(snapshot.RoleCompose, "/srv/shop/compose.yaml", "file", 0o644), example.File(snapshot.RoleComposeEnv, "/srv/shop/.env", "file", 0o666))},
		},
		Good: []rule.Example{
			{Show: "no project"}, {Show: "a project of root", Facts: project(example.File(snapshot.RoleCompose, "/srv/shop/compose.yaml", "file", 0o644))},
			{Show: "the files of a rootless engine's owner", Facts: example.Together(scene.Rootless, project(ofAlice(snapshot.RoleCompose, "/home/alice/shop/compose.yaml")))},
		},
	}
}

// composeWriters are the accounts that may write a file of a project. Those of a
// rootless engine's owner are its own.
func composeWriters(q *attack.Query) []attack.Instance {
	projects, known := q.Engine.Projects.Look(q)
	if !known {
		return append(q.Instances(), attack.Instance{From: attack.State{Kind: attack.LocalUser}, Unknown: true, Missing: cond.Lost(q.Engine.Projects)})
	}
	rootless, by := q.Is(q.Engine.Settings.Rootless), ""
	if rootless != attack.No {
		by = cond.EngineOwner(q)
	}
	out := q.Instances()
	if q.Engine.Projects.Gap().Reason != "" { // seen in part
		out = append(out, attack.Instance{From: attack.State{Kind: attack.LocalUser}, What: lang.T("a file that was not found"), Unknown: true, Missing: cond.Lost(q.Engine.Projects)})
	}
	for _, p := range projects {
		for _, f := range p.Files {
			for _, i := range fileInstances(q, q.Engine.Projects.Origin(), f, access.Writers(f, access.Trust{}), attack.WritesPath, by) {
				i.Ends = []attack.Change{{Kind: ownedProject, Engine: q.Engine.Name, Subject: p.Name, Detail: f.Path}}
				if rootless == attack.Unknown || rootless == attack.Yes && by == "" {
					i.Unknown, i.Missing = true, cond.Undecided(q.Engine.Settings.Rootless.Origin(), lang.T("whether the engine is the account's own is not known"), lang.T("audit as root"))
				}
				out = append(out, i)
			}
		}
	}
	return out
}

var ownedProject = &attack.ChangeKind{
	ID: "owned-project", Text: "Keep {detail} of project {subject} where only those may write who bring it up",
	Weight: 1, Breaks: "Others who change the project: they ask those who deploy it.",
	Shell: "sudo install -d -m 0755 /srv/{subject} && sudo install -m 0644 {detail} /srv/{subject}/   # then docker compose up from there",
}

// project makes a Compose project of files.
func project(files ...snapshot.File) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Projects, []snapshot.Project{{Name: "shop", Files: files}}) })
}
