package lab

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// enter is what Command runs: it moves itself into the cgroups given up to
// "--" and becomes the rest.
const enter = `while [ "$1" != -- ]; do echo 0 >"$1/cgroup.procs" || exit 125; shift; done; shift; exec "$@"`

// Command prepares a command that runs inside, as root, in all namespaces and
// cgroups of the host, with a plain environment, in /. When ctx ends,
// everything the command started is killed, unless it left its process group.
func (h *Host) Command(ctx context.Context, args ...string) *exec.Cmd {
	return h.command(ctx, []string{"-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"}, args...)
}

// command is Command for a choice of namespaces.
func (h *Host) command(ctx context.Context, flags []string, args ...string) *exec.Cmd {
	argv := append([]string{"-c", enter, "lab"}, h.cgroups.join...)
	argv = append(argv, "--", "nsenter", "-t", strconv.Itoa(h.InitPID()))
	argv = append(append(argv, flags...), "--")
	cmd := exec.CommandContext(ctx, "/bin/sh", append(argv, args...)...)
	cmd.Env = []string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=/root", "USER=root", "LANG=C.UTF-8",
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}

// Exec runs a command inside and returns what it wrote to standard output. Its
// error holds what it wrote to standard error.
func (h *Host) Exec(ctx context.Context, args ...string) (string, error) {
	return h.run(h.Command(ctx, args...), nil)
}

// run runs a command of this host and returns its standard output.
func (h *Host) run(cmd *exec.Cmd, stdin io.Reader) (string, error) {
	var out, errOut bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, &out, &errOut
	if err := cmd.Run(); err != nil {
		_, args, _ := strings.Cut(strings.Join(cmd.Args, " "), " nsenter ")
		_, args, _ = strings.Cut(args, " -- ")
		return out.String(), fmt.Errorf("run %q in %s: %w\n%s",
			args, h.opts.Hostname, err, bytes.TrimSpace(errOut.Bytes()))
	}
	return out.String(), nil
}

// WriteFile writes a file inside, with exactly this mode, and makes the
// directories above it. It never follows a link out of the host.
func (h *Host) WriteFile(path, content string, mode os.FileMode) error {
	return h.write(path, strings.NewReader(content), mode)
}

// CopyIn copies a file of the machine into the host.
func (h *Host) CopyIn(src, dst string, mode os.FileMode) error {
	f, err := os.Open(src)
	if err != nil {
		return fmt.Errorf("copy into %s: %w", h.opts.Hostname, err)
	}
	defer f.Close()
	return h.write(dst, f, mode)
}

// ReadFile reads a file inside.
func (h *Host) ReadFile(path string) ([]byte, error) { return h.root.ReadFile(inRoot(path)) }

func (h *Host) write(path string, content io.Reader, mode os.FileMode) error {
	name := inRoot(path)
	if err := h.root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("write %s in %s: %w", path, h.opts.Hostname, err)
	}
	f, err := h.root.Create(name)
	if err != nil {
		return fmt.Errorf("write %s in %s: %w", path, h.opts.Hostname, err)
	}
	_, err = io.Copy(f, content)
	if e := f.Chmod(mode); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("write %s in %s: %w", path, h.opts.Hostname, err)
	}
	return nil
}

// inRoot turns an absolute path into what os.Root takes.
func inRoot(path string) string {
	if p := strings.TrimPrefix(filepath.Clean("/"+path), "/"); p != "" {
		return p
	}
	return "."
}
