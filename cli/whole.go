package cli

import (
	"context"
	"slices"

	"seawall/report"
	"seawall/rule"
	"seawall/trial"
)

// whole reports whether one of the reports shows all that is known, not the findings only.
func whole(outputs []output) bool {
	return slices.ContainsFunc(outputs, func(o output) bool { return o.format.Whole })
}

// fill adds to a report what such formats show: the snapshot, and how an attack could go
// in full; of what is declared, on an assumed host.
func (a *app) fill(ctx context.Context, rep *report.Report, snap taken) error {
	rep.Snapshot = snap.Snapshot
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
	rep.Paths, err = f.answer(ctx, snap, weigh)
	return err
}
