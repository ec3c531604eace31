package matrix

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach"
	"seawall/snapshot"
)

// setting is a remedy other than a rule, and what it does to the facts.
type setting struct {
	words, breaks string
	changes       []change
	differs       traffic // what they concern
}

// settings are those that may close a cell, the best first.
func (a *Adviser) settings(at Pair) []setting {
	t := &a.m.Targets[at.Target]
	way := a.way(at, true)
	switch t.Kind {
	case API:
		host := a.configured(t)
		return []setting{{
			words:  lang.Sprintf("remove %s from \"hosts\" in daemon.json, or -H %s from dockerd's command line, and restart the engine; use its unix socket, from elsewhere by ssh", host, host),
			breaks: lang.Sprintf("clients that use %s", host), changes: []change{{space: t.space, do: t.unheard}}, differs: traffic{port: t.Port},
		}}
	case Published:
		if a.m.Sources[at.Source].Kind == Host {
			return nil
		}
		port := fmt.Sprintf("127.0.0.1:%d:%d", t.Port, t.Published.Port)
		if t.Protocol != "tcp" {
			port += "/" + t.Protocol
		}
		return []setting{{
			words:  lang.Sprintf("publish it for this host alone: %s; not at all, if only containers on its own networks use it", port),
			breaks: lang.T("everybody else who uses the port"), changes: []change{{space: t.space, do: t.onLoopback}}, differs: traffic{port: t.Port},
		}}
	case Port, OtherContainer:
		return a.neighbours(way)
	}
	return nil
}

// configured is a listener of the API as the engine's configuration has it, if
// there is one of its port only.
func (a *Adviser) configured(t *Target) string {
	var found []string
	for _, e := range a.p.w.snap.Engines {
		hosts, _ := e.Settings.Hosts.Peek()
		for _, h := range hosts {
			if e.Name == t.Engine && strings.HasPrefix(h, "tcp://") && strings.HasSuffix(h, ":"+itoa(int(t.Port))) {
				found = append(found, h)
			}
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return t.Name
}

// unheard takes away the socket of a target.
func (t *Target) unheard(stack *snapshot.NetStack) {
	stack.Listeners = snapshot.Map(stack.Listeners, func(list []snapshot.NetListener) []snapshot.NetListener {
		return slices.DeleteFunc(slices.Clone(list), func(l snapshot.NetListener) bool {
			return l.Protocol == t.Protocol && l.Address == t.Listener.Address
		})
	})
}

// local is where a port is published that is for the host alone.
const local = "127.0.0.1"

// onLoopback publishes a port at a loopback address: its socket is there, and the
// rules that lead to the container are for it.
func (t *Target) onLoopback(stack *snapshot.NetStack) {
	stack.Listeners = snapshot.Map(stack.Listeners, func(list []snapshot.NetListener) []snapshot.NetListener {
		out := slices.Clone(list)
		for i := range out {
			if a, err := netip.ParseAddrPort(out[i].Address); err == nil && out[i].Protocol == t.Protocol && a.Port() == t.Port {
				out[i].Address = netip.AddrPortFrom(netip.MustParseAddr(local), t.Port).String()
			}
		}
		return out
	})
	stack.Filter = snapshot.Map(stack.Filter, t.translatedOnLoopback)
}

// translatedOnLoopback narrows the rules that translate the port of a target.
func (t *Target) translatedOnLoopback(f snapshot.PacketFilter) snapshot.PacketFilter {
	return everyRule(f, func(r snapshot.FilterRule) snapshot.FilterRule {
		translates := slices.ContainsFunc(r.Statements, func(s snapshot.FilterStatement) bool { return s.NAT != nil && s.NAT.Kind == "dnat" })
		meant := slices.ContainsFunc(r.Statements, func(s snapshot.FilterStatement) bool {
			return s.Match != nil && !s.Match.Not && slices.Equal(s.Match.Fields, []snapshot.FilterField{snapshot.FieldPort}) && slices.Equal(s.Match.Values, []string{itoa(int(t.Port))})
		})
		if translates && meant {
			r.Statements = append([]snapshot.FilterStatement{match(snapshot.FieldDestination, local)}, r.Statements...)
		}
		return r
	})
}

// everyRule is a copy with all rules replaced.
func everyRule(f snapshot.PacketFilter, replace func(snapshot.FilterRule) snapshot.FilterRule) snapshot.PacketFilter {
	out := snapshot.PacketFilter{Tables: slices.Clone(f.Tables)}
	for i := range out.Tables {
		t := &out.Tables[i]
		t.Chains = slices.Clone(t.Chains)
		for j := range t.Chains {
			rules := slices.Clone(t.Chains[j].Rules)
			for k := range rules {
				rules[k] = replace(rules[k])
			}
			t.Chains[j].Rules = rules
		}
	}
	return out
}

// neighbours are the settings for containers on one network. What the engine
// then does is tried as the rule that it sets.
func (a *Adviser) neighbours(way *Way) []setting {
	at := slices.IndexFunc(way.Hops, func(h reach.Hop) bool { return h.Bridged })
	if at < 0 {
		return nil
	}
	space, bridge := way.Hops[at].Space, way.Hops[at].In
	e, network := a.networkOf(space, bridge)
	if network == "" {
		return nil
	}
	words := lang.Sprintf("create the network %s anew with -o com.docker.network.bridge.enable_icc=false (Compose: driver_opts), or give the containers networks of their own", network)
	if network == "bridge" {
		words = lang.Sprintf("set \"icc\": false in daemon.json and restart %s, or give the containers networks of their own", e.Name)
	}
	breaks := lang.Sprintf("all connections between containers on %s, to published ports and links aside", network)
	rule := insertion{space: space, ipv6: way.To.Addr().Is6(), table: "filter", chain: "FORWARD", when: []condition{comesBy(bridge), leavesBy(bridge)}}
	rules, _ := a.p.w.stacks[a.p.w.numbers[space]].Filter.Peek()
	rule = rule.at(rules, rule.table, rule.chain, rule.when...)
	return []setting{
		{words, breaks, []change{rule.change()}, rule.concerns()},
		{lang.Sprintf("%s; and set the kernel's net.bridge.bridge-nf-call-iptables to 1, without which that has no effect", words), breaks, []change{rule.change(), {all: true, do: bridgesFilter}}, traffic{}},
	}
}

// networkOf is the network of an engine that has a bridge.
func (a *Adviser) networkOf(space, bridge string) (*snapshot.Engine, string) {
	for i := range a.p.w.snap.Engines {
		e := &a.p.w.snap.Engines[i]
		networks, _ := e.Networks.Peek()
		for _, n := range networks {
			if name, _ := n.Bridge.Peek(); name == bridge && a.p.w.names[engineSpace(e)] == space {
				return e, n.Name
			}
		}
	}
	return nil, ""
}

// bridgesFilter makes bridges hand to the packet filters what they bridge.
func bridgesFilter(stack *snapshot.NetStack) {
	settings := map[string]string{}
	for name, value := range stack.Settings {
		settings[name] = value
	}
	for _, name := range []string{"net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables"} {
		if _, ok := settings[name]; ok {
			settings[name] = "1"
		}
	}
	stack.Settings = settings
}
