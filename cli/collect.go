package cli

import (
	"context"

	"seawall/snapshot"
)

// collect takes a snapshot of this machine, or of the engine that was named.
func (a *app) collect(ctx context.Context) (*snapshot.Snapshot, error) {
	return nil, nil
}
