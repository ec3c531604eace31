package cond

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/hostpath"
	"seawall/snapshot"
)

// This file has what shows on a host that runs that conditions hold.

// Shows is what shows a condition at any site.
func Shows(checks ...attack.Check) func(*attack.Query) []attack.Check {
	return func(*attack.Query) []attack.Check { return checks }
}

// AsRead is for conditions of which there is nothing to be seen beyond what was
// read: an engine said it, or it is in a file's text.
func AsRead(*attack.Query) []attack.Check { return nil }

// EngineAnswers reports whether the engine answered at its API, so that a connection to
// it starts nothing.
func EngineAnswers(e *snapshot.Engine) bool {
	_, known := e.API.Peek()
	return known
}

// mountCheck shows that a path of the host is inside, and may be written where it
// ends the step that it is mounted read-only.
func mountCheck(m *hostpath.Mounted, ends []*attack.ChangeKind) attack.Check {
	c := attack.Check{Kind: attack.ReadsPath, Path: m.Destination, Value: m.Source}
	if slices.Contains(ends, change.ReadOnlyMount) {
		c.Kind = attack.WritesPath
	}
	return c
}

// socketChecks show that a control socket of the host is inside, and opens.
func socketChecks(s *hostpath.Socket) []attack.Check {
	api := s.Service == "engine" && s.Engine != nil && EngineAnswers(s.Engine)
	return []attack.Check{{Kind: attack.OpensSocket, Path: s.Inside, Value: s.Host, API: api}}
}

// volumeCheck shows that a volume is inside, and may be written or read.
func volumeCheck(m *snapshot.Mount, write bool) attack.Check {
	c := attack.Check{Kind: attack.ReadsPath, Path: m.Destination, Value: m.Source}
	if write {
		c.Kind = attack.WritesPath
	}
	return c
}
