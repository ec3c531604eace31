package e2e

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/advice"
	"seawall/lab"
)

var updateLeast = flag.Bool("update-least", false, "write what TestLeast finds into docs/advise.md")

var leastEngine = flag.String("least-engine", string(lab.V28), "release of the engine that TestLeast tries")

// The table stands between these lines of docs/advise.md.
const (
	leastPage  = "../docs/advise.md"
	leastBegin = "<!-- written by: go test ./e2e -run TestLeast -update-least -->\n"
	leastEnd   = "<!-- end -->\n"
)

// checkLeastTable compares the table in the documentation with what came out, or writes
// it.
func checkLeastTable(t *testing.T, rows []leastRow) {
	t.Helper()
	data, err := os.ReadFile(leastPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), leastBegin)
	old, after, ok2 := strings.Cut(rest, leastEnd)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the table", leastPage)
	}
	table := leastTable(rows)
	if *updateLeast && !t.Failed() {
		if err := os.WriteFile(leastPage, []byte(before+leastBegin+table+leastEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(old, table); diff != "" {
		t.Errorf("%s is not what came out (-page +found); write it with -update-least:\n%s", leastPage, diff)
	}
}

// leastTable is the table. Numbers of system calls differ between machines: they are told
// in steps.
func leastTable(rows []leastRow) string {
	var b strings.Builder
	b.WriteString("| workload | advised | needed | no-new-privileges | read-only, writable |\n| --- | --- | --- | --- | --- |\n")
	advised, needed := 0, 0
	for _, r := range rows {
		advised, needed = advised+len(r.advised), needed+len(r.needed)
		files := string(r.readOnly)
		if r.readOnly.Advised() {
			files = strings.Join(r.places, " ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.name, words(r.advised), leastNeeded(r), yes(r.noNewPrivileges), files)
	}
	fmt.Fprintf(&b, "\nIn sum %d advised, %d of them needed; Docker's default is %d for each.\n", advised, needed, 14)
	for _, r := range rows {
		for _, c := range slices.Sorted(maps.Keys(r.spare)) {
			fmt.Fprintf(&b, "- %s runs without %s: %s\n", r.name, c, r.spare[c])
		}
	}
	return b.String()
}

func leastNeeded(r leastRow) string {
	if slices.Equal(r.advised, r.needed) {
		return fmt.Sprintf("all %d", len(r.needed))
	}
	return words(r.needed)
}

func words(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, " ")
}

func yes(v advice.Verdict) string {
	if v.Advised() {
		return "yes"
	}
	return string(v)
}
