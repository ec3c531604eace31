// Package cli is the command line: flags in, exit code out. One file a
// command; what a command does lives in the packages it calls.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/report/monospace"
)

// Version is the version of Seawall, set when a release is linked.
var Version = "dev"

// Env is the world as a command sees it.
type Env struct {
	Args   []string // with the program's name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	Getenv func(string) string
}

// Process is the world of this process.
func Process() Env {
	return Env{Args: os.Args, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv}
}

// Main runs the command line and returns the exit code.
func Main(env Env) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app := &app{Env: env}
	args := env.Args[1:]
	if err := speak(args, env.Getenv); err != nil {
		return app.exit(usageError{err})
	}
	if isPlugin(env.Args) {
		var code int
		var done bool
		ctx, args, code, done = app.startPlugin(ctx, args)
		if done {
			return code
		}
	}
	root := app.root()
	root.SetArgs(args)
	return app.exit(root.ExecuteContext(ctx))
}

// app is one run of the command line.
type app struct {
	Env
	connection connection // also set by the Docker CLI's global flags
	plugin     bool
	quiet      bool
	color      string
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   a.name(),
		Short: lang.T("Audit Docker Engine: daemon, API, client and workloads"),
		Long: strings.TrimSpace(lang.Sprintf(`
Seawall judges the Docker Engine of this machine, its API, its clients and its
workloads, and says what to change first. It only reads: it changes nothing,
starts nothing and sends nothing off the machine. 'audit --fix' alone writes into
Compose files that are named; 'advise --verify' alone starts something, shows
what, and asks.

Most people want:  %[1]s audit`, a.name())),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{lang.Errorf("%w (see '%s --help')", flagFault(err), cmd.CommandPath())}
	})
	flags := root.PersistentFlags()
	flags.BoolVarP(&a.quiet, "quiet", "q", false, lang.T("write nothing but results"))
	flags.StringVar(&a.color, "color", "auto", lang.T("colour the output: auto, always or never"))
	flags.String(langFlag, "", lang.T("language of the output: en or ja (default: the locale's)"))
	_ = root.RegisterFlagCompletionFunc(langFlag, cobra.FixedCompletions(lang.Tags, cobra.ShellCompDirectiveNoFileComp))
	root.AddCommand(a.audit(), a.paths(), a.reach(), a.observe(), a.advise(), a.updates(), a.data(), a.snapshot(), a.diff(), a.reports(), a.explain(), a.rules(), a.version())
	speakHelp(root)
	completeFlags(root)
	return root
}

// name is how a person calls this program.
func (a *app) name() string {
	if a.plugin {
		return "docker " + pluginName
	}
	return "seawall"
}

// isPlugin reports whether the Docker CLI called us as its plugin.
func isPlugin(args []string) bool {
	base := filepath.Base(args[0])
	return strings.TrimSuffix(base, ".exe") == "docker-"+pluginName
}

// exit prints the error, if any, as one line and returns the exit code.
func (a *app) exit(err error) int {
	if err == nil {
		return exitOK
	}
	var silent exitCode
	if errors.As(err, &silent) {
		return int(silent)
	}
	fmt.Fprintf(a.Stderr, "seawall: %s\n", oneLine(err.Error()))
	return codeOf(err)
}

// oneLine keeps a message on one line and free of what is not seen.
func oneLine(s string) string {
	return monospace.Clean(strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(strings.TrimSpace(s)))
}
