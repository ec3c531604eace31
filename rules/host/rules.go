// Package host holds the rules about the machine and its users: what the kernel
// offers to keep containers in, and what else is there. One file a rule; the
// kernel settings are a table.
package host

import (
	"seawall/rule"
)

// Rules lists all rules of this package.
func Rules() []*rule.Rule {
	return append([]*rule.Rule{
		seccompUnsupported(), withoutLSM(), selinuxPermissive(), cgroupV1(), userNamespacesOpen(),
		cpuVulnerable(), corePatternInContainer(), notDedicated(), userSudoDocker(),
		auditDisabled(), auditNotLoaded(), auditNotPersistent(),
		kernelEscape(), kernelBehind(), kernelOlder(), rebootRequired(), clientAdvisory(), clientShadows(),
		hasCompilers(), interactiveUsers(), bootedWithoutGuards(), modulesUnrestricted(), kernelTainted(),
		binaryReplaced(), updatesWaiting(), noUnattended(), dataOld(),
	}, sysctlRules()...)
}
