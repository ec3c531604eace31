package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/lang"
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
		Needs: attack.All(cond.HasSecret("its command, labels or log options hold a secret", argumentSecrets)),
		Each:  cond.EachSecret(argumentSecrets, attack.Secret, true),
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

// The names of secrets by where they stand.
var (
	inCommand     = attack.NewNameForm(lang.N("%s in the command"))
	inHealthCheck = attack.NewNameForm(lang.N("%s in the health check"))
	inLabels      = attack.NewNameForm(lang.N("%s in the labels"))
	inLogOptions  = attack.NewNameForm(lang.N("%s in the log options"))
)

func argumentSecrets(q *attack.Query, w snapshot.Witness) []cond.FoundSecret {
	var out []cond.FoundSecret
	add := func(f snapshot.Fact[[]string], where *attack.NameForm, inside bool) {
		names, _ := f.Look(w)
		for _, name := range names {
			f.Try(w)
			name = where.Of(name)
			out = append(out, cond.FoundSecret{State: cond.SecretOf(q, name), What: name, Asked: true, Inside: inside, End: change.OnContainer(q, change.SecretFile, name), Origin: f.Origin()})
		}
	}
	add(q.Container.SecretArguments, inCommand, true)
	add(q.Container.SecretHealth, inHealthCheck, true)
	add(q.Container.SecretLabels, inLabels, false)
	add(snapshot.Map(q.Container.LogOptions, secretOptions), inLogOptions, false)
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
