package ways

import (
	"go4.org/netipx"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// Part is how the addresses of a source fare at a target, by one family.
type Part struct {
	through, stopped *netipx.IPSet
	// Let is a way by which all rules let some through, Stop one where a rule or
	// policy stops some; nil for none.
	Let, Stop *matrix.Way
}

// All says whether the rules let all addresses through that may get there.
func (p Part) All() bool { return p.Let != nil && len(p.stopped.Ranges()) == 0 }

// None says whether rules stop all of them.
func (p Part) None() bool { return p.Let == nil && p.Stop != nil }

// Split tells how a source fares at the target's addresses of a family: who is
// let through at one of them, and who is stopped at all. Where that is not known
// the check can no longer pass.
func (v *View) Split(source, target int, ipv6 bool) Part {
	var p Part
	var through, stopped netipx.IPSetBuilder
	cell := &v.Cells[source][target]
	why := ""
	if cell.Verdict == filter.Unknown {
		why = cell.Why
	}
	for i := range cell.Ways {
		w := &cell.Ways[i]
		switch {
		case w.To.Addr().Is6() != ipv6:
		case w.Through():
			p.Let = w
			through.AddSet(w.Sources)
		case w.Verdict == filter.Unknown:
			why = w.Why
		case w.By.Kind == "rule" || w.By.Kind == "policy":
			p.Stop = w
			stopped.AddSet(w.Sources)
		}
	}
	if why != "" {
		v.missed(source, target, why)
	}
	p.through, _ = through.IPSet() // an error is only of ranges that are none
	stopped.RemoveSet(p.through)
	p.stopped, _ = stopped.IPSet()
	return p
}

// Overlap says whether some addresses that are stopped at one target are let
// through to another.
func Overlap(stopped, through Part) bool { return stopped.stopped.Overlaps(through.through) }

// missed records that it is not known whether a source gets to a target.
func (v *View) missed(source, target int, why string) {
	v.c.Missed(snapshot.At("reach of "+v.Targets[target].Name, v.origin.Source), snapshot.Gap{
		Reason: snapshot.ReasonUnresolved, Detail: lang.Sprintf("from %s: %s", v.Sources[source].Name, why),
	})
}
