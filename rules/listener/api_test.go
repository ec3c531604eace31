package listener

import (
	"strings"
	"testing"
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// engineTCP is where the listener that [tcp] adds stands in the example's list.
const engineTCP = 2

func TestAPI(t *testing.T) {
	anonymous := func(h *snapshot.Handshake) { h.Anonymous = true }
	noCertificate := func(h *snapshot.Handshake) { h.Certificate = nil }
	noCAs := func(h *snapshot.Handshake) { h.ClientCAs = nil }
	for _, tt := range []struct {
		rule, address string
		h             snapshot.Handshake
		want          rule.Verdict
		says          string
	}{
		{"api-tcp-without-tls", "127.0.0.1:2375", plain, rule.Failed, "on 127.0.0.1:2375 serves anyone without encryption"},
		{"api-tcp-without-tls", "192.0.2.10:2375", plain, rule.Failed, "on 192.0.2.10:2375 serves anyone without encryption"},
		{"api-tcp-without-tls", "0.0.0.0:2375", plain, rule.Failed, "by their network's gateway"},
		{"api-tls-without-client-verification", "0.0.0.0:2375", plain, rule.NotApplicable, "does not speak TLS"},
		{"api-tls-without-client-verification", "192.0.2.10:2376", verified(nil), rule.Passed, "refuses clients without a certificate; it accepts those of CN=example CA"},
		{"api-tls-without-client-verification", "192.0.2.10:2376", verified(noCAs), rule.Passed, "refuses clients without a certificate"},
		{"api-tls-old-version", "192.0.2.10:2375", plain, rule.NotApplicable, "does not speak TLS"},
		{"engine-socket-group-members", "192.0.2.10:2375", plain, rule.NotApplicable, "not a unix socket of the engine"},
		{"api-certificate-weak", "192.0.2.10:2375", plain, rule.NotApplicable, "does not speak TLS"},
		{"api-certificate-weak", "192.0.2.10:2376", verified(noCertificate), rule.Unknown, "the listener showed no certificate"},
		{"api-on-loopback-reachable", "192.0.2.10:2375", plain, rule.NotApplicable, "not on a loopback address"},
		{"api-on-loopback-reachable", "127.0.0.1:2376", verified(nil), rule.Passed, "refuses clients without a certificate, containers too"},
		{"api-on-loopback-reachable", "127.0.0.1:2376", verified(anonymous), rule.Passed, "no container shares the host's network"},
		{"api-on-loopback-reachable", "127.0.0.1:2375", snapshot.Handshake{Plaintext: true}, rule.Passed, "no container shares the host's network"},
	} {
		got := judged(t, tt.rule, engineTCP, example.TCP(tt.address, tt.h))
		if got.Verdict != tt.want || !strings.HasSuffix(got.Message, tt.says) {
			t.Errorf("%s of %s: %s (%s), want %s (%s)", tt.rule, tt.address, got.Verdict, got.Message, tt.want, tt.says)
		}
	}
}

// On a loopback address the API is open to those on the host only.
func TestSeverityOnLoopback(t *testing.T) {
	for address, want := range map[string]rule.Severity{"127.0.0.1:2375": rule.High, "[::1]:2375": rule.High, "192.0.2.10:2375": rule.Critical, "0.0.0.0:2375": rule.Critical} {
		if got := judged(t, "api-tcp-without-tls", engineTCP, example.TCP(address, plain)); got.Severity != want {
			t.Errorf("%s: %s, want %s", address, got.Severity, want)
		}
	}
}

func TestOldVersions(t *testing.T) {
	for version, want := range map[string]rule.Verdict{"1.0": rule.Failed, "1.1": rule.Failed, "1.2": rule.Passed, "1.3": rule.Passed} {
		h := verified(func(h *snapshot.Handshake) { h.Versions = []string{version} })
		if got := judged(t, "api-tls-old-version", engineTCP, example.TCP("192.0.2.10:2376", h)); got.Verdict != want {
			t.Errorf("TLS %s: %s, want %s", version, got.Verdict, want)
		}
	}
}

// A certificate is valid up to and including the second it ends in.
func TestCertificateEnds(t *testing.T) {
	end := verified(nil).Certificate.NotAfter
	for _, tt := range []struct {
		left              time.Duration
		expired, expiring rule.Verdict
	}{
		{-time.Second, rule.Failed, rule.NotApplicable},
		{0, rule.Passed, rule.Failed},
		{soon - time.Second, rule.Passed, rule.Failed},
		{soon, rule.Passed, rule.Passed},
	} {
		taken := func(s *snapshot.Snapshot) { s.TakenAt = end.Add(-tt.left) }
		listens := example.TCP("192.0.2.10:2376", verified(nil))
		if got := judged(t, "api-certificate-expired", engineTCP, listens, taken); got.Verdict != tt.expired {
			t.Errorf("%s left: expired %s, want %s", tt.left, got.Verdict, tt.expired)
		}
		if got := judged(t, "api-certificate-expiring", engineTCP, listens, taken); got.Verdict != tt.expiring {
			t.Errorf("%s left: expiring %s, want %s", tt.left, got.Verdict, tt.expiring)
		}
	}
}

func TestReachableFromUnknown(t *testing.T) {
	got := judged(t, "api-on-loopback-reachable", engineTCP, onLoopback("host"), example.Engine(func(e *snapshot.Engine) {
		e.Containers.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission})
	}))
	if got.Verdict != rule.Unknown {
		t.Errorf("containers that may not be read: %s (%s), want unknown", got.Verdict, got.Message)
	}
}

// A container that does not run reaches the API when it is started.
func TestReachableFromStopped(t *testing.T) {
	for state, want := range map[string]string{"running": "inside web0", "exited": "inside web0 (not running)"} {
		got := judged(t, "api-on-loopback-reachable", engineTCP, onLoopback("host"), example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Containers.Peek()
			example.Set(&list[len(list)-1].State, state)
		}))
		if got.Verdict != rule.Failed || !strings.HasSuffix(got.Message, want) {
			t.Errorf("%s: %s (%s), want %s", state, got.Verdict, got.Message, want)
		}
	}
}

// A TCP listener of containerd is no API of the engine, and no unix socket.
func TestTCPOfContainerd(t *testing.T) {
	ofContainerd := listener(engineTCP, func(l *snapshot.Listener) { l.Service = "containerd" })
	for _, id := range []string{"api-on-all-interfaces", "api-tcp-socket-activated", "api-tcp-without-tls", "containerd-socket-accessible"} {
		if got := judged(t, id, engineTCP, example.TCP("0.0.0.0:2375", plain), ofContainerd); got.Verdict != rule.NotApplicable {
			t.Errorf("%s: %s (%s), want not applicable", id, got.Verdict, got.Message)
		}
	}
}
