package vm

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Outcome is what a script gave.
type Outcome struct {
	Code           int
	Stdout, Stderr string
}

// agent speaks with the agent in the guest (guest/agent.sh).
type agent struct {
	mu   sync.Mutex // one script at a time
	conn net.Conn
	in   *bufio.Reader
}

func newAgent(f *os.File) (*agent, error) {
	defer f.Close()
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, err
	}
	return &agent{conn: conn, in: bufio.NewReader(conn)}, nil
}

// ready waits for the guest to have booted.
func (a *agent) ready(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.limit(ctx)()
	line, err := a.in.ReadString('\n')
	if err == nil && line != "ready\n" {
		err = fmt.Errorf("the agent says %q", line)
	}
	return ended(ctx, "wait for the agent", err)
}

// Script runs a script of sh -eu as root in the guest, in /, and returns its
// outcome. What it leaves running goes on. Where ctx ends before the script
// does, the machine is of no further use.
func (m *Machine) Script(ctx context.Context, script string) (Outcome, error) {
	a := m.agent
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.limit(ctx)()
	out, err := a.script(script)
	return out, ended(ctx, "run a script in "+m.image.String(), err)
}

func (a *agent) script(script string) (out Outcome, err error) {
	if _, err := fmt.Fprintf(a.conn, "%d\n%s", len(script), script); err != nil {
		return out, err
	}
	var nOut, nErr int
	if _, err := fmt.Fscanf(a.in, "%d %d %d\n", &out.Code, &nOut, &nErr); err != nil {
		return out, err
	}
	both := make([]byte, nOut+nErr)
	if _, err := io.ReadFull(a.in, both); err != nil {
		return out, err
	}
	out.Stdout, out.Stderr = string(both[:nOut]), string(both[nOut:])
	return out, nil
}

// limit makes reads and writes end with ctx, until the returned function is
// called.
func (a *agent) limit(ctx context.Context) (release func()) {
	stop := context.AfterFunc(ctx, func() { a.conn.SetDeadline(time.Now()) })
	return func() { stop() }
}

// ended wraps an error, which is the context's own where that ended.
func ended(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// log keeps the end of what is written to it.
type log struct {
	mu   sync.Mutex
	data []byte
}

// logSize is how much of a machine's console is kept.
const logSize = 16 << 10

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.data = append(l.data, p...)
	if extra := len(l.data) - logSize; extra > 0 {
		l.data = l.data[extra:]
	}
	return len(p), nil
}

// String is what was kept.
func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.data)
}
