package declared

import (
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/daemonconfig"
)

// Daemon is what a daemon.json declares of an engine: its settings, and where it will
// listen.
type Daemon struct {
	// Name is the file, as reports name it.
	Name      string
	Settings  snapshot.Settings
	Listeners snapshot.Fact[[]snapshot.Listener]
}

// ReadDaemon reads a daemon.json. With [daemonconfig.ErrUnknownKey] what it declares is
// returned too.
func ReadDaemon(name string, data []byte) (Daemon, error) {
	settings, err := daemonconfig.Declared(name, data)
	return Daemon{Name: name, Settings: settings, Listeners: listeners(&settings)}, err
}

// listeners are the sockets that a daemon with some settings will listen on. Those that
// systemd hands it are not known.
func listeners(s *snapshot.Settings) snapshot.Fact[[]snapshot.Listener] {
	hosts, known := s.Hosts.Peek()
	if !known {
		return snapshot.Lost[[]snapshot.Listener](s.Hosts.Gap(), s.Hosts.Origin())
	}
	out, activated := []snapshot.Listener{}, false
	for _, host := range hosts {
		network, address, _ := strings.Cut(host, "://")
		l := snapshot.Listener{Name: host, Service: "engine", Network: network, Address: address}
		switch network {
		case "tcp":
			l.Handshake = greeting(s)
		case "fd":
			activated = true
			continue
		}
		out = append(out, l)
	}
	if activated {
		return snapshot.Part(out, snapshot.Gap{
			Reason: snapshot.ReasonNotCollected, Detail: lang.N("fd:// stands for the sockets that systemd hands over"), Remedy: lang.N("audit the engine itself"),
		}, s.Hosts.Origin())
	}
	return snapshot.See(out, s.Hosts.Origin())
}

// greeting is how a TCP listener will answer a stranger, as far as the settings tell.
func greeting(s *snapshot.Settings) snapshot.Fact[snapshot.Handshake] {
	tls, known := s.TLS.Peek()
	if !known {
		return snapshot.Lost[snapshot.Handshake](s.TLS.Gap(), s.TLS.Origin())
	}
	verify, known := s.TLSVerify.Peek()
	if !known {
		return snapshot.Lost[snapshot.Handshake](s.TLSVerify.Gap(), s.TLSVerify.Origin())
	}
	o := snapshot.At("hosts, tls and tlsverify", s.Hosts.Origin().Source)
	return snapshot.See(snapshot.Handshake{Plaintext: !tls, TLS: tls, Anonymous: !tls || !verify}, o)
}
