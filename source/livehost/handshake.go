package livehost

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/greet"
)

// dialer opens a connection to one address.
type dialer func(ctx context.Context) (net.Conn, error)

// dialAddress is the address at which a listening socket is reached from its
// own host: loopback where it listens on all.
func dialAddress(a netip.AddrPort) netip.AddrPort {
	addr := a.Addr()
	switch {
	case addr.IsUnspecified() && addr.Is4(), addr.Is4In6() && addr.Unmap().IsUnspecified():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), a.Port())
	case addr.IsUnspecified():
		return netip.AddrPortFrom(netip.IPv6Loopback(), a.Port())
	}
	return a
}

// handshake finds out how a TCP listener answers a stranger: plain, and over each
// TLS version, without a client certificate. It sends nothing but GET /_ping.
// An error means that it could not be greeted at all.
func handshake(ctx context.Context, dial dialer) (snapshot.Handshake, error) {
	var h snapshot.Handshake
	plain, err := greetPlain(ctx, dial)
	if err != nil && !errors.Is(err, errNotHTTP) {
		return h, err
	}
	h.Plaintext, h.Anonymous = err == nil, plain == http.StatusOK
	if h.Plaintext {
		return h, nil
	}
	for _, version := range []uint16{tls.VersionTLS13, tls.VersionTLS12, tls.VersionTLS11, tls.VersionTLS10} {
		greetTLS(ctx, dial, version, &h)
	}
	if !h.TLS {
		return h, errors.New(lang.N("it speaks neither HTTP nor TLS"))
	}
	return h, nil
}

var errNotHTTP = errors.New(lang.N("it does not answer plain HTTP"))

// greetPlain returns the status of the answer to a plain GET /_ping. A TLS
// server's complaint about it is no answer.
func greetPlain(ctx context.Context, dial dialer) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, greet.Timeout)
	defer cancel()
	conn, err := dial(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	answer, err := greet.Ping(ctx, conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, err // it accepts and says nothing, so that TLS would only wait again
	}
	if err != nil || answer.WantsTLS {
		return 0, errNotHTTP
	}
	return answer.Status, nil
}

// greetTLS tries one TLS version. With TLS 1.3 a server that demands a
// certificate lets the handshake pass and refuses at the first read, so only
// the answer to GET /_ping tells. A server that refuses after it was asked for
// a certificate, or after it showed its own, does speak the version.
func greetTLS(ctx context.Context, dial dialer, version uint16, h *snapshot.Handshake) {
	ctx, cancel := context.WithTimeout(ctx, greet.Timeout)
	defer cancel()
	conn, err := dial(ctx)
	if err != nil {
		return
	}
	defer conn.Close()
	spoken := false
	config := &tls.Config{
		MinVersion: version, MaxVersion: version,
		InsecureSkipVerify: true, // the certificate is looked at, nothing is entrusted to it
		VerifyConnection: func(cs tls.ConnectionState) error {
			spoken = true
			if len(cs.PeerCertificates) > 0 && h.Certificate == nil {
				h.Certificate = certificateFacts(cs.PeerCertificates[0])
			}
			return nil
		},
		GetClientCertificate: func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if h.ClientCAs == nil {
				h.ClientCAs = subjects(info.AcceptableCAs)
			}
			return &tls.Certificate{}, nil // none
		},
	}
	client := tls.Client(conn, config)
	if err := client.HandshakeContext(ctx); err == nil {
		if answer, err := greet.Ping(ctx, client); err == nil {
			h.Anonymous = h.Anonymous || answer.Status == http.StatusOK
		}
	}
	if spoken {
		h.TLS = true
		h.Versions = append([]string{strings.TrimPrefix(tls.VersionName(version), "TLS ")}, h.Versions...)
	}
}

// subjects decodes the names of the certificate authorities that a server
// accepts client certificates from.
func subjects(raw [][]byte) []string {
	var out []string
	for _, der := range raw {
		var seq pkix.RDNSequence
		if rest, err := asn1.Unmarshal(der, &seq); err != nil || len(rest) > 0 {
			out = append(out, fmt.Sprintf("a name that cannot be decoded (%d bytes)", len(der)))
			continue
		}
		var name pkix.Name
		name.FillFromRDNSequence(&seq)
		out = append(out, name.String())
	}
	return out
}

func certificateFacts(c *x509.Certificate) *snapshot.Certificate {
	out := &snapshot.Certificate{
		Subject: c.Subject.String(), Issuer: c.Issuer.String(),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(),
		KeyType: c.PublicKeyAlgorithm.String(), Signature: c.SignatureAlgorithm.String(),
		Names: c.DNSNames,
	}
	for _, ip := range c.IPAddresses {
		out.Names = append(out.Names, ip.String())
	}
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		out.KeyBits = key.N.BitLen()
	case *ecdsa.PublicKey:
		out.KeyBits = key.Curve.Params().BitSize
	case ed25519.PublicKey:
		out.KeyBits = 8 * len(key)
	}
	out.SelfSigned = string(c.RawIssuer) == string(c.RawSubject) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
	return out
}
