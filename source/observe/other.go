//go:build !linux || (!amd64 && !arm64)

package observe

import (
	"context"

	"seawall/observation"
)

// Observer watches; on this platform there is none.
type Observer struct{}

// Start fails: only Linux on x86-64 and arm64 is supported.
func Start(context.Context, Options) (*Observer, error) { return nil, ErrOld }

// Run does nothing.
func (*Observer) Run(context.Context, func(*observation.Observation)) error { return ErrOld }

// Observation is empty.
func (*Observer) Observation() *observation.Observation { return nil }

// Close does nothing.
func (*Observer) Close() error { return nil }
