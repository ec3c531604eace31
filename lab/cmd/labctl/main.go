// Command labctl looks after the lab in which tests run engines.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"seawall/lab"
)

const usage = `usage: labctl prepare [VERSION...]   build the base of these engines, or of everything
       labctl sweep                  remove what killed tests left
       labctl shell VERSION [FLAG...]  a shell in a host whose dockerd has these flags
       labctl vm IMAGE [PROGRAM...]     boot a machine with these programs in /usr/local/bin
                                        and run in it each line of standard input

VERSION is one of 20.10, 26.1, 28.5; IMAGE is apparmor or selinux. Needs root.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	if errors.Is(err, errUsage) {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "labctl:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong usage")

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) >= 1 && args[0] == "prepare":
		return prepare(ctx, args[1:])
	case len(args) == 1 && args[0] == "sweep":
		return lab.Sweep(ctx)
	case len(args) >= 2 && args[0] == "shell":
		return shell(ctx, lab.Version(args[1]), args[2:])
	case len(args) >= 2 && args[0] == "vm":
		return machine(ctx, args[1], args[2:])
	}
	return errUsage
}

// prepare builds what is missing, and removes what killed tests left.
func prepare(ctx context.Context, args []string) error {
	versions := lab.Versions()
	if len(args) > 0 {
		versions = nil
		for _, a := range args {
			versions = append(versions, lab.Version(a))
		}
	}
	for _, v := range versions {
		if err := lab.Available(v); err != nil {
			return err
		}
		start := time.Now()
		base, err := lab.Prepare(ctx, v)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "engine %s: %s (%.1f s)\n", v, base, time.Since(start).Seconds())
	}
	if len(args) == 0 {
		_, err1 := lab.PrepareServers(ctx)
		_, err2 := lab.PrepareExtras(ctx, lab.V26)
		_, err3 := lab.PrepareWorkloads(ctx)
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
	}
	return lab.Sweep(ctx)
}

// shell starts a host, runs bash in it and stops it.
func shell(ctx context.Context, v lab.Version, flags []string) error {
	h, err := lab.StartHost(ctx, lab.Options{Version: v, Flags: flags})
	if err != nil {
		return err
	}
	cmd := h.Command(context.WithoutCancel(ctx), "bash")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = nil // it stays in the terminal's foreground
	return errors.Join(cmd.Run(), h.Stop())
}
