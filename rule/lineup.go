package rule

import (
	"cmp"
	"slices"
	"strconv"

	"seawall/snapshot"
)

// lineup are the subjects of one kind in the order in which every rule of that
// kind visits them: what is the same for all those rules is found once.
type lineup struct {
	// keys are what stays of each (see [keys.of]), no two the same.
	keys []string
	// places is where each stands in the order of reports.
	places []int
}

func newLineup(s *snapshot.Snapshot, r *Rule) *lineup {
	var subjects []Subject
	forEachSubject(s, r, World{}, func(_ *Context, subject Subject, _ func() Answer) { subjects = append(subjects, subject) })
	order := make([]int, len(subjects))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareSubjects(subjects[a], subjects[b]) })
	l := &lineup{keys: make([]string, len(subjects)), places: make([]int, len(subjects))}
	k := keys{}
	if r.Kind() == KindVolume {
		k.anonymous = anonymousVolumes(s)
	}
	same := make(map[string]int, len(subjects))
	for place, i := range order {
		l.places[i] = place
		key := k.of(subjects[i])
		same[key]++
		if n := same[key]; n > 1 {
			key += " #" + strconv.Itoa(n)
		}
		l.keys[i] = key
	}
	return l
}

// judge fills the results of one rule, in the order of reports.
func (l *lineup) judge(s *snapshot.Snapshot, r *Rule, world World, results []Result) {
	i := 0
	forEachSubject(s, r, world, func(c *Context, subject Subject, check func() Answer) {
		result := &results[l.places[i]]
		*result = judge(c, subject, check)
		result.Fingerprint = fingerprint(r.ID, l.keys[i])
		i++
	})
}

func compareSubjects(a, b Subject) int {
	return cmp.Or(cmp.Compare(a.Engine, b.Engine), cmp.Compare(a.Name, b.Name))
}
