package example

import (
	"slices"

	"seawall/snapshot"
)

// TCP adds a TCP listener of the engine that answered a greeting in this way.
func TCP(address string, h snapshot.Handshake) func(*snapshot.Snapshot) {
	return Engine(func(e *snapshot.Engine) { AddTCP(e, address, h, false) })
}

// AddTCP is TCP where the engine is at hand, with a socket that systemd may hold.
func AddTCP(e *snapshot.Engine, address string, h snapshot.Handshake, activated bool) {
	none := snapshot.At("stat", "tcp")
	Add(&e.Listeners, snapshot.Listener{
		Name: "tcp://" + address, Service: "engine", Network: "tcp", Address: address, SocketActivated: activated,
		Holders:      snapshot.See([]snapshot.Holder{{PID: 812, Executable: "/usr/sbin/dockerd"}}, snapshot.At("holders", "/proc/812/fd")),
		Socket:       snapshot.None[snapshot.File](none),
		GroupMembers: snapshot.None[[]string](none),
		Copies:       snapshot.None[[]string](none),
		Handshake:    snapshot.See(h, snapshot.At("handshake", "tcp://"+address)),
	})
}

// EngineSocket changes the file of the engine's unix socket.
func EngineSocket(change func(*snapshot.File)) func(*snapshot.Snapshot) {
	return Engine(func(e *snapshot.Engine) {
		listeners, _ := e.Listeners.Peek()
		changed := slices.Clone(listeners)
		f, _ := changed[0].Socket.Peek()
		f.Parents = slices.Clone(f.Parents)
		change(&f)
		Set(&changed[0].Socket, f)
		Set(&e.Listeners, changed)
	})
}
