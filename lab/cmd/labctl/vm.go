package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"seawall/lab/vm"
)

// machine boots a machine and runs in it each line of standard input.
func machine(ctx context.Context, name string, programs []string) error {
	image, err := vm.Named(name)
	if err != nil {
		return err
	}
	opts := vm.Options{Image: image, Programs: map[string]string{}}
	for _, p := range programs {
		opts.Programs["/usr/local/bin/"+filepath.Base(p)] = p
	}
	m, err := vm.Start(ctx, opts)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() && err == nil {
		var o vm.Outcome
		if o, err = m.Script(ctx, lines.Text()); err == nil {
			fmt.Print(o.Stdout, o.Stderr)
			fmt.Fprintln(os.Stderr, "exit code", o.Code)
		}
	}
	return errors.Join(err, lines.Err(), m.Stop())
}
