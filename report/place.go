package report

import (
	"regexp"
	"strconv"
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

// place is where in a file a result is; lines and columns begin at 1.
type place struct {
	file         string
	line, column int
}

// placeSource is a file with a line, and with a column where that is known.
var placeSource = regexp.MustCompile(`^(.+?):([1-9][0-9]{0,8})(?::([1-9][0-9]{0,8}))?$`)

// placeOf is the part of a declaration that decides a result: that of the first fact
// which was read in it. False if the result is not of one.
func (r *Report) placeOf(x *rule.Result) (place, bool) {
	if !r.declared() {
		return place{}, false
	}
	if p, is := firstPlace(x.Evidence); is {
		return p, true
	}
	if r.Engines[0].FoundBy == snapshot.FoundByImage {
		return place{}, false
	}
	return place{file: x.Subject.Engine, line: 1, column: 1}, true
}

// firstPlace is that of the first fact that was read in a line of a file; false if none
// was.
func firstPlace(evidence []rule.Evidence) (place, bool) {
	for _, e := range evidence {
		if m := placeSource.FindStringSubmatch(e.Source); m != nil {
			line, _ := strconv.Atoi(m[2]) // nine digits at most
			column, err := strconv.Atoi(m[3])
			if err != nil {
				column = 1
			}
			return place{m[1], line, column}, true
		}
	}
	return place{}, false
}

// uri is the file as a relative reference (RFC 3986, 4.2).
func (p place) uri() string {
	var out []string
	for part := range strings.SplitSeq(p.file, "/") {
		if part != "" && part != "." {
			out = append(out, segment(part))
		}
	}
	return strings.Join(out, "/")
}
