package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// Host is a mini host that runs. Its methods may be used from several
// goroutines, except those that start and stop engines.
type Host struct {
	opts     Options
	dir      string // in the cache: lock, init script, mount point
	lock     *os.File
	cgroups  cgroups
	init     *exec.Cmd
	lifeline *os.File // init lives until this is closed
	root     *os.Root
	engine   *Engine
	extra    int // additional engines so far

	neighbour     *exec.Cmd // nil without Options.LAN
	neighbourLine *os.File

	waits   sync.WaitGroup // one for each engine that runs
	enterMu sync.Mutex
	enters  []*os.Process // the nsenters that engines were started by
	stop    sync.Once
	stopErr error
}

// StartHost starts a mini host and, unless told otherwise, its engine. It
// builds the base first if that is missing, and removes what dead owners left.
// The host lives until Stop, or until this process ends, however it ends; ctx
// only limits the start. On an error nothing is left.
func StartHost(ctx context.Context, opts Options) (*Host, error) {
	opts = opts.withDefaults()
	base, err := prepare(ctx, opts.Version, opts.Extras)
	if err != nil {
		return nil, err
	}
	h, err := newHost(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("start host %s: %w", opts.Hostname, err)
	}
	if err := h.start(ctx, base); err != nil {
		return nil, errors.Join(fmt.Errorf("start host %s: %w", opts.Hostname, err), h.Stop())
	}
	return h, nil
}

// newHost sweeps, then makes and locks the directory of a new host.
func newHost(ctx context.Context, opts Options) (*Host, error) {
	if err := os.MkdirAll(hostsDir(), 0o755); err != nil {
		return nil, err
	}
	all, err := lock(ctx, filepath.Join(hostsDir(), ".lock"))
	if err != nil {
		return nil, err
	}
	defer all.Close()
	if err := sweep(); err != nil {
		return nil, fmt.Errorf("sweep what dead owners left: %w", err)
	}
	dir, err := os.MkdirTemp(hostsDir(), "host-")
	if err != nil {
		return nil, err
	}
	l, err := tryLock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	h := &Host{opts: opts, dir: dir, lock: l}
	h.engine = &Engine{
		host: h, name: "dockerd", argv: []string{"dockerd"}, flags: opts.Flags,
		sock: "/run/docker.sock", log: "/var/log/dockerd.log",
	}
	return h, nil
}

// start brings up namespaces, files and engine of a new host.
func (h *Host) start(ctx context.Context, base string) error {
	if err := h.startInit(ctx, base); err != nil {
		return err
	}
	if err := h.adaptRuntime(); err != nil {
		return err
	}
	if h.opts.LAN {
		if err := h.startNeighbour(ctx); err != nil {
			return err
		}
	}
	if h.opts.DaemonJSON != "" {
		if err := h.WriteFile("/etc/docker/daemon.json", h.opts.DaemonJSON, 0o644); err != nil {
			return err
		}
	}
	for path, content := range h.opts.Files {
		if err := h.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	if h.opts.Prepare != nil {
		if err := h.opts.Prepare(ctx, h); err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
	}
	if h.opts.NoEngine {
		return nil
	}
	return h.engine.Start(ctx)
}

// Stop ends everything inside and removes every trace outside. The engines
// get no time to shut down: their state goes with them. Further calls return
// what the first did.
func (h *Host) Stop() error {
	h.stop.Do(func() { h.stopErr = h.teardown() })
	return h.stopErr
}

func (h *Host) teardown() error {
	if h.root != nil {
		h.root.Close()
	}
	if h.init != nil {
		h.lifeline.Close()
		h.init.Process.Kill()
		h.wake()
		h.init.Wait() // returns once the pid namespace is empty
	}
	h.stopNeighbour()
	var errs []error
	for _, dir := range h.cgroups.dirs {
		errs = append(errs, removeCgroup(dir))
	}
	h.waits.Wait()                   // they are dead by now
	if errors.Join(errs...) == nil { // else a sweeper tries again
		errs = append(errs, discard(h.dir))
	}
	return errors.Join(append(errs, h.lock.Close())...)
}

// wake continues nsenters that stopped together with an engine that a test had
// stopped: the pid namespace is empty only when they have reaped it.
func (h *Host) wake() {
	h.enterMu.Lock()
	defer h.enterMu.Unlock()
	for _, p := range h.enters {
		_ = p.Signal(syscall.SIGCONT) // most have ended
	}
}

// InitPID is the process id of the host's init, as seen from outside.
func (h *Host) InitPID() int { return h.init.Process.Pid }

// Root is the host's root directory, as seen from outside. Absolute symbolic
// links below it lead to the machine's own files: use real paths (/run, not
// /var/run).
func (h *Host) Root() string { return "/proc/" + strconv.Itoa(h.InitPID()) + "/root" }

// Sock is the path of the system engine's socket, as seen from outside.
func (h *Host) Sock() string { return h.engine.Sock() }

// DaemonPID is the process id of the system engine's dockerd, as seen from
// outside; 0 while it is stopped.
func (h *Host) DaemonPID() int { return h.engine.PID() }

// Engine is the system engine, running or not.
func (h *Host) Engine() *Engine { return h.engine }

// Version is the engine release asked for.
func (h *Host) Version() Version { return h.opts.Version }
