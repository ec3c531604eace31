package ways_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/reach"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rules/internal/ways"
	"seawall/snapshot"
	"seawall/trial"
)

// TestOf: a check ends as unknown where the networks or filters of the engine or of
// the machine were not read; those of others do not matter.
func TestOf(t *testing.T) {
	unread := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "not permitted"}
	lostFilter := func(n *snapshot.NetSpace) {
		n.Stack = snapshot.Map(n.Stack, func(stack snapshot.NetStack) snapshot.NetStack {
			stack.Filter.Blind(unread)
			return stack
		})
	}
	// own gives the engine a network of its own, beside that of the machine.
	own := func(s *snapshot.Snapshot) *snapshot.NetSpace {
		engine := s.Net[0]
		engine.Namespace, engine.Host = 7, false
		s.Net = append(s.Net, engine)
		e := &s.Engines[0]
		e.Daemon.Process = snapshot.Map(e.Daemon.Process, func(p snapshot.DaemonProcess) snapshot.DaemonProcess {
			p.Namespaces = map[string]uint64{"net": 7}
			return p
		})
		return &s.Net[1]
	}
	const elsewhere, unseen, lost = "the engine runs on another machine", "the network of the engine was not read", "not permitted"
	for _, tt := range []struct {
		name   string
		change func(*snapshot.Snapshot)
		gaps   string // why the check ended; "" if it did not
	}{
		{"all is read", func(*snapshot.Snapshot) {}, ""},
		{"an engine elsewhere", func(s *snapshot.Snapshot) { s.Engines[0].Local = false }, elsewhere},
		{"no network", func(s *snapshot.Snapshot) { s.Net = nil }, unseen},
		{"a process that was not read", func(s *snapshot.Snapshot) { s.Engines[0].Daemon.Process.Blind(unread) }, lost},
		{"a network that could not be read", func(s *snapshot.Snapshot) { s.Net[0].Stack.Blind(unread) }, lost},
		{"no filters", func(s *snapshot.Snapshot) { lostFilter(&s.Net[0]) }, lost},
		{"an engine with a network of its own", func(s *snapshot.Snapshot) { own(s) }, ""},
		{"no filters of such an engine", func(s *snapshot.Snapshot) { lostFilter(own(s)) }, lost},
		{"no filters of the machine, and of such an engine", func(s *snapshot.Snapshot) { own(s); lostFilter(&s.Net[0]) }, lost},
		{"a container that was not read", func(s *snapshot.Snapshot) {
			other := s.Net[0]
			other.Namespace, other.Host = 8, false
			lostFilter(&other)
			s.Net = append(s.Net, other)
		}, ""},
	} {
		got := asked(t, tt.change, func(c *rule.Context) rule.Answer {
			ways.Of(c)
			return c.Fail("it goes on")
		})
		want := rule.Unknown
		if tt.gaps == "" {
			want = rule.Failed
		}
		if got.Verdict != want || gapsOf(got) != tt.gaps {
			t.Errorf("%s: %s (%s), want %s (%s)", tt.name, got.Verdict, gapsOf(got), want, tt.gaps)
		}
	}
}

// asked is what a check says of the first engine of a snapshot, changed.
func asked(t *testing.T, change func(*snapshot.Snapshot), check func(*rule.Context) rule.Answer) rule.Result {
	t.Helper()
	s, err := trial.Load(rule.Example{})
	if err != nil {
		t.Fatal(err)
	}
	change(s)
	ask := &rule.Rule{ID: "asks", Engine: func(c *rule.Context, _ *snapshot.Engine) rule.Answer { return check(c) }}
	results := rule.Evaluate(s, []*rule.Rule{ask})
	return results[slices.IndexFunc(results, func(r rule.Result) bool { return r.Subject.Name == trial.Endpoint })]
}

// gapsOf are the reasons for which a verdict is open.
func gapsOf(r rule.Result) string {
	var out []string
	for _, missed := range r.Gaps {
		out = append(out, missed.Detail)
	}
	return strings.Join(out, ", ")
}

// TestContainers: what runs on this machine has to be known, and no more.
func TestContainers(t *testing.T) {
	unread := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "not permitted"}
	for local, want := range map[bool]rule.Verdict{true: rule.Unknown, false: rule.Passed} {
		got := asked(t, func(s *snapshot.Snapshot) {
			s.Engines = append(s.Engines, snapshot.Engine{Name: "other", Local: local, Containers: snapshot.Lost[[]snapshot.Container](unread, snapshot.At("x", "y"))})
		}, func(c *rule.Context) rule.Answer {
			ways.Of(c).Containers()
			return c.Pass("known")
		})
		if got.Verdict != want {
			t.Errorf("another engine, here %t: %s (%s), want %s", local, got.Verdict, got.Message, want)
		}
	}
}

// TestNames: those outside by their own name, containers one by one.
func TestNames(t *testing.T) {
	web := []matrix.Member{{Name: "web"}, {Name: "db"}}
	for want, s := range map[string]*matrix.Source{
		"internet at eth0":     {Kind: matrix.Internet, Name: "internet at eth0", Members: web},
		"192.0.2.0/24 at eth0": {Kind: matrix.Network, Name: "192.0.2.0/24 at eth0", Members: web},
		"web, db":              {Kind: matrix.Containers, Name: "web and 1 more", Members: web},
	} {
		if got := ways.Names([]ways.Reached{{Source: s}}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for kind, want := range map[matrix.SourceKind]bool{matrix.Internet: true, matrix.Network: true, matrix.Host: false, matrix.Containers: false} {
		if got := ways.Outside(&matrix.Source{Kind: kind}); got != want {
			t.Errorf("%s outside: %v", kind, got)
		}
	}
}

// TestList: three names, and how many more.
func TestList(t *testing.T) {
	for want, names := range map[string][]string{"": nil, "a, b, c": {"a", "b", "c"}, "a, b, c and 2 more": {"a", "b", "c", "d", "e"}} {
		if got := ways.List(names); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestLetBy: the rule that forwards counts, else that which lets in; replies do not.
func TestLetBy(t *testing.T) {
	accept := func(hook, table string, reply bool) filter.Step {
		return filter.Step{Hook: hook, Kind: "rule", Effect: "accept", Table: table, Reply: reply}
	}
	policy := filter.Step{Hook: "forward", Kind: "policy", Effect: "accept", Table: "d"}
	for want, trail := range map[string][]filter.Step{
		policy.String():                        {policy},
		"no rule is in the way":                {accept("output", "a", false), accept("input", "a", true), {Hook: "input", Kind: "rule", Effect: "drop"}, {Hook: "input", Kind: "chain", Effect: "accept"}},
		accept("input", "a", false).String():   {accept("input", "a", false)},
		accept("forward", "b", false).String(): {accept("input", "a", false), accept("forward", "b", false), accept("input", "c", false)},
	} {
		if got := ways.LetBy(&matrix.Way{Answer: reach.Answer{Hops: []reach.Hop{{Trail: trail}}}}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
