package filter

import "seawall/lang"

// reply leads the answers of those that the request has reached.
func (k *walk) reply(there []*world) {
	for _, w := range there {
		answers := k.answer(w)
		for _, a := range answers {
			end := a.with(a.sources)
			// What counts is where the request came to.
			end.dst, end.local, end.out, end.via, end.src, end.snat = w.dst, w.local, w.out, w.via, w.src, w.snat
			by := Step{}
			if a.by != nil {
				by = *a.by
			}
			k.end(end, Open, by, "")
		}
	}
}

// answer leads the reply of one receiver back.
func (k *walk) answer(w *world) []*world {
	r := w.with(w.sources)
	r.mark, r.natted, r.remarked, r.carried = k.q.Mark, false, false, w.snat
	switch {
	case w.ct == ctNew:
		r.ct = ctEstablished
	case k.protocol == 6:
		r.ct = ctNone // an answer does not open a connection
	default:
		r.ct = ctUnknown
	}
	r.in, r.inBridge, r.inPort = w.out, w.outBridge, w.outPort
	r.out, r.outBridge, r.outPort = "", false, ""
	one := []*world{r}
	switch {
	case w.local && k.q.In == "":
		r.in = ""
		local, away := k.sent(one, true)
		return append(k.loop(local, true), k.strays(away)...)
	case w.local:
		r.in = ""
		local, away := k.sent(one, true)
		return append(away, k.strays(local)...)
	case w.bridged:
		r.out, r.outBridge, r.outPort = w.in, true, w.inPort
		through, _ := k.frames(one, true)
		return through
	case w.out == k.q.In && !w.snat:
		return k.aside(w, r)
	}
	return k.returned(one)
}

// returned leads a reply that comes from outside.
func (k *walk) returned(ws []*world) []*world {
	local, away := byLocal(k.ask(k.inbound(ws, true), false, true))
	if k.q.In == "" {
		return append(k.pass("input", local, true), k.strays(away)...)
	}
	away = k.outbound(k.pass("forward", away, true), true)
	return append(away, k.strays(local)...)
}

// strays are replies that do not go back to where the request came from.
func (k *walk) strays(ws []*world) []*world {
	for _, w := range ws {
		k.end(w, Unknown, w.trail.step, lang.T("the reply takes another way than to the sender"))
	}
	return nil
}

// aside leads the reply of a receiver on the sender's own link, which may go
// straight to it.
func (k *walk) aside(w, r *world) []*world {
	if k.q.Bridge != nil && k.q.BridgeFiltered {
		r.bridged, r.out, r.outBridge, r.outPort = true, w.in, true, w.inPort
		through, _ := k.frames([]*world{r}, true)
		return through
	}
	step := Step{Reply: true, Kind: "route", Effect: lang.T("on the sender's own link")}
	if w.dnat {
		k.end(w, Unknown, step, lang.T("the reply may go to the sender without being translated back"))
		return nil
	}
	return append(k.returned([]*world{r.doubting(r.sources, step)}), r.noting(step))
}
