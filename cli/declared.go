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

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/accepted"
	"seawall/source/composefile"
	"seawall/source/daemonconfig"
	"seawall/source/declared"
	"seawall/source/dockerfile"
)

// composeNames are the files that Compose looks for in a directory, the first of which
// counts, and with each the one that overrides it (docker/compose, cli/options.go).
var composeNames = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

var overrideNames = []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}

// declares reports whether an argument names a declaration, and not a saved snapshot:
// a file of YAML, a daemon.json, a Dockerfile or a directory.
func declares(name string) bool {
	return isYAML(name) || isDaemon(name) || isDockerfile(name) || isDirectory(name)
}

// isDockerfile reports whether a file is a Dockerfile, by its name: Dockerfile,
// Dockerfile.web, web.Dockerfile, and the same of Containerfile.
func isDockerfile(name string) bool {
	base := strings.ToLower(filepath.Base(name))
	for _, word := range []string{"dockerfile", "containerfile"} {
		if base == word || strings.HasSuffix(base, "."+word) || strings.HasPrefix(base, word+".") && !strings.HasSuffix(base, ".dockerignore") {
			return true
		}
	}
	return false
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
// and each directory is one of its own, as is each Dockerfile. A daemon.json is that of
// the engine that runs them all.
func (a *app) declaredIn(ctx context.Context, names []string, o composefile.Options, recursive bool) (taken, error) {
	daemon, names, err := a.daemonAmong(names)
	if err != nil {
		return taken{}, err
	}
	d := declaration{app: a, options: o, recursive: recursive}
	for _, name := range names {
		if err := d.add(ctx, name); err != nil {
			return taken{}, err
		}
	}
	if err := d.compose(ctx, d.files); err != nil {
		return taken{}, err
	}
	for _, note := range d.notes {
		fmt.Fprintln(a.Stderr, lang.Sprintf("note: %s", note))
	}
	projects := append(d.projects, d.dockerfiles...)
	if daemon != nil && len(projects) == 0 {
		projects = []declared.Project{{Name: daemon.Name}}
	}
	var waivers []fileWaiver
	for i := range projects {
		projects[i].Daemon = daemon
		for _, w := range projects[i].Waivers {
			waivers = append(waivers, fileWaiver{w, projects[i].Name})
		}
	}
	return taken{Snapshot: declared.Snapshot(projects, Version, time.Now()), waivers: waivers, compose: d.composed, daemon: daemon}, nil
}

// fileWaiver is a waiver in a declaration, and the engine by which the snapshot knows
// the file's project.
type fileWaiver struct {
	accepted.Waiver
	engine string
}

// waiver is it as those of files of waivers: what it does not say itself is the project,
// and the service, network or volume that it stands at.
func (w fileWaiver) waiver(book *rule.Book) (*rule.Waiver, error) {
	fields := maps.Clone(w.Fields)
	fields["engine"] = literal.Replace(w.engine)
	if fields["subject"] == "" {
		fields["subject"] = literal.Replace(w.Subject)
		if r, err := book.Lookup(fields["rule"]); err == nil && r.Kind() == rule.KindImage && w.Image != "" {
			fields["subject"] = literal.Replace(w.Image)
		}
	}
	return rule.NewWaiver(w.Where, fields, hasRule(book))
}

// literal makes a pattern of a name that matches it alone.
var literal = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`)

// declaration is what has been read of the files that are named.
type declaration struct {
	*app
	options composefile.Options
	// recursive: directories are searched with all below them.
	recursive bool
	files     []composefile.File // of the project that is named file by file
	projects  []declared.Project
	composed  []composed // the projects of Compose
	// dockerfiles are those that no project builds.
	dockerfiles []declared.Project
	// notes are about what has been read, a line each.
	notes []string
}

// add reads what an argument names.
func (d *declaration) add(ctx context.Context, name string) error {
	switch {
	case name != "-" && !declares(name):
		return usageError{lang.Errorf("%s: not a Compose file (.yaml, .yml), a Dockerfile, a directory with one, or a daemon.json", name)}
	case isDirectory(name) && (d.recursive || isTree(name)):
		return d.tree(ctx, name)
	case isDirectory(name):
		return d.directory(ctx, name, func(_ string, err error) error { return err })
	case isDockerfile(name):
		return d.dockerfile(name)
	}
	f, err := composefile.ReadFile(name, d.Stdin)
	if err != nil {
		return usageError{err}
	}
	if name == "-" && dockerfile.Looks(f.Content) {
		return d.image(f, false)
	}
	d.files = append(d.files, f)
	return nil
}

// errNothingDeclared is that a directory has no files of ours.
var errNothingDeclared = lang.Sentinel("no Compose file")

// directory reads the Compose files of a directory, and the Dockerfiles beside them that
// the project does not build. Broken is asked about each that cannot be read, and gives
// the error that ends it, or nil to go on with the others.
func (d *declaration) directory(ctx context.Context, dir string, broken func(path string, err error) error) error {
	files, err := composeIn(dir)
	if err != nil {
		return usageError{shortPath(dir, err)}
	}
	beside, err := dockerfilesIn(dir)
	if err != nil {
		return usageError{shortPath(dir, err)}
	}
	if len(files)+len(beside) == 0 {
		return usageError{lang.Errorf("%s: %w (%s) and no Dockerfile", dir, errNothingDeclared, strings.Join(composeNames, ", "))}
	}
	before := len(d.projects)
	if err := d.compose(ctx, files); err != nil {
		if err = broken(dir, err); err != nil {
			return err
		}
	}
	for _, name := range beside {
		built := slices.ContainsFunc(d.projects[before:], func(p declared.Project) bool {
			return slices.ContainsFunc(p.Images, func(i snapshot.Image) bool { return i.ID == name })
		})
		if built {
			continue
		}
		if err := d.dockerfile(name); err != nil {
			if err = broken(name, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// dockerfilesIn are the Dockerfiles of a directory, sorted.
func dockerfilesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if e.Type().IsRegular() && isDockerfile(e.Name()) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

func (d *declaration) dockerfile(name string) error {
	f, err := composefile.ReadFile(name, nil)
	if err != nil {
		return usageError{err}
	}
	return d.image(f, true)
}

func (d *declaration) image(f composefile.File, near bool) error {
	p, err := declared.Dockerfile(f, near)
	if err != nil {
		return usageError{err}
	}
	d.dockerfiles = append(d.dockerfiles, p)
	return nil
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
			return nil, nil, usageError{lang.Errorf("%s: an engine has one daemon.json, and %s is given too", name, found.Name)}
		}
		file, err := composefile.ReadFile(name, nil)
		if err != nil {
			return nil, nil, usageError{shortPath(name, err)}
		}
		d, err := declared.ReadDaemon(file.Name, file.Content)
		if errors.Is(err, daemonconfig.ErrUnknownKey) {
			fmt.Fprintln(a.Stderr, lang.Sprintf("note: %s: dockerd would refuse this", err))
		} else if err != nil {
			return nil, nil, usageError{err}
		}
		found = &d
	}
	return found, others, nil
}

// compose reads the files of a project; what Compose would refuse of it is told.
func (d *declaration) compose(ctx context.Context, files []composefile.File) error {
	if len(files) == 0 {
		return nil
	}
	p, err := composefile.Load(ctx, files, d.options)
	if err != nil {
		return usageError{err}
	}
	out := declared.Project{Name: files[0].Name, Containers: p.Containers, Networks: p.Networks, Volumes: p.Volumes, Waivers: p.Waivers}
	for _, w := range slices.Concat(p.Warnings, declared.Built(&out, p.Builds)) {
		d.notes = append(d.notes, lang.Sprintf("%s: Compose would refuse this", w))
	}
	d.projects = append(d.projects, out)
	d.composed = append(d.composed, composed{p.Name, files, p.Included})
	return nil
}

// composeFiles are those of a directory, or the one that is named.
func (a *app) composeFiles(name string) ([]composefile.File, error) {
	if !isDirectory(name) {
		f, err := composefile.ReadFile(name, a.Stdin)
		return []composefile.File{f}, err
	}
	out, err := composeIn(name)
	if err == nil && len(out) == 0 {
		err = lang.Errorf("%s: no Compose file (%s)", name, strings.Join(composeNames, ", "))
	}
	return out, err
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// composeIn are the Compose files of a directory, as Compose takes them; none if there
// are none.
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
	return out, nil
}

// tells reports whether a declaration can tell what a rule asks: of an engine what stands
// in a daemon.json, as the rule's examples do, of its sockets those of TCP, and of images
// what Dockerfiles or archives say.
func tells(s *snapshot.Snapshot, r *rule.Rule) bool {
	switch r.Kind() {
	case rule.KindEngine:
		return withDaemon(s) && slices.ContainsFunc(r.Bad, func(ex rule.Example) bool { return ex.Daemon != "" })
	case rule.KindListener:
		return withDaemon(s)
	case rule.KindImage:
		return withImage(s, func(i *snapshot.Image) bool { return !r.Dockerfile || i.Bases.State() == snapshot.Seen })
	case rule.KindContainer, rule.KindNetwork, rule.KindVolume:
		return rule.Count(s, rule.KindContainer) > 0 || rule.Count(s, rule.KindImage) == 0
	}
	return false
}

// withImage reports whether a declaration has an image of some kind.
func withImage(s *snapshot.Snapshot, is func(*snapshot.Image) bool) bool {
	return slices.ContainsFunc(s.Engines, func(e snapshot.Engine) bool {
		images, _ := e.Images.Peek()
		return slices.ContainsFunc(images, func(i snapshot.Image) bool { return is(&i) })
	})
}

// withDaemon reports whether a declaration has a daemon.json.
func withDaemon(s *snapshot.Snapshot) bool {
	return slices.ContainsFunc(s.Engines, func(e snapshot.Engine) bool { return e.Settings.ICC.State() == snapshot.Seen })
}

// projectFlags are about the files of a Compose project.
func projectFlags(flags *pflag.FlagSet, o *composefile.Options) {
	flags.StringArrayVar(&o.EnvFiles, "env-file", nil, lang.T("take variables of Compose files from FILE (repeatable; default .env beside them)"))
	flags.StringVar(&o.Dir, "project-directory", "", lang.T("directory of the Compose project (default: that of the first file)"))
	flags.StringVarP(&o.Project, "project-name", "p", "", lang.T("name of the Compose project (default: that of its files or directory)"))
}

// shortPath names a file once in the error of reading it.
func shortPath(name string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s: %w", name, path.Err)
	}
	return err
}
