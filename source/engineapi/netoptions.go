package engineapi

import (
	"strings"

	"seawall/snapshot"
)

// networkOptions reads the options of a network that decide who reaches it
// (moby, libnetwork/drivers/bridge/labels.go, drivers/macvlan, drivers/ipvlan).
func networkOptions(driver string, options map[string]string, source string) snapshot.NetworkOptions {
	option := func(name string, ofDriver bool) snapshot.Fact[string] {
		o := snapshot.At("Options."+name, source)
		if !ofDriver {
			return snapshot.None[string](o)
		}
		return snapshot.See(options[name], o)
	}
	bridge, link := driver == "bridge", driver == "macvlan" || driver == "ipvlan"
	return snapshot.NetworkOptions{
		GatewayMode4: option("com.docker.network.bridge.gateway_mode_ipv4", bridge),
		GatewayMode6: option("com.docker.network.bridge.gateway_mode_ipv6", bridge),
		HostBinding:  option(bridgeIP, bridge),
		TrustedInterfaces: snapshot.Map(option("com.docker.network.bridge.trusted_host_interfaces", bridge), func(s string) []string {
			return strings.FieldsFunc(s, func(r rune) bool { return r == ':' })
		}),
		Parent:   option("parent", link),
		LinkMode: option(driver+"_mode", link),
	}
}

// runtimePaths are the programs of the engine's runtimes. A runtime that is a
// shim of containerd's has none.
func runtimePaths(i infoAnswer) map[string]string {
	out := map[string]string{}
	for name, runtime := range i.Runtimes {
		if runtime.Path != "" {
			out[name] = runtime.Path
		}
	}
	return out
}
