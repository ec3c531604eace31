package volume

import (
	"testing"

	"seawall/rule/ruletest"
)

func TestRules(t *testing.T) { ruletest.Test(t, Rules()) }
