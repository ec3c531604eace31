package lab

import (
	"context"
	"os"
	"testing"
)

// TestHost is a Host of a test. Its methods without an error fail the test
// instead, and take the test's context.
type TestHost struct {
	*Host
	t testing.TB
}

// New starts a mini host for a test and stops it when the test ends. When the
// test has failed, the end of the engine's log is in its output. Where hosts
// cannot run, New skips the test and says so; with CI=true in the environment
// it fails it, so that no pipeline passes without them.
func New(t testing.TB, opts Options) *TestHost {
	t.Helper()
	Require(t, opts.withDefaults().Version)
	h, err := StartHost(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() && !opts.NoEngine {
			t.Logf("end of the log of %s in %s:\n%s", h.engine.name, h.opts.Hostname, tail([]byte(h.engine.Log()), 15))
		}
		if err := h.Stop(); err != nil {
			t.Errorf("stop %s: %v", h.opts.Hostname, err)
		}
	})
	return &TestHost{Host: h, t: t}
}

// Require skips the test, or fails it when CI=true, unless this machine can
// run hosts of these versions.
func Require(t testing.TB, versions ...Version) {
	t.Helper()
	for _, v := range versions {
		if err := Available(v); err != nil {
			unavailable(t, err)
		}
	}
}

// RequireRootless skips the test, or fails it when CI=true, unless this machine
// can run rootless engines.
func RequireRootless(t testing.TB) {
	t.Helper()
	if err := RootlessAvailable(); err != nil {
		unavailable(t, err)
	}
}

// unavailable fails the test in a pipeline and skips it elsewhere.
func unavailable(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Skipf("NOT RUN: %v", err)
}

// must returns out, or fails the test with err.
func (h *TestHost) must(out string, err error) string {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// ctx is the test's context; in a cleanup, when that has ended, one without
// an end.
func (h *TestHost) ctx() context.Context {
	if ctx := h.t.Context(); ctx.Err() == nil {
		return ctx
	}
	return context.WithoutCancel(h.t.Context())
}

// Exec runs a command inside and returns its standard output.
func (h *TestHost) Exec(args ...string) string {
	h.t.Helper()
	return h.must(h.Host.Exec(h.ctx(), args...))
}

// Docker runs the docker client against the system engine and returns what it
// printed, without the space around it.
func (h *TestHost) Docker(args ...string) string {
	h.t.Helper()
	return h.must(h.engine.Docker(h.ctx(), args...))
}

// Run starts a container in the background and returns its id.
func (h *TestHost) Run(args ...string) string {
	h.t.Helper()
	return h.must(h.engine.Run(h.ctx(), args...))
}

// WriteFile writes a file inside.
func (h *TestHost) WriteFile(path, content string, mode os.FileMode) {
	h.t.Helper()
	h.must("", h.Host.WriteFile(path, content, mode))
}

// CopyIn copies a file of the machine into the host.
func (h *TestHost) CopyIn(src, dst string, mode os.FileMode) {
	h.t.Helper()
	h.must("", h.Host.CopyIn(src, dst, mode))
}

// StartDaemon starts the system engine; flags replace those it had.
func (h *TestHost) StartDaemon(flags ...string) {
	h.t.Helper()
	h.must("", h.engine.Start(h.ctx(), flags...))
}

// StopDaemon stops the system engine.
func (h *TestHost) StopDaemon() {
	h.t.Helper()
	h.must("", h.engine.Stop(h.ctx()))
}

// RestartDaemon restarts the system engine; flags replace those it had.
func (h *TestHost) RestartDaemon(flags ...string) {
	h.t.Helper()
	h.must("", h.engine.Restart(h.ctx(), flags...))
}

// ImportImage makes an image in the system engine.
func (h *TestHost) ImportImage(img Image) {
	h.t.Helper()
	h.must("", h.engine.ImportImage(h.ctx(), img))
}

// ImportBusybox makes lab/busybox:1 in the system engine and returns that name.
func (h *TestHost) ImportBusybox() string {
	h.t.Helper()
	return h.must(h.engine.ImportBusybox(h.ctx()))
}

// ImportServer makes the image of a real server in the system engine and
// returns its name.
func (h *TestHost) ImportServer(s Server) string {
	h.t.Helper()
	img, err := ServerImage(h.ctx(), s)
	h.must("", err)
	h.ImportImage(img)
	return img.Ref
}

// ImportWorkloads makes the images of workloads in the system engine.
func (h *TestHost) ImportWorkloads() {
	h.t.Helper()
	h.must("", h.engine.ImportWorkloads(h.ctx()))
}

// ImportSleep makes lab/sleep:1 in the system engine and returns that name.
func (h *TestHost) ImportSleep() string {
	h.t.Helper()
	return h.must(h.engine.ImportSleep(h.ctx()))
}

// StartEngine starts an additional engine: see [Host.StartEngine].
func (h *TestHost) StartEngine(name, daemonJSON string, flags ...string) *Engine {
	h.t.Helper()
	e, err := h.Host.StartEngine(h.ctx(), name, daemonJSON, flags...)
	h.must("", err)
	return e
}

// StartRootless starts a rootless engine of a user, or skips the test where
// the machine does not let it: see [Host.StartRootless].
func (h *TestHost) StartRootless(user string, flags ...string) *Engine {
	h.t.Helper()
	RequireRootless(h.t)
	e, err := h.Host.StartRootless(h.ctx(), user, flags...)
	h.must("", err)
	return e
}

// AddUser makes an ordinary user and returns the user id.
func (h *TestHost) AddUser(name string, groups ...string) string {
	h.t.Helper()
	return h.must(h.Host.AddUser(h.ctx(), name, groups...))
}
