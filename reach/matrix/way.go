package matrix

import (
	"seawall/lang"
	"seawall/reach"
	"seawall/reach/filter"
)

// waysOf are the answers of a trial, as its cell has them.
func (t *trial) waysOf(p *Plan) []Way {
	var out []Way
	for _, a := range t.answers {
		way := Way{To: t.connection.To.Address, Crafted: t.crafted, Answer: a, Probes: p.probed(t, a)}
		way.ends(&p.m.Targets[t.target])
		way.goesOn = a.Left && p.w.bridges(p.w.hostOf(&p.m.Targets[t.target]), a.Hops)
		if t.crafted && a.Verdict == filter.Open {
			way.craft(p.m.Sources[t.source])
		}
		if way.Predicted = way.Verdict; way.Opened() {
			way.Verdict = filter.Open
		}
		out = append(out, way)
	}
	return out
}

// bridges says whether the last of some hops is that out of a host by a bridge.
func (w *world) bridges(host string, hops []reach.Hop) bool {
	if len(hops) == 0 || hops[len(hops)-1].Space != host {
		return false
	}
	return interfaceOf(w.stacks[w.numbers[host]], hops[len(hops)-1].Out).Kind == "bridge"
}

// ends makes sure that what is reached is the target: elsewhere, its address may
// be that of another.
func (way *Way) ends(t *Target) {
	if (way.Verdict == filter.Open || way.Unheard) && way.Space != t.space && way.Space != t.receiver {
		way.Verdict, way.Unheard, way.By = filter.Blocked, false, filter.Step{}
		way.Why = lang.Sprintf("from there, %s is in %s", way.To, way.Space)
	}
}

// craft judges whether a source can make the frames that would get through.
func (way *Way) craft(s Source) {
	if s.Kind != Containers {
		return
	}
	switch s.raw {
	case rawNo:
		way.Verdict, way.Why, way.By = filter.Blocked, lang.T("only frames made by hand get there, which takes the capability NET_RAW"), filter.Step{}
	case rawUnknown:
		way.Verdict, way.Why, way.By = filter.Unknown, lang.T("frames made by hand get there; whether it may make them (NET_RAW) is not known"), filter.Step{}
	}
}
