// Package drift compares what a Compose project declares with the containers that run
// of it: what was changed by hand, what is missing, and what nobody declares.
//
// Both sides are containers of the same model, so each part is compared as it counts: an
// engine's defaults where nothing is declared, lists without their order. What cannot be
// told is no drift: a value that is open in the file, what the image brings, what the
// settings of the engine decide if those were not read.
package drift

import (
	"cmp"
	"slices"
	"strings"

	"seawall/snapshot"
)

// Declared is a project as its files declare it.
type Declared struct {
	Name string
	// Dir is the directory that relative paths of the files start at.
	Dir      string
	Services []Service
}

// Service is a service of a project.
type Service struct {
	Name      string
	Container *snapshot.Container // the first one that Compose would make
	// Profiles are those that it belongs to: it runs only if one is asked for.
	Profiles []string
	Place    string // "compose.yaml:3:3"
}

// Status is what became of a service.
type Status string

// The states of services.
const (
	Same    Status = "same"
	Changed Status = "changed"
	Missing Status = "missing" // declared, and there is no container of it
	Extra   Status = "extra"   // there is a container, and no such service
	Off     Status = "off"     // there is no container, and it belongs to profiles
)

// Report is what differs.
type Report struct {
	Project  string
	Engine   string
	Services []Result
}

// Result is what became of a service, or of a container that no service declares.
type Result struct {
	Service string
	Status  Status
	// Container is the one that was compared; "" if there is none.
	Container string
	Place     string // of the service; "" if it is not declared
	Changes   []Change
	// Unknown are the parts of which it cannot be told.
	Unknown []Gap
}

// Change is a part that is not as it was declared.
type Change struct {
	Fact              string // "Privileged"
	Declared, Running any
	Place             string // where the file says so
}

// Gap is a part that cannot be compared, and why.
type Gap struct {
	Fact, Why string
}

// Found reports whether anything differs.
func (r *Report) Found() bool {
	return slices.ContainsFunc(r.Services, func(x Result) bool { return x.Status != Same && x.Status != Off })
}

// Labels of Compose.
const (
	labelOneOff     = "com.docker.compose.oneoff"
	labelWorkingDir = "com.docker.compose.project.working_dir"
)

// Declare is a project of these containers. Placed tells of a service where it is
// declared, and its profiles.
func Declare(name, dir string, containers []snapshot.Container, placed func(service string) (place string, profiles []string)) Declared {
	d := Declared{Name: name, Dir: dir}
	for i := range containers {
		c := &containers[i]
		place, profiles := placed(c.Service)
		d.Services = append(d.Services, Service{Name: c.Service, Container: c, Profiles: profiles, Place: place})
	}
	return d
}

// Compare compares a project with the containers of an engine.
func Compare(d Declared, e *snapshot.Engine) *Report {
	r := &Report{Project: d.Name, Engine: e.Name}
	all, _ := e.Containers.Peek()
	var ours []*snapshot.Container
	for i := range all {
		if all[i].Project == d.Name && !oneOff(&all[i]) {
			ours = append(ours, &all[i])
		}
	}
	slices.SortStableFunc(ours, func(a, b *snapshot.Container) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	})
	declared := map[string]bool{}
	for i := range d.Services {
		s := &d.Services[i]
		declared[s.Name] = true
		found := false
		for _, c := range ours {
			if c.Service == s.Name {
				found = true
				r.Services = append(r.Services, compare(d, s, c, e))
			}
		}
		switch {
		case found:
		case len(s.Profiles) > 0:
			r.Services = append(r.Services, Result{Service: s.Name, Status: Off, Place: s.Place})
		default:
			r.Services = append(r.Services, Result{Service: s.Name, Status: Missing, Place: s.Place})
		}
	}
	for _, c := range ours {
		if !declared[c.Service] {
			r.Services = append(r.Services, Result{Service: c.Service, Status: Extra, Container: c.Name})
		}
	}
	return r
}

// oneOff reports whether a container is of 'docker compose run'.
func oneOff(c *snapshot.Container) bool {
	labels, _ := c.Labels.Peek()
	return strings.EqualFold(labels[labelOneOff], "true")
}

func compare(d Declared, s *Service, c *snapshot.Container, e *snapshot.Engine) Result {
	p := pair{declared: s.Container, running: c, engine: e}
	if labels, _ := c.Labels.Peek(); labels[labelWorkingDir] != "" && labels[labelWorkingDir] != d.Dir {
		p.from, p.to = d.Dir, labels[labelWorkingDir]
	}
	out := Result{Service: s.Name, Status: Same, Container: c.Name, Place: s.Place}
	for _, f := range fields {
		change, gap := f.compare(&p)
		switch {
		case gap != "":
			out.Unknown = append(out.Unknown, Gap{f.name, gap})
		case change != nil:
			change.Fact = f.name
			out.Changes = append(out.Changes, *change)
			out.Status = Changed
		}
	}
	return out
}

// pair is a declared container and the one that runs.
type pair struct {
	declared, running *snapshot.Container
	engine            *snapshot.Engine
	from, to          string // paths below from were below to where the container was made
}
