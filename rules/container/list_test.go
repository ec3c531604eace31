package container

import (
	"testing"

	"seawall/rule/ruletest"
)

func TestRules(t *testing.T) { ruletest.Test(t, Rules()) }
