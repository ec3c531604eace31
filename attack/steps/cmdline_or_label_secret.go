package steps

import (
	"seawall/attack"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func cmdlineOrLabelSecret() *attack.Step {
	return &attack.Step{
		ID: "cmdline-or-label-secret", Title: "Read a secret in a command, label or log option",
		Why:  "Whoever may inspect the container reads all of them, and the command shows in the container's list of processes.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one file read, or one request",
		Needs: attack.All(secretCond("its command, labels or log options hold a secret", argumentSecrets)),
		Each:  eachSecret(argumentSecrets, attack.Secret, true),
		Proof: "the names under which they stand; the values are not kept",
		Bad: []rule.Example{
			{Run: "docker run --label app.password=hunter2 alpine"}, {Run: "docker run --log-driver splunk --log-opt splunk-token=176FCEBF-4CF5-4EDF-91BC-703796522D20 alpine"},
			{Show: "a secret in the command", Run: "docker run alpine", Facts: example.Engine(secretArgument)},
		},
		Good: []rule.Example{{Run: "docker run --label app.name=web alpine sleep 1"}, {Run: "docker run alpine sleep 1"}},
	}
}

// secretArgument gives the command of the example's container a secret.
func secretArgument(e *snapshot.Engine) {
	list, _ := e.Containers.Peek()
	example.Set(&list[0].SecretArguments, []string{"--password"})
}

func argumentSecrets(q *attack.Query, w snapshot.Witness) []foundSecret {
	var out []foundSecret
	add := func(f snapshot.Fact[[]string], where string, inside bool) {
		names, _ := f.Look(w)
		for _, name := range names {
			f.Try(w)
			name += " in " + where
			out = append(out, foundSecret{state: ofContainer(q, name), what: name, asked: true, inside: inside, end: onContainer(q, secretFile, name), origin: f.Origin()})
		}
	}
	add(q.Container.SecretArguments, "the command", true)
	add(q.Container.SecretHealth, "the health check", true)
	add(q.Container.SecretLabels, "the labels", false)
	add(snapshot.Map(q.Container.LogOptions, secretOptions), "the log options", false)
	return out
}

func secretOptions(options []snapshot.LogOption) []string {
	var out []string
	for _, o := range options {
		if o.Secret {
			out = append(out, o.Name)
		}
	}
	return out
}
