package page

import (
	"fmt"
	"html/template"
	"strings"
)

// How much of a large report the browser lays out at once. What is beyond stands in the page
// as text that only a browser without scripts takes for elements; the script shows it piece by
// piece. Reports with less are whole at once.
const (
	namesShown    = 8   // of a list, before the rest is folded
	namesFolded   = 40  // of a list, before it stands at the end of the page
	rowsShown     = 300 // containers
	findingsShown = 50  // of one cause
	changesShown  = 50
)

// nameList is a list of names as it stands in the page.
type nameList struct {
	First, Rest []string
	// List is the id of the list at the end of the page that has all of them; "" if Rest has
	// the others.
	List string
	More int
}

// lists are those at the end of a page: each once, whoever refers to it.
type lists struct {
	known map[string]string // ids by what a list says
	All   []longList
	fails map[string]string // ids of the containers that tell of their findings first
}

type longList struct {
	ID    string
	Names []string
}

// names is how a list of names is shown.
func (l *lists) names(list []string) nameList {
	out := nameList{First: list[:min(len(list), namesShown)], More: max(0, len(list)-namesShown)}
	if out.More == 0 {
		return out
	}
	if len(list) <= namesFolded {
		out.Rest = list[namesShown:]
		return out
	}
	key := strings.Join(list, "\x00")
	if l.known[key] == "" {
		l.known[key] = fmt.Sprintf("list-%d", len(l.All)+1)
		l.All = append(l.All, longList{l.known[key], list})
	}
	out.List = l.known[key]
	return out
}

// asOf is the id of the container that has the same findings and tells of them; "" if this
// is the first one, or they are few.
func (l *lists) asOf(c *Container) string {
	if len(c.Fails) < 4 {
		return ""
	}
	key := strings.Join(c.Fails, "\x00")
	if l.fails[key] == "" {
		l.fails[key] = c.ID
		return ""
	}
	return l.fails[key]
}

// functions are the calls of the template that share what was told before.
func (l *lists) functions() template.FuncMap {
	return template.FuncMap{
		"names": l.names,
		"lists": func() []longList { return l.All },
		"asOf":  func(c Container) string { return l.asOf(&c) },
	}
}
