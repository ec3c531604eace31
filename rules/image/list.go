package image

import "seawall/rule"

// Rules lists the rules about images.
func Rules() []*rule.Rule {
	return []*rule.Rule{secretInEnvironment(), runsAsRoot(), noHealthcheck()}
}
