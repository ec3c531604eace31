package report

import (
	"bufio"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"time"

	"seawall/drift"
	"seawall/lang"
)

// DriftFormat is the format and version of drift in JSON; its schema is
// docs/schema/drift-1.json.
const DriftFormat = "seawall.drift/1"

// Drift is what differs between what projects declare and what runs.
type Drift struct {
	Tool     string
	TakenAt  time.Time // of what runs
	Projects []DriftProject
}

// DriftProject is a project, as its first file or directory is named.
type DriftProject struct {
	Name string
	*drift.Report
}

// Found reports whether anything differs.
func (d *Drift) Found() bool {
	return slices.ContainsFunc(d.Projects, func(p DriftProject) bool { return p.Report.Found() })
}

// DriftText writes drift for people.
func DriftText(w io.Writer, d *Drift, style Style) error {
	t := &textReport{Writer: bufio.NewWriter(w), Style: style}
	for i, p := range d.Projects {
		if i > 0 {
			t.linef(0, "")
		}
		t.linef(0, "%s  %s", t.paint(bold, clean(p.Name)), lang.Sprintf("project %s on %s", clean(p.Project), clean(p.Engine)))
		counts := map[drift.Status]int{}
		for _, s := range p.Services {
			counts[s.Status]++
			t.drifted(s)
		}
		t.untold(p.Services)
		if counts[drift.Changed]+counts[drift.Missing]+counts[drift.Extra] > 0 {
			t.linef(0, "")
		}
		t.linef(0, "%s", lang.Sprintf("%d changed, %d missing, %d extra, %d as declared, %d off by their profiles.",
			counts[drift.Changed], counts[drift.Missing], counts[drift.Extra], counts[drift.Same], counts[drift.Off]))
	}
	if err := t.Flush(); err != nil {
		return lang.Errorf("write drift: %w", err)
	}
	return nil
}

// drifted writes what became of a service.
func (t *textReport) drifted(s drift.Result) {
	words, status := "", ""
	switch s.Status {
	case drift.Changed:
		words, status = s.Container, lang.T("CHANGED")
	case drift.Missing:
		words, status = lang.Sprintf("declared (%s), and there is no container of it", s.Place), lang.T("MISSING")
	case drift.Extra:
		words, status = lang.Sprintf("%s runs, and no file declares the service", s.Container), lang.T("EXTRA")
	default:
		return
	}
	color := yellow
	if s.Status == drift.Changed {
		color = red
	}
	t.linef(0, "")
	t.labelled(0, color, status+"  ", s.Service+": "+words)
	for _, c := range s.Changes {
		declared, running := sides(c.Declared, c.Running)
		t.prose(2, c.Fact+": ", lang.Sprintf("declared %s, is %s (%s)", declared, running, c.Place))
	}
}

// untold says of how many parts it is not known, with --verbose of which.
func (t *textReport) untold(list []drift.Result) {
	parts, services := 0, 0
	for _, s := range list {
		if parts += len(s.Unknown); len(s.Unknown) > 0 {
			services++
		}
	}
	if parts == 0 {
		return
	}
	t.linef(0, "")
	text := lang.Sprintf("%s of %s", lang.Plural(parts, "%d part", "%d parts", parts), containerCount(services))
	if !t.Verbose {
		t.prose(0, lang.T("not known: "), lang.Sprintf("%s, which the image, the engine or variables decide (--verbose names them)", text))
		return
	}
	t.prose(0, lang.T("not known: "), text)
	for _, s := range list {
		for _, g := range s.Unknown {
			t.prose(2, s.Container+": ", g.Fact+": "+lang.Reword(g.Why))
		}
	}
}

// sides are two values in words: of lists and mappings, what one has and the other has
// not.
func sides(declared, running any) (a, b string) {
	x, y := reflect.ValueOf(declared), reflect.ValueOf(running)
	if x.Kind() != y.Kind() || x.Kind() != reflect.Slice && x.Kind() != reflect.Map {
		return valueText(declared), valueText(running)
	}
	return only(x, y), only(y, x)
}

// only are the elements of a list or mapping that another has not.
func only(of, not reflect.Value) string {
	have := map[string]bool{}
	for _, text := range elements(not) {
		have[text] = true
	}
	out := slices.DeleteFunc(elements(of), func(text string) bool { return have[text] })
	if len(out) == 0 {
		return lang.T("nothing more")
	}
	return lang.Semicolon(out)
}

func elements(v reflect.Value) []string {
	var out []string
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			out = append(out, plainValue(v.Index(i)))
		}
		return out
	}
	for _, key := range v.MapKeys() {
		out = append(out, plainValue(key)+"="+plainValue(v.MapIndex(key)))
	}
	slices.Sort(out)
	return out
}

// The JSON form of drift.
type (
	driftJSON struct {
		Format   string             `json:"format"`
		Tool     string             `json:"tool"`
		TakenAt  time.Time          `json:"takenAt"`
		Projects []driftProjectJSON `json:"projects"`
	}
	driftProjectJSON struct {
		Name     string             `json:"name"`
		Project  string             `json:"project"`
		Engine   string             `json:"engine"`
		Services []driftServiceJSON `json:"services"`
	}
	driftServiceJSON struct {
		Service   string            `json:"service"`
		Status    drift.Status      `json:"status"`
		Container string            `json:"container,omitempty"`
		Place     string            `json:"place,omitempty"`
		Changes   []driftChangeJSON `json:"changes,omitempty"`
		Unknown   []driftGapJSON    `json:"unknown,omitempty"`
	}
	driftChangeJSON struct {
		Fact     string `json:"fact"`
		Declared any    `json:"declared"`
		Running  any    `json:"running"`
		Place    string `json:"place"`
	}
	driftGapJSON struct {
		Fact string `json:"fact"`
		Why  string `json:"why"`
	}
)

// DriftJSON writes drift as JSON.
func DriftJSON(w io.Writer, d *Drift) error {
	out := driftJSON{Format: DriftFormat, Tool: d.Tool, TakenAt: d.TakenAt, Projects: []driftProjectJSON{}}
	for _, p := range d.Projects {
		project := driftProjectJSON{Name: p.Name, Project: p.Project, Engine: p.Engine, Services: []driftServiceJSON{}}
		for _, s := range p.Services {
			service := driftServiceJSON{Service: s.Service, Status: s.Status, Container: s.Container, Place: s.Place}
			for _, c := range s.Changes {
				service.Changes = append(service.Changes, driftChangeJSON(c))
			}
			for _, g := range s.Unknown {
				service.Unknown = append(service.Unknown, driftGapJSON(g))
			}
			project.Services = append(project.Services, service)
		}
		out.Projects = append(out.Projects, project)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return lang.Errorf("write drift: %w", err)
	}
	return nil
}
