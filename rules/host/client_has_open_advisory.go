package host

import (
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rules/internal/advisories"
	"seawall/snapshot"
)

func clientAdvisory() *rule.Rule {
	return &rule.Rule{
		ID:       "client-has-open-advisory",
		Title:    "The Docker CLI or a plugin of it has known flaws",
		Severity: rule.Medium,
		Why: "docker, docker compose and docker buildx handle registries, archives and project files of others, with the rights of whoever calls them: often root, or somebody who controls an engine. " +
			"Every copy on the usual paths is judged, also one that an update does not reach.",
		Fix: rule.Fix{
			Text:   "Update the packages, and remove or update copies that are of none.",
			Shell:  "seawall updates   # which copies, and what mends them\nsudo apt-get install --only-upgrade docker-ce-cli docker-compose-plugin docker-buildx-plugin",
			Breaks: "Nothing that runs.",
		},
		Refs: rule.Refs{NIST: "4.4.1 4.5.3", ATTACK: "T1203", Guide: "G22"},
		Bad:  []rule.Example{{Show: "docker-ce-cli 28.5.2", Facts: cli("5:28.5.2-1~debian.13~trixie")}},
		Good: []rule.Example{{Show: "docker-ce-cli 29.8.2", Facts: cli("5:29.8.2-1~debian.13~trixie")}},
		Host: checkClients,
	}
}

// cli gives the package of the CLI a version.
func cli(version string) func(*snapshot.Snapshot) {
	return changeProgram("docker", func(p *snapshot.Program) {
		pkg, _ := p.Package.Peek()
		pkg.Version, pkg.SourceVersion = version, version
		p.Package = snapshot.See(pkg, p.Package.Origin())
	})
}

// changeProgram changes the programs of a name.
func changeProgram(name string, change func(*snapshot.Program)) func(*snapshot.Snapshot) {
	return software(func(s *snapshot.Software) {
		programs, _ := s.Programs.Peek()
		var changed []snapshot.Program
		for _, p := range programs {
			if p.Name == name {
				change(&p)
			}
			changed = append(changed, p)
		}
		s.Programs = snapshot.See(changed, s.Programs.Origin())
	})
}

func checkClients(c *rule.Context, h *snapshot.Host) rule.Answer {
	if _, ok := h.Software.Programs.Look(c); !ok {
		c.Stop()
	}
	clients := advisories.Of(c, "", known.CLI, known.Compose, known.Buildx)
	if len(clients) == 0 {
		return c.NotApplicable("there is no Docker CLI on the usual paths")
	}
	return advisories.Open(c, clients, rule.Low)
}
