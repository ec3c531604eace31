package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/composefile"
	"seawall/source/daemonconfig"
	"seawall/source/declared"
)

// composeNames are the files that Compose looks for in a directory, the first of which
// counts, and with each the one that overrides it (docker/compose, cli/options.go).
var composeNames = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

var overrideNames = []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}

// declares reports whether an argument names a declaration, and not a saved snapshot:
// a file of YAML, a daemon.json or a directory.
func declares(name string) bool {
	return isYAML(name) || isDaemon(name) || isDirectory(name)
}

// isDaemon reports whether a file is a daemon.json, by the end of its name.
func isDaemon(name string) bool { return strings.HasSuffix(filepath.Base(name), "daemon.json") }

// isYAML reports whether a file is one of YAML, by its name.
func isYAML(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// declaresOnStdin reports whether stdin has no snapshot, which begins with a brace.
func (a *app) declaresOnStdin() bool {
	in := bufio.NewReader(a.Stdin)
	a.Stdin = in
	for n := 1; n <= maxSpace; n++ {
		head, err := in.Peek(n)
		if err != nil {
			return false // nothing there: it is no snapshot, and that is said
		}
		if c := head[n-1]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c != '{'
		}
	}
	return true
}

// maxSpace is how much white space may stand before a snapshot on stdin.
const maxSpace = 1024

// declaredIn is the snapshot of Compose files: those that are named are one project,
// and each directory is one of its own. A daemon.json is that of the engine that runs
// them all.
func (a *app) declaredIn(ctx context.Context, names []string, o composefile.Options) (taken, error) {
	var files []composefile.File
	var projects []declared.Project
	var waivers []fileWaiver
	add := func(files []composefile.File) error {
		p, err := a.composeProject(ctx, files, o)
		if err != nil {
			return err
		}
		name := files[0].Name
		projects = append(projects, declared.Project{Name: name, Containers: p.Containers, Networks: p.Networks, Volumes: p.Volumes})
		for _, w := range p.Waivers {
			waivers = append(waivers, fileWaiver{w, name})
		}
		return nil
	}
	daemon, names, err := a.daemonAmong(names)
	if err != nil {
		return taken{}, err
	}
	for _, name := range names {
		if name != "-" && !declares(name) {
			return taken{}, usageError{fmt.Errorf("%s: not a Compose file (.yaml, .yml), a directory with one, or a daemon.json", name)}
		}
		list, err := a.composeFiles(name)
		if err != nil {
			return taken{}, usageError{shortPath(name, err)}
		}
		if isDirectory(name) {
			if err := add(list); err != nil {
				return taken{}, err
			}
			continue
		}
		files = append(files, list...)
	}
	if len(files) > 0 {
		if err := add(files); err != nil {
			return taken{}, err
		}
	}
	if daemon != nil && len(projects) == 0 {
		projects = []declared.Project{{Name: daemon.Name}}
	}
	for i := range projects {
		projects[i].Daemon = daemon
	}
	return taken{Snapshot: declared.Snapshot(projects, Version, time.Now()), waivers: waivers}, nil
}

// fileWaiver is a waiver in a Compose file, and the engine by which the snapshot knows
// the file's project.
type fileWaiver struct {
	composefile.Waiver
	engine string
}

// waiver is it as those of files of waivers: what it does not say itself is the project,
// and the service, network or volume that it stands at.
func (w fileWaiver) waiver(book *rule.Book) (*rule.Waiver, error) {
	fields := maps.Clone(w.Fields)
	fields["engine"] = w.engine
	if fields["subject"] == "" {
		fields["subject"] = w.Subject
	}
	return rule.NewWaiver(w.Where, fields, hasRule(book))
}

// daemonAmong reads the daemon.json among some arguments, and gives the others; nil if
// there is none. What dockerd would refuse of it is told.
func (a *app) daemonAmong(names []string) (*declared.Daemon, []string, error) {
	var found *declared.Daemon
	var others []string
	for _, name := range names {
		if !isDaemon(name) {
			others = append(others, name)
			continue
		}
		if found != nil {
			return nil, nil, usageError{fmt.Errorf("%s: an engine has one daemon.json, and %s is given too", name, found.Name)}
		}
		file, err := composefile.ReadFile(name, nil)
		if err != nil {
			return nil, nil, usageError{shortPath(name, err)}
		}
		d, err := declared.ReadDaemon(file.Name, file.Content)
		if errors.Is(err, daemonconfig.ErrUnknownKey) {
			fmt.Fprintf(a.Stderr, "note: %s: dockerd would refuse this\n", err)
		} else if err != nil {
			return nil, nil, usageError{err}
		}
		found = &d
	}
	return found, others, nil
}

// composeProject reads the files of a project; what Compose would refuse of it is told.
func (a *app) composeProject(ctx context.Context, files []composefile.File, o composefile.Options) (*composefile.Project, error) {
	p, err := composefile.Load(ctx, files, o)
	if err != nil {
		return nil, usageError{err}
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(a.Stderr, "note: %s: Compose would refuse this\n", w)
	}
	return p, nil
}

// composeFiles are those of a directory, or the one that is named.
func (a *app) composeFiles(name string) ([]composefile.File, error) {
	if isDirectory(name) {
		return composeIn(name)
	}
	f, err := composefile.ReadFile(name, a.Stdin)
	return []composefile.File{f}, err
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// composeIn are the Compose files of a directory, as Compose takes them.
func composeIn(dir string) ([]composefile.File, error) {
	var out []composefile.File
	for _, names := range [][]string{composeNames, overrideNames} {
		at := slices.IndexFunc(names, func(name string) bool {
			info, err := os.Stat(filepath.Join(dir, name))
			return err == nil && info.Mode().IsRegular()
		})
		if at < 0 {
			break
		}
		f, err := composefile.ReadFile(filepath.Join(dir, names[at]), nil)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no Compose file (%s)", dir, strings.Join(composeNames, ", "))
	}
	return out, nil
}

// declaredKinds are the kinds of subjects that a declaration has.
var declaredKinds = []rule.Kind{rule.KindContainer, rule.KindNetwork, rule.KindVolume}

// tells reports whether a declaration can tell what a rule asks: of an engine what stands
// in a daemon.json, as the rule's examples do, and of its sockets those of TCP.
func tells(s *snapshot.Snapshot, r *rule.Rule) bool {
	switch r.Kind() {
	case rule.KindEngine:
		return withDaemon(s) && slices.ContainsFunc(r.Bad, func(ex rule.Example) bool { return ex.Daemon != "" })
	case rule.KindListener:
		return withDaemon(s)
	}
	return slices.Contains(declaredKinds, r.Kind())
}

// withDaemon reports whether a declaration has a daemon.json.
func withDaemon(s *snapshot.Snapshot) bool {
	return slices.ContainsFunc(s.Engines, func(e snapshot.Engine) bool { return e.Settings.ICC.State() == snapshot.Seen })
}

// projectFlags are about the files of a Compose project.
func projectFlags(flags *pflag.FlagSet, o *composefile.Options) {
	flags.StringArrayVar(&o.EnvFiles, "env-file", nil, "take variables of Compose files from FILE (repeatable; default .env beside them)")
	flags.StringVar(&o.Dir, "project-directory", "", "directory of the Compose project (default: that of the first file)")
	flags.StringVar(&o.Project, "project-name", "", "name of the Compose project (default: that of its files or directory)")
}

// shortPath names a file once in the error of reading it.
func shortPath(name string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s: %w", name, path.Err)
	}
	return err
}
