package feed

import (
	"errors"
	"fmt"
	"io"

	"seawall/currency/known"
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

// kev marks what the catalog lists. What it does not list is known not to be in it.
func (m *Merger) kev(r io.Reader) (string, error) {
	var c catalog
	if err := decodeWhole(r, &c); err != nil {
		return "", err
	}
	switch {
	case c.Version == "" || len(c.List) == 0:
		return "", errors.New("it is no KEV catalog: no version, or nothing is listed")
	case c.Count != len(c.List):
		return "", fmt.Errorf("it says that it lists %d flaws, and lists %d", c.Count, len(c.List))
	}
	added := map[string]string{}
	for _, v := range c.List {
		added[v.ID] = v.Added
	}
	listed := 0
	for i := range m.data.Advisories {
		a := &m.data.Advisories[i]
		day, ok := added[a.ID]
		a.Exploited = known.Exploited{Listed: ok, Source: "CISA KEV catalog " + c.Version}
		if ok {
			listed++
			a.Exploited.Source += ", added " + day
		}
	}
	m.source("CISA KEV catalog", c.Version, firstTen(c.Released))
	return fmt.Sprintf("%d of the advisories are known to be exploited, by the catalog of %s", listed, c.Version), nil
}

// firstTen is the day of a time: "2026-10-07T12:00:00Z" is 2026-10-07.
func firstTen(t string) string { return t[:min(10, len(t))] }
