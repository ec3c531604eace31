package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"time"

	"seawall/source/composefile"
)

// total is what became of all files.
type total struct {
	files  []composefile.File
	judged []judgement
	took   time.Duration
}

// broken reports whether a file made the program panic, or got an error that is not one
// line with its name.
func (t total) broken() bool {
	for i, j := range t.judged {
		if j.panicked || j.err != nil && !oneLine(t.files[i], j.err) {
			return true
		}
	}
	return false
}

func (t total) write(w io.Writer, byRule bool) {
	refused, panics, lenient, services := 0, 0, 0, 0
	order := make([]int, len(t.judged))
	for i, j := range t.judged {
		order[i] = i
		services += j.services
		switch {
		case j.panicked:
			panics++
		case j.err != nil:
			refused++
		case j.lenient:
			lenient++
		}
		if j.err != nil {
			fmt.Fprintln(w, "refused:", j.err)
		}
	}
	if len(order) == 0 {
		fmt.Fprintln(w, "no Compose file")
		return
	}
	read := len(order) - refused - panics
	fmt.Fprintf(w, "%d distinct files, %d judged (%.2f %%), %d of them refused by Compose; %d refused, %d panics; %d services\n",
		len(order), read, 100*float64(read)/float64(len(order)), lenient, refused, panics, services)
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(t.judged[b].took, t.judged[a].took) })
	at := func(share float64) time.Duration { return t.judged[order[int(share*float64(len(order)-1))]].took }
	fmt.Fprintf(w, "%v on %d processors, %v a file; of each: half below %v, 99 %% below %v; slowest:\n",
		t.took.Round(time.Millisecond), runtime.GOMAXPROCS(0), (t.took / time.Duration(len(order))).Round(time.Microsecond), at(0.5).Round(time.Microsecond), at(0.01).Round(time.Microsecond))
	for _, i := range order[:min(5, len(order))] {
		fmt.Fprintf(w, "  %v %s\n", t.judged[i].took.Round(time.Microsecond), t.files[i].Name)
	}
	if byRule {
		t.writeRules(w, services)
	}
}

// count is how often a rule found something.
type count struct{ findings, files int }

// writeRules tells of each rule and severity in how many files, and how often, it found
// something.
func (t total) writeRules(w io.Writer, services int) {
	counts := map[string]*count{}
	for _, j := range t.judged {
		seen := map[string]bool{}
		for _, r := range j.findings {
			key := fmt.Sprintf("%-8s %s", r.Severity, r.Rule)
			if counts[key] == nil {
				counts[key] = &count{}
			}
			counts[key].findings++
			if !seen[key] {
				counts[key].files++
			}
			seen[key] = true
		}
	}
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b string) int { return cmp.Compare(counts[b].findings, counts[a].findings) })
	for _, key := range keys {
		c := counts[key]
		fmt.Fprintf(w, "%6d findings (%4.1f in 100 services) in %5d files  %s\n", c.findings, 100*float64(c.findings)/float64(max(services, 1)), c.files, key)
	}
}
