package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func kubernetesToken() *attack.Step {
	return &attack.Step{
		ID: "kubernetes-token", Title: "Read the token of a cluster",
		Why:  "The token acts in the cluster as the container's service account.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Secret,
		ATTACK: "T1528", Cost: 1, CostReason: "one file read",
		Needs: attack.All(cond.HasSecret("a cluster's token is mounted in it", clusterTokens)),
		Each:  cond.EachSecret(clusterTokens, attack.Secret, false),
		Proof: "its mounts below /run/secrets/kubernetes.io",
		Bad:   []rule.Example{{Run: "docker run -v /var/lib/kubelet/pods/1/volumes/token:/var/run/secrets/kubernetes.io/serviceaccount:ro alpine"}},
		Good:  []rule.Example{{Run: "docker run -v /srv/secrets/db:/run/secrets/db:ro alpine"}, {Run: "docker run alpine"}},
	}
}

func clusterTokens(q *attack.Query, w snapshot.Witness) []cond.FoundSecret {
	return cond.MountsBelow(q, w, cond.KubernetesSecrets, func(string) attack.State { return cond.SecretOf(q, lang.N("the cluster token")) })
}
