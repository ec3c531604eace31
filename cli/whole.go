package cli

import (
	"context"
	"slices"

	"seawall/currency"
	"seawall/reach/matrix"
	"seawall/report"
	"seawall/rule"
	"seawall/trial"
)

// whole reports whether one of the reports shows all that is known, not the findings only.
func whole(outputs []output) bool {
	return slices.ContainsFunc(outputs, func(o output) bool { return o.format.Whole })
}

// complete adds to a report how an attack could go. A format that shows all that is known
// gets the snapshot, and the attack in full; of what is declared, on an assumed host.
// Others get the attack in short, and of what is declared none.
func (a *app) complete(ctx context.Context, p auditPlan, rep *report.Report, snap taken, reach func() *matrix.Matrix) (err error) {
	short := len(p.rules) == 0 && !snap.Declared // who asks for some rules asks for nothing else
	if !whole(p.outputs) {
		if short {
			rep.Attack, err = attacks(ctx, snap.Snapshot, reach)
		}
		return err
	}
	rep.Snapshot = snap.Snapshot
	if !snap.Declared {
		rep.Updates = report.BuildUpdates(Version, snap.Snapshot, p.known, currency.Judge(snap.Snapshot, p.known))
		rep.Reach, rep.ReachSize = reached(snap)
	}
	if snap.Declared {
		if rule.Count(snap.Snapshot, rule.KindContainer) == 0 {
			return nil
		}
		assumed, err := trial.Assume(snap.Snapshot)
		if err != nil {
			return err
		}
		snap = taken{Snapshot: assumed}
	}
	f := pathsFlags{ways: defaultWays}
	weigh, err := f.weigh()
	if err != nil {
		return err
	}
	answer, _, err := f.ask(ctx, snap, weigh)
	if err != nil {
		return err
	}
	rep.Paths = report.BuildPaths(Version, snap.Snapshot, answer, nil)
	if short {
		rep.Attack = report.BuildAttack(answer)
	}
	return nil
}

// reachShown is how many cells of who reaches what a page shows at most.
const reachShown = 40_000

// reached is who reaches what, and how many cells that has; nil where there are none, or
// more than a page shows.
func reached(snap taken) (*report.Reach, int) {
	if len(snap.Net) == 0 {
		return nil, 0
	}
	size := matrix.NewPlan(snap.Snapshot, matrix.Everything).Size()
	if size == 0 || size > reachShown {
		return nil, size
	}
	return report.BuildReach(Version, snap.Snapshot, snap.matrix(matrix.Everything), "", "", false), size
}
