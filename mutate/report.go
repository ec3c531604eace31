package main

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
)

// tally is what became of the changes of a file, which is a rule as a rule.
type tally struct{ tried, killed, accepted int }

// report writes a line for each file and one for each change that survived,
// and tells how many of those nobody accepted.
func report(w io.Writer, root string, all []*change, list []acceptance) (open int) {
	tallies := map[string]*tally{}
	used := make([]bool, len(list))
	var survivors []*change
	for _, c := range all {
		file, _ := filepath.Rel(root, c.file)
		t := tallies[file]
		if t == nil {
			t = &tally{}
			tallies[file] = t
		}
		t.tried++
		switch i := accepted(list, file, c); {
		case c.killer != "":
			t.killed++
		case i >= 0:
			t.accepted++
			used[i] = true
		default:
			survivors = append(survivors, c)
		}
	}
	total := tally{}
	for _, file := range sortedKeys(tallies) {
		t := tallies[file]
		fmt.Fprintf(w, "%-60s %4d changes, %4d killed", file, t.tried, t.killed)
		if t.accepted > 0 {
			fmt.Fprintf(w, ", %d accepted", t.accepted)
		}
		if n := t.tried - t.killed - t.accepted; n > 0 {
			fmt.Fprintf(w, ", %d SURVIVED", n)
		}
		fmt.Fprintln(w)
		total.tried, total.killed, total.accepted = total.tried+t.tried, total.killed+t.killed, total.accepted+t.accepted
	}
	fmt.Fprintf(w, "%d changes, %d killed, %d accepted, %d survived\n", total.tried, total.killed, total.accepted, len(survivors))
	for _, c := range survivors {
		fmt.Fprintln(w, survivor(root, c))
	}
	return len(survivors) + stale(w, tallies, list, used)
}

// survivor is a change that no test noticed.
func survivor(root string, c *change) string {
	if !c.reached {
		return inWords(root, c) + " (no test comes here)"
	}
	return inWords(root, c)
}

// inWords is a change as file:line, what is changed and how.
func inWords(root string, c *change) string {
	file, _ := filepath.Rel(root, c.file)
	return fmt.Sprintf("%s:%d: %s: %q %s", file, c.line, cmp.Or(c.function, "table"), c.source, c.does)
}

// stale reports accepted changes that did not survive, in files that were
// looked at.
func stale(w io.Writer, tallies map[string]*tally, list []acceptance, used []bool) (n int) {
	for i, a := range list {
		if tallies[a.file] != nil && !used[i] {
			fmt.Fprintf(w, "%s: %s: %q %s: is accepted (%s) but does not survive: take it off the list\n", a.file, a.function, a.source, a.does, a.reason)
			n++
		}
	}
	return n
}

func sortedKeys(m map[string]*tally) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
