package listener

import (
	"slices"
	"time"

	"seawall/rule/example"
	"seawall/snapshot"
)

// socket changes the engine's unix socket file.
func socket(change func(*snapshot.File)) func(*snapshot.Snapshot) {
	return listener(0, func(l *snapshot.Listener) {
		f, _ := l.Socket.Peek()
		f.Parents = slices.Clone(f.Parents)
		change(&f)
		example.Set(&l.Socket, f)
	})
}

// listener changes a listener of the example's engine: 0 is its unix socket,
// 1 containerd's.
func listener(i int, change func(*snapshot.Listener)) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Listeners.Peek()
		changed := slices.Clone(list)
		change(&changed[i])
		example.Set(&e.Listeners, changed)
	})
}

// tcp adds a TCP listener that answered a greeting in this way.
func tcp(address string, h snapshot.Handshake) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { addTCP(e, address, h, false) })
}

func addTCP(e *snapshot.Engine, address string, h snapshot.Handshake, activated bool) {
	none := snapshot.At("stat", "tcp")
	example.Add(&e.Listeners, snapshot.Listener{
		Name: "tcp://" + address, Service: "engine", Network: "tcp", Address: address, SocketActivated: activated,
		Holders:      snapshot.See([]snapshot.Holder{{PID: 812, Executable: "/usr/sbin/dockerd"}}, snapshot.At("holders", "/proc/812/fd")),
		Socket:       snapshot.None[snapshot.File](none),
		GroupMembers: snapshot.None[[]string](none),
		Copies:       snapshot.None[[]string](none),
		Handshake:    snapshot.See(h, snapshot.At("handshake", "tcp://"+address)),
	})
}

// plain is a listener that serves anyone without TLS.
var plain = snapshot.Handshake{Plaintext: true, Anonymous: true}

// verified is a listener that serves only clients with a certificate.
func verified(change func(*snapshot.Handshake)) snapshot.Handshake {
	h := snapshot.Handshake{
		TLS: true, Versions: []string{"1.2", "1.3"}, ClientCAs: []string{"CN=example CA"},
		Certificate: &snapshot.Certificate{
			Subject: "CN=example", Issuer: "CN=example CA",
			NotBefore: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC),
			KeyType: "ECDSA", KeyBits: 256, Signature: "ECDSA-SHA256", Names: []string{"example"},
		},
	}
	if change != nil {
		change(&h)
	}
	return h
}
