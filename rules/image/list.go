package image

import (
	"slices"

	"seawall/rule"
)

// Rules lists the rules about images.
func Rules() []*rule.Rule {
	return slices.Concat(
		[]*rule.Rule{
			secretInEnvironment(),
			runsAsRoot(),
			noHealthcheck(),
			exposesSSH(),
			volumeOverSystemDirectory(),
			old(),
			baseUnpinned(),
			volumeAtEngineSocket(),
			setIDFiles(),
			fileCapabilities(),
			privateKeyInside(),
			credentialsInside(),
			accountWithoutPassword(),
			systemFileWritable(),
		},
		historyRules(),
	)
}
