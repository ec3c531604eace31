package engine_test

import (
	"testing"

	"seawall/rule/ruletest"
	"seawall/rules/engine"
)

func TestExamples(t *testing.T) { ruletest.Test(t, engine.Rules()) }
