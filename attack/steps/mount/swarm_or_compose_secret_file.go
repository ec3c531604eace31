package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/rule"
	"seawall/snapshot"
)

func secretFileMounted() *attack.Step {
	return &attack.Step{
		ID: "swarm-or-compose-secret-file", Title: "Read a secret that was given as a file",
		Why:  "This is how secrets are to be given, and who takes the container over has them all the same.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Secret,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one file read",
		Needs: attack.All(cond.HasSecret("a secret is mounted in it", mountedSecrets)),
		Each:  cond.EachSecret(mountedSecrets, attack.Secret, false),
		Proof: "its mounts below /run/secrets",
		Bad:   []rule.Example{{Run: "docker run -v /srv/secrets/db:/run/secrets/db:ro alpine"}},
		Good:  []rule.Example{{Run: "docker run -v /srv/data:/data alpine"}, {Run: "docker run alpine"}},
	}
}

func mountedSecrets(q *attack.Query, w snapshot.Witness) []cond.FoundSecret {
	return cond.MountsBelow(q, w, "/run/secrets", func(name string) attack.State { return cond.SecretOf(q, name) })
}
