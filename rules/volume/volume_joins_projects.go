package volume

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func joinsProjects() *rule.Rule {
	return &rule.Rule{
		ID:       "volume-joins-projects",
		Title:    "Containers of several projects share a volume to write to",
		Severity: rule.Low,
		Why: "What one project writes the other reads, and often runs: configuration, plug-ins, web pages, scripts. " +
			"Whoever breaks into the one goes on into the other, past all networks. A volume that only one of them may write to is a narrower way.",
		Fix: rule.Fix{
			Text:    "Give each project a volume of its own; where data must be handed over, mount it read-only on the side that reads, and let that side check what it gets.",
			Run:     "-v shared:/data:ro",
			Compose: "services:\n  web:\n    volumes: [\"shared:/data:ro\"]",
			Breaks:  "Programs of the reading side that write there, lock files included.",
		},
		Refs: rule.Refs{NIST: "4.4.2", ATTACK: "T1080", Guide: "G14", Docs: "Volumes", Peers: "kics:8c978947"},
		Bad:  []rule.Example{shared(false, "shop", "wiki"), shared(false, "shop", "shop", "mail")},
		Good: []rule.Example{shared(true, "shop", "wiki"), shared(false, "shop", "shop"), shared(false, "shop", "")},
		Volume: func(c *rule.Context, v *snapshot.Volume) rule.Answer {
			projects := writersOf(c, v.Name)
			if len(projects) < 2 {
				return c.Pass("no two projects write to it")
			}
			o := c.Engine.Containers.Origin()
			text := lang.Comma(projects)
			c.Cite(snapshot.At(o.Path+".Mounts["+v.Name+"]", o.Source), text)
			return c.Fail("containers of %d projects write to it: %s", len(projects), text)
		},
	}
}

// writersOf lists the Compose projects whose containers mount the volume to
// write to, sorted. Where a container's mounts are not known there may be more.
func writersOf(c *rule.Context, volume string) []string {
	var projects []string
	containers, _ := c.Engine.Containers.Look(c)
	for i := range containers {
		mounts, _ := containers[i].Mounts.Look(c)
		project := containers[i].Project
		if project == "" || slices.Contains(projects, project) {
			continue
		}
		if slices.ContainsFunc(mounts, func(m snapshot.Mount) bool { return m.Volume == volume && !m.ReadOnly }) {
			projects = append(projects, project)
		}
	}
	slices.Sort(projects)
	return projects
}

// shared is the example of a volume that containers of these projects mount;
// with readOnly all but the first only read.
func shared(readOnly bool, projects ...string) rule.Example {
	var lines []string
	for i, p := range projects {
		mode := ""
		if readOnly && i > 0 {
			mode = ":ro"
		}
		lines = append(lines, "docker run --label com.docker.compose.project="+p+" -v data:/data"+mode+" alpine")
	}
	return rule.Example{Run: strings.Join(lines, "\n")}
}
