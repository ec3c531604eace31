package host_test

import (
	"testing"

	"seawall/rule/ruletest"
	"seawall/rules/host"
)

func TestExamples(t *testing.T) { ruletest.Test(t, host.Rules()) }
