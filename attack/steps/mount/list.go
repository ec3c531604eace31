package mount

import (
	"slices"

	"seawall/attack"
)

// Steps are those that go by files of the host and of other containers that a
// container has inside, sockets included.
func Steps() []*attack.Step {
	return slices.Concat(writeSteps(), serviceSteps(), readSteps(), []*attack.Step{
		dockerSockMount(),
		dockerSockGID(),
		rootlessSockMount(),
		containerdSockMount(),
		userHomeMountRW(),
		rootlessHomeMount(),
		rootlessHomeMountRO(),
		hostProcMountCorePattern(),
		hostProcMountRootLink(),
		hostSysMountRW(),
		cgroupV1MountRW(),
		debugfsMount(),
		volumeSharedRW(),
		volumeSharedRead(),
		volumeSharedRun(),
		volumeRootMount(),
		mountPropagationShared(),
		mountPropagationSlave(),
		envSecret(),
		registryCredential(),
		cmdlineOrLabelSecret(),
		secretFileMounted(),
		kubernetesToken(),
		dockerClientConfigMount(),
		dockerAPIClientCert(),
		varLogMountRW(),
		tmpMount(),
		hostDevMount(),
		suidDropViaBind(),
		deviceNodeDrop(),
		deviceNodeProcRoot(),
	})
}
