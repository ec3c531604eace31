package engine

import (
	"slices"

	"seawall/apiproxy"
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func logViewer() *attack.Step {
	return &attack.Step{
		ID: "log-viewer-open", Title: "Read the logs of all containers in a viewer that asks for no password",
		Why:  "Such a product shows what every container of the engine writes, which may hold tokens, addresses and names, and asks nobody who they are unless it is set up to.",
		At:   rule.KindContainer,
		From: attack.Network, To: attack.Secret,
		ATTACK: "T1213", Cost: 1, CostReason: "one request",
		Needs: attack.All(cond.MayRun(), cond.HasSocket("it has an engine's socket inside", cond.OfService("engine")), viewerProduct(), asksNobody()),
		Each: func(q *attack.Query) []attack.Instance {
			return uses(q, attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: lang.N("what containers write to their logs")}, attack.Yes, nil, "")
		},
		Rules: []string{"engine-socket-holder-published"},
		Proof: "the image, its networks and ports, the names of its variables, and the inode of the socket inside",
		Bad: []rule.Example{
			{Run: "docker run --name logs --network shop -v /run/docker.sock:/var/run/docker.sock:ro amir20/dozzle:v8.14", Facts: scene.ICC("shop", true)},
		},
		Good: []rule.Example{
			{Run: "docker run --name logs --network shop -e DOZZLE_AUTH_PROVIDER=simple -v /run/docker.sock:/var/run/docker.sock amir20/dozzle", Facts: scene.ICC("shop", true)},
			{Run: "docker run --network none -v /run/docker.sock:/var/run/docker.sock amir20/dozzle"},
			{Run: "docker run --network shop -v /run/docker.sock:/var/run/docker.sock alpine", Facts: scene.ICC("shop", true)},
		},
	}
}

// viewerImages are products that show the logs of all containers.
var viewerImages = []string{"amir20/dozzle"}

// viewerProduct: the container is one of a product that shows logs.
func viewerProduct() *attack.Cond {
	return imageOf("its image is that of a viewer of logs", viewerImages)
}

// imageOf: the container's image is of one of some repositories. What ends it is that it
// has no socket.
func imageOf(says string, repositories []string) *attack.Cond {
	return &attack.Cond{
		Says:  says,
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			image, known := q.Container.Image.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(slices.ContainsFunc(repositories, func(name string) bool { return apiproxy.IsOf(image, name) }))
		},
		Ends: func(q *attack.Query) []attack.Change {
			return []attack.Change{change.OnContainer(q, change.RemoveSocket, "/run/docker.sock")}
		},
	}
}

// viewerAccounts is the variable by which Dozzle is told how to know its users: without
// it, or by "none", it knows all (dozzle.dev, Authentication).
const viewerAccounts = "DOZZLE_AUTH_PROVIDER"

// asksNobody: no variable says how the viewer knows its users.
func asksNobody() *attack.Cond {
	return &attack.Cond{
		Says:  "it does not ask who its users are",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			env, known := q.Container.Env.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(!slices.ContainsFunc(env, func(v snapshot.EnvVar) bool { return v.Name == viewerAccounts }))
		},
		Ends: func(q *attack.Query) []attack.Change {
			return []attack.Change{change.OnContainer(q, viewerPassword, "")}
		},
	}
}

var viewerPassword = &attack.ChangeKind{
	ID: "viewer-password", Text: "Have {subject} ask who its users are",
	Weight: 1, Disruption: attack.Recreate, Breaks: "Whoever looked at logs without an account.",
	Run: "-e " + viewerAccounts + "=simple -v ./users.yml:/data/users.yml:ro", Compose: "environment: {" + viewerAccounts + ": simple}",
}
