package engine

import (
	"fmt"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// mostUnused is how many unused things an engine may have. The CIS Docker
// Benchmark names no number; Lynis warns from more than ten containers on
// (CONT-8107).
const mostUnused = 10

// exactPileRules are about what the CIS Docker Benchmark calls sprawl.
func exactPileRules() []*rule.Rule {
	return []*rule.Rule{
		pile(rule.Rule{
			ID:    "engine-images-pile-up",
			Title: "Many images are used by no container",
			Fix:   rule.Fix{Text: "Remove what nobody needs, by a schedule.", Shell: "docker image prune --all --filter until=720h", Breaks: "Images that are needed again must be pulled or built again."},
			Refs:  rule.Refs{CIS: "6.1", NIST: "4.1.1 4.2.2", ATTACK: "T1499", Docs: "Prune unused Docker objects"},
			Bad:   []rule.Example{{Show: "eleven images without a container", Facts: unusedImages(mostUnused + 1)}},
			Good:  []rule.Example{{Show: "ten images without a container", Facts: unusedImages(mostUnused)}},
		}, "%d of %d images are used by no container", countUnusedImages),
		pile(rule.Rule{
			ID:    "engine-containers-pile-up",
			Title: "Many containers do not run",
			Fix:   rule.Fix{Text: "Remove containers that nobody starts again; start short-lived ones with --rm.", Shell: "docker container prune --filter until=720h", Breaks: "The files that such a container wrote are deleted with it."},
			Refs:  rule.Refs{CIS: "6.2", NIST: "4.4.5", ATTACK: "T1499", Docs: "Prune unused Docker objects"},
			Bad:   []rule.Example{{Show: "eleven containers that ended", Facts: endedContainers(mostUnused + 1)}},
			Good:  []rule.Example{{Show: "ten containers that ended", Facts: endedContainers(mostUnused)}},
		}, "%d of %d containers do not run", countEndedContainers),
	}
}

// pile completes a rule by what both have in common. The format says how many are
// unused of all.
func pile(r rule.Rule, format string, count func(*rule.Context, *snapshot.Engine) (unused, all int)) *rule.Rule {
	r.Severity, r.Exact = rule.Low, true
	r.Why = fmt.Sprintf("What nobody uses takes room, is not kept current, and one day is used by mistake. The CIS Docker Benchmark asks to avoid it and names no number; more than %d count here.", mostUnused)
	r.Engine = func(c *rule.Context, e *snapshot.Engine) rule.Answer {
		unused, all := count(c, e)
		if unused > mostUnused {
			return c.Fail(format, unused, all)
		}
		return c.Pass(format, unused, all)
	}
	return &r
}

func countUnusedImages(c *rule.Context, e *snapshot.Engine) (unused, all int) {
	images, _ := e.Images.Look(c)
	if _, known := e.Containers.Look(c); !known {
		c.Stop() // which images they use is not known either
	}
	for i := range images {
		if len(images[i].UsedBy) == 0 {
			unused++
		}
	}
	c.Cite(e.Images.Origin(), lang.Sprintf("%d images are used by no container", unused))
	return unused, len(images)
}

func countEndedContainers(c *rule.Context, e *snapshot.Engine) (ended, all int) {
	containers, _ := e.Containers.Look(c)
	for i := range containers {
		switch state, _ := containers[i].State.Look(c); state {
		case "created", "exited", "dead":
			ended++
		}
	}
	c.Cite(e.Containers.Origin(), lang.Sprintf("%d containers do not run", ended))
	return ended, len(containers)
}

func unusedImages(n int) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		for i := range n {
			example.Add(&e.Images, snapshot.Image{ID: fmt.Sprintf("sha256:%02d", i)})
		}
	})
}

func endedContainers(n int) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		for i := range n {
			name := fmt.Sprintf("job-%02d", i)
			example.Add(&e.Containers, snapshot.Container{ID: name, Name: name, State: snapshot.See("exited", snapshot.At("State.Status", "GET /containers/"+name+"/json"))})
		}
	})
}
