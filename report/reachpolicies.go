package report

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/reach/matrix"
)

// policies say what the firewalls amount to, where the whole picture was asked for:
// those of the machine, and of engines in networks of their own.
func (t *reachText) policies() {
	if len(t.reach.Policies) == 0 || t.reach.From != "" || t.reach.To != "" {
		return
	}
	t.linef(0, "")
	t.linef(0, "%s", t.paint(bold, lang.T("THE HOST'S FIREWALL")))
	folded := foldPolicies(t.reach.Policies)
	several := slices.ContainsFunc(folded, func(p foldedPolicy) bool { return p.Space != folded[0].Space })
	space, topic, told := "", matrix.Topic(""), 0
	for i, p := range folded {
		if several && p.Space != space {
			t.linef(2, "%s", t.paint(bold, clean(p.Space)))
		}
		if p.Space != space || p.Topic != topic {
			space, topic, told = p.Space, p.Topic, 0
		}
		told++
		switch left := folded.alike(i); {
		case t.Verbose || told <= policiesShown || told == policiesShown+1 && left == 1:
			t.policy(p)
		case told == policiesShown+1:
			t.linef(4, "%s", t.paint(dim, lang.Sprintf("… and %d more of this kind", left)))
		}
	}
}

// policiesShown is how many policies of one topic are told without --verbose.
const policiesShown = 3

// foldedPolicy is a policy, and what the same holds for.
type foldedPolicy struct {
	ReachPolicy
	also []string
}

type foldedPolicies []foldedPolicy

// alike counts the policies of one topic and place, from one on.
func (f foldedPolicies) alike(from int) int {
	n := 0
	for _, p := range f[from:] {
		if p.Topic != f[from].Topic || p.Space != f[from].Space {
			break
		}
		n++
	}
	return n
}

// foldPolicies puts those together that differ in the family of addresses, or in
// the target, only.
func foldPolicies(all []ReachPolicy) foldedPolicies {
	var out foldedPolicies
	known := map[string]int{}
	for _, p := range all {
		words, also := p.Words, lang.Sprintf("over %s", p.Family)
		switch p.Topic {
		case matrix.APIs, matrix.Unpublished:
			words, also = strings.ReplaceAll(words, p.Target, ""), lang.Sprintf("of %s", p.Target)
		case matrix.Defaults, matrix.DockerUser, matrix.Forwarding:
			words = strings.NewReplacer("IPv6", "IPv4", "ip6tables", "iptables").Replace(words)
		}
		key := strings.Join([]string{p.Space, string(p.Topic), string(p.Verdict), words}, "\n")
		at, ok := known[key]
		if !ok {
			known[key] = len(out)
			out = append(out, foldedPolicy{ReachPolicy: p})
			continue
		}
		out[at].also = append(out[at].also, also)
	}
	return out
}

// policy tells one, with the rule that decides if the words do not name it.
func (t *reachText) policy(p foldedPolicy) {
	words := p.Words
	if len(p.also) > 0 {
		words = lang.Sprintf("%s The same %s.", words, some(p.also))
	}
	if p.Rule != nil && !p.named {
		words += " [" + p.Rule.words() + "]"
	}
	t.labelled(2, dim, "- ", words)
}

// named says whether the words tell which rule or policy decides.
func named(p *matrix.Policy) bool {
	if p.Rule.Kind == "rule" {
		return strings.Contains(p.Words, p.Rule.Text)
	}
	return strings.Contains(p.Words, matrix.InWords(p.Rule))
}
