package engineapi_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"seawall/lab"
	"seawall/source/engineapi"
)

// insideCase tells a copy of this test binary, run inside a lab host, what to
// try there.
const insideCase = "SEAWALL_INSIDE"

// runInside runs TestInside in the host, as the command prefix says.
func runInside(t *testing.T, h *lab.TestHost, which string, prefix ...string) {
	t.Helper()
	h.CopyIn(lab.Self(t), "/usr/local/bin/inside", 0o755)
	args := append(prefix, "env", insideCase+"="+which, "/usr/local/bin/inside", "-test.run=^TestInside$", "-test.v")
	out, err := h.Command(t.Context(), args...).CombinedOutput()
	if err != nil {
		t.Errorf("inside: %v\n%s", err, out)
	}
}

// TestInside is what the other tests of this file run in a lab host.
func TestInside(t *testing.T) {
	switch os.Getenv(insideCase) {
	case "tls":
		insideTLS(t)
	case "user":
		wantKind(t, engineapi.Endpoint{Host: "unix:///run/docker.sock"}, engineapi.NotPermitted, "member of the group docker")
	case "member":
		insideConnects(t, engineapi.Endpoint{Host: "unix:///run/docker.sock"})
	default:
		t.Skip("runs inside a lab host only")
	}
}

func insideConnects(t *testing.T, e engineapi.Endpoint) {
	t.Helper()
	c, err := engineapi.Connect(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	out := c.Collect(t.Context())
	value(t, "version", out.Version)
}

func insideTLS(t *testing.T) {
	t.Helper()
	const host = "tcp://127.0.0.1:2376"
	file := func(name string) string { return filepath.Join("/certs", name) }
	good := engineapi.TLS{CA: file("ca.pem"), Cert: file("client.pem"), Key: file("client-key.pem")}
	insideConnects(t, engineapi.Endpoint{Host: host, TLS: &good})
	wantKind(t, engineapi.Endpoint{Host: host}, engineapi.NeedsTLS, "plain HTTP")
	wantKind(t, engineapi.Endpoint{Host: host, TLS: &engineapi.TLS{CA: good.CA}}, engineapi.ClientCertificate, "certificate")
	stranger := engineapi.TLS{CA: good.CA, Cert: file("stranger.pem"), Key: file("stranger-key.pem")}
	wantKind(t, engineapi.Endpoint{Host: host, TLS: &stranger}, engineapi.ClientCertificate, "refuses")
	wrongCA := good
	wrongCA.CA = file("stranger-ca.pem")
	wantKind(t, engineapi.Endpoint{Host: host, TLS: &wrongCA}, engineapi.BadCertificate, "unknown CA")
	wantKind(t, engineapi.Endpoint{Host: "tcp://127.0.0.2:2376", TLS: &good}, engineapi.BadCertificate, "not for")
	unverified := good
	unverified.CA, unverified.SkipVerify = "", true
	insideConnects(t, engineapi.Endpoint{Host: host, TLS: &unverified})
}

func TestTLSOfRealEngines(t *testing.T) {
	for _, version := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(version), func(t *testing.T) {
			h := lab.New(t, lab.Options{
				Version: version, Files: certificates(t),
				Flags: []string{
					"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2376", "--tlsverify",
					"--tlscacert=/certs/ca.pem", "--tlscert=/certs/server.pem", "--tlskey=/certs/server-key.pem",
				},
			})
			runInside(t, h, "tls")
		})
	}
}

func TestSocketPermissionsOfARealEngine(t *testing.T) {
	h := lab.New(t, lab.Options{})
	h.Exec("sh", "-c", "grep -q ^docker: /etc/group || groupadd docker; chgrp docker /run/docker.sock")
	h.AddUser("alice")
	h.AddUser("bob", "docker")
	runInside(t, h, "user", "setpriv", "--reuid=alice", "--regid=alice", "--init-groups")
	runInside(t, h, "member", "setpriv", "--reuid=bob", "--regid=bob", "--init-groups")
}

// certificates makes two CAs: one with a server and a client, and a stranger.
func certificates(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	ca, caKey := certificate(t, files, "ca", nil, nil)
	certificate(t, files, "server", ca, caKey)
	certificate(t, files, "client", ca, caKey)
	other, otherKey := certificate(t, files, "stranger-ca", nil, nil)
	certificate(t, files, "stranger", other, otherKey)
	return files
}

// certificate makes one, signed by the parent or by itself, and puts it and
// its key among the files.
func certificate(t *testing.T, files map[string]string, name string, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	if parent == nil {
		template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
		template.DNSNames, template.IPAddresses = nil, nil
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	files["/certs/"+name+".pem"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	files["/certs/"+name+"-key.pem"] = string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}))
	out, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return out, key
}
