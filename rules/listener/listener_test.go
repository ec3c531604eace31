package listener_test

import (
	"testing"

	"seawall/rule/ruletest"
	"seawall/rules/listener"
)

func TestExamples(t *testing.T) { ruletest.Test(t, listener.Rules()) }
