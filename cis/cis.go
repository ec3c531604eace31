// Package cis is the catalogue of the CIS Docker Benchmark: what each release
// recommends, in our own words, and for what no rule decides the facts that a
// person needs to judge it. It knows snapshots and nothing of rules, which name
// the numbers that they decide.
//
// Numbers, levels and status are those of release 1.8.0 (July 2025); 1.7.0 and
// 1.6.0 are derived from them. The text of the benchmark is not ours to copy.
package cis

import (
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Release is a release of the benchmark, without its patch number.
type Release string

// The releases of the catalogue.
const (
	V18 Release = "1.8"
	V17 Release = "1.7"
	V16 Release = "1.6"
)

// Releases lists every release, newest first.
func Releases() []Release { return []Release{V18, V17, V16} }

// Recommendation is one of the benchmark.
type Recommendation struct {
	// Number is that of release 1.8. A recommendation of an earlier release that
	// has no successor goes by that release: "1.6:1.1.9".
	Number string
	Level  int // 1 for every host, 2 for those that need more
	// Automated is the benchmark's status; else it is "manual".
	Automated bool
	Title     string
	// Question is what a person has to judge where no rule decides.
	Question *Question
}

// Selection is a part of the benchmark: one release, up to a level.
type Selection struct {
	Release Release
	Level   int
}

// IsZero reports whether nothing is selected.
func (s Selection) IsZero() bool { return s.Release == "" }

// Holds reports whether the selection has the recommendation.
func (s Selection) Holds(r Recommendation) bool {
	return r.Level <= s.Level && NumberIn(r.Number, s.Release) != ""
}

// Recommendations lists those of the selection in the order of their numbers.
func (s Selection) Recommendations() []Recommendation {
	return slices.DeleteFunc(slices.Clone(All()), func(r Recommendation) bool { return !s.Holds(r) })
}

// Lookup finds a recommendation by its number in the catalogue.
func Lookup(number string) (Recommendation, bool) {
	for _, r := range All() {
		if r.Number == number {
			return r, true
		}
	}
	return Recommendation{}, false
}

// All is every recommendation of every release, in the order of numbers.
var All = sync.OnceValue(func() []Recommendation {
	list := slices.Concat(hostItems(), auditItems(), daemonItems(), fileItems(), imageItems(), runtimeItems(), operationItems(), swarmItems())
	slices.SortStableFunc(list, func(a, b Recommendation) int { return slices.Compare(parts(a.Number), parts(b.Number)) })
	return list
})

// parts are the numbers of a number: 1, 1 and 9 of "1.6:1.1.9".
func parts(number string) []int {
	var out []int
	for part := range strings.SplitSeq(number[strings.IndexByte(number, ':')+1:], ".") {
		n, _ := strconv.Atoi(part)
		out = append(out, n)
	}
	return out
}

// Section is the title of the section that a number belongs to.
func Section(number string) string {
	return map[int]string{
		1: "Host", 2: "Daemon", 3: "Files of the daemon", 4: "Images", 5: "Containers", 6: "Operations", 7: "Swarm",
	}[parts(number)[0]]
}
