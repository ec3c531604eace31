package report

import (
	"slices"
	"strings"

	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// remediesAsked is of how many cells it is worked out what would close them, if not
// of each: every one takes some tenths of a second where there are hundreds of
// containers.
const remediesAsked = 16

// advise finds what would close cells, and notes with each those that do. What is
// closed already by a setting and by commands is not asked for again.
func (r *Reach) advise(s *snapshot.Snapshot, m *matrix.Matrix, thorough bool) {
	wanted := r.wanted(m, thorough)
	if len(wanted) == 0 {
		return
	}
	a := matrix.NewAdviser(s, m.Whole())
	closed := map[matrix.Pair][]int{} // ids, by place in the whole
	known := map[string]bool{}
	asked := 0
	for _, at := range wanted {
		at = m.InWhole(at)
		switch {
		case r.settled(closed[at]):
			continue
		case asked == remediesAsked && !thorough:
			r.RemediesLeftOut++
			continue
		}
		asked++
		for _, remedy := range a.Remedies(at.Source, at.Target) {
			key := strings.Join(append(remedy.Commands, remedy.Setting), "\n")
			if known[key] {
				continue
			}
			known[key] = true
			id := len(r.Remedies) + 1
			r.Remedies = append(r.Remedies, ReachRemedy{ID: id, Setting: remedy.Setting, Commands: remedy.Commands, Breaks: remedy.Breaks})
			for _, p := range append(remedy.Closes, at) {
				closed[p] = append(closed[p], id)
			}
		}
	}
	r.noteClosed(m, closed)
}

// settled says whether a setting and commands are among remedies.
func (r *Reach) settled(ids []int) bool {
	setting, commands := false, false
	for _, id := range ids {
		setting = setting || r.Remedies[id-1].Setting != ""
		commands = commands || len(r.Remedies[id-1].Commands) > 0
	}
	return setting && commands
}

// wanted are the cells to close: who is outside comes first, then containers. Of
// other targets than the API and published ports, and of the machine itself, they
// are wanted for one way hop by hop, or where all are.
func (r *Reach) wanted(m *matrix.Matrix, thorough bool) []matrix.Pair {
	every := thorough || r.From != "" && r.To != ""
	var outside, inside []matrix.Pair
	for j := range m.Targets {
		if kind := m.Targets[j].Kind; !every && kind != matrix.API && kind != matrix.Published {
			continue
		}
		for i := range m.Sources {
			best := m.Cells[i][j].Best()
			if best == nil || best.Verdict != filter.Open && !(every && best.Unheard) {
				continue
			}
			switch kind := m.Sources[i].Kind; {
			case kind == matrix.Internet || kind == matrix.Network:
				outside = append(outside, matrix.Pair{Source: i, Target: j})
			case kind == matrix.Containers || every:
				inside = append(inside, matrix.Pair{Source: i, Target: j})
			}
		}
	}
	return slices.Concat(outside, inside)
}

// noteClosed notes with each cell what closes it, and with each remedy the cells
// that the answer does not hold.
func (r *Reach) noteClosed(m *matrix.Matrix, closed map[matrix.Pair][]int) {
	held := map[matrix.Pair]bool{}
	for k := range r.Cells {
		c := &r.Cells[k]
		at := m.InWhole(matrix.Pair{Source: c.Source - 1, Target: c.Target - 1})
		c.Remedies, held[at] = closed[at], true
	}
	whole := m.Whole()
	for i := range whole.Sources {
		for j := range whole.Targets {
			at := matrix.Pair{Source: i, Target: j}
			if held[at] {
				continue
			}
			for _, id := range closed[at] {
				remedy := &r.Remedies[id-1]
				remedy.Elsewhere = append(remedy.Elsewhere, whole.Sources[i].Name+" → "+whole.Targets[j].Name)
			}
		}
	}
}
