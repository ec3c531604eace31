package matrix

import (
	"fmt"
	"slices"
	"strings"

	"seawall/reach/filter"
	"seawall/snapshot"
)

// dockerUser says of each family whether rules of one's own in DOCKER-USER do
// anything.
func (j *judge) dockerUser() {
	if len(j.engines()) == 0 {
		return
	}
	for _, f := range families {
		p := Policy{Topic: DockerUser, Family: f.name}
		table := findChain(j.rules, f.family, "filter", chainUser)
		switch {
		case table != nil:
			j.userChain(&p, table)
		case slices.ContainsFunc(j.rules.Tables, func(t snapshot.FilterTable) bool { return t.Family == f.family && t.Name == dockerTable }):
			p.Verdict, p.Words = Missing, "There is no chain "+chainUser+" for "+f.name+": the engine writes its rules with nftables."
		default:
			p.Verdict, p.Words = Missing, "There is no chain "+chainUser+" for "+f.name+"."
		}
		j.say(p)
	}
}

// chainUser is the chain that the engine leaves to the user.
const chainUser = "DOCKER-USER"

// userChain judges one that is there.
func (j *judge) userChain(p *Policy, t *snapshot.FilterTable) {
	name := whereIs(t, chainUser)
	active := 0
	for _, r := range chainOf(t, chainUser).Rules {
		if !always(r, "return", "") {
			active++
		}
	}
	rule, late := firstJump(t)
	switch {
	case rule.Kind == "":
		p.Verdict, p.Words = Void, name+" has no effect: no rule of FORWARD leads to it for all packets."
	case late:
		p.Verdict, p.Rule, p.Words = Void, rule, name+" comes too late: rules of FORWARD that accept, or lead to Docker's chains, stand before \""+rule.Text+"\"."
	case active == 0:
		p.Verdict, p.Rule, p.Words = Unused, rule, name+" is asked before Docker's own rules, and has none of its own."
	default:
		p.Verdict, p.Rule = Effective, rule
		p.Words = fmt.Sprintf("%s is asked before Docker's own rules, and has %d of its own; it does not cover what passes INPUT: %s.", name, active, j.uncovered())
	}
}

// uncovered are the connections that end at the host.
func (j *judge) uncovered() string {
	var names []string
	for _, t := range j.targets(API) {
		names = append(names, j.m.Targets[t].Name)
	}
	if len(names) == 0 {
		return "those that docker-proxy takes"
	}
	return "the API (" + list(names) + ") and connections that docker-proxy takes"
}

// firstJump is the rule of FORWARD that leads to DOCKER-USER, and whether it is
// late: rules before it accept, or lead to chains of Docker's.
func firstJump(t *snapshot.FilterTable) (rule filter.Step, late bool) {
	forward := chainOf(t, "FORWARD")
	if forward == nil {
		return filter.Step{}, false
	}
	for i, r := range forward.Rules {
		if always(r, "jump", chainUser) {
			return filter.Step{Hook: "forward", Kind: "rule", Tool: t.Tool, Family: t.Family, Table: t.Name, Chain: "FORWARD", Index: i, Text: r.Text, Effect: "jump " + chainUser}, late
		}
		late = late || slices.ContainsFunc(r.Statements, func(s snapshot.FilterStatement) bool {
			return s.Verdict == "accept" || s.Opaque != "" && !s.OpaqueMatch || strings.HasPrefix(s.Chain, "DOCKER") && s.Chain != chainUser
		})
	}
	return filter.Step{}, false
}

// always says whether a rule does something with all packets.
func always(r snapshot.FilterRule, verdict, chain string) bool {
	return len(r.Statements) == 1 && r.Statements[0].Verdict == verdict && r.Statements[0].Chain == chain
}

// frontEnds name those whose chains are there.
func (j *judge) frontEnds() {
	for _, e := range []struct {
		name string
		of   func(t *snapshot.FilterTable, chain string) bool
	}{
		{"ufw", func(t *snapshot.FilterTable, chain string) bool {
			return t.Tool != "nft" && (strings.HasPrefix(chain, "ufw-") || strings.HasPrefix(chain, "ufw6-"))
		}},
		{"firewalld", func(t *snapshot.FilterTable, chain string) bool {
			return t.Tool == "nft" && t.Name == "firewalld" || t.Tool != "nft" && chain == "INPUT_ZONES"
		}},
	} {
		if there, rule, chain := inForce(j.rules, e.of); chain != "" {
			p := Policy{Topic: FrontEnds, Target: e.name, Verdict: Active, Rule: rule, Words: e.name + " is active: its rules are in " + chain + "."}
			if !there {
				p.Verdict, p.Words = Inactive, "Chains of "+e.name+" are there, as "+chain+", and no packet comes to them."
			}
			j.say(p)
		}
	}
}

// inForce says whether packets come to chains of a front end, by which rule, and
// names one of the chains.
func inForce(rules snapshot.PacketFilter, of func(*snapshot.FilterTable, string) bool) (there bool, by filter.Step, chain string) {
	for i := range rules.Tables {
		t := &rules.Tables[i]
		for _, c := range t.Chains {
			if of(t, c.Name) {
				if chain == "" || c.Hook == "input" && !there {
					chain = whereIs(t, c.Name)
				}
				there = there || c.Hook != "" && !t.Dormant
			}
			if c.Hook != "input" {
				continue
			}
			for k, r := range c.Rules {
				for _, s := range r.Statements {
					if s.Chain != "" && of(t, s.Chain) && !there {
						there, chain = true, whereIs(t, s.Chain)
						by = filter.Step{Hook: c.Hook, Kind: "rule", Tool: t.Tool, Family: t.Family, Table: t.Name, Chain: c.Name, Index: k, Text: r.Text, Effect: s.Verdict + " " + s.Chain}
					}
				}
			}
		}
	}
	return there, by, chain
}

// forward says what becomes of forwarded packets at the end of all rules.
func (j *judge) forward(stack snapshot.NetStack) {
	for _, f := range families {
		p := Policy{Topic: Forwarding, Family: f.name, Verdict: LetIn}
		setting := map[bool]string{false: "net.ipv4.ip_forward", true: "net.ipv6.conf.all.forwarding"}[f.ipv6]
		if stack.Settings[setting] == "0" {
			p.Verdict, p.Words = Stopped, capital(j.space)+" forwards no "+f.name+": "+setting+" is 0."
			j.say(p)
			continue
		}
		var last *snapshot.FilterTable
		for i := range j.rules.Tables {
			t := &j.rules.Tables[i]
			for _, c := range t.Chains {
				if c.Hook != "forward" || t.Dormant || t.Family != f.family && t.Family != "inet" || last != nil && c.Policy != "drop" {
					continue
				}
				last = t
				p.Rule = filter.Step{Hook: c.Hook, Kind: "policy", Tool: t.Tool, Family: t.Family, Table: t.Name, Chain: c.Name, Effect: c.Policy}
				if c.Policy == "drop" {
					p.Verdict = Stopped
				}
			}
		}
		words := "no chain is there for them"
		if last != nil {
			words = InWords(p.Rule)
		}
		p.Words = "Over " + f.name + ", forwarded connections that no rule is for" + how(p.Verdict, words)
		j.say(p)
	}
}
