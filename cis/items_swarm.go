package cis

import (
	"time"

	"seawall/lang"
	"seawall/snapshot"
)

func operationItems() []Recommendation {
	return []Recommendation{
		{"6.1", 1, manual, "Unused images do not pile up", nil},
		{"6.2", 1, manual, "Unused containers do not pile up", nil},
	}
}

func swarmItems() []Recommendation {
	return []Recommendation{
		{"7.1", 1, manual, "A swarm has no more managers than it needs", nil},
		{"7.2", 1, manual, "Swarm listens on one address", nil},
		{"7.3", 1, manual, "Overlay networks are encrypted", nil},
		{"7.4", 1, manual, "Secrets of services are kept by the swarm", nil},
		{"7.5", 1, manual, "Managers are locked when they start", nil},
		{"7.6", 1, manual, "The key that unlocks managers is changed now and then", &Question{
			"When was docker swarm unlock-key --rotate run last?", swarm}},
		{"7.7", 1, manual, "Certificates of nodes are short-lived", nil},
		{"7.8", 1, manual, "The swarm's CA is changed now and then", &Question{
			"When was docker swarm ca --rotate run last, and how old is the certificate in /var/lib/docker/swarm/certificates/swarm-root-ca.crt?", swarm}},
		{"7.9", 1, manual, "Management traffic is apart from data traffic", &Question{
			"Was the swarm made with --data-path-addr, on another interface than --advertise-addr?", swarm}},
	}
}

// swarm tells of each engine's part in a swarm. Without any there is nothing to
// judge.
func swarm(l *Look) {
	l.void(lang.T("swarm is off"))
	l.engines(func(e *snapshot.Engine, of string) {
		s, ok := see(l, named(lang.T("swarm"), of), e.Swarm)
		if !ok || e.Swarm.State() == snapshot.Absent {
			return
		}
		l.settled = Open
		role := lang.T("worker")
		if s.Manager {
			role = lang.Sprintf("one of %d managers, %d nodes", s.Managers, s.Nodes)
		}
		l.note(named(lang.T("swarm"), of), "%s", role)
		if locked, ok := s.AutoLock.Peek(); ok {
			l.note(named(lang.T("autolock"), of), "%s", onOff(locked))
		}
		if expiry, ok := s.CertificateExpiry.Peek(); ok {
			l.note(named(lang.T("certificates of nodes"), of), "valid for %d days", int(expiry/(24*time.Hour)))
		}
	})
}

func onOff(on bool) string {
	if on {
		return lang.C("a setting", "on")
	}
	return lang.C("a setting", "off")
}
