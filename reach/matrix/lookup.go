package matrix

import "seawall/snapshot"

// Space is the name of the namespace that a target's addresses are in; "" where
// that is not known.
func (t *Target) Space() string { return t.space }

// SpaceOf is what the namespace of an engine is called; "" where it was not read.
func SpaceOf(s *snapshot.Snapshot, e *snapshot.Engine) string {
	if n := s.NetSpace(engineSpace(e)); n != nil {
		return nameOf(n, e)
	}
	return ""
}

// TargetsOf are the targets of a kind that belong to an engine, by their places in
// Targets. A host's other ports belong to the engines in its namespace.
func (m *Matrix) TargetsOf(s *snapshot.Snapshot, e *snapshot.Engine, kind TargetKind) []int {
	var out []int
	for i := range m.Targets {
		t := &m.Targets[i]
		if t.Kind == kind && (t.Engine == e.Name || kind == OtherHost && t.space != "" && t.space == SpaceOf(s, e)) {
			out = append(out, i)
		}
	}
	return out
}
