package engine

import (
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/advisories"
	"seawall/snapshot"
)

// partAdvisory is a rule about the advisories of a part of the engine.
type partAdvisory struct {
	id, title string
	severity  rule.Severity
	part      known.Component
	program   string // as the engine names the part
	why, fix  string
	shell     string
	breaks    string
	bad, good string // versions
	attack    string
}

// partAdvisories are the parts that are programs of their own. The BuildKit in an
// engine is judged with the engine. Of slirp4netns too little is known for a rule: the
// flaws of the libslirp in it are not among the advisories.
var partAdvisories = []partAdvisory{
	{
		id: "runc-has-open-advisory", title: "The runtime that starts containers has known flaws", severity: rule.High, part: known.Runc, program: "runc",
		why: "runc sets up every container as root of the host. Most of its flaws let a container, or the image that it is made from, write outside while that happens.",
		fix: "Update runc to the version that mends them; with packages of docker.com it is in containerd.io.", shell: "sudo apt-get install --only-upgrade runc containerd.io || sudo dnf upgrade runc containerd.io",
		breaks: "Nothing that runs; the next container that starts uses the new one.", bad: "1.1.11", good: "1.5.2", attack: "T1611",
	},
	{
		id: "containerd-has-open-advisory", title: "The program that keeps containers has known flaws", severity: rule.Medium, part: known.Containerd, program: "containerd",
		why: "containerd unpacks images and supervises containers as root of the host. What is known of its flaws can be read by everybody, attackers first.",
		fix: "Update containerd to the version that mends them.", shell: "sudo apt-get install --only-upgrade containerd containerd.io || sudo dnf upgrade containerd.io",
		breaks: "Containers go on; those that run keep the code of the old shim until they are started again.", bad: "1.7.26", good: "2.4.1", attack: "T1611",
	},
}

func partAdvisoryRules() []*rule.Rule {
	var out []*rule.Rule
	for _, row := range partAdvisories {
		out = append(out, row.rule())
	}
	return out
}

func (p partAdvisory) rule() *rule.Rule {
	return &rule.Rule{
		ID: p.id, Title: p.title, Severity: p.severity, Why: p.why,
		Fix:    rule.Fix{Text: p.fix, Shell: "seawall updates   # which flaws, and what mends them\n" + p.shell, Breaks: p.breaks},
		Refs:   rule.Refs{NIST: "4.4.1 4.5.3", ATTACK: p.attack, Guide: "G22"},
		Bad:    []rule.Example{{Show: p.program + " " + p.bad, Facts: partVersion(p.program, p.bad)}},
		Good:   []rule.Example{{Show: p.program + " " + p.good, Facts: partVersion(p.program, p.good)}},
		Engine: dockerd(p.check),
	}
}

func (p partAdvisory) check(c *rule.Context, e *snapshot.Engine) rule.Answer {
	parts := advisories.Of(c, e.Name, p.part)
	if len(parts) == 0 {
		e.Components.Read(c)
		return c.NotApplicable("the engine names no %s among its parts", p.program)
	}
	return advisories.Open(c, parts, rule.Low)
}

// partVersion gives a part of the engine a version, of the package of docker.com.
func partVersion(program, version string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		e := &s.Engines[0]
		components, _ := e.Components.Peek()
		changed := []snapshot.Component{{Name: program, Version: version}}
		for _, part := range components {
			if part.Name != program {
				changed = append(changed, part)
			}
		}
		example.Set(&e.Components, changed)
		path := "/usr/bin/" + program
		example.Add(&e.Daemon.Files, example.File(program, path, "file", 0o755))
		addProgram(s, program, path)
	}
}

// addProgram makes a file a program of no package, if it is none yet.
func addProgram(s *snapshot.Snapshot, name, path string) {
	programs, _ := s.Host.Software.Programs.Peek()
	for _, p := range programs {
		if p.Path == path {
			return
		}
	}
	example.Add(&s.Host.Software.Programs, snapshot.Program{
		Name: name, Path: path, First: true,
		Package: snapshot.None[snapshot.Package](snapshot.At("package", "/var/lib/dpkg/info/*.list")),
		Build:   snapshot.See(snapshot.GoBuild{Go: "go1.24.9"}, snapshot.At("build information", path)),
	})
}
