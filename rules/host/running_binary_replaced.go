package host

import (
	"time"

	"seawall/currency"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func binaryReplaced() *rule.Rule {
	return &rule.Rule{
		ID:       "running-binary-replaced",
		Title:    "A part of the engine still runs from a file that was replaced",
		Severity: rule.Medium,
		Why: "An update puts a new file in place; what runs keeps the old code, with its flaws, until it is started again. " +
			"Shims of containers do so for as long as their container runs, so that an update of containerd reaches them last.",
		Fix: rule.Fix{
			Text:   "Start again what runs the old file: the daemon, or the containers whose shims do.",
			Shell:  "sudo systemctl restart containerd docker\ndocker restart CONTAINER   # for shims",
			Breaks: "A restart of the daemon stops containers unless live restore is on.",
		},
		Refs: rule.Refs{NIST: "4.5.3", ATTACK: "T1068", Guide: "G22"},
		Bad:  []rule.Example{{Show: "apt-get upgrade, and the daemon was not restarted", Facts: running(snapshot.FileReplaced)}},
		Good: []rule.Example{{Show: "all run the files that are installed", Facts: running(snapshot.FileCurrent)}},
		Host: checkReplaced,
	}
}

// running adds shims whose file has met a fate.
func running(fate snapshot.FileFate) func(*snapshot.Snapshot) {
	return software(func(s *snapshot.Software) {
		example.Add(&s.Running, snapshot.RunningProgram{Name: "containerd-shim", Path: "/usr/bin/containerd-shim-runc-v2", Fate: fate, Count: 2, PIDs: []int{900, 901},
			Since: time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)})
	})
}

func checkReplaced(c *rule.Context, h *snapshot.Host) rule.Answer {
	h.Software.Running.Read(c)
	if found := notices(c, currency.ProcessOutdated); len(found) > 0 {
		return failWith(c, h.Software.Running.Origin(), found)
	}
	return c.Pass("every part of an engine runs the file that is installed")
}
