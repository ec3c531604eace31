package mount

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
	"seawall/snapshot"
)

func dockerClientConfigMount() *attack.Step {
	is := cond.ClientMount(attack.Registry, clearRegistries)
	return &attack.Step{
		ID: "docker-client-config-mount", Title: "Read a user's credentials for registries",
		Why:  "Without a credential helper the docker command keeps passwords and tokens in config.json, as good as in clear.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Registry,
		ATTACK: "T1552.001", Cost: 1, CostReason: "one file read",
		Needs: attack.All(cond.HasMount("it can read credentials for registries", is.Is), cond.HostRoot(), cond.NoLabel()),
		Each:  cond.EachMount(is.Is, is.States, cond.Unseen(attack.Registry), change.DropCapabilities),
		Proof: "the registries whose credentials stand in the config.json there",
		Bad: []rule.Example{
			{Run: "docker run -v /root/.docker:/x:ro alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`},
			{Run: "docker run -v /root:/x:ro alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`},
		},
		Good: []rule.Example{
			{Run: "docker run -v /root/.docker:/x:ro alpine", Config: `{"credsStore": "pass"}`}, {Run: "docker run alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`},
			{Run: "docker run -v /root/.docker:/x:ro alpine", Config: `{"auths": {"registry.example": {"auth": "dTpw"}}}`, Facts: scene.Remapped},
		},
	}
}

// clearRegistries are the registries whose credentials stand in config.json.
func clearRegistries(c *snapshot.Client, q *attack.Query) []attack.State {
	config, _ := c.Config.Look(q)
	out := make([]attack.State, len(config.ClearCredentials))
	for i, r := range config.ClearCredentials {
		out[i] = attack.State{Kind: attack.Registry, Name: r}
	}
	return out
}
