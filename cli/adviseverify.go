package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"seawall/advice"
	"seawall/report"
	"seawall/source/livehost"
	"seawall/source/rehearse"
)

// verifyFlags are those of --verify.
type verifyFlags struct {
	on, yes bool
	command string
	within  time.Duration
}

func (v *verifyFlags) flags(flags *pflag.FlagSet) {
	flags.BoolVar(&v.on, "verify", false, "start a copy with what is advised, and see whether it works; asks first")
	flags.StringVar(&v.command, "check", "", "with --verify: a shell's command in the copy that succeeds if it works (default its health check)")
	flags.DurationVar(&v.within, "within", 30*time.Second, "with --verify: how long a copy may take to work")
	flags.BoolVar(&v.yes, "yes", false, "with --verify: do not ask")
}

func (v verifyFlags) check(service bool, names []string) error {
	switch {
	case !v.on && (v.command != "" || v.yes):
		return errors.New("--check and --yes are for --verify")
	case v.on && len(names) > 1 && !service:
		return errors.New("--verify is for one container: name one")
	case v.within <= 0:
		return fmt.Errorf("--within %s: want a time, as 30s", v.within)
	}
	return nil
}

// verify runs a copy with what is advised, adds back what it lacks, and writes the advice
// that came of it.
func (a *app) verify(ctx context.Context, f adviseFlags, found []advice.Input, out *report.Advice) error {
	if len(found) > 1 {
		return usageError{errors.New("--verify is for one container, and several have this name: use the beginning of an id")}
	}
	endpoint, err := a.endpoint()
	if err != nil {
		return usageError{err}
	}
	lister := livehost.NewLister(endpoint)
	defer lister.Close()
	api, err := lister.Changer(ctx, found[0].Engine.Name)
	if err != nil {
		return lookError{err}
	}
	plan, err := rehearse.NewPlan(ctx, api, found[0].Container.ID)
	if err != nil {
		return lookError{err}
	}
	if err := a.agreed(f.verify, plan); err != nil {
		return err
	}
	r := &rehearsal{
		app: a, plan: plan, api: api, advice: out.Containers[0], held: out.Containers[0].Capabilities.HeldNow,
		check: rehearse.Check{Command: f.verify.command, Within: f.verify.within}, lister: lister,
	}
	return a.rehearsed(ctx, f, r, out)
}

// rehearsed runs a rehearsal and writes the advice that came of it.
func (a *app) rehearsed(ctx context.Context, f adviseFlags, r *rehearsal, out *report.Advice) error {
	failed := r.run(ctx)
	if r.advice != nil {
		r.advice.Settle()
	}
	if failed != nil && !errors.Is(failed, rehearse.ErrFails) {
		return lookError{failed}
	}
	if err := a.writeAdvice(f, out); err != nil {
		return err
	}
	if failed != nil {
		return exitCode(exitFindings)
	}
	return nil
}

// agreed shows what will be started and asks, unless --yes.
func (a *app) agreed(v verifyFlags, p *rehearse.Plan) error {
	of, now := "copies of "+p.Original, setUpNow
	if p.Declared {
		of, now = "containers of "+p.Original, asDeclared+", to see what it uses"
	}
	fmt.Fprintf(a.Stderr, "seawall: this starts %s, one after the other, as %s (image %s), and removes each:\n", oneLine(of), p.Name, oneLine(p.Image))
	fmt.Fprintf(a.Stderr, "  once %s, once with what is advised, and again with what that lacks\n", now)
	fmt.Fprintln(a.Stderr, "  without a network and published ports: what it needs of others it does not reach")
	say := func(what string, list []string) {
		if len(list) > 0 {
			fmt.Fprintf(a.Stderr, "  %s: %s\n", what, oneLine(strings.Join(list, ", ")))
		}
	}
	if p.Declared {
		say("with fresh volumes", p.Fresh)
	} else {
		say("with fresh volumes in place of the original's, which stay untouched", p.Fresh)
	}
	say("with these directories and files of the host, read-only", p.ReadOnly)
	if p.Privileged {
		fmt.Fprintf(a.Stderr, "  the first of them privileged, %s\n", now)
	}
	if p.Devices > 0 {
		fmt.Fprintf(a.Stderr, "  with %d devices of the host\n", p.Devices)
	}
	switch {
	case v.command == "" && !p.Health:
		fmt.Fprintln(a.Stderr, "  it has no health check and --check is not given: all that is tried is whether it still runs after", v.within)
	case v.command == "":
		fmt.Fprintln(a.Stderr, "  checked by its health check")
	}
	if v.yes {
		return nil
	}
	in, isFile := a.Stdin.(*os.File)
	if !isFile || !term.IsTerminal(int(in.Fd())) {
		return usageError{errors.New("--verify asks before it starts something, and there is no terminal: give --yes")}
	}
	fmt.Fprint(a.Stderr, "Start it? [y/N] ")
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return usageError{err}
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return usageError{errors.New("nothing was started")}
	}
	return nil
}
