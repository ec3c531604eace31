package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// startTimeout is how long an engine may take to answer, stopTimeout how long
// to end after SIGTERM. Both are generous: machines of continuous integration
// are slow and shared.
const (
	startTimeout = time.Minute
	stopTimeout  = 20 * time.Second
)

// Engine is one dockerd of a mini host: the system engine, an additional one,
// or a user's rootless one.
type Engine struct {
	host  *Host
	name  string   // for messages
	argv  []string // how to start it, up to the flags that may change
	flags []string
	env   []string
	sock  string // path of its socket inside
	log   string // path of its log inside

	cmd  *exec.Cmd // nil while it is stopped
	done chan struct{}
	err  error // how it ended; valid once done is closed
	pid  int   // of dockerd, as seen from outside
}

// Start starts a stopped engine and waits until it answers, or until it says
// that it listens where it has no unix socket. Flags, when given, replace
// those it had. An engine that ends instead yields an error with the end of
// its log.
func (e *Engine) Start(ctx context.Context, flags ...string) error {
	if e.cmd != nil {
		return fmt.Errorf("start %s: it runs", e.name)
	}
	if len(flags) > 0 {
		e.flags = flags
	}
	if err := e.launch(); err != nil {
		return fmt.Errorf("start %s: %w", e.name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := e.await(ctx); err != nil {
		err = fmt.Errorf("start %s: %w\n%s", e.name, err, tail([]byte(e.Log()), 10))
		return errors.Join(err, e.kill())
	}
	return nil
}

// launch starts the process, its log in a new file.
func (e *Engine) launch() error {
	h := e.host
	if err := h.WriteFile(e.log, "", 0o644); err != nil {
		return err
	}
	log, err := h.root.OpenFile(inRoot(e.log), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	defer log.Close()
	_ = h.root.Remove(inRoot(e.sock)) // of an engine that was killed
	cmd := h.Command(context.Background(), slices.Concat(e.argv, e.flags)...)
	cmd.Env = append(cmd.Env, e.env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	e.cmd, e.done = cmd, make(chan struct{})
	h.enterMu.Lock()
	h.enters = append(h.enters, cmd.Process)
	h.enterMu.Unlock()
	h.waits.Go(func() {
		e.err = cmd.Wait()
		close(e.done)
	})
	return nil
}

// Stop ends the engine as an administrator would, and kills it when that takes
// too long. To stop a stopped engine is no error.
func (e *Engine) Stop(ctx context.Context) error {
	if e.cmd == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	_ = syscall.Kill(e.pid, syscall.SIGTERM)
	select {
	case <-e.done:
		e.cmd, e.pid = nil, 0
		return nil
	case <-ctx.Done():
		return errors.Join(fmt.Errorf("stop %s: %w", e.name, ctx.Err()), e.kill())
	}
}

// Restart stops the engine and starts it, with new flags when given.
func (e *Engine) Restart(ctx context.Context, flags ...string) error {
	if err := e.Stop(ctx); err != nil {
		return err
	}
	return e.Start(ctx, flags...)
}

// kill ends the engine's whole process tree.
func (e *Engine) kill() error {
	for _, pid := range append(descendants(e.cmd.Process.Pid), e.cmd.Process.Pid) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("kill %s: %w", e.name, err)
		}
	}
	<-e.done
	e.cmd, e.pid = nil, 0
	return nil
}

// Sock is the path of the engine's socket, as seen from outside.
func (e *Engine) Sock() string { return filepath.Join(e.host.Root(), e.sock) }

// SockInside is the path of the engine's socket for those in the host.
func (e *Engine) SockInside() string { return e.sock }

// PID is the process id of the engine's dockerd, as seen from outside; 0 while
// it is stopped.
func (e *Engine) PID() int { return e.pid }

// Log is what the engine has written since its last start.
func (e *Engine) Log() string {
	b, _ := e.host.ReadFile(e.log)
	return string(b)
}

// Docker runs the docker client inside against this engine and returns what it
// printed, without the space around it.
func (e *Engine) Docker(ctx context.Context, args ...string) (string, error) {
	return e.docker(ctx, nil, args...)
}

func (e *Engine) docker(ctx context.Context, stdin io.Reader, args ...string) (string, error) {
	out, err := e.host.run(e.host.Command(ctx, slices.Concat([]string{"docker", "-H", "unix://" + e.sock}, args)...), stdin)
	return strings.TrimSpace(out), err
}

// Run starts a container in the background and returns its id.
func (e *Engine) Run(ctx context.Context, args ...string) (string, error) {
	return e.Docker(ctx, slices.Concat([]string{"run", "-d"}, args)...)
}
