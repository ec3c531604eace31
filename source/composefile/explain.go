package composefile

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"seawall/source/unresolved"
)

// maxError is the length in bytes up to which an error of the library is told: it may
// quote a whole script.
const maxError = 400

// explain makes one line of an error, with the names of files as a person wrote them,
// the place, and without marks.
func (l *loading) explain(err error) error {
	text := strings.TrimPrefix(unresolved.Text(oneLine(err.Error())), "validating ")
	text = strings.ReplaceAll(text, " false schema", " is not known") // what the schema says of a part that it does not have
	text = properties.ReplaceAllStringFunc(text, sortProperties)
	text = unparsed.ReplaceAllString(text, "$1:$2: ")
	for i, c := range l.content {
		text = strings.ReplaceAll(text, c.Filename, l.files[i].Name)
	}
	name := l.files[0].Name
	text = strings.TrimPrefix(text, name+": ")
	if !strings.Contains(text, name) {
		text = l.whereOf(text) + ": " + text
	}
	if len(text) > maxError {
		text = strings.ToValidUTF8(text[:maxError], "") + "…"
	}
	return errors.New(text)
}

// properties are those that the schema does not know, in no order; unparsed is how the
// library's parser says where it stopped; named is a part of a project.
var (
	properties = regexp.MustCompile(`additional properties ('[^']*'(, '[^']*')*)`)
	unparsed   = regexp.MustCompile(`^failed to parse (.*?): yaml: (?:construct errors: )?line ([0-9]+): (?:yaml: )?`)
	named      = regexp.MustCompile(`\b(?:services|networks|volumes|secrets|configs)\.[^\s:]+`)
)

func sortProperties(text string) string {
	const start = "additional properties "
	list := strings.Split(strings.TrimPrefix(text, start), ", ")
	slices.Sort(list)
	return start + strings.Join(list, ", ")
}

// whereOf is the place of the part that an error names, or of what that is in; else the
// first file.
func (l *loading) whereOf(text string) string {
	for path := named.FindString(text); path != ""; path = path[:max(strings.LastIndexByte(path, '.'), 0)] {
		if p, has := l.places[path]; has {
			return p.String()
		}
	}
	return l.files[0].Name
}
