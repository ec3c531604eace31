package host

import "seawall/attack"

// Steps are those that go by the host's accounts and files.
func Steps() []*attack.Step {
	return append(writables(),
		anyHostUser(),
		engineKeyReadable(),
		engineProgramSetuid(),
		bindSourceWritable(),
		composeFileWritable(),
		sudoDocker(),
		rootEquivalentGroup(),
		clientPluginWritable(),
		clientConfigWritable(),
		clientHelperWritable(),
		clientCredentialsReadable(),
		clientKeyReadable(),
		clientContext(),
		clientInClear(),
		setuidInVolume(),
		hostServiceBreached(),
		cloudMetadata(),
		routeLocalnet(),
	)
}
