package engineapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"time"

	"seawall/lang"
)

// sshTarget is an ssh:// endpoint.
type sshTarget struct {
	user, host, port string
	socket           string // path of the engine's socket there; "" for its default
}

// parseSSH reads ssh://[USER@]HOST[:PORT][/SOCKET].
func parseSSH(host string) (sshTarget, error) {
	u, err := url.Parse(host)
	if err != nil {
		return sshTarget{}, lang.Errorf("engine URL %q: %w", host, errors.Unwrap(err))
	}
	if _, has := u.User.Password(); has {
		return sshTarget{}, lang.Error("engine URL of scheme ssh: a password in it is not supported")
	}
	t := sshTarget{user: u.User.Username(), host: u.Hostname(), port: u.Port()}
	if strings.Trim(u.Path, "/") != "" {
		t.socket = u.Path
	}
	if t.host == "" || u.RawQuery != "" || u.Fragment != "" {
		return sshTarget{}, lang.Errorf("engine URL %q is not of the form ssh://USER@HOST:PORT", host)
	}
	// ssh takes what starts with a dash for an option, and hands the rest to a
	// shell; nothing that needs quoting belongs in these.
	for _, part := range []string{t.user, t.host, t.socket} {
		if strings.HasPrefix(part, "-") || strings.ContainsAny(part, " \t\n'\"`$\\;&|<>(){}*?!#~") {
			return sshTarget{}, lang.Errorf("engine URL %q: %q has characters that are not allowed there", host, part)
		}
	}
	return t, nil
}

// args are the arguments of ssh: the remote docker connects its standard input
// and output with the engine.
func (t sshTarget) args() []string {
	args := []string{"-o", "ConnectTimeout=30", "-T"}
	if t.user != "" {
		args = append(args, "-l", t.user)
	}
	if t.port != "" {
		args = append(args, "-p", t.port)
	}
	remote := "docker system dial-stdio"
	if t.socket != "" {
		remote = "docker --host unix://" + t.socket + " system dial-stdio"
	}
	return append(args, "--", t.host, remote)
}

// dial starts ssh. The process lives as long as the connection, which outlives
// the request that needed it first.
func (t sshTarget) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	cmd := exec.Command("ssh", t.args()...) //nolint:gosec // arguments are checked in parseSSH
	c := &sshConn{cmd: cmd, target: t}
	var err error
	if c.in, err = cmd.StdinPipe(); err != nil {
		return nil, lang.Errorf("ssh: %w", err)
	}
	if c.out, err = cmd.StdoutPipe(); err != nil {
		return nil, lang.Errorf("ssh: %w", err)
	}
	cmd.Stderr = &c.errors
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, lang.Errorf("ssh: %w", err)
	}
	return c, nil
}

// sshConn is the standard input and output of an ssh process.
type sshConn struct {
	cmd    *exec.Cmd
	target sshTarget
	in     io.WriteCloser
	out    io.ReadCloser
	errors lastBytes
	once   sync.Once
}

// Read reads from the engine. At the end it tells what ssh complained of.
func (c *sshConn) Read(p []byte) (int, error) {
	n, err := c.out.Read(p)
	if err == nil || n > 0 {
		return n, err
	}
	return 0, c.ended(err)
}

// Write writes to the engine.
func (c *sshConn) Write(p []byte) (int, error) {
	n, err := c.in.Write(p)
	if err != nil {
		err = c.ended(err)
	}
	return n, err
}

// ended is the error of a connection that has come to its end: what ssh said,
// or else the given one.
func (c *sshConn) ended(err error) error {
	c.wait(time.Second)
	if said := c.errors.String(); said != "" {
		return &sshError{target: c.target, said: said}
	}
	return err
}

// Close ends ssh and waits for it.
func (c *sshConn) Close() error {
	c.wait(0)
	return nil
}

// wait lets ssh end by itself for a while, then kills it. A connection that
// ssh left to a master process in the background may keep its error output
// open; that is not waited for.
func (c *sshConn) wait(patience time.Duration) {
	c.once.Do(func() {
		c.in.Close() //nolint:errcheck // the process is about to go
		kill := time.AfterFunc(patience, func() {
			c.cmd.Process.Kill() //nolint:errcheck // it may have ended
		})
		defer kill.Stop()
		c.cmd.Wait() //nolint:errcheck // its status tells less than its words
	})
}

// LocalAddr and RemoteAddr name the ends.
func (c *sshConn) LocalAddr() net.Addr { return sshAddr("local") }

// RemoteAddr names the host.
func (c *sshConn) RemoteAddr() net.Addr { return sshAddr(c.target.host) }

// SetDeadline and its like do nothing: a pipe to a process has none, and the
// HTTP client closes the connection of a request that is late.
func (c *sshConn) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (c *sshConn) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (c *sshConn) SetWriteDeadline(time.Time) error { return nil }

type sshAddr string

func (sshAddr) Network() string  { return "ssh" }
func (a sshAddr) String() string { return string(a) }

// lastBytes keeps the end of what is written to it.
type lastBytes struct {
	mu  sync.Mutex
	buf []byte
}

func (l *lastBytes) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf = append(l.buf, p...)
	if over := len(l.buf) - 2000; over > 0 {
		l.buf = l.buf[over:]
	}
	return len(p), nil
}

// String is what is kept.
func (l *lastBytes) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(strings.ToValidUTF8(string(l.buf), ""))
}
