package network_test

import (
	"testing"

	"seawall/rule/ruletest"
	"seawall/rules/network"
)

func TestExamples(t *testing.T) { ruletest.Test(t, network.Rules()) }
