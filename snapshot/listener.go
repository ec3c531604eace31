package snapshot

import (
	"net"
	"time"
)

// Listener is one socket through which an engine or its containerd can be
// controlled.
type Listener struct {
	// Name is the URL of the socket: "unix:///run/docker.sock",
	// "tcp://0.0.0.0:2375".
	Name string `json:"name"`
	// Service is what answers there: "engine" (Engine API) or "containerd".
	Service string `json:"service"`
	// Network is "unix" or "tcp".
	Network string `json:"network"`
	// Address is the path, or host:port.
	Address string `json:"address"`
	// SocketActivated: systemd holds the socket and starts the daemon.
	SocketActivated bool `json:"socketActivated,omitempty"`
	// Holders are the processes that hold the listening socket.
	Holders Fact[[]Holder] `json:"holders,omitzero"`

	// Socket is the socket file of a unix listener.
	Socket Fact[File] `json:"socket,omitzero"`
	// GroupMembers are the users in the socket's group, by supplementary or
	// primary membership.
	GroupMembers Fact[[]string] `json:"groupMembers,omitzero"`
	// Copies are other paths of this host that lead to the same socket (same
	// inode), such as bind mounts.
	Copies Fact[[]string] `json:"copies,omitzero"`

	// Handshake is how a TCP listener answers a stranger.
	Handshake Fact[Handshake] `json:"handshake,omitzero"`
}

// Holder is a process that holds a socket.
type Holder struct {
	PID        int    `json:"pid"`
	Executable string `json:"executable,omitempty"`
}

// Handshake is what a TCP listener did when it was greeted without a client
// certificate.
type Handshake struct {
	// Plaintext: it answered GET /_ping over plain HTTP.
	Plaintext bool `json:"plaintext"`
	// TLS: it speaks TLS.
	TLS bool `json:"tls"`
	// Anonymous: it answered GET /_ping to a client without a certificate,
	// over TLS or plain.
	Anonymous bool `json:"anonymous"`
	// Versions are the TLS versions it accepts: "1.2", "1.3".
	Versions []string `json:"versions,omitempty"`
	// Certificate is the leaf it presented.
	Certificate *Certificate `json:"certificate,omitempty"`
	// ClientCAs are the subjects it accepts client certificates from.
	ClientCAs []string `json:"clientCAs,omitempty"`
}

// Certificate is an X.509 certificate without its key.
type Certificate struct {
	Subject    string    `json:"subject"`
	Issuer     string    `json:"issuer"`
	NotBefore  time.Time `json:"notBefore"`
	NotAfter   time.Time `json:"notAfter"`
	KeyType    string    `json:"keyType"` // "RSA", "ECDSA", "Ed25519"
	KeyBits    int       `json:"keyBits"`
	Signature  string    `json:"signature"` // "SHA256-RSA"
	Names      []string  `json:"names,omitempty"`
	SelfSigned bool      `json:"selfSigned,omitempty"`
}

// Any reports whether a TCP listener listens on all addresses.
func (l Listener) Any() bool { return l.Network == "tcp" && anyAddress(l.Address) }

// Loopback reports whether a TCP listener listens on a loopback address only.
func (l Listener) Loopback() bool {
	if l.Network != "tcp" {
		return false
	}
	host, _, err := net.SplitHostPort(l.Address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ListsAll reports whether Listeners holds every socket of the engine. Where it
// does not, or nobody knows, the witness is told that something is missing: a
// check may fail for a listener that is there, and not pass for want of one.
func (e *Engine) ListsAll(w Witness) bool {
	if _, ok := e.Listeners.Look(w); !ok {
		return false
	}
	all, ok := e.AllListeners.Look(w)
	if ok && !all {
		w.Missed(e.AllListeners.Origin(), Gap{Reason: ReasonNotCollected, Detail: "not all sockets of the engine were looked for"})
	}
	return all
}

// At is the first path of a unix listener, of its own and its copies, that
// matches; "" if none does.
func (l *Listener) At(w Witness, matches func(socket string) bool) string {
	if l.Network != "unix" {
		return ""
	}
	if matches(l.Address) {
		return l.Address
	}
	copies, _ := l.Copies.Look(w)
	for _, socket := range copies {
		if matches(socket) {
			return socket
		}
	}
	return ""
}
