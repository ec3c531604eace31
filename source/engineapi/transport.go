package engineapi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"seawall/lang"
)

// transport makes the connections to an endpoint, and the base URL of its API.
func transport(e Endpoint, connections int) (*http.Transport, string, error) {
	t := &http.Transport{
		MaxIdleConns:        connections,
		MaxIdleConnsPerHost: connections,
		MaxConnsPerHost:     connections,
		IdleConnTimeout:     30 * time.Second,
		DisableCompression:  true,
		// An engine needs no proxy on a socket; for TCP the CLI honours
		// HTTPS_PROXY and its like.
		Proxy: http.ProxyFromEnvironment,
	}
	scheme, rest, _ := strings.Cut(e.Host, "://")
	switch scheme {
	case "unix":
		t.Proxy = nil
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", rest)
		}
		return t, "http://engine", nil
	case "ssh":
		target, err := parseSSH(e.Host)
		if err != nil {
			return nil, "", err
		}
		t.Proxy = nil
		// Each connection is an ssh of its own.
		t.MaxConnsPerHost, t.MaxIdleConns, t.MaxIdleConnsPerHost = 1, 1, 1
		t.DialContext = target.dial
		return t, "http://engine", nil
	}
	if e.TLS == nil && scheme != "https" {
		return t, "http://" + rest, nil
	}
	config, err := tlsConfig(e.TLS)
	if err != nil {
		return nil, "", err
	}
	t.TLSClientConfig = config
	return t, "https://" + rest, nil
}

// tlsConfig loads the files of a TLS connection.
func tlsConfig(t *TLS) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if t == nil {
		return config, nil
	}
	config.InsecureSkipVerify = t.SkipVerify //nolint:gosec // asked for by the user's settings
	if t.CA != "" {
		pem, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, lang.Errorf("CA certificate: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, lang.Errorf("CA certificate: there is none in %s", t.CA)
		}
	}
	if t.Cert != "" && t.Key != "" {
		pair, err := tls.LoadX509KeyPair(t.Cert, t.Key)
		if err != nil {
			return nil, lang.Errorf("client certificate %s with key %s: %w", t.Cert, t.Key, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}
