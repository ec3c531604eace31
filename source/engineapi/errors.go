package engineapi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"os"
	"os/user"
	"strconv"
	"strings"
	"syscall"

	"seawall/lang"
	"seawall/snapshot"
)

// Kind says why an engine could not be reached.
type Kind string

// The kinds of a [ConnectError].
const (
	NoEngine          Kind = "no-engine"          // nothing listens there
	NotPermitted      Kind = "not-permitted"      // the socket's permissions forbid it
	NeedsTLS          Kind = "needs-tls"          // plain HTTP sent to a TLS server
	NoTLS             Kind = "no-tls"             // TLS sent to a plain HTTP server
	BadCertificate    Kind = "bad-certificate"    // the server's certificate does not hold
	UnknownHost       Kind = "unknown-host"       // ssh does not know the host's key, or another
	ClientCertificate Kind = "client-certificate" // the server wants another client certificate, or one at all
	NotDocker         Kind = "not-docker"         // something else answers there
	TooOld            Kind = "too-old"            // an engine older than 19.03
	TimedOut          Kind = "timed-out"          // it accepted and did not answer
	Broken            Kind = "failed"             // anything else
)

// ConnectError is why an engine could not be reached, and what to do.
type ConnectError struct {
	Host   string
	Kind   Kind
	Remedy string // in the imperative; "" if there is nothing to say
	Err    error
}

// Error is one line: what, where, why, and what to do.
func (e *ConnectError) Error() string {
	return e.line(lang.Reword)
}

// Untranslated is the line in English.
func (e *ConnectError) Untranslated() string {
	return e.line(func(text string) string { return text })
}

func (e *ConnectError) line(say func(string) string) string {
	text := say(e.detail())
	if e.Remedy != "" {
		text += "; " + say(e.Remedy)
	}
	return text
}

func (e *ConnectError) detail() string {
	return lang.Recordf("engine at %s: %s", e.Host, lang.Untranslated(e.Err))
}

// Unwrap returns the cause.
func (e *ConnectError) Unwrap() error { return e.Err }

// Gap is the error as the gap of an engine that could not be read.
func (e *ConnectError) Gap() snapshot.Gap {
	g := snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: e.detail(), Remedy: e.Remedy}
	switch e.Kind {
	case NotPermitted, ClientCertificate:
		g.Reason = snapshot.ReasonPermission
	case TimedOut:
		g.Reason = snapshot.ReasonTimeout
	case TooOld:
		g.Reason = snapshot.ReasonUnsupported
	}
	return g
}

// fault is what a failure comes to.
type fault struct {
	kind   Kind
	why    error
	remedy string
}

// connectError finds out what kind of failure the first request met.
func connectError(e Endpoint, err error) *ConnectError {
	f := classify(e, err)
	return &ConnectError{Host: e.Host, Kind: f.kind, Err: f.why, Remedy: f.remedy}
}

func classify(e Endpoint, err error) fault {
	start := lang.N("start the engine, or name it with --host or --context")
	var notDocker *notDockerError
	var dns *net.DNSError
	var ssh *sshError
	var refused *statusError
	switch {
	case errors.As(err, &ssh):
		return ssh.fault()
	case errors.As(err, &refused):
		return fault{NotPermitted, refused, lang.N("let the engine's authorization plugin, or the proxy before it, allow GET requests")}
	case errors.As(err, &notDocker) && strings.Contains(notDocker.text, "HTTP request to an HTTPS server"):
		return fault{NeedsTLS, errors.New(lang.N("it speaks TLS, and the request was plain HTTP")), lang.N("use --tlsverify with --tlscacert, --tlscert and --tlskey")}
	case errors.As(err, &notDocker):
		return fault{NotDocker, notDocker, lang.N("check the address: is it the engine's?")}
	case errors.Is(err, fs.ErrPermission):
		return fault{NotPermitted, errors.New(lang.N("permission denied")), permissionRemedy(e)}
	case errors.Is(err, fs.ErrNotExist):
		return fault{NoEngine, errors.New(lang.N("there is no such socket")), start}
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault{NoEngine, errors.New(lang.N("nothing listens there")), start}
	case errors.As(err, &dns):
		return fault{NoEngine, lang.RecordErrorf("the name %s does not resolve", dns.Name), lang.N("check the address")}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return fault{TimedOut, errors.New(lang.N("no answer within the deadline")), lang.N("check whether the engine is alive: docker version")}
	}
	return classifyTLS(err)
}

// classifyTLS recognises the failures of a TLS handshake. The server's refusal
// of a client without certificate comes as an alert; with TLS 1.3 not before
// the first read.
func classifyTLS(err error) fault {
	var record tls.RecordHeaderError
	var verification *tls.CertificateVerificationError
	var alert tls.AlertError
	switch {
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return fault{NoTLS, errors.New(lang.N("it does not speak TLS, and TLS was asked for")), lang.N("leave out --tls and --tlsverify, or check the port: TLS is usually on 2376")}
	case errors.As(err, &verification):
		return fault{BadCertificate, certificateFault(verification.Err), lang.N("name the right CA with --tlscacert, and the server by a name of its certificate")}
	case errors.As(err, &alert), strings.Contains(err.Error(), "remote error: tls:"):
		return fault{ClientCertificate, lang.RecordErrorf("it refuses the client's certificate, or asks for one (%s)", tlsAlert(err)), lang.N("give one that its CA has signed: --tlscert and --tlskey")}
	}
	return fault{Broken, err, ""}
}

// certificateFault says in a few words what is wrong with a certificate.
func certificateFault(err error) error {
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &authority):
		return errors.New(lang.N("its certificate is signed by an unknown CA"))
	case errors.As(err, &hostname):
		return lang.RecordErrorf("its certificate is not for %s", hostname.Host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return errors.New(lang.N("its certificate has expired or is not valid yet"))
	}
	return lang.RecordErrorf("its certificate does not hold: %w", err)
}

// tlsAlert is what the server said, without what Go put around it.
func tlsAlert(err error) string {
	text := err.Error()
	if _, said, found := strings.Cut(text, "tls: "); found {
		return said
	}
	return text
}

// permissionRemedy names the group that the socket lets in.
func permissionRemedy(e Endpoint) string {
	path, isSocket := strings.CutPrefix(e.Host, "unix://")
	info, err := os.Stat(path)
	if !isSocket || err != nil {
		return lang.N("run as root, or as a user who may use this engine")
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || info.Mode().Perm()&0o060 != 0o060 {
		return lang.N("run as root: the socket's mode lets no group in")
	}
	group := strconv.FormatUint(uint64(stat.Gid), 10)
	if g, err := user.LookupGroupId(group); err == nil {
		group = g.Name
	}
	return lang.Recordf("run as root, or as a member of the group %s (which is as good as root)", group)
}

// notDockerError is an answer that no engine gives.
type notDockerError struct {
	status int
	text   string
}

func (e *notDockerError) Error() string {
	if e.status == 0 {
		return lang.Recordf("it does not answer as an engine does: %s", e.text)
	}
	return lang.Recordf("it does not answer as an engine does: HTTP status %d", e.status)
}
