package matrix

import (
	"slices"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// Topic is what a policy is about.
type Topic string

// The topics.
const (
	Defaults    Topic = "default"     // connections from outside to a port that no rule is for
	APIs        Topic = "api"         // who reaches a TCP listener of the API
	Families    Topic = "families"    // whether IPv4 and IPv6 are judged alike
	DockerUser  Topic = "docker-user" // the chain for rules of one's own, before Docker's
	FrontEnds   Topic = "front-end"   // ufw and firewalld
	Bypasses    Topic = "published"   // published ports where other ports are stopped
	Forwarding  Topic = "forward"     // what becomes of forwarded packets that no rule is for
	Unpublished Topic = "containers"  // ports of containers that are not published
)

// Judgement is what is said of a topic.
type Judgement string

// The judgements.
const (
	LetIn     Judgement = "let in"  // connections get through
	Stopped   Judgement = "stopped" // they do not
	NotKnown  Judgement = "unknown"
	Same      Judgement = "same"      // of both families of addresses
	Different Judgement = "different" // of them
	Missing   Judgement = "missing"   // there is no such chain
	Unused    Judgement = "unused"    // it has no rules that do anything
	Void      Judgement = "void"      // it is not asked, or too late
	Effective Judgement = "effective" // it has rules, and is asked first
	Active    Judgement = "active"    // a front end, whose rules are in force
	Inactive  Judgement = "inactive"  // a front end, of which only chains are left
)

// Policy is one sentence about the firewall of a host.
type Policy struct {
	// Space is the machine, or the network of an engine.
	Space string
	Topic Topic
	// Family is "IPv4" or "IPv6"; "" for both, or where it does not matter.
	Family  string
	Verdict Judgement
	// Target is the listener, port or network that it is about, Targets several;
	// Sources are those of the matrix, by name.
	Target  string
	Targets []string
	Sources []string
	// Rule is what decides; the zero Step where no rule does.
	Rule  filter.Step
	Words string
}

// Policies are what the firewalls of the machine and of engines amount to, in
// words. S is the snapshot that m, which is not narrowed, was made of.
func (m *Matrix) Policies(s *snapshot.Snapshot) []Policy {
	w := newWorld(s)
	var out []Policy
	for _, namespace := range w.hosts {
		j := &judge{w: w, m: m, namespace: namespace, space: w.names[namespace]}
		out = append(out, j.policies()...)
	}
	return out
}

// judge speaks of one host.
type judge struct {
	w         *world
	m         *Matrix
	namespace uint64
	space     string
	rules     snapshot.PacketFilter
	out       []Policy
}

func (j *judge) say(p Policy) {
	p.Space = j.space
	j.out = append(j.out, p)
}

func (j *judge) policies() []Policy {
	space := j.w.snap.NetSpace(j.namespace)
	stack, ok := space.Stack.Peek()
	switch {
	case !ok:
		j.blind(lang.T("its network could not be read"), space.Stack.Gap())
		return j.out
	case stack.Filter.State() != snapshot.Seen:
		j.blind(lang.T("its packet filters could not be read"), stack.Filter.Gap())
		return j.out
	}
	j.rules, _ = stack.Filter.Peek()
	j.defaults()
	j.apis()
	j.families()
	j.frontEnds()
	j.published()
	j.dockerUser()
	j.forward(stack)
	j.containers()
	return j.out
}

// blind says that nothing is known.
func (j *judge) blind(what string, g snapshot.Gap) {
	words := lang.Sprintf("What the firewall of %s lets in is not known: %s", j.space, what)
	if g.Detail != "" {
		words += ": " + lang.Reword(g.Detail)
	}
	if g.Remedy != "" {
		words = lang.Bracket(words, lang.Reword(g.Remedy))
	}
	j.say(Policy{Topic: Defaults, Verdict: NotKnown, Words: lang.Sentence(words)})
}

// outside are the sources beyond the host, by number.
func (j *judge) outside() []int {
	var out []int
	for i, s := range j.m.Sources {
		if (s.Kind == Internet || s.Kind == Network) && s.from[0].Name == j.space {
			out = append(out, i)
		}
	}
	return out
}

// targets are those of a kind at the host, by number.
func (j *judge) targets(kind TargetKind) []int {
	var out []int
	for i, t := range j.m.Targets {
		if t.Kind == kind && (t.space == j.space || t.space == "" && slices.Contains(j.engines(), t.Engine)) {
			out = append(out, i)
		}
	}
	return out
}

// engines are the names of those that run at the host.
func (j *judge) engines() []string {
	var out []string
	for i := range j.w.snap.Engines {
		if e := &j.w.snap.Engines[i]; e.Local && engineSpace(e) == j.namespace {
			out = append(out, e.Name)
		}
	}
	return out
}
