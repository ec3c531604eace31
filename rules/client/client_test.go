package client_test

import (
	"testing"

	"seawall/rule/ruletest"
	"seawall/rules/client"
)

func TestExamples(t *testing.T) { ruletest.Test(t, client.Rules()) }
