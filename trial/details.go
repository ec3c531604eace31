package trial

import "seawall/snapshot"

// daemonDetails are those of a daemon that systemd started, with no plugins and
// no registries of its own.
func daemonDetails() snapshot.DaemonDetails {
	return snapshot.DaemonDetails{
		OOMScore:       fact("oom_score_adj", "/proc/812/oom_score_adj", -500),
		ProxyPasswords: fact("proxies", "the daemon's configuration", []snapshot.ProxyPassword(nil)),
		PluginSpecs:    fact("plugin specifications", "/etc/docker/plugins", []snapshot.PluginSpec(nil)),
		RegistryFiles:  fact("certs.d", "/etc/docker/certs.d", []snapshot.RegistryFile(nil)),
		Rootlesskit:    snapshot.None[snapshot.Rootlesskit](snapshot.At("rootlesskit", "/proc/812")),
	}
}

// bridgeOptions are those of docker0 with --ip 127.0.0.1.
func bridgeOptions() snapshot.NetworkOptions {
	const source = "GET /networks/bridge"
	return snapshot.NetworkOptions{
		GatewayMode4:      fact("Options.com.docker.network.bridge.gateway_mode_ipv4", source, ""),
		GatewayMode6:      fact("Options.com.docker.network.bridge.gateway_mode_ipv6", source, ""),
		HostBinding:       fact("Options.com.docker.network.bridge.host_binding_ipv4", source, "127.0.0.1"),
		TrustedInterfaces: fact("Options.com.docker.network.bridge.trusted_host_interfaces", source, []string(nil)),
		Parent:            snapshot.None[string](snapshot.At("Options.parent", source)),
		LinkMode:          snapshot.None[string](snapshot.At("Options.mode", source)),
	}
}
