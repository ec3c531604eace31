package report

import (
	"slices"

	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// reachGaps are why something is not known: the engines, processes and networks
// that could not be read.
func reachGaps(s *snapshot.Snapshot, m *matrix.Matrix) []ReachGap {
	out := []ReachGap{}
	add := func(what string, gap snapshot.Gap) {
		if !slices.Contains(out, ReachGap{what, gap}) {
			out = append(out, ReachGap{what, gap})
		}
	}
	for i := range s.Engines {
		e := &s.Engines[i]
		if _, ok := e.API.Peek(); !ok {
			add(e.Name, e.API.Gap())
		}
		if e.Local && e.Daemon.Process.State() == snapshot.Unreadable {
			add(lang.Sprintf("the process of %s", e.Name), e.Daemon.Process.Gap())
		}
		if s.ContainerNets {
			processGaps(e, add)
		}
	}
	for _, g := range m.Gaps {
		name := g.Name
		if name == "" {
			name = lang.T("a network")
		}
		add(name, g.Gap)
	}
	if !s.ContainerNets {
		add(lang.T("the networks of containers"), snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: lang.N("they were not read: what containers listen on, and what their own rules stop, is not known"),
			Remedy: lang.N("save the snapshot with 'seawall snapshot --reach'"),
		})
	}
	return out
}

// processGaps are the containers that run in a network that is not known: those
// for one reason together.
func processGaps(e *snapshot.Engine, add func(string, snapshot.Gap)) {
	containers, _ := e.Containers.Peek()
	type reason struct {
		reason snapshot.Reason
		remedy string
	}
	var reasons []reason
	names := map[reason][]string{}
	gaps := map[reason]snapshot.Gap{}
	for i := range containers {
		gap := networkGap(&containers[i])
		if gap == nil {
			continue
		}
		why := reason{gap.Reason, gap.Remedy}
		if names[why] == nil {
			reasons, gaps[why] = append(reasons, why), *gap
		}
		names[why] = append(names[why], containers[i].Name)
	}
	for _, why := range reasons {
		add(lang.Sprintf("the networks of %s", some(names[why])), gaps[why])
	}
}

// networkGap is why it is not known which network a container that runs is in.
func networkGap(c *snapshot.Container) *snapshot.Gap {
	if !c.Running() {
		return nil
	}
	gap := c.Process.Gap()
	if p, ok := c.Process.Peek(); ok {
		if _, known := p.Namespaces.Peek(); known {
			return nil
		}
		gap = p.Namespaces.Gap()
	}
	return &gap
}
