package steps_test

import (
	"testing"

	"seawall/lab"
)

// TestLiveCapabilities proves the steps that take a capability.
func TestLiveCapabilities(t *testing.T) {
	prove(t, lab.Options{}, nil, []proof{
		{step: "image-runs-as-root", run: "", try: "[ $(id -u) = 0 ]", safe: []string{"--user 1000"}},
	})
}
