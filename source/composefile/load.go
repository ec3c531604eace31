package composefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/moby/api/types/container"
	"github.com/sirupsen/logrus"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/accepted"
	"seawall/source/apimodel"
	"seawall/source/unresolved"
)

// Stdin is the name of standard input.
const Stdin = "stdin"

// MaxSize is the size in bytes up to which a Compose file is read.
const MaxSize = 4 << 20

// File is a Compose file that has been read.
type File struct {
	Name    string // as a person wrote it, or found below a directory that one wrote
	Content []byte
}

// Options say how files are read.
type Options struct {
	// Dir is the project's directory: relative paths start there, and only files below
	// it are included or extended. Empty: that of the first file.
	Dir string
	// Project is the project's name; empty: that of the files or of the directory.
	Project string
	// EnvFiles hold the values of variables; none: .env of the project's directory, if
	// there is one.
	EnvFiles []string
}

// Project is what Compose files declare.
type Project struct {
	Name       string
	Dir        string               // that relative paths start at
	Services   map[string]Placement // by name
	Containers []snapshot.Container // one of each service
	Networks   []snapshot.Network
	Volumes    []snapshot.Volume
	// Builds are the images that Compose would build from files of the project.
	Builds []Build
	// Creates are what Compose would send to make the containers, one for each.
	Creates []Create
	// Warnings are what Compose itself would refuse, a line each.
	Warnings []string
	Waivers  []accepted.Waiver
	// Included are the files that it includes, each once.
	Included []File
}

// Placement is where a service is declared, and when it runs.
type Placement struct {
	Place    string   // "compose.yaml:3:3"
	Profiles []string // it runs only if one of them is asked for; none: always
}

// Placed tells of a service where it is declared, and its profiles.
func (p *Project) Placed(service string) (place string, profiles []string) {
	at := p.Services[service]
	return at.Place, at.Profiles
}

// Create is what Compose would send to POST /containers/create for a service.
type Create struct {
	Service string
	Config  *container.Config
	Host    *container.HostConfig
	// Open is a part whose value is not known, or a file of variables that was not read:
	// the request is not whole then. Empty if there is none.
	Open string
}

// ReadFile reads a Compose file; in is standard input, which "-" names.
func ReadFile(name string, in io.Reader) (File, error) {
	if name != "-" {
		f, err := os.Open(name)
		var path *os.PathError
		if errors.As(err, &path) {
			err = fmt.Errorf("%s: %w", name, path.Err)
		}
		if err != nil {
			return File{}, err
		}
		defer f.Close()
		in = f
	} else {
		name = Stdin
	}
	content, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	switch {
	case errors.Is(err, syscall.EISDIR):
		return File{}, lang.Errorf("%s: it is a directory", name)
	case err != nil:
		return File{}, fmt.Errorf("%s: %w", name, err)
	case len(content) > MaxSize:
		return File{}, lang.Errorf("%s: larger than %d MiB", name, MaxSize>>20)
	}
	return File{name, content}, nil
}

// Load reads the files of one project, of which later ones override parts of earlier
// ones. An error is one line that names the file.
func Load(ctx context.Context, files []File, o Options) (*Project, error) {
	if len(files) == 0 {
		return nil, lang.Error("no Compose file is named")
	}
	l, err := newLoading(files, o)
	if err != nil {
		return nil, err
	}
	model, warnings, err := l.model(ctx)
	if err != nil {
		return nil, l.explain(err)
	}
	return l.project(model, slices.Concat(l.warnings, warnings))
}

// loading is the state of one Load.
type loading struct {
	files    []File
	dir      string // absolute
	name     string
	env      types.Mapping
	places   places
	open     openParts
	content  []types.ConfigFile
	waivers  []accepted.Waiver
	included []File
	// warnings are what Compose would refuse, as far as the files alone tell.
	warnings []string
	casts    casts
}

// accepts notes what a document says is accepted.
func (l *loading) accepts(d *document) error {
	waivers, err := d.waivers()
	l.waivers = append(l.waivers, waivers...)
	return err
}

func newLoading(files []File, o Options) (*loading, error) {
	dir := o.Dir
	if dir == "" {
		dir = filepath.Dir(files[0].Name)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	l := &loading{files: files, dir: dir, name: o.Project, places: places{}, open: openParts{}, casts: casts{}}
	if l.env, err = variables(dir, o.EnvFiles); err != nil {
		return nil, err
	}
	for _, f := range files {
		if strings.ContainsAny(string(f.Content), unresolved.Reserved) {
			return nil, lang.Errorf("%s: characters U+E000 and U+E001 are not allowed", f.Name)
		}
		d, err := parse(f.Name, f.Content)
		if err != nil {
			return nil, err
		}
		if err := l.includes(d, dir, maxIncludes); err != nil {
			return nil, err
		}
		if err := l.accepts(d); err != nil {
			return nil, err
		}
		first := d.modernise()
		if first {
			l.warnings = append(l.warnings, f.Name+": it has no \"services\": only Compose before version 2 reads that form")
		}
		if err := d.fewPorts(l.lookup); err != nil {
			return nil, err
		}
		l.places.add(d)
		l.casts.add(d)
		if d.leaveOut(l.lookup, l.open) || first {
			if f.Content, err = d.encode(); err != nil {
				return nil, err
			}
		}
		l.content = append(l.content, types.ConfigFile{Filename: filepath.Join(dir, filepath.Base(f.Name)), Content: f.Content})
	}
	return l, nil
}

// variables are those of .env, or of the files that are named instead.
func variables(dir string, named []string) (types.Mapping, error) {
	if len(named) == 0 {
		name := filepath.Join(dir, ".env")
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() > MaxSize {
			return types.Mapping{}, nil
		}
		named = []string{name}
	}
	out := types.Mapping{}
	for _, name := range named {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		vars, err := dotenv.ParseWithLookup(io.LimitReader(f, MaxSize), out.Resolve)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %s", name, oneLine(err.Error()))
		}
		maps.Copy(out, vars)
	}
	return out, nil
}

