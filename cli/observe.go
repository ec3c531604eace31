package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"seawall/lang"
	"seawall/observation"
	"seawall/report"
	"seawall/source/apimodel"
	"seawall/source/livehost"
	"seawall/source/observe"
)

// observeFlags are what `seawall observe` was asked for.
type observeFlags struct {
	format, output      string
	duration, window    time.Duration
	noSyscalls, verbose bool
	hook                string
}

// saveEvery is how often the file is written while watching goes on.
const saveEvery = 5 * time.Second

func (a *app) observe() *cobra.Command {
	var f observeFlags
	cmd := &cobra.Command{
		Use:   "observe [CONTAINER...]",
		Short: lang.T("Watch in the kernel what containers really use"),
		Long: strings.TrimSpace(lang.T(`
Watch running containers, and those that start meanwhile, in the kernel: which
capabilities they ask for and get, which system calls they make, on which ports
they listen, how many connections come in and to which addresses they connect, and
(Linux 6.13) where they change files outside of volumes. What docker exec and
health checks do is told apart from the container's own processes; what the
container runtime does is left out. Nothing in the containers changes.

Containers are named by name, Compose service, or the beginning of an id;
without any, all are watched. It goes on until Ctrl-C, or for the time of --for,
and then tells what was seen. To see what a container needs to start, start it
while it is watched.

It takes root, or CAP_BPF and CAP_PERFMON, on Linux 5.15 or later with BTF, on
x86-64 or arm64. Capabilities cost next to nothing. System calls are recorded only for a
while after each start and as long as new ones are seen (--syscall-window),
because meanwhile every system call of the machine takes longer.

Exit codes: 0 done; 2 wrong usage; 3 could not watch.`)),
		Example: "  " + a.name() + " observe\n  " + a.name() + " observe web db --for 10m -o seen.json",
		RunE:    func(cmd *cobra.Command, args []string) error { return a.runObserve(cmd.Context(), f, args) },
		// Names of containers, which only the engine knows.
		ValidArgsFunction: cobra.NoFileCompletions,
	}
	flags := cmd.Flags()
	a.connection.flags(flags)
	flags.StringVarP(&f.format, "format", "f", "text", lang.T("text or json, of what is written to stdout; a file is always JSON"))
	flags.StringVarP(&f.output, "output", "o", "", lang.T("keep what is seen in this file, written anew every few seconds"))
	flags.DurationVar(&f.duration, "for", 0, lang.T("how long to watch: 90s, 10m, 24h (default until Ctrl-C)"))
	flags.DurationVar(&f.window, "syscall-window", time.Minute, lang.T("record system calls for this long after a start or a new one"))
	flags.BoolVar(&f.noSyscalls, "no-syscalls", false, lang.T("record no system calls"))
	flags.BoolVarP(&f.verbose, "verbose", "v", false, lang.T("name the system calls"))
	flags.StringVar(&f.hook, "hook", "", lang.T("see capability checks by fexit, tracepoint or kprobe only"))
	_ = flags.MarkHidden("hook") // for tests of what a kernel has
	return cmd
}

func (f observeFlags) check() error {
	switch {
	case f.format != "text" && f.format != "json":
		return lang.Errorf("unknown format %q: want text or json", f.format)
	case f.hook != "" && f.hook != "fexit" && f.hook != "tracepoint" && f.hook != "kprobe":
		return lang.Errorf("--hook %s: want fexit, tracepoint or kprobe", f.hook)
	case f.duration < 0:
		return lang.Errorf("--for %s: want a time that is not over yet, as 10m", f.duration)
	case f.window <= 0:
		return lang.Errorf("--syscall-window %s: want a time, as 1m; --no-syscalls records none", f.window)
	}
	return nil
}

func (a *app) runObserve(ctx context.Context, f observeFlags, names []string) error {
	if err := f.check(); err != nil {
		return usageError{err}
	}
	endpoint, err := a.endpoint()
	if err != nil {
		return usageError{err}
	}
	lister := livehost.NewLister(endpoint)
	defer lister.Close()
	if err := a.checkNames(ctx, lister, names); err != nil {
		return err
	}
	o := observe.Options{Names: names, SyscallWindow: f.window, Tool: Version, Hook: f.hook, List: func(ctx context.Context) ([]observe.Known, error) {
		return runningNow(ctx, lister)
	}}
	if f.noSyscalls {
		o.SyscallWindow = 0
	}
	watcher, err := observe.Start(ctx, o)
	if err != nil {
		return lookError{lang.Errorf("%w; 'seawall audit' needs none of it and shows what containers were granted", err)}
	}
	err = a.watch(ctx, f, watcher)
	return errors.Join(err, watcher.Close())
}

