package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/composefile"
	"seawall/source/declared"
	"seawall/source/runline"
)

// auditRun is `seawall audit run`, which has the flags of audit.
func (a *app) auditRun(f *auditFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "run {-- docker run ... | SCRIPT...}",
		Short: lang.T("Judge docker run commands, without running them"),
		Long: strings.TrimSpace(lang.T(`
Judge the container that a docker run or docker create command would make, or
those of all such commands in shell scripts; '-' reads a script from stdin.
Nothing is run, no file that a command names is opened, and no engine is asked.
What only the engine, the host or an image decides stays unknown, as does what a
variable holds.`)),
		Example: "  " + a.name() + " audit run -- docker run --privileged nginx\n  " + a.name() + " audit run deploy.sh",
		Args:    minimumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runAuditOf(cmd.Context(), *f, func() (taken, error) {
				if cmd.ArgsLenAtDash() == 0 {
					c, err := runline.FromCommand(args, runline.Environment{})
					if err != nil {
						return taken{}, usageError{err}
					}
					return declaredLines(declared.Project{Name: runline.Source, Containers: []snapshot.Container{c}}), nil
				}
				return a.scripts(args)
			})
		},
	}
}

// scripts is the snapshot of the docker run commands of scripts.
func (a *app) scripts(names []string) (taken, error) {
	var projects []declared.Project
	for _, name := range names {
		f, err := composefile.ReadFile(name, a.Stdin)
		if err != nil {
			return taken{}, usageError{shortPath(name, err)}
		}
		containers, err := runline.Script(f.Name, string(f.Content), runline.Environment{})
		if err != nil {
			return taken{}, usageError{err}
		}
		if len(containers) == 0 {
			return taken{}, usageError{fmt.Errorf("%s: %w", f.Name, errNoRun)}
		}
		projects = append(projects, declared.Project{Name: filepath.Clean(f.Name), Containers: containers})
	}
	return declaredLines(projects...), nil
}

var errNoRun = lang.Sentinel("no docker run or docker create command")

func declaredLines(projects ...declared.Project) taken {
	return taken{Snapshot: declared.Snapshot(projects, Version, time.Now())}
}
