package host

import (
	"seawall/currency"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func clientShadows() *rule.Rule {
	return &rule.Rule{
		ID:       "client-binary-shadows-package",
		Title:    "A copy of no package stands before the packaged program",
		Severity: rule.Low,
		Why: "Whoever calls docker, or another program of the engine, gets the copy that comes first in the PATH. The package manager updates the other one, " +
			"so that the host seems up to date and the program in use is not.",
		Fix: rule.Fix{
			Text:   "Remove the copy, or update it by hand whenever the package is updated.",
			Shell:  "type -a docker\nsudo rm /usr/local/bin/docker",
			Breaks: "Scripts that name the copy by its full path, or that need its version.",
		},
		Refs: rule.Refs{NIST: "4.4.1 4.5.3", ATTACK: "T1574.007", Guide: "G22"},
		Bad: []rule.Example{{Show: "/usr/local/bin/docker before /usr/bin/docker", Facts: software(func(s *snapshot.Software) {
			changeFirst(s)
			example.Add(&s.Programs, snapshot.Program{Name: "docker", Path: "/usr/local/bin/docker", First: true,
				Package: snapshot.None[snapshot.Package](snapshot.At("package", "/var/lib/dpkg/info/*.list")),
				Build:   snapshot.See(snapshot.GoBuild{Go: "go1.24.3", Version: "28.2.2"}, snapshot.At("build information", "/usr/local/bin/docker"))})
		})}},
		Good: []rule.Example{{Show: "one docker, of a package", Facts: func(*snapshot.Snapshot) {}}},
		Host: checkShadows,
	}
}

// changeFirst makes the packaged CLI the second in the PATH.
func changeFirst(s *snapshot.Software) {
	programs, _ := s.Programs.Peek()
	var changed []snapshot.Program
	for _, p := range programs {
		p.First = p.First && p.Name != "docker"
		changed = append(changed, p)
	}
	s.Programs = snapshot.See(changed, s.Programs.Origin())
}

func checkShadows(c *rule.Context, h *snapshot.Host) rule.Answer {
	programs, ok := h.Software.Programs.Look(c)
	if !ok {
		c.Stop()
	}
	for _, p := range programs {
		p.Package.Look(c)
	}
	if found := notices(c, currency.ClientShadowed); len(found) > 0 {
		return failWith(c, h.Software.Programs.Origin(), found)
	}
	return c.Pass("no copy stands before a packaged program")
}
