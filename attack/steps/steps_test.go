package steps_test

import (
	"testing"

	"seawall/attack/steps"
	"seawall/attack/steptest"
)

// TestExamples tries every step on its examples.
func TestExamples(t *testing.T) { steptest.Test(t, steps.All()) }
