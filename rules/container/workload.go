package container

import "seawall/rule"

// workloadRules are about what a container is given beside its confinement:
// mounts, groups, resources, logs, secrets, images and ports.
func workloadRules() []*rule.Rule {
	return append([]*rule.Rule{
		serviceSocketMounted(),
		takesVolumes(),
		writableCgroups(),
		inEngineGroup(),
		dockerHostPlaintext(),
		sparedByOOMKiller(),
		swapUnlimited(),
		sysctlWeakened(),
		ipcShareable(),
		tmpfsExecutable(),
		logMayDrop(),
		logUnbounded(),
		restartLoop(),
		imageUnpinned(),
		imageReplaced(),
		engineSocketHolderPublished(),
		engineAPIPublished(),
		dataServicePublished(),
		amplifierPublished(),
		rangePublished(),
	}, secretPlaces()...)
}
