package engineapi

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"seawall/lang"
)

// Endpoint is where an engine is and how to get in.
type Endpoint struct {
	// Host is a URL of scheme unix, tcp, http, https or ssh:
	// "unix:///var/run/docker.sock".
	Host string
	// TLS is nil where the connection has none.
	TLS *TLS
	// FoundBy says what named the endpoint: "--host", "DOCKER_HOST",
	// "context prod", "default".
	FoundBy string
	// Explicit: a flag or an environment variable named it, not a default.
	Explicit bool
	// Context is the CLI context it comes from; "" if none.
	Context string
	// APIVersion is the version to speak (DOCKER_API_VERSION); "" to negotiate.
	APIVersion string
	// Headers are sent with every request (HttpHeaders of config.json). They may
	// hold credentials.
	Headers map[string]string
}

// TLS are the files of a TLS connection. Those that are "" play no part.
type TLS struct {
	CA, Cert, Key string
	// SkipVerify: the server's certificate is not verified.
	SkipVerify bool
}

// Options are the global flags of the Docker CLI, and where to look.
type Options struct {
	Host    string // -H, --host
	Context string // -c, --context
	TLS     bool   // --tls
	// TLSVerify is --tlsverify; nil if the flag was not given.
	TLSVerify                  *bool
	TLSCACert, TLSCert, TLSKey string
	ConfigDir                  string // --config
	Getenv                     func(string) string
}

// The paths that the Docker CLI assumes.
const (
	DefaultSocket = "/var/run/docker.sock"
	defaultTLS    = "tcp://localhost:2376"
)

// Resolve finds the endpoint as the Docker CLI does (docker/cli,
// cli/command/cli.go): --host, else --context, else DOCKER_HOST, else
// DOCKER_CONTEXT, else the current context of config.json, else the default
// socket.
func Resolve(o Options) (Endpoint, error) {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Host != "" && o.Context != "" {
		return Endpoint{}, lang.Error("--host and --context exclude each other")
	}
	dir := o.configDir()
	config, err := readConfig(dir)
	if err != nil {
		return Endpoint{}, err
	}
	e, err := o.resolve(dir, config)
	if err != nil {
		return Endpoint{}, err
	}
	e.APIVersion = o.Getenv("DOCKER_API_VERSION")
	e.Headers = config.HTTPHeaders
	return e, nil
}

func (o Options) resolve(dir string, config cliConfig) (Endpoint, error) {
	fromEnv, envContext := o.Getenv("DOCKER_HOST"), o.Getenv("DOCKER_CONTEXT")
	switch {
	case o.Context != "":
		return o.fromContext(dir, o.Context, "--context "+o.Context, true)
	case o.Host != "":
		return o.fromHost(o.Host, "--host", true)
	case fromEnv != "":
		return o.fromHost(fromEnv, "DOCKER_HOST", true)
	case envContext != "":
		return o.fromContext(dir, envContext, "DOCKER_CONTEXT="+envContext, true)
	case config.CurrentContext != "":
		return o.fromContext(dir, config.CurrentContext, "context "+config.CurrentContext, false)
	}
	return o.fromHost("", "default", false)
}

// fromHost makes an endpoint of a URL and the TLS flags. An empty URL is the
// default socket, or with TLS the default TCP port.
func (o Options) fromHost(host, foundBy string, explicit bool) (Endpoint, error) {
	tls := o.tls()
	if host == "" && tls != nil {
		host = defaultTLS
	}
	url, err := parseHost(host)
	if err != nil {
		return Endpoint{}, fmt.Errorf("%s: %w", foundBy, err)
	}
	e := Endpoint{Host: url, FoundBy: foundBy, Explicit: explicit}
	if !overSocket(url) {
		e.TLS = tls
	}
	return e, nil
}

// fromContext makes an endpoint of a context. "default" is the one that the
// host flags and variables make.
func (o Options) fromContext(dir, name, foundBy string, explicit bool) (Endpoint, error) {
	if name == defaultContext {
		return o.fromHost(o.Getenv("DOCKER_HOST"), foundBy, explicit)
	}
	meta, err := readContext(dir, name)
	if err != nil {
		return Endpoint{}, err
	}
	url, err := parseHost(meta.Host)
	if err != nil {
		return Endpoint{}, lang.Errorf("context %s: %w", name, err)
	}
	e := Endpoint{Host: url, FoundBy: foundBy, Explicit: explicit, Context: name}
	if !overSocket(url) {
		e.TLS = contextTLS(dir, name, meta.SkipTLSVerify)
	}
	return e, nil
}

// tls puts the TLS flags and variables together. It is nil without any.
func (o Options) tls() *TLS {
	verify := o.Getenv("DOCKER_TLS_VERIFY") != ""
	given := o.TLS || verify || o.Getenv("DOCKER_TLS") != ""
	if o.TLSVerify != nil {
		verify, given = *o.TLSVerify, true
	}
	if !given {
		return nil
	}
	dir := cmp.Or(o.Getenv("DOCKER_CERT_PATH"), o.configDir())
	return &TLS{
		CA:         cmp.Or(o.TLSCACert, existing(filepath.Join(dir, "ca.pem"))),
		Cert:       cmp.Or(o.TLSCert, existing(filepath.Join(dir, "cert.pem"))),
		Key:        cmp.Or(o.TLSKey, existing(filepath.Join(dir, "key.pem"))),
		SkipVerify: !verify,
	}
}

// existing returns the path, or "" if there is nothing there.
func existing(path string) string {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return ""
	}
	return path
}

// configDir is the CLI's configuration directory.
func (o Options) configDir() string {
	if dir := cmp.Or(o.ConfigDir, o.Getenv("DOCKER_CONFIG")); dir != "" {
		return dir
	}
	home := o.Getenv("HOME")
	if home == "" {
		home, _ = os.UserHomeDir()
	}
	return filepath.Join(home, ".docker")
}
