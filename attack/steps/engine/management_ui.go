package engine

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/rule"
)

func managementUI() *attack.Step {
	return &attack.Step{
		ID: "management-ui", Title: "Log in to, or break into, the management interface of the engine",
		Why:  "Such a product does with the engine whatever who logs in wants: with a password that is guessed, reused or stolen, or by a fault of its own, the engine is theirs.",
		At:   rule.KindContainer,
		From: attack.Network, To: attack.EngineControl,
		ATTACK: "T1078", Cost: 2, CostReason: "a password, or a fault of the product",
		Needs: attack.All(cond.MayRun(), cond.HasSocket("it has an engine's socket inside", cond.OfService("engine")), managementProduct()),
		Each: func(q *attack.Query) []attack.Instance {
			return uses(q, q.State(attack.EngineControl), attack.Yes, nil, "")
		},
		Rules: []string{"engine-socket-holder-published"},
		Proof: "the image, its networks and ports, and the inode of the socket inside",
		Bad: []rule.Example{
			{Run: "docker run --name ui --network shop -v /run/docker.sock:/var/run/docker.sock portainer/portainer-ce:2.21.4", Facts: scene.ICC("shop", true)},
		},
		Good: []rule.Example{
			{Run: "docker run --network none -v /run/docker.sock:/var/run/docker.sock portainer/portainer-ce"},
			{Run: "docker run --network shop portainer/portainer-ce", Facts: scene.ICC("shop", true)},
			{Run: "docker run --network shop -v /run/docker.sock:/var/run/docker.sock alpine", Facts: scene.ICC("shop", true)},
		},
	}
}

// managementImages are products that let who logs in order the engine, by the ends of
// their repositories' names. Those that only show, such as the dashboard of Traefik,
// are none; viewers of logs have a step of their own.
var managementImages = []string{
	"portainer/portainer", "portainer/portainer-ce", "portainer/portainer-ee", "louislam/dockge", "selfhostedpro/yacht",
	"getarcaneapp/arcane", "coollabsio/coolify", "dokploy/dokploy", "caprover/caprover", "easypanel/easypanel",
}

// managementProduct: the container is one of a product that manages engines.
func managementProduct() *attack.Cond {
	return imageOf("its image is that of a management product", managementImages)
}
