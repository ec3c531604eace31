package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
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

// authority is a certificate authority of a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(name string) (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	return authority{key: key, cert: &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}}, nil
}

// write writes the authority's own certificate.
func (a authority) write(h *lab.Host, file string) error {
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, a.key.Public(), a.key)
	return errors.Join(err, writePEM(h, file, "CERTIFICATE", der, 0o444))
}

// issue writes a certificate with this time left, and its key, as dir/cert.pem
// and dir/key.pem. It is for servers at the host's addresses and for clients.
func (a authority) issue(h *lab.Host, dir string, left time.Duration) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "lab"},
		NotBefore: time.Now().AddDate(0, 0, -30), NotAfter: time.Now().Add(left),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.ParseIP(lab.HostAddr)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err1 := x509.CreateCertificate(rand.Reader, cert, a.cert, key.Public(), a.key)
	keyDER, err2 := x509.MarshalPKCS8PrivateKey(key)
	return errors.Join(err1, err2,
		writePEM(h, dir+"/cert.pem", "CERTIFICATE", der, 0o444),
		writePEM(h, dir+"/key.pem", "PRIVATE KEY", keyDER, 0o400))
}

func writePEM(h *lab.Host, name, kind string, der []byte, mode os.FileMode) error {
	return h.WriteFile(name, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})), mode)
}

const ninetyDays = 90 * 24 * time.Hour

// certificates writes an authority and a server's certificate into /etc/tls.
func certificates(_ context.Context, h *lab.Host) error {
	a, err := newAuthority("lab CA")
	if err != nil {
		return err
	}
	return errors.Join(a.write(h, "/etc/tls/ca.pem"), a.issue(h, "/etc/tls", ninetyDays))
}
