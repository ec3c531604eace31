package matrix

import (
	"strings"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// families are those of addresses, in words, and whether they are IPv6.
var families = []struct {
	name, family string
	ipv6         bool
}{{"IPv4", "ip", false}, {"IPv6", "ip6", true}}

// judgement is what a way comes to for all ports: whether somebody listens does
// not matter.
func (j *judge) judgement(w *Way) Judgement {
	switch {
	case w.Through():
		return LetIn
	case w.Verdict == filter.Blocked:
		return Stopped
	}
	return NotKnown
}

// waysOf are the ways of a cell by addresses of a family.
func (c *Cell) waysOf(ipv6 bool) []*Way {
	var out []*Way
	for i := range c.Ways {
		if w := &c.Ways[i]; w.To.Addr().Is6() == ipv6 {
			out = append(out, w)
		}
	}
	return out
}

// summary is the judgement of ways together: what gets through comes first, then
// what is not known. Deciding is the way that it is of; nil for no ways.
func (j *judge) summary(ways []*Way) (verdict Judgement, deciding *Way) {
	for _, want := range []Judgement{LetIn, NotKnown, Stopped} {
		for _, w := range ways {
			if j.judgement(w) == want {
				return want, w
			}
		}
	}
	return NotKnown, nil
}

// decider is the rule or policy that decides. Of what is let in and not taken by a
// listener it is the last rule that accepts at the host, or else the last policy.
func (j *judge) decider(w *Way) filter.Step {
	if w.By.Kind != "" || j.judgement(w) != LetIn {
		return w.By
	}
	var rule, policy filter.Step
	for _, hop := range w.Hops {
		if hop.Space != j.space {
			continue
		}
		for _, step := range hop.Trail {
			if !step.Reply && step.Kind == "rule" && step.Effect == "accept" && (step.Hook == "input" || step.Hook == "forward") {
				rule = step
			}
		}
		policy = j.policyOf(map[bool]string{true: "input", false: "forward"}[hop.Out == ""], hop.To.Addr().Is6())
	}
	if rule.Kind != "" {
		return rule
	}
	return policy
}

// policyOf is the policy of the chain that comes last at a hook; the zero Step
// where there is none.
func (j *judge) policyOf(hook string, ipv6 bool) filter.Step {
	var out filter.Step
	last := 0
	for _, t := range j.rules.Tables {
		for _, c := range t.Chains {
			isOther := t.Family != "inet" && (t.Family == "ip6") != ipv6 || t.Family != "ip" && t.Family != "ip6" && t.Family != "inet"
			if c.Hook != hook || c.Type != "filter" || t.Dormant || isOther || out.Kind != "" && c.Priority < last {
				continue
			}
			last = c.Priority
			out = filter.Step{Hook: hook, Kind: "policy", Tool: t.Tool, Family: t.Family, Table: t.Name, Chain: c.Name, Effect: c.Policy}
		}
	}
	return out
}

// reason is what decides a way, in words.
func (j *judge) reason(w *Way) string {
	step := j.decider(w)
	switch {
	case step.Kind == "rule" || step.Kind == "policy":
		return InWords(step)
	case w.Why != "" && j.judgement(w) != LetIn:
		return w.Why
	}
	return lang.T("no rule is there for them")
}

// names puts those of sources, which may hold commas, in a sentence.
func names(all []string) string {
	const most = 4
	if len(all) > most {
		return lang.Semicolon(all[:most]) + lang.Sprintf(" and %d more", len(all)-most)
	}
	if last := len(all) - 1; last > 0 {
		return lang.Sprintf("%s and %s", lang.Semicolon(all[:last]), all[last])
	}
	return strings.Join(all, "")
}

// InWords names a rule or a policy as its tool does.
func InWords(s filter.Step) string {
	switch s.Kind {
	case "rule":
		return lang.Sprintf("the rule \"%s\" of %s", s.Text, where(s.Tool, s.Family, s.Table, s.Chain))
	case "policy":
		return lang.Sprintf("the policy %s of %s", strings.ToUpper(s.Effect), where(s.Tool, s.Family, s.Table, s.Chain))
	}
	return s.String()
}

// where names a chain: "INPUT (ip6tables)", "input of table inet filter (nft)".
func where(tool, family, table, chain string) string {
	if tool == "nft" {
		return lang.Sprintf("%s of table %s %s (nft)", chain, family, table)
	}
	program := strings.Replace(tool, "iptables", map[string]string{"ip6": "ip6tables"}[family], 1)
	if family != "ip6" {
		program = tool
	}
	if table != "filter" {
		program += " -t " + table
	}
	return chain + " (" + program + ")"
}

// whereIs is where, of a chain of a table.
func whereIs(t *snapshot.FilterTable, chain string) string {
	return where(t.Tool, t.Family, t.Name, chain)
}
