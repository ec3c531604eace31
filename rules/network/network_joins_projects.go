package network

import (
	"fmt"
	"slices"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func joinsProjects() *rule.Rule {
	return &rule.Rule{
		ID:       "network-joins-projects",
		Title:    "One flat network joins many projects",
		Severity: rule.Medium,
		Why: "On a user-defined network every container reaches every port of every other. A network shared by several Compose projects, often for a reverse proxy, joins their databases and admin pages as well: " +
			"the weakest project is the way into the others.",
		Fix: rule.Fix{
			Text:    "Give each project a network of its own for its inner traffic and one that it shares with the proxy only; put only the service that the proxy serves on the latter.",
			Compose: "networks: [proxy-web, backend]",
			Breaks:  "Connections between projects that relied on the shared network.",
		},
		Refs:    rule.Refs{NIST: "4.3.3 4.4.2", ATTACK: "T1046 T1210", Guide: "G14 G15 G16", Docs: "Networking in Compose"},
		Bad:     []rule.Example{{Show: "networks: {default: {name: shared, external: true}} in three projects", Facts: shared("shop", "wiki", "mail")}},
		Good:    []rule.Example{{Show: "a network of one project", Facts: shared("shop", "shop")}, {Show: "a network between two", Facts: shared("shop", "proxy")}},
		Network: checkJoinsProjects,
	}
}

// shared is a network with one container of each project.
func shared(projects ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		at := snapshot.At("network", "GET /networks/shared")
		var names []string
		for i, project := range projects {
			name := fmt.Sprintf("%s-web-%d", project, i)
			names = append(names, name)
			example.Add(&e.Containers, snapshot.Container{ID: name, Name: name, Project: project})
		}
		example.Add(&e.Networks, snapshot.Network{ID: "n1", Name: "shared", Driver: "bridge", Scope: "local",
			ICC: snapshot.See(true, at), Containers: snapshot.See(names, at)})
	})
}

// manyProjects is how many projects on one network are reported. Two joined on
// purpose are common and deliberate.
const manyProjects = 3

func checkJoinsProjects(c *rule.Context, n *snapshot.Network) rule.Answer {
	if defaultBridge(n) || n.Ingress || n.Driver == "host" || n.Driver == "null" {
		return c.NotApplicable("not a user-defined network")
	}
	inside, _ := n.Containers.Look(c)
	if len(inside) < manyProjects {
		return c.Pass("the network has no more than two containers")
	}
	containers, _ := c.Engine.Containers.Look(c)
	projects := projectsOf(containers, inside)
	if len(projects) < manyProjects {
		return c.Pass("the network joins no more than two projects")
	}
	if n.Driver == "bridge" && !n.ICC.Read(c) {
		return c.Pass("the network joins %d projects and keeps its containers apart (icc is false)", len(projects))
	}
	c.Cite(n.Containers.Origin(), inside)
	return c.Fail("%d containers of %d projects reach each other on %s: %s", len(inside), len(projects), n.Name, list(projects, 8))
}

// projectsOf lists the Compose projects of the named containers, sorted.
func projectsOf(containers []snapshot.Container, names []string) []string {
	named := make(map[string]bool, len(names))
	for _, name := range names {
		named[name] = true
	}
	var projects []string
	for i := range containers {
		if p := containers[i].Project; p != "" && named[containers[i].Name] {
			projects = append(projects, p)
		}
	}
	slices.Sort(projects)
	return slices.Compact(projects)
}
