package matrix

import (
	"seawall/reach"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// dialled is a connection by the namespace that it is opened from.
type dialled struct {
	namespace uint64
	address   string
}

// Probes are the connections to try, once the routes are known: from each
// namespace that is a source to each address that one of its cells asks for. Of
// containers that behave alike, all try the API, and one the rest. What would
// leave the machine, or might, is not among them, nor are services of the machine
// that belong to no engine.
func (p *Plan) Probes() []snapshot.NetProbe {
	p.prepare()
	p.Questions()
	seen := map[dialled]bool{}
	var out []snapshot.NetProbe
	for _, t := range p.trials {
		kind := p.m.Targets[t.target].Kind
		if kind == Service || kind == Metadata || !t.safe() {
			continue
		}
		for _, name := range t.dialers(kind) {
			d := dialled{p.w.numbers[name], t.connection.To.Address.String()}
			if !seen[d] {
				seen[d] = true
				out = append(out, snapshot.NetProbe{Namespace: d.namespace, Address: d.address})
			}
		}
	}
	return out
}

// safe says whether a connection can be tried, and stays on the machine whatever
// comes of it.
func (t *trial) safe() bool {
	from := t.connection.From
	if t.crafted || from.In != "" || t.connection.To.Protocol != "tcp" || len(t.answers) == 0 {
		return false
	}
	for _, a := range t.answers {
		if a.Left || a.Verdict == filter.Unknown && a.By.Table == "nat" {
			return false
		}
	}
	return true
}

// dialers are the namespaces that try.
func (t *trial) dialers(kind TargetKind) []string {
	from := t.connection.From
	if kind == API {
		return append([]string{from.Name}, from.Like...)
	}
	return []string{from.Name}
}

// probed are the connections that were tried, of the senders of a trial that an
// answer holds for.
func (p *Plan) probed(t *trial, a reach.Answer) []Probe {
	from := t.connection.From
	if len(p.w.snap.Probes) == 0 || t.crafted || from.In != "" {
		return nil
	}
	if p.tried == nil {
		p.tried = map[dialled]*snapshot.NetProbe{}
		for i := range p.w.snap.Probes {
			probe := &p.w.snap.Probes[i]
			p.tried[dialled{probe.Namespace, probe.Address}] = probe
		}
	}
	var out []Probe
	for _, name := range append([]string{from.Name}, from.Like...) {
		number := p.w.numbers[name]
		probe := p.tried[dialled{number, t.connection.To.Address.String()}]
		if way := (Way{Answer: a}); probe != nil && way.has(Member{addresses: p.w.own(number)}) {
			out = append(out, Probe{From: name, NetProbe: probe})
		}
	}
	return out
}

// Outcomes of probes.
const (
	opened   = "opened"
	notTried = "not tried"
)

// Opened says whether a probe opened it.
func (w *Way) Opened() bool {
	for _, p := range w.Probes {
		if p.Outcome == opened {
			return true
		}
	}
	return false
}

// Disagrees says whether what was predicted is not what happened.
func (w *Way) Disagrees() bool {
	for _, p := range w.Probes {
		switch {
		case w.Predicted == filter.Open && p.Outcome != opened && p.Outcome != notTried:
			return true
		case w.Predicted == filter.Blocked && p.Outcome == opened:
			return true
		}
	}
	return false
}