func (l *loading) lookup(name string) (string, bool) { return l.env.Resolve(name) }

// quiet keeps the library from writing to standard error.
var quiet = sync.OnceFunc(func() { logrus.SetOutput(io.Discard) })

// model loads the files: as Compose does, or, where it would refuse them for their
// form, as far as they can be understood.
func (l *loading) model(ctx context.Context) (*types.Project, []string, error) {
	quiet()
	project, err := l.load(ctx, false)
	if err == nil {
		return project, nil, nil
	}
	lenient, other := l.load(ctx, true)
	if other != nil || len(lenient.Services) == 0 {
		return nil, nil, err
	}
	return lenient, []string{l.explain(err).Error()}, nil
}

// load asks the library. What its checks of the form would have caught may make it
// panic without them.
func (l *loading) load(ctx context.Context, lenient bool) (project *types.Project, err error) {
	defer func() {
		if p := recover(); p != nil {
			project, err = nil, lang.Errorf("it cannot be understood: %v", p)
		}
	}()
	details := types.ConfigDetails{WorkingDir: l.dir, ConfigFiles: slices.Clone(l.content), Environment: l.env}
	return loader.LoadWithContext(ctx, details, func(o *loader.Options) {
		o.SkipValidation, o.SkipConsistencyCheck = lenient, true
		o.SkipResolveEnvironment, o.SkipResolveLabels = true, true
		o.Profiles = []string{"*"}
		o.ResourceLoaders = []loader.ResourceLoader{fence{l.dir}}
		o.Interpolate = &interpolation.Options{Substitute: substitute, LookupValue: l.lookup, TypeCastMapping: l.casts.needed(o.Interpolate.TypeCastMapping)}
		if lenient {
			o.Interpolate.Substitute = substituteAny
		}
		if l.name != "" {
			o.SetProjectName(l.name, true)
		} else {
			o.SetProjectName(loader.NormalizeProjectName(filepath.Base(l.dir)), false)
		}
	})
}

// project tells what a model declares.
func (l *loading) project(model *types.Project, warnings []string) (*Project, error) {
	c := converter{model}
	out := &Project{Name: model.Name, Dir: l.dir, Services: map[string]Placement{}, Networks: c.declaredNetworks(l.at), Volumes: c.declaredVolumes(l.at), Warnings: warnings}
	for _, name := range slices.Sorted(maps.Keys(model.Services)) {
		s := model.Services[name]
		if s.Provider != nil {
			continue // a program provides it, and no container
		}
		r, err := c.request(&s)
		if err != nil {
			return nil, lang.Errorf("%s: services.%s.%w", l.at("services."+name), name, err)
		}
		made := apimodel.FromCreate(unresolved.Text(c.containerName(name)), r.config, r.host, r.net, l.at("services."+name))
		made.ImageLocal = c.imageLocal(&s)
		unresolved.Files(&made, envFiles(&s), s.LabelFiles, "env_file", "label_file")
		open := l.openFacts(name)
		maps.Copy(open, unresolved.Settings(r.host))
		unresolved.Blind(&made, open, "the file")
		l.place(&made, name)
		out.Services[name] = Placement{l.at("services." + name), s.Profiles}
		out.Containers = append(out.Containers, made)
		if b, has := l.build(&s, r.config.Image, made.Name); has {
			out.Builds = append(out.Builds, b)
		}
		out.Creates = append(out.Creates, Create{Service: name, Config: r.config, Host: r.host, Open: openIn(r, &s, l.open[name])})
	}
	out.Included = l.included
	for _, w := range l.waivers {
		w.Subject = c.subject(w.Section, w.Name)
		out.Waivers = append(out.Waivers, w)
	}
	return out, nil
}

// openIn is a part of a request whose value is not known; empty if there is none.
func openIn(r request, s *types.ServiceConfig, parts map[string]string) string {
	if open := slices.Sorted(maps.Values(parts)); len(open) > 0 {
		return open[0]
	}
	for _, value := range []any{r.config, r.host} {
		if text, found := unresolved.Within(value); found {
			return text
		}
	}
	if files := envFiles(s); len(files) > 0 {
		return "env_file: " + strings.Join(files, ", ")
	}
	return ""
}

func envFiles(s *types.ServiceConfig) []string {
	var out []string
	for _, f := range s.EnvFiles {
		out = append(out, filepath.Base(f.Path))
	}
	return out
}

// openFacts are the facts of a service that depend on parts of it which were left out.
func (l *loading) openFacts(service string) map[string]string {
	out := map[string]string{}
	for part, text := range l.open[service] {
		for _, fact := range decided(part) {
			out[fact] = text
		}
	}
	return out
}

// at is where a part of the project stands, or else the first file.
func (l *loading) at(path string) string {
	if p, has := l.places[path]; has {
		return p.String()
	}
	return l.files[0].Name
}

// place says of each fact of a service where it was read: at the part that decides it,
// or at the service, where that has none.
func (l *loading) place(c *snapshot.Container, service string) {
	base := "services." + service
	snapshot.Walk(c, func(fact string, f snapshot.AnyFact) {
		first := ""
		for _, k := range keys {
			if !slices.Contains(k.facts, fact) {
				continue
			}
			path := base + "." + k.name
			if p, has := l.places[path]; has {
				f.Place(snapshot.At(path, p.String()))
				return
			}
			if first == "" {
				first = path
			}
		}
		if first != "" {
			f.Place(snapshot.At(first, l.at(base)))
		}
	})
}
