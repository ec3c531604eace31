package volume

import "seawall/rule"

// Rules lists the rules about volumes.
func Rules() []*rule.Rule {
	return []*rule.Rule{bindsHostPath(), joinsProjects()}
}
