// Package listener holds the rules about the sockets through which an engine or
// its containerd can be controlled. One file a rule.
package listener

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// Rules lists all rules of this package.
func Rules() []*rule.Rule {
	return slices.Concat([]*rule.Rule{
		socketWorldAccessible(), socketGroupMembers(), socketACL(), socketOwner(), socketParentWritable(), socketCopies(), containerdAccessible(),
		tcpWithoutTLS(), tlsWithoutClientVerification(), loopbackReachable(), reachableFromContainer(), reachableFromOthers(), onAllInterfaces(), socketActivated(),
		certificateExpired(), certificateExpiring(), certificateWeak(), tlsOldVersion(),
	}, exactSocketRules())
}

// check is a check of a listener.
type check = func(*rule.Context, *snapshot.Listener) rule.Answer

// onSocket asks a question about the engine's unix sockets.
func onSocket(ask check) check {
	return func(c *rule.Context, l *snapshot.Listener) rule.Answer {
		if l.Network != "unix" || l.Service != "engine" {
			return c.NotApplicable("not a unix socket of the engine")
		}
		return ask(c, l)
	}
}

// onTCP asks a question about the engine's TCP listeners.
func onTCP(ask func(*rule.Context, *snapshot.Listener, snapshot.Handshake) rule.Answer) check {
	return func(c *rule.Context, l *snapshot.Listener) rule.Answer {
		if l.Network != "tcp" || l.Service != "engine" {
			return c.NotApplicable("not a TCP listener of the engine")
		}
		return ask(c, l, l.Handshake.Read(c))
	}
}

// onCertificate asks a question about the certificate of a TCP listener.
func onCertificate(ask func(*rule.Context, *snapshot.Listener, *snapshot.Certificate) rule.Answer) check {
	return onTCP(func(c *rule.Context, l *snapshot.Listener, h snapshot.Handshake) rule.Answer {
		if !h.TLS {
			return c.NotApplicable("the listener does not speak TLS")
		}
		if h.Certificate == nil {
			c.Missed(l.Handshake.Origin(), snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: lang.T("the listener showed no certificate")})
			c.Stop()
		}
		return ask(c, l, h.Certificate)
	})
}
