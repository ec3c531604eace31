package mount

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// registryVariables are the names under which programs take the password for a
// registry.
var registryVariables = map[string]bool{
	"REPO_PASS": true, "REGISTRY_PASSWORD": true, "REGISTRY_TOKEN": true, "DOCKER_PASSWORD": true, "DOCKER_AUTH_CONFIG": true,
	"DOCKERHUB_PASSWORD": true, "DOCKERHUB_TOKEN": true, "DOCKER_HUB_TOKEN": true, "CI_REGISTRY_PASSWORD": true, "CR_PAT": true,
}

func registryCredential() *attack.Step {
	return &attack.Step{
		ID: "registry-credential-in-container", Title: "Read the credentials for a registry in the environment",
		Why:  "With the credentials images are pulled, and often pushed, from anywhere.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.Registry,
		ATTACK: "T1552.007", Cost: 1, CostReason: "one file read, or one request",
		Needs: attack.All(cond.HasSecret("its environment holds the credentials for a registry", registryPasswords)),
		Each:  cond.EachSecret(registryPasswords, attack.Registry, true),
		Proof: "the names of its variables",
		Bad:   []rule.Example{{Run: "docker run -e REPO_USER=ci -e REPO_PASS=hunter2 alpine"}},
		Good:  []rule.Example{{Run: "docker run -e DB_PASSWORD=hunter2 alpine"}, {Run: "docker run -e REPO_USER=ci alpine"}},
	}
}

// ofVariable is the name of a registry of which a variable holds the password.
var ofVariable = attack.NewNameForm(lang.N("of %s in container %s"))

func registryPasswords(q *attack.Query, w snapshot.Witness) []cond.FoundSecret {
	return cond.Variables(q, w, func(name string) attack.State {
		if !registryVariables[name] {
			return attack.State{}
		}
		return attack.State{Kind: attack.Registry, Name: ofVariable.Of(name, q.Container.Name)}
	})
}
