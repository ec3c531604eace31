package listener

import (
	"slices"
	"time"

	"seawall/rule/example"
	"seawall/snapshot"
)

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
