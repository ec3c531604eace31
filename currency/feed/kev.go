package feed

import (
	"io"
	"time"

	"seawall/currency/known"
	"seawall/lang"
)

// catalog is CISA's list of flaws that are known to be exploited.
type catalog struct {
	Version  string `json:"catalogVersion"`
	Released string `json:"dateReleased"`
	Count    int    `json:"count"`
	List     []struct {
		ID    string `json:"cveID"`
		Added string `json:"dateAdded"`
	} `json:"vulnerabilities"`
}

// kev marks what the catalog lists. What it does not list is known not to be in it, but for
// flaws that may be younger than it, and those that later records say were added.
func (m *Merger) kev(r io.Reader) (string, error) {
	var c catalog
	if err := decodeWhole(r, &c); err != nil {
		return "", err
	}
	switch {
	case c.Version == "" || len(c.List) == 0:
		return "", lang.Error("it is no KEV catalog: no version, or nothing is listed")
	case c.Count != len(c.List):
		return "", lang.Errorf("it says that it lists %d flaws, and lists %d", c.Count, len(c.List))
	}
	added := map[string]string{}
	for _, v := range c.List {
		added[v.ID] = v.Added
	}
	listed := 0
	day := firstTen(c.Released)
	old := day < m.data.Reviewed
	for i := range m.data.Advisories {
		a := &m.data.Advisories[i]
		since, ok := added[a.ID]
		if !ok && (cameAfter(a, day, old) || a.Exploited.Listed && old) {
			continue
		}
		a.Exploited = known.Exploited{Listed: ok, Source: "CISA KEV catalog " + c.Version}
		if ok {
			listed++
			a.Exploited.Source += ", added " + since
		}
	}
	m.source("CISA KEV catalog", c.Version, firstTen(c.Released))
	return lang.Sprintf("%d of the advisories are known to be exploited, by the catalog of %s", listed, c.Version), nil
}

// cameAfter reports whether a flaw may have been published after the day of a catalog.
// Where only the year was read, or is in its id, it was before the records were reviewed:
// a catalog that is not older than those knew of it.
func cameAfter(a *known.Advisory, day string, old bool) bool {
	published := a.Published
	if id := cveID.FindStringSubmatch(a.ID); published == "" && id != nil {
		published = id[1]
	}
	last, ok := known.LastDay(published)
	return ok && last.Format(time.DateOnly) > day && (old || len(published) == len(time.DateOnly))
}

// firstTen is the day of a time: "2026-10-07T12:00:00Z" is 2026-10-07.
func firstTen(t string) string { return t[:min(10, len(t))] }
