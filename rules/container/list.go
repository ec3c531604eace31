package container

import (
	"slices"

	"seawall/rule"
)

// Rules lists the rules about containers.
func Rules() []*rule.Rule {
	return slices.Concat(
		[]*rule.Rule{
			engineSocketMounted(),
			engineSocketProxy(),
			containerdSocketMounted(),
			privileged(),
			joinsNamespace(),
			hostUserns(),
			hostCgroupns(),
			deviceMapped(),
			deviceCgroupRule(),
			sensitiveMount(),
			mountPropagationShared(),
			newPrivilegesAllowed(),
			rootUser(),
			rootfsWritable(),
			noMemoryLimit(),
			noPidsLimit(),
			noCPULimit(),
			secretInEnvironment(),
			unmaskedPaths(),
			noHealthcheck(),
			loggingOff(),
			cgroupParentSet(),
			restartUnbounded(),
			runsSSHD(),
			capabilityAllAdded(),
			defaultCapabilitiesKept(),
			netRawOnSharedBridge(),
			capabilitiesBeyondSettings(),
			seccompOff(),
			appArmorOff(),
			seLinuxOff(),
			publishedOnAll(),
			bypassesFirewall(),
			privilegedPublished(),
			onDefaultBridge(),
			legacyLinks(),
		},
		hostNamespaces(),
		capabilityRules(),
		exactRules(),
		workloadRules(),
		observedRules(),
	)
}
