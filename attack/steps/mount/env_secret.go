package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/snapshot"
)

func envSecret() *attack.Step {
	return &attack.Step{
		ID: "env-secret", Title: "Read a secret in the environment",
		Why:  "Every program of the container inherits the environment, and whoever may inspect the container reads it.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one file read, or one request",
		Needs: attack.All(cond.HasSecret("its environment holds a secret", envSecrets)),
		Each:  cond.EachSecret(envSecrets, attack.Secret, true),
		Proof: "the names of its variables and the form of their values, which are not kept",
		Bad:   []rule.Example{{Run: "docker run -e DB_PASSWORD=hunter2 alpine"}},
		Good:  []rule.Example{{Run: "docker run -e TZ=UTC alpine"}, {Run: "docker run -e DB_PASSWORD_FILE=/run/secrets/db alpine"}},
	}
}

func envSecrets(q *attack.Query, w snapshot.Witness) []cond.FoundSecret {
	return cond.Variables(q, w, func(name string) attack.State { return cond.SecretOf(q, name) })
}
