package rules_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/source/livehost"
)

// inside makes the test binary take a snapshot instead of running tests:
// copied into a mini host, it sees that host as its own.
const inside = "SEAWALL_TEST_COLLECT"

func TestMain(m *testing.M) {
	if addresses := os.Getenv(listens); addresses != "" {
		if err := serve(strings.Fields(addresses), os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if os.Getenv(inside) == "" {
		os.Exit(m.Run())
	}
	s, err := livehost.Collect(context.Background(), livehost.Options{Tool: "test", Deep: livehost.DeepUsed, Plan: forRules})
	if err == nil {
		err = s.Encode(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// forRules asks for the routes that rules want to know.
func forRules(s *snapshot.Snapshot) livehost.NetPlan { return matrix.NewPlan(s, matrix.ForRules) }

// live is an engine set up in some way, and what the rules must say of it.
type live struct {
	name     string
	versions []lab.Version // the newest if none
	options  lab.Options
	after    func(t *testing.T, h *lab.TestHost) // once the engine runs
	as       []string                            // words before the auditor: runuser -u alice --
	engine   string                              // part of the name of the engine judged; "" for all
	// The verdicts wanted, as rule ids separated by spaces. A rule fails if it
	// fails on any subject, is unknown if it is on any, passes if it does on
	// any.
	fail, pass, unknown, na string
}

// TestLive tries the rules on real engines, each configuration made for real.
func TestLive(t *testing.T) {
	for _, tt := range slices.Concat(liveEngines(), liveObjects(), liveBenchmark(), liveImages(), liveSurroundings(), liveReach(), liveCurrency()) {
		versions := tt.versions
		if len(versions) == 0 {
			versions = []lab.Version{lab.V28}
		}
		for _, v := range versions {
			t.Run(tt.name+"/"+string(v), func(t *testing.T) {
				tt.options.Version = v
				tt.run(t, lab.New(t, tt.options))
			})
		}
	}
}

func (l live) run(t *testing.T, h *lab.TestHost) {
	if l.after != nil {
		l.after(t, h)
	}
	results := rule.Evaluate(audit(t, h, l.as), rules.Book().Rules())
	verdicts := map[string]rule.Verdict{}
	messages := map[string]string{}
	for _, r := range results {
		if !strings.Contains(r.Subject.Engine, l.engine) {
			continue
		}
		if have, ok := verdicts[r.Rule]; !ok || weight(r.Verdict) > weight(have) {
			verdicts[r.Rule] = r.Verdict
		}
		messages[r.Rule] += fmt.Sprintf("\n  %s %s %s: %s", r.Subject.Engine, r.Subject.Name, r.Verdict, r.Message)
	}
	for want, ids := range map[rule.Verdict]string{rule.Failed: l.fail, rule.Passed: l.pass, rule.Unknown: l.unknown, rule.NotApplicable: l.na} {
		for _, id := range strings.Fields(ids) {
			if verdicts[id] != want {
				t.Errorf("%s is %q, want %q:%s", id, verdicts[id], want, messages[id])
			}
		}
	}
}

// weight orders verdicts: the one that counts for several subjects is highest.
func weight(v rule.Verdict) int {
	return map[rule.Verdict]int{rule.NotApplicable: 1, rule.Passed: 2, rule.Unknown: 3, rule.Failed: 4}[v]
}

// audit takes a snapshot inside the mini host.
func audit(t *testing.T, h *lab.TestHost, as []string) *snapshot.Snapshot {
	t.Helper()
	h.CopyIn(lab.Self(t), "/usr/local/bin/collect", 0o755)
	cmd := h.Command(t.Context(), append(as[:len(as):len(as)], "/usr/local/bin/collect")...)
	cmd.Env = append(cmd.Env, inside+"=1")
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("collect: %v\n%s", err, errOut.String())
	}
	s, err := snapshot.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
