package rules_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab/recorded"
	"seawall/rule"
	"seawall/rule/ruletest"
	"seawall/rules"
	"seawall/snapshot"
)

var update = flag.Bool("update", false, "write the verdicts about the recorded hosts")

// recordedHosts are the snapshots of testdata/hosts, by name: what
// "seawall snapshot" gave on whole systems. The README beside them says which.
func recordedHosts(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/hosts/*.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 3 {
		t.Fatalf("only %d hosts are recorded", len(files))
	}
	out := map[string][]byte{}
	for _, file := range files {
		data, err := recorded.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(file, ".json.gz")] = data
	}
	return out
}

func decode(t *testing.T, data []byte) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRecordedHosts judges recorded systems by the whole book: a rule that
// changes its mind about one of them shows in the table of its verdicts.
func TestRecordedHosts(t *testing.T) {
	for name, data := range recordedHosts(t) {
		s := decode(t, data)
		got := ruletest.Verdicts(rule.Evaluate(s, rules.Book().Rules()))
		if *update {
			if err := os.WriteFile(name+".verdicts", []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name + ".verdicts")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
			t.Errorf("%s: verdicts changed (-want +got; if all are right: go test ./rules -run RecordedHosts -update):\n%s", name, diff)
		}
	}
}

// TestRecordedHostsOfOldVersions takes facts away from recorded systems, as
// versions recorded them that did not know these facts: they are still read,
// and what failed or was unknown never passes.
func TestRecordedHostsOfOldVersions(t *testing.T) {
	for name, data := range recordedHosts(t) {
		full := judgeRecorded(t, data)
		for _, key := range factNames(t, data) {
			less := judgeRecorded(t, without(t, data, key))
			for id, verdict := range less {
				if was := full[id]; (was == rule.Failed || was == rule.Unknown) && verdict == rule.Passed {
					t.Errorf("%s: without %s, %s passes on %s; with it: %s", name, key, id.rule, id.subject.Name, was)
				}
			}
		}
	}
}

// judgedSubject names a result.
type judgedSubject struct {
	rule    string
	subject rule.Subject
}

func judgeRecorded(t *testing.T, data []byte) map[judgedSubject]rule.Verdict {
	t.Helper()
	s := decode(t, data)
	out := map[judgedSubject]rule.Verdict{}
	for _, r := range rule.Evaluate(s, rules.Book().Rules()) {
		out[judgedSubject{r.Rule, r.Subject}] = r.Verdict
	}
	return out
}

// factNames are the keys of all facts in an encoded snapshot: of the objects
// that say where they were read.
func factNames(t *testing.T, data []byte) []string {
	t.Helper()
	seen := map[string]bool{}
	var names []string
	walkObjects(decodeAny(t, data), func(object map[string]any) {
		for key, value := range object {
			fact, ok := value.(map[string]any)
			if !ok || seen[key] {
				continue
			}
			if _, ok := fact["source"]; ok {
				seen[key] = true
				names = append(names, key)
			}
		}
	})
	if len(names) < 100 {
		t.Errorf("only %d facts were found", len(names))
	}
	return names
}

// without is the snapshot without the facts of this name, wherever they stand.
func without(t *testing.T, data []byte, name string) []byte {
	t.Helper()
	root := decodeAny(t, data)
	walkObjects(root, func(object map[string]any) {
		if fact, ok := object[name].(map[string]any); ok && fact["source"] != nil {
			delete(object, name)
		}
	})
	out, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func decodeAny(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// walkObjects calls do for every object in a decoded JSON value.
func walkObjects(v any, do func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		do(v)
		for _, inner := range v {
			walkObjects(inner, do)
		}
	case []any:
		for _, inner := range v {
			walkObjects(inner, do)
		}
	}
}
