package composefile

import (
	"maps"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"seawall/source/unresolved"
)

// Build is an image that Compose would build for a service, from files of the project.
type Build struct {
	Service, Container string
	// Image is the name that the image gets.
	Image string
	// Dockerfile is the file, named from where the project's files are named; Inline is its
	// text where that stands in the Compose file.
	Dockerfile, Inline string
	// Context is the directory that it is built in.
	Context string
	// Target is the stage to build; empty: the last one.
	Target string
	// Args are the build arguments. The values may be open (see package unresolved).
	Args map[string]string
	// Contexts are the names of further contexts.
	Contexts []string
	// Privileged: the builder runs privileged. HostNetwork: steps are on the network of
	// the builder's host.
	Privileged, HostNetwork bool
	// Place is where the file says so: "compose.yaml:3:5".
	Place string
}

// Same reports whether another build makes the same image, of the same name.
func (b Build) Same(other Build) bool {
	other.Service, other.Container, other.Place = b.Service, b.Container, b.Place
	return reflect.DeepEqual(b, other)
}

// build is what Compose would build for a service; false if nothing, or from what is
// outside of the project, on another machine or not known.
func (l *loading) build(s *types.ServiceConfig, image, container string) (Build, bool) {
	in := s.Build
	if in == nil {
		return Build{}, false
	}
	path := "services." + s.Name + ".build"
	out := Build{
		Service: s.Name, Container: container, Image: unresolved.Text(image), Inline: in.DockerfileInline, Target: in.Target,
		Args: map[string]string{}, Contexts: slices.Sorted(maps.Keys(in.AdditionalContexts)),
		Privileged: in.Privileged, HostNetwork: in.Network == "host", Place: l.at(path),
	}
	for name, v := range in.Args {
		if v == nil { // that of the shell of whoever builds
			out.Args[name] = unresolved.Value("$" + name)
			continue
		}
		out.Args[name] = *v
	}
	if _, open := unresolved.Within([]string{in.Context, in.Dockerfile, in.Target}); open || remote(in.Context) {
		return Build{}, false
	}
	if out.Inline != "" {
		_, open := unresolved.In(out.Inline)
		return out, !open
	}
	file := in.Dockerfile
	if !filepath.IsAbs(file) {
		file = filepath.Join(in.Context, file)
	}
	if fence := (fence{l.dir}); fence.refuses(file) != nil || fence.refuses(in.Context) != nil {
		return Build{}, false
	}
	out.Dockerfile, out.Context = l.shown(file), in.Context
	return out, true
}

// shown is a file of the project, named from where the project's first file is named.
func (l *loading) shown(file string) string {
	abs, err := filepath.Abs(filepath.Dir(l.files[0].Name))
	if err != nil {
		return file
	}
	rel, err := filepath.Rel(abs, file)
	if err != nil {
		return file
	}
	return filepath.Join(filepath.Dir(l.files[0].Name), rel)
}
