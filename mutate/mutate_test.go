package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSample changes a package whose tests are known to see some of the changes
// and not others.
func TestSample(t *testing.T) {
	const here = "./sample"
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	all, err := mutate(context.Background(), options{changes: []string{here}, tests: []string{here}, parallel: 2, log: log})
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range all {
		fate := ": killed"
		if c.killer == "" {
			fate = ": SURVIVED"
		}
		got = append(got, survivor(root, c)+fate)
	}
	if diff := cmp.Diff(strings.Split(strings.TrimSpace(sampleChanges), "\n"), got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

const sampleChanges = `
sample/sample.go:7: Port: "n < 1 || n > 65535" set true: killed
sample/sample.go:7: Port: "n < 1 || n > 65535" set false: killed
sample/sample.go:7: Port: "n < 1" set false: killed
sample/sample.go:7: Port: "n < 1" inverted: killed
sample/sample.go:7: Port: "n < 1" < becomes <=: killed
sample/sample.go:7: Port: "n > 65535" set false: killed
sample/sample.go:7: Port: "n > 65535" inverted: killed
sample/sample.go:7: Port: "n > 65535" > becomes >=: killed
sample/sample.go:8: Port: "false" inverted: killed
sample/sample.go:10: Port: "ok" set true: killed
sample/sample.go:10: Port: "ok" set false: killed
sample/sample.go:10: Port: "ok" inverted: killed
sample/sample.go:11: Port: "true" inverted: killed
sample/sample.go:13: Port: "true" inverted: killed
sample/sample.go:16: table: "22" one more: killed
sample/sample.go:16: table: "22" one less: killed
sample/sample.go:16: table: "\"ssh\"" never equal: killed
sample/sample.go:16: table: "80" one more: SURVIVED
sample/sample.go:16: table: "80" one less: SURVIVED
sample/sample.go:16: table: "\"http\"" never equal: SURVIVED
sample/sample.go:21: Known: "\"ssh\"" never equal: killed
sample/sample.go:21: Known: "\"http\"" never equal: SURVIVED
sample/sample.go:22: Known: "true" inverted: killed
sample/sample.go:24: Known: "false" inverted: killed
sample/sample.go:28: Odd: "n%2 == 1" set true (no test comes here): SURVIVED
sample/sample.go:28: Odd: "n%2 == 1" set false (no test comes here): SURVIVED
sample/sample.go:28: Odd: "n%2 == 1" inverted (no test comes here): SURVIVED
sample/sample.go:34: table: "\"/etc\"" never equal: killed
sample/sample.go:34: table: "\"/root\"" never equal: SURVIVED
sample/sample.go:39: Reason: "p.path == path" set true: killed
sample/sample.go:39: Reason: "p.path == path" set false: killed
sample/sample.go:39: Reason: "p.path == path" inverted: killed
`

// TestReport: what survived is told and counted, unless it is accepted with a
// reason; an acceptance of what does not survive is told too.
func TestReport(t *testing.T) {
	at := func(line int, does, killer string) *change {
		s := &site{file: "/src/rules/a.go", line: line, function: "check", source: "x > 1"}
		return &change{site: s, variant: variant{does: does}, killer: killer, reached: true}
	}
	all := []*change{at(1, "set true", "TestA"), at(1, "set false", ""), at(2, "inverted", "")}
	list := []acceptance{
		{"rules/a.go", "check", "x > 1", "set false", "it changes nothing"},
		{"rules/a.go", "check", "x > 1", "set true", "it changes nothing either"},
		{"rules/b.go", "check", "x > 1", "set true", "in a file that was not looked at"},
	}
	var out bytes.Buffer
	if open := report(&out, "/src", all, list); open != 2 {
		t.Errorf("%d are open, want the survivor and the stale acceptance", open)
	}
	for _, want := range []string{
		"3 changes,    1 killed, 1 accepted, 1 SURVIVED\n",
		"3 changes, 1 killed, 1 accepted, 1 survived\n",
		"rules/a.go:2: check: \"x > 1\" inverted\n",
		"set true: is accepted (it changes nothing either) but does not survive: take it off the list\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
