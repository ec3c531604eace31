package matrix

import (
	"slices"
	"strings"

	"seawall/lang"
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
			p.Verdict, p.Words = Missing, lang.Sprintf("There is no chain %s for %s: the engine writes its rules with nftables.", chainUser, f.name)
		default:
			p.Verdict, p.Words = Missing, lang.Sprintf("There is no chain %s for %s.", chainUser, f.name)
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
		p.Verdict, p.Words = Void, lang.Sprintf("%s has no effect: no rule of FORWARD leads to it for all packets.", name)
	case late:
		p.Verdict, p.Rule, p.Words = Void, rule, lang.Sprintf("%s comes too late: rules of FORWARD that accept, or lead to Docker's chains, stand before \"%s\".", name, rule.Text)
	case active == 0:
		p.Verdict, p.Rule, p.Words = Unused, rule, lang.Sprintf("%s is asked before Docker's own rules, and has none of its own.", name)
	default:
		p.Verdict, p.Rule = Effective, rule
		p.Words = lang.Sprintf("%s is asked before Docker's own rules, and has %d of its own; it does not cover what passes INPUT: %s.", name, active, j.uncovered())
	}
}

// uncovered are the connections that end at the host.
func (j *judge) uncovered() string {
	var names []string
	for _, t := range j.targets(API) {
		names = append(names, j.m.Targets[t].Name)
	}
	if len(names) == 0 {
		return lang.T("those that docker-proxy takes")
	}
	return lang.Sprintf("the API (%s) and connections that docker-proxy takes", list(names))
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
			p := Policy{Topic: FrontEnds, Target: e.name, Verdict: Active, Rule: rule, Words: lang.Sprintf("%s is active: its rules are in %s.", e.name, chain)}
			if !there {
				p.Verdict, p.Words = Inactive, lang.Sprintf("Chains of %s are there, as %s, and no packet comes to them.", e.name, chain)
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
			p.Verdict, p.Words = Stopped, lang.Sprintf("%s forwards no %s: %s is 0.", lang.Capital(j.space), f.name, setting)
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
		words := lang.T("no chain is there for them")
		if last != nil {
			words = InWords(p.Rule)
		}
		if p.Words = lang.Sprintf("Over %s, forwarded connections that no rule is for are let in: %s.", f.name, words); p.Verdict == Stopped {
			p.Words = lang.Sprintf("Over %s, forwarded connections that no rule is for are stopped: %s.", f.name, words)
		}
		j.say(p)
	}
}
