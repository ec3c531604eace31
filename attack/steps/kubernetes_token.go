package steps

import (
	"seawall/attack"
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
		Needs: attack.All(secretCond("a cluster's token is mounted in it", clusterTokens)),
		Each:  eachSecret(clusterTokens, attack.Secret, false),
		Proof: "its mounts below /run/secrets/kubernetes.io",
		Bad:   []rule.Example{{Run: "docker run -v /var/lib/kubelet/pods/1/volumes/token:/var/run/secrets/kubernetes.io/serviceaccount:ro alpine"}},
		Good:  []rule.Example{{Run: "docker run -v /srv/secrets/db:/run/secrets/db:ro alpine"}, {Run: "docker run alpine"}},
	}
}

func clusterTokens(q *attack.Query, w snapshot.Witness) []foundSecret {
	return mountsBelow(q, w, kubernetesSecrets, func(string) attack.State { return ofContainer(q, "the cluster token") })
}

// kubernetesSecrets is where the kubelet mounts tokens.
const kubernetesSecrets = "/run/secrets/kubernetes.io"
