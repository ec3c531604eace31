package container

import "seawall/attack"

// Steps are those that go by what confines a container: its user, its
// capabilities, its namespaces and the guards of the kernel.
func Steps() []*attack.Step {
	return []*attack.Step{
		imageRunsAsRoot(), setuidInContainer(), writablePasswdInImage(),
		privilegedContainer(), noResourceLimits(), writableCgroupsLimits(),

		capSysAdminProcfsRemount(), capSysAdminCgroupReleaseAgent(), capSysAdminDeviceCgroupRewrite(), capSysAdminBPFTracing(),
		capSysModule(), capSysPtraceHostPID(), capDACReadSearch(), capDACReadSearchWrite(), capSysRawio(),
		capBPFPerfmonKernelRead(), capBPFNetworkHook(), capSysBootHostPID(), capSysTime(),
		systempathsUnconfinedCorePattern(), unconfinedKeyringRead(), seccompUnconfinedUsernsSurface(),

		pidHostInfo(), pidHostKill(), pidHostSameUIDProcRoot(), pidHostIntoContainer(), processesOfContainer(), ipcHost(),
		hostNetworkTrafficSniff(), hostNetworkFirewallRewrite(), hostNetworkLoopbackServices(), hostNetworkAbstractSockets(),
		pidNamespaceShared(), netNamespaceShared(), ipcNamespaceShared(), arpSpoofBridge(),
	}
}
