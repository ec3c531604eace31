package feed

import (
	"io"
	"strings"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
)

// secdb is what Alpine says of a repository of one of its branches
// (secdb.alpinelinux.org).
type secdb struct {
	Branch   string `json:"distroversion"`
	Repo     string `json:"reponame"`
	Packages []struct {
		Pkg struct {
			Name string `json:"name"`
			// Fixes are the flaws that are not in a version any more. Of version 0
			// it says that none ever had them.
			Fixes map[string][]string `json:"secfixes"`
		} `json:"pkg"`
	} `json:"packages"`
}

// alpine takes Alpine's word on the packages of a branch.
func (m *Merger) alpine(r io.Reader) (string, error) {
	var db secdb
	if err := decodeWhole(r, &db); err != nil {
		return "", err
	}
	if !strings.HasPrefix(db.Branch, "v") || db.Repo == "" || len(db.Packages) == 0 {
		return "", lang.Error("it is no secdb of a branch of Alpine: no branch, repository or packages")
	}
	ids, taken := m.byID(), 0
	for _, p := range db.Packages {
		for id, v := range lastFixes(p.Pkg.Fixes) {
			word := known.Affects{Package: known.Package{Ecosystem: "Alpine:" + db.Branch, Name: p.Pkg.Name}, Ranges: span("0", v)}
			for _, a := range ids[id] {
				if concerns(a, p.Pkg.Name) && word.Valid() == nil {
					set(a, word)
					taken++
				}
			}
		}
	}
	return lang.Sprintf("%d words on packages of Alpine %s", taken, db.Branch), nil
}

// lastFixes are for each flaw the version that mends it: the last, where it was mended
// again.
func lastFixes(fixes map[string][]string) map[string]string {
	out := map[string]string{}
	for v, flaws := range fixes {
		for _, id := range strings.Fields(strings.Join(flaws, " ")) { // some have several in one text
			if c, err := version.APK.Compare(v, out[id]); out[id] == "" || err == nil && c > 0 {
				out[id] = v
			}
		}
	}
	return out
}
