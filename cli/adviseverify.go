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
	"seawall/lang"
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
	flags.BoolVar(&v.on, "verify", false, lang.T("start a copy with what is advised, and see whether it works; asks first"))
	flags.StringVar(&v.command, "check", "", lang.T("with --verify: a shell's command in the copy that succeeds if it works (default its health check)"))
	flags.DurationVar(&v.within, "within", 30*time.Second, lang.T("with --verify: how long a copy may take to work"))
	flags.BoolVar(&v.yes, "yes", false, lang.T("with --verify: do not ask"))
}

func (v verifyFlags) check(service bool, names []string) error {
	switch {
	case !v.on && (v.command != "" || v.yes):
		return lang.Error("--check and --yes are for --verify")
	case v.on && len(names) > 1 && !service:
		return lang.Error("--verify is for one container: name one")
	case v.within <= 0:
		return lang.Errorf("--within %s: want a time, as 30s", v.within)
	}
	return nil
}

// verify runs a copy with what is advised, adds back what it lacks, and writes the advice
// that came of it.
func (a *app) verify(ctx context.Context, f adviseFlags, found []advice.Input, out *report.Advice) error {
	if len(found) > 1 {
		return usageError{lang.Error("--verify is for one container, and several have this name: use the beginning of an id")}
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
	for _, line := range announced(v, p) {
		fmt.Fprintln(a.Stderr, line)
	}
	if v.yes {
		return nil
	}
	in, isFile := a.Stdin.(*os.File)
	if !isFile || !term.IsTerminal(int(in.Fd())) {
		return usageError{lang.Error("--verify asks before it starts something, and there is no terminal: give --yes")}
	}
	fmt.Fprint(a.Stderr, lang.T("Start it? [y/N] "))
	answer, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return usageError{err}
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return usageError{lang.Error("nothing was started")}
	}
	return nil
}

// announced is what will be started, in lines.
func announced(v verifyFlags, p *rehearse.Plan) []string {
	original, image, now := oneLine(p.Original), oneLine(p.Image), setUpNow()
	var lines []string
	if p.Declared {
		now = lang.T("as it is declared, to see what it uses")
		lines = append(lines, lang.Sprintf("seawall: this starts containers of %s, one after the other, as %s (image %s), and removes each:", original, p.Name, image))
	} else {
		lines = append(lines, lang.Sprintf("seawall: this starts copies of %s, one after the other, as %s (image %s), and removes each:", original, p.Name, image))
	}
	lines = append(lines,
		lang.Sprintf("  once %s, once with what is advised, and again with what that lacks", now),
		lang.T("  without a network and published ports: what it needs of others it does not reach"))
	fresh, mounted := oneLine(lang.Comma(p.Fresh)), oneLine(lang.Comma(p.ReadOnly))
	switch {
	case fresh == "":
	case p.Declared:
		lines = append(lines, lang.Sprintf("  with fresh volumes: %s", fresh))
	default:
		lines = append(lines, lang.Sprintf("  with fresh volumes in place of the original's, which stay untouched: %s", fresh))
	}
	if mounted != "" {
		lines = append(lines, lang.Sprintf("  with these directories and files of the host, read-only: %s", mounted))
	}
	if p.Privileged {
		lines = append(lines, lang.Sprintf("  the first of them privileged, %s", now))
	}
	if p.Devices > 0 {
		lines = append(lines, lang.Sprintf("  with %d devices of the host", p.Devices))
	}
	switch {
	case v.command == "" && !p.Health:
		lines = append(lines, lang.Sprintf("  it has no health check and --check is not given: all that is tried is whether it still runs after %s", v.within))
	case v.command == "":
		lines = append(lines, lang.T("  checked by its health check"))
	}
	return lines
}
