package matrix

import (
	"net/netip"
	"slices"

	"seawall/snapshot"
)

// MetadataAddress is where clouds tell a machine about itself, and hand out the
// credentials of its identity.
var MetadataAddress = netip.MustParseAddr("169.254.169.254")

// services are the programs of the machine that listen on TCP and belong to no
// engine, one for each socket.
func (w *world) services() []Target {
	space := w.names[w.machine()]
	services, _ := w.snap.Host.Services.Peek()
	listeners, _ := w.stacks[w.machine()].Listeners.Peek()
	var out []Target
	for i := range services {
		at, err := netip.ParseAddrPort(services[i].Address)
		if err != nil || space == "" {
			continue
		}
		l := snapshot.NetListener{Protocol: "tcp", Address: services[i].Address}
		if n := slices.IndexFunc(listeners, func(have snapshot.NetListener) bool { return have.Protocol == "tcp" && have.Address == l.Address }); n >= 0 {
			l = listeners[n]
		}
		out = append(out, Target{
			Kind: Service, Name: services[i].String(), Protocol: "tcp", Port: at.Port(), Service: &services[i],
			space: space, receiver: space, Addresses: w.addresses(space, l),
		})
	}
	return out
}

// metadata is the address of a cloud's metadata, beyond the machine.
func metadata() Target {
	return Target{Kind: Metadata, Name: MetadataAddress.String(), Protocol: "tcp", Port: 80, Addresses: []netip.Addr{MetadataAddress}}
}
