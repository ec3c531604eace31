package host

import (
	"seawall/access"
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the steps of whoever may write what another user's docker command
// runs, beside its plugin directories.

func clientConfigWritable() *attack.Step {
	return &attack.Step{
		ID: "client-config-writable", Title: "Name a program that another user's docker command runs",
		Why:  "config.json names directories of plugins, every docker-* program of which the CLI runs, and helpers for passwords: who writes it runs programs as whoever uses it.",
		At:   rule.KindClient,
		From: attack.LocalUser, To: attack.LocalUser,
		ATTACK: "T1574", Cost: 2, CostReason: "it takes the user to call docker",
		Needs: attack.All(anyClient()),
		Each: func(q *attack.Query) []attack.Instance {
			return clientFiles(q, q.Client.Files, snapshot.RoleConfig, access.Writers, attack.WritesPath, func(i *attack.Instance) { i.To = cond.UserState(q.Client.User) })
		},
		Proof: "owner, mode and ACL of config.json and of the directories above it",
		Bad:   []rule.Example{{Show: "chmod 666 /root/.docker/config.json", Facts: clientConfigFile(0o666)}},
		Good:  []rule.Example{{Show: "chmod 644 /root/.docker/config.json", Facts: clientConfigFile(0o644)}},
	}
}

func clientConfigFile(mode snapshot.Mode) func(*snapshot.Snapshot) {
	return example.Client(func(c *snapshot.Client) {
		example.Set(&c.Files, []snapshot.File{example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", mode)})
	})
}

func clientHelperWritable() *attack.Step {
	return &attack.Step{
		ID: "client-helper-writable", Title: "Change the program that keeps another user's registry passwords",
		Why:  "The docker command runs the helper at each pull and login, as whoever calls it, and hands it the passwords.",
		At:   rule.KindClient,
		From: attack.LocalUser, To: attack.LocalUser,
		ATTACK: "T1574", Cost: 2, CostReason: "it takes the user to call docker",
		Needs: attack.All(anyClient()),
		Each: func(q *attack.Query) []attack.Instance {
			return clientFiles(q, q.Client.HelperFiles, "", access.Writers, attack.WritesPath, func(i *attack.Instance) { i.To = cond.UserState(q.Client.User) })
		},
		Proof: "owner, mode and ACL of the programs and of the directories above them",
		Bad:   []rule.Example{{Show: "chmod 777 /usr/local/bin/docker-credential-pass", Facts: clientHelper(0o777)}},
		Good:  []rule.Example{{Show: "chmod 755 /usr/local/bin/docker-credential-pass", Facts: clientHelper(0o755)}},
	}
}

func clientHelper(mode snapshot.Mode) func(*snapshot.Snapshot) {
	return example.Client(func(c *snapshot.Client) {
		example.Set(&c.Config, snapshot.ClientConfig{Helpers: map[string]string{"": "pass"}})
		example.Set(&c.HelperFiles, []snapshot.File{example.File(snapshot.RoleHelper, "/usr/local/bin/docker-credential-pass", "file", mode)})
	})
}
