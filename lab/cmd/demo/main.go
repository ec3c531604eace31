// Command demo runs a command on a small host made for it: a private engine
// with a handful of good and bad workloads, in namespaces of its own. The host
// is removed when the command ends. Nothing else of the machine is touched.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"seawall/lab"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: demo PROGRAM [ARG...]   (needs root)")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1], os.Args[2:])
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run starts the host, runs the program in it and removes the host.
func run(ctx context.Context, program string, args []string) (err error) {
	fmt.Fprintln(os.Stderr, "demo: starting a private engine with a few workloads …")
	h, err := lab.StartHost(ctx, lab.DemoOptions())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Stop()) }()
	if err := h.StartDemo(ctx); err != nil {
		return err
	}
	inside := filepath.Join("/usr/local/bin", filepath.Base(program))
	if err := h.CopyIn(program, inside, 0o755); err != nil {
		return err
	}
	cmd := h.Command(ctx, append([]string{inside}, args...)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = nil // it stays in the terminal's foreground
	for _, name := range []string{"TERM", "NO_COLOR", "COLUMNS"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	return cmd.Run()
}
