package engine

import "seawall/attack"

// Steps are those that go by the Engine API and by networks: who reaches
// it, and what it gives.
func Steps() []*attack.Step {
	return []*attack.Step{
		engineSocketGroup(),
		engineSocketOpen(),
		engineAPIOverNetwork(),
		engineMakesRoot(),
		rootlessEngineIsOwner(),
		rootlessOwnerControls(),
		engineEntersContainer(),
		engineAnswers(),
		swarmManagerOrders(),
		swarmTokensTold(),
		swarmKeyTold(),
		swarmJoined(),
		swarmStateRead(),
		swarmConfigTold(),
		swarmSecretMounted(),
		volumeOptionsTold(),
		imageHistoryTold(),
		serviceBreached(),
		networkJoined(),
		neighbourBreached(),
		sendsFromNetwork(),
		directRouting(),
		socketProxyOpen(),
		managementUI(),
		logViewer(),
		builderOverNetwork(),
		imageReplaced(),
		registryPushes(),
		registryInsecure(),
	}
}
