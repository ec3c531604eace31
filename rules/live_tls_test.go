package rules_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"time"

	"seawall/lab"
)

// tlsFlags makes an engine listen with the files of certificates.
func tlsFlags(address, verify string) []string {
	return []string{"-H", "unix:///run/docker.sock", "-H", "tcp://" + address, verify,
		"--tlscacert", "/etc/tls/ca.pem", "--tlscert", "/etc/tls/cert.pem", "--tlskey", "/etc/tls/key.pem"}
}

// certificates writes a CA and a server certificate with this time left.
func certificates(left time.Duration) func(context.Context, *lab.Host) error {
	return certificatesOf(left, func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) })
}

// weakCertificates are like certificates, with a key that is too short.
func weakCertificates(left time.Duration) func(context.Context, *lab.Host) error {
	return certificatesOf(left, func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 1024) })
}

func certificatesOf(left time.Duration, newKey func() (crypto.Signer, error)) func(context.Context, *lab.Host) error {
	return func(_ context.Context, h *lab.Host) error {
		key, err := newKey()
		if err != nil {
			return err
		}
		now := time.Now()
		ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "lab CA"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
		server := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "lab"}, NotBefore: now.AddDate(0, 0, -30), NotAfter: now.Add(left),
			IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
		caDER, err1 := x509.CreateCertificate(rand.Reader, ca, ca, key.Public(), key)
		serverDER, err2 := x509.CreateCertificate(rand.Reader, server, ca, key.Public(), key)
		keyDER, err3 := x509.MarshalPKCS8PrivateKey(key)
		return errors.Join(err1, err2, err3,
			writePEM(h, "/etc/tls/ca.pem", "CERTIFICATE", caDER, 0o444),
			writePEM(h, "/etc/tls/cert.pem", "CERTIFICATE", serverDER, 0o444),
			writePEM(h, "/etc/tls/key.pem", "PRIVATE KEY", keyDER, 0o400))
	}
}

// registryCertificates writes an expired CA with a short key, and a client
// certificate without its key, for a registry.
func registryCertificates(_ context.Context, h *lab.Host) error {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		return err
	}
	now := time.Now()
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "registry CA"}, NotBefore: now.AddDate(-2, 0, 0), NotAfter: now.AddDate(-1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, key.Public(), key)
	const dir = "/etc/docker/certs.d/registry.example:5000/"
	return errors.Join(err, writePEM(h, dir+"ca.crt", "CERTIFICATE", der, 0o444), writePEM(h, dir+"client.cert", "CERTIFICATE", der, 0o444))
}

func writePEM(h *lab.Host, name, kind string, der []byte, mode os.FileMode) error {
	return h.WriteFile(name, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})), mode)
}