// watch runs the observer to its end, keeps the file, and tells what was seen.
func (a *app) watch(ctx context.Context, f observeFlags, watcher *observe.Observer) error {
	if f.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.duration)
		defer cancel()
	}
	live := a.startLive(f)
	var saved time.Time
	var failed error
	err := watcher.Run(ctx, func(o *observation.Observation) {
		live.show(o)
		if f.output != "" && time.Since(saved) >= saveEvery {
			saved = time.Now()
			failed = a.save(f.output, o)
		}
	})
	live.stop()
	o := watcher.Observation()
	if f.output != "" {
		failed = a.save(f.output, o)
	}
	if err != nil {
		err = lookError{err}
	}
	return errors.Join(failed, err, a.write("", func(w io.Writer, style report.Style) error {
		if f.format == "json" {
			return o.Encode(w)
		}
		style.Verbose = f.verbose
		return report.ObservationText(w, o, style)
	}))
}

// save writes the file; it appears whole or not at all.
func (a *app) save(path string, o *observation.Observation) error {
	return a.write(path, func(w io.Writer, _ report.Style) error { return o.Encode(w) })
}

// checkNames says which of the containers that were named there are not yet. An engine
// that does not answer is no reason to watch nothing.
func (a *app) checkNames(ctx context.Context, lister *livehost.Lister, names []string) error {
	if len(names) == 0 {
		return nil
	}
	list, err := runningNow(ctx, lister)
	if err != nil && len(list) == 0 {
		a.note("which containers there are is not known: %v", err)
		return ctx.Err()
	}
	for _, name := range names {
		if !slices.ContainsFunc(list, func(k observe.Known) bool { return k.Is(name) }) {
			a.note("there is no container %s yet; it is watched when it starts", name)
		}
	}
	return nil
}

// note writes a remark to stderr.
func (a *app) note(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.Stderr, "seawall: %s\n", oneLine(lang.Sprintf(format, args...)))
	}
}

// runningNow are the containers that the engines tell of, as an observer names them.
func runningNow(ctx context.Context, lister *livehost.Lister) ([]observe.Known, error) {
	list, err := lister.Containers(ctx)
	out := make([]observe.Known, len(list))
	for i, c := range list {
		out[i] = observe.Known{
			ID: c.ID, Name: c.Name, Image: c.Image, ImageID: c.ImageID, Engine: c.Engine,
			Project: c.Labels[apimodel.LabelProject], Service: c.Labels[apimodel.LabelService],
		}
	}
	return out, err
}

// live is the view of a person at a terminal: what was seen so far, drawn anew.
type live struct {
	out   *os.File // nil: no terminal
	end   time.Time
	lines int // that were drawn last
}

func (a *app) startLive(f observeFlags) *live {
	file, ok := a.Stderr.(*os.File)
	if a.quiet || !ok || !term.IsTerminal(int(file.Fd())) {
		return &live{}
	}
	l := &live{out: file}
	if f.duration > 0 {
		l.end = time.Now().Add(f.duration)
	}
	return l
}

// show draws a line for each container that fits on the screen.
func (l *live) show(o *observation.Observation) {
	if l.out == nil {
		return
	}
	width, height, err := term.GetSize(int(l.out.Fd()))
	if err != nil {
		return
	}
	left := lang.T("Ctrl-C ends")
	if !l.end.IsZero() {
		left = lang.Sprintf("%s left", max(0, time.Until(l.end)).Round(time.Second))
	}
	lines := report.ObservationLines(o, left, width, height-1)
	l.clear()
	fmt.Fprintf(l.out, "%s\n", strings.Join(lines, "\n"))
	l.lines = len(lines)
}

// clear takes the lines away that were drawn last.
func (l *live) clear() {
	if l.lines > 0 {
		fmt.Fprintf(l.out, "\x1b[%dA\r\x1b[J", l.lines)
	}
	l.lines = 0
}

func (l *live) stop() {
	if l.out != nil {
		l.clear()
	}
}
