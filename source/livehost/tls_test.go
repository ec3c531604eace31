package livehost

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"seawall/lab"
	"seawall/snapshot"
)

func TestTLSListeners(t *testing.T) {
	h := lab.New(t, lab.Options{NoEngine: true})
	copyIn(t, h)
	writeCerts(t, h)
	material := []string{"--tlscacert", "/etc/docker/ca.pem", "--tlscert", "/etc/docker/cert.pem", "--tlskey", "/etc/docker/key.pem"}
	sockets := []string{"-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2376"}
	certificate := &snapshot.Certificate{
		Subject: "CN=labhost", Issuer: "CN=lab CA", KeyType: "ECDSA", KeyBits: 256, Signature: "ECDSA-SHA256",
		Names: []string{"labhost", "127.0.0.1"},
	}
	tests := []struct {
		name string
		on   []string
		want snapshot.Handshake
	}{
		{"clients verified", []string{"--tlsverify"}, snapshot.Handshake{TLS: true, Versions: []string{"1.2", "1.3"}, ClientCAs: []string{"CN=lab CA"}, Certificate: certificate}},
		{"tls alone verifies too", []string{"--tls"}, snapshot.Handshake{TLS: true, Versions: []string{"1.2", "1.3"}, ClientCAs: []string{"CN=lab CA"}, Certificate: certificate}},
		{"anyone", []string{"--tls", "--tlsverify=false"}, snapshot.Handshake{TLS: true, Anonymous: true, Versions: []string{"1.2", "1.3"}, Certificate: certificate}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.StartDaemon(slices.Concat(tt.on, material, sockets)...)
			defer h.StopDaemon()
			e := only(t, collectAs(t, h, "all"))
			unexpectedGaps(t, e)
			got := value(t, findListener(t, e, "tcp://127.0.0.1:2376").Handshake)
			if diff := cmp.Diff(tt.want, got, cmpopts.IgnoreFields(snapshot.Certificate{}, "NotBefore", "NotAfter")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if verify := value(t, e.Settings.TLSVerify); verify == got.Anonymous {
				t.Errorf("tlsverify in force %v, but a stranger is served: %v", verify, got.Anonymous)
			}
			if i := slices.IndexFunc(value(t, e.Daemon.Files), func(f snapshot.File) bool { return f.Role == snapshot.RoleTLSKey && f.Mode == 0o604 }); i < 0 {
				t.Error("the key is not among the files")
			}
		})
	}
	t.Run("TLS without a host", func(t *testing.T) {
		h.StartDaemon(slices.Concat([]string{"--tls"}, material)...)
		defer h.StopDaemon()
		e := only(t, collectAs(t, h, "all"))
		t.Log(e.Name, listenerNames(t, e), show(e.API), e.API.Gap(), show(e.Settings.Hosts))
	})
}
