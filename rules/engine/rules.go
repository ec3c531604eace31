// Package engine holds the rules about an engine: how it runs, how it is set
// up, and who can change that. One file a rule.
package engine

import (
	"slices"

	"seawall/rule"
	"seawall/snapshot"
)

// Rules lists all rules of this package.
func Rules() []*rule.Rule {
	return slices.Concat([]*rule.Rule{
		runsAsRoot(), usernsRemapOff(), withoutCgroupDelegation(), slowStorageDriver(), sourceAddressesLost(),
		configWritable(), unitWritable(), binaryWritable(), pluginDirectoryWritable(), tlsKeyReadable(), tlsFileWritable(), dataRootReachable(),
		seccompOff(), apparmorOff(), selinuxOff(), noNewPrivilegesOff(), pluginPowerful(),
		iptablesOff(), ip6tablesOff(), familiesDiffer(), userlandProxyOn(), defaultBindAll(), metricsExposed(),
		insecureRegistry(), mirrorPlaintext(), noAuthorizationPlugin(),
		loggingOff(), logsLocal(), logRotationMissing(), logLevel(), debugOn(), experimentalOn(),
		liveRestoreOff(), defaultUlimits(), cgroupParentSet(), dataRootSharedFilesystem(), legacyStorageDriver(),
		directRouting(), forwardPolicyKept(), diagnosticPort(), buildInsecure(), buildCache(), oomUnprotected(), corsHeader(), oldAPI(),
		proxyPasswordReadable(), containerdConfigWritable(), pluginOverNetwork(), pluginSocketReplaceable(),
		authorizationManaged(), authorizationBypass(), registryExpired(), registryWeak(), registryUnusable(), liveRestoreUndone(), hostLoopback(),
		configInvalid(), configNewer(), settingsDisagree(), severalListeners(), apiExposedWarning(), swarmUnused(),
		insecureRegistryListed(), tcpWithoutClientCertificates(), baseDeviceSizeChanged(),
		filesNotAudited(),
		hasOpenAdvisory(), branchUnmaintained(),
	}, partAdvisoryRules(), exactFileRules(), exactStorageRules(), exactPileRules(), exactAuditRules())
}

// check is a check of an engine.
type check = func(*rule.Context, *snapshot.Engine) rule.Answer

// dockerd asks a question that arises only where a Docker daemon runs.
func dockerd(ask check) check {
	return func(c *rule.Context, e *snapshot.Engine) rule.Answer {
		if e.Kind == "podman" {
			return c.NotApplicable("Podman has no daemon with this setting")
		}
		return ask(c, e)
	}
}
