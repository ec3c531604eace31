package container

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// said is a rule's verdict, of a failing one the severity.
func said(r rule.Result) string {
	if r.Verdict == rule.Failed {
		return r.Severity.String()
	}
	return string(r.Verdict)
}

// wordsOf are a result's message, the reason of its severity and its evidence.
func wordsOf(r rule.Result) string {
	text := r.Message + ". " + r.SeverityReason + "."
	for _, e := range r.Evidence {
		text += fmt.Sprintf(" %s=%v", e.Fact, e.Value)
	}
	return text
}

// judged is what a rule says of the last container of the run lines.
func judged(t *testing.T, id, run string, facts func(*snapshot.Snapshot)) rule.Result {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run, Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	rules := Rules()
	at := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	list, _ := s.Engines[0].Containers.Peek()
	for _, r := range rule.Evaluate(s, rules[at:at+1]) {
		if r.Subject.Name == list[len(list)-1].Name {
			return r
		}
	}
	t.Fatalf("%s did not judge %s", id, run)
	return rule.Result{}
}

// verdict is what a person would say of a container.
type verdict struct {
	run   string
	facts func(*snapshot.Snapshot)
	want  string // see said
	word  string // part of what wordsOf gives
}

// judge compares a rule's verdicts.
func judge(t *testing.T, id string, verdicts []verdict) {
	t.Helper()
	for _, tt := range verdicts {
		if got := judged(t, id, tt.run, tt.facts); said(got) != tt.want || !strings.Contains(wordsOf(got), tt.word) {
			t.Errorf("%s of %s: %s (%s), want %s (%s)", id, tt.run, said(got), wordsOf(got), tt.want, tt.word)
		}
	}
}

// unread makes a fact of the example's last container unreadable.
func unread(pick func(*snapshot.Container) snapshot.AnyFact) func(*snapshot.Snapshot) {
	return inContainer(func(c *snapshot.Container) { pick(c).Blind(notPermitted) })
}

var notPermitted = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}

var (
	rootless  = example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.Rootless, true) })
	plainProc = running(func(*snapshot.Process) {})
)

// bounded makes the example's last container a running one with these
// capabilities.
func bounded(caps snapshot.CapSet) func(*snapshot.Snapshot) {
	return running(func(p *snapshot.Process) { example.Set(&p.CapBounding, caps) })
}

func listeners(change func([]snapshot.Listener)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		list, _ := s.Engines[0].Listeners.Peek()
		change(list)
	}
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"
