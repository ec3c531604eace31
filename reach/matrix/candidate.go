package matrix

import (
	"regexp"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// plain are names of interfaces that mean themselves to a shell and to the tools.
var plain = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// candidates are the rules that may close a way, the best first: on each of the
// hosts that it comes to.
func (a *Adviser) candidates(t *Target, way *Way) []insertion {
	var out []insertion
	for _, hop := range way.Hops {
		at := slices.IndexFunc(a.p.w.hosts, func(n uint64) bool { return a.p.w.names[n] == hop.Space })
		if at < 0 || hop.In == "" || hop.Bridged || !plain.MatchString(hop.In) || hop.Out != "" && !plain.MatchString(hop.Out) {
			continue
		}
		rules, _ := a.p.w.stacks[a.p.w.hosts[at]].Filter.Peek()
		base := insertion{space: hop.Space, ipv6: way.To.Addr().Is6(), nft: usesNFT(rules)}
		switch {
		case way.Crafted && way.To.Addr().Is4() && way.To.Addr().IsLoopback():
			base.stops = lang.T("nothing that anybody sends as it should be: no packet from elsewhere is for such an address")
			out = append(out, base.at(rules, "raw", "PREROUTING", toLoopback()))
		case hop.Out == "":
			base.stops = lang.Sprintf("all that comes by %s for port %d of the host", hop.In, hop.To.Port())
			out = append(out, base.at(rules, "filter", "INPUT", comesBy(hop.In), toPort(t.Protocol, hop.To.Port())))
		default:
			out = append(out, base.forwarded(rules, t, hop.In, hop.Out)...)
		}
	}
	return out
}

// forwarded are the rules for what is led from an interface to another.
func (r insertion) forwarded(rules snapshot.PacketFilter, t *Target, in, out string) []insertion {
	chains := []string{"DOCKER-USER", "FORWARD"}
	if r.nft || findChain(rules, r.family(), "filter", "DOCKER-USER") == nil {
		chains = chains[1:]
	}
	var all []insertion
	for _, chain := range chains {
		if t.Kind == Port || t.Kind == OtherContainer {
			r.stops = lang.Sprintf("all that comes by %s for ports that are not published of whoever is on %s", in, out)
			all = append(all, r.at(rules, "filter", chain, comesBy(in), leavesBy(out), newDirect()))
		} else {
			r.stops = lang.Sprintf("all that comes by %s for port %d and is led to a container", in, t.Port)
			all = append(all, r.at(rules, "filter", chain, comesBy(in), toPublished(t.Protocol, t.Port)))
		}
	}
	if chain := &all[len(all)-1]; chain.chain == "FORWARD" && !chain.nft && findChain(rules, r.family(), "filter", "DOCKER") != nil {
		chain.stops = lang.Sprintf("%s; the engine may put its own rules before this one when it starts", chain.stops)
	}
	return all
}
