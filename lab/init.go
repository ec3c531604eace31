package lab

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed init.sh
var initScript string

// startInit starts process 1 and waits until it has pivoted into its root.
func (h *Host) startInit(ctx context.Context, base string) error {
	if err := h.makeCgroups(); err != nil {
		return err
	}
	work, script := filepath.Join(h.dir, "work"), filepath.Join(h.dir, "init.sh")
	if err := errors.Join(os.Mkdir(work, 0o755), os.WriteFile(script, []byte(initScript), 0o755)); err != nil {
		return err
	}
	logfile, err := os.Create(filepath.Join(h.dir, "init.log"))
	if err != nil {
		return err
	}
	defer logfile.Close()
	cmd := exec.Command("/bin/sh", script)
	cmd.Env = []string{
		"BASE=" + base, "DIR=" + h.dir, "NAME=" + h.opts.Hostname,
		"CGROUPS=" + strings.Join(h.cgroups.dirs, " "), "MOUNTS=" + h.cgroups.mounts,
	}
	cmd.Stdout, cmd.Stderr = logfile, logfile
	ready, err := h.spawn(cmd)
	if err != nil {
		return fmt.Errorf("start init: %w", err)
	}
	defer ready.Close()
	if err := awaitReady(ctx, ready); err != nil {
		out, _ := os.ReadFile(logfile.Name())
		return fmt.Errorf("set up namespaces: %w\n%s", err, tail(out, 10))
	}
	if h.root, err = os.OpenRoot(h.Root()); err != nil {
		return fmt.Errorf("open the root: %w", err)
	}
	return nil
}

// spawn starts init in new namespaces, on a lifeline, and returns the pipe that
// it reports on.
func (h *Host) spawn(cmd *exec.Cmd) (*os.File, error) {
	stdin, lifeline, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	ready, report, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, lifeline.Close())
	}
	defer report.Close()
	cmd.Stdin, cmd.ExtraFiles = stdin, []*os.File{report}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setsid: true,
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET |
			syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
	}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, lifeline.Close(), ready.Close())
	}
	h.init, h.lifeline = cmd, lifeline
	return ready, nil
}

// awaitReady reads init's word that it is in its own root.
func awaitReady(ctx context.Context, ready *os.File) error {
	defer context.AfterFunc(ctx, func() { ready.SetReadDeadline(time.Unix(1, 0)) })()
	b, err := io.ReadAll(ready)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && string(b) != "ready\n" {
		err = errors.New("init ended early")
	}
	return err
}

// makeCgroups makes the host's cgroups. They are written down first: a sweeper
// must find them whenever we die.
func (h *Host) makeCgroups() error {
	c, err := planCgroups("seawall-"+filepath.Base(h.dir), h.opts.CgroupV2)
	if err != nil {
		return err
	}
	h.cgroups = c
	text := strings.Join(c.dirs, "\n")
	if err := os.WriteFile(filepath.Join(h.dir, "cgroups"), []byte(text), 0o644); err != nil {
		return err
	}
	return c.make()
}
