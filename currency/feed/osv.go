package feed

import (
	"archive/zip"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
)

// maxRecord bounds one record, in bytes.
const maxRecord = 8 << 20

// record is a record of OSV (ossf.github.io/osv-schema), as far as it is read.
type record struct {
	ID        string   `json:"id"`
	Aliases   []string `json:"aliases"`
	Upstream  []string `json:"upstream"`
	Modified  string   `json:"modified"`
	Published string   `json:"published"`
	Withdrawn string   `json:"withdrawn"`
	Summary   string   `json:"summary"`
	Affected  []struct {
		Package struct {
			Ecosystem string `json:"ecosystem"`
			Name      string `json:"name"`
		} `json:"package"`
		Ranges []struct {
			Type   string `json:"type"`
			Events []struct {
				Introduced   string `json:"introduced"`
				Fixed        string `json:"fixed"`
				LastAffected string `json:"last_affected"`
			} `json:"events"`
		} `json:"ranges"`
	} `json:"affected"`
	Severity []struct {
		Type  string `json:"type"`
		Score string `json:"score"`
	} `json:"severity"`
	References []struct {
		URL string `json:"url"`
	} `json:"references"`
}

// modules are the Go modules of components, with the version before which a module of
// that name has none. Of the engine they tell only that there is a flaw: since version
// 29 its tags are not versions of its modules, and backports are not among them.
var modules = map[string]struct {
	component known.Component
	first     string
}{
	"github.com/opencontainers/runc":      {known.Runc, ""},
	"github.com/containerd/containerd":    {known.Containerd, ""},
	"github.com/containerd/containerd/v2": {known.Containerd, "2.0.0-beta.0"},
	"github.com/moby/buildkit":            {known.BuildKit, ""},
	"github.com/docker/docker":            {known.Engine, ""},
	"github.com/moby/moby":                {known.Engine, ""},
	"github.com/moby/moby/v2":             {known.Engine, "29.0.0-rc.1"},
	"github.com/docker/buildx":            {known.Buildx, ""},
	"github.com/docker/compose/v2":        {known.Compose, "2.0.0-beta.1"},
}

// osv reads a zip of records. What it says of distributions' packages is taken for
// flaws that are known; flaws of modules that are not known are added.
//
// The day of the data is that of the newest record of modules: those of distributions
// bring no flaws that are not known.
func (m *Merger) osv(r io.ReaderAt, size int64, ofModules bool) (string, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", lang.Errorf("it is no whole zip: %w", err)
	}
	var newest string
	words, added, records := 0, 0, 0
	ids := m.byID()
	var fresh []known.Advisory
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".json") {
			continue
		}
		rec, err := readRecord(f)
		if err != nil {
			return "", fmt.Errorf("%s: %w", f.Name, err)
		}
		records++
		newest = max(newest, rec.Modified)
		if rec.Withdrawn != "" {
			continue
		}
		words += takeWords(ids, rec)
		if a := rec.unreviewed(ids); a != nil {
			fresh = append(fresh, *a)
			added++
		}
	}
	if records == 0 {
		return "", lang.Error("it holds no records")
	}
	m.data.Advisories = append(m.data.Advisories, fresh...)
	if ofModules {
		m.data.AsOf = max(m.data.AsOf, firstTen(newest))
		m.source("OSV", "", firstTen(newest))
	}
	return lang.Sprintf("%d records, %d words on packages, %d flaws that are not reviewed; the newest record is of %s", records, words, added, firstTen(newest)), nil
}

func readRecord(f *zip.File) (*record, error) {
	if f.UncompressedSize64 > maxRecord {
		return nil, lang.Errorf("a record of %d bytes is too large", f.UncompressedSize64)
	}
	file, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxRecord+1)) // to the end: the checksum is there
	if err != nil {
		return nil, err
	}
	var rec record
	if err := json.Unmarshal(data, &rec); err != nil {
		return nil, err
	}
	if _, err := time.Parse(time.RFC3339, rec.Modified); rec.ID == "" || err != nil {
		return nil, lang.Error("it is no OSV record: it has no id, or no day on which it was modified")
	}
	return &rec, nil
}

// takeWords sets what a record says of distributions' packages. Ubuntu and Alpine name
// the flaw as upstream of their notice.
func takeWords(ids map[string][]*known.Advisory, rec *record) int {
	taken := 0
	for _, id := range slices.Concat([]string{rec.ID}, rec.Aliases, rec.Upstream) {
		for _, a := range ids[id] {
			for _, f := range rec.Affected {
				ecosystem := ecosystemOf(f.Package.Ecosystem)
				if ecosystem == "" || !concerns(a, f.Package.Name) {
					continue
				}
				word := known.Affects{Package: known.Package{Ecosystem: ecosystem, Name: f.Package.Name}}
				for _, r := range f.Ranges {
					if r.Type == "ECOSYSTEM" && len(r.Events) == 2 && r.Events[0].Introduced != "" && r.Events[1].Fixed != "" {
						word.Ranges = append(word.Ranges, span(r.Events[0].Introduced, r.Events[1].Fixed)...)
					}
				}
				if len(word.Ranges) == 1 && usable(&known.Advisory{Affected: []known.Affects{word}}) {
					set(a, word)
					taken++
				}
			}
		}
	}
	return taken
}

// ecosystemOf is how package currency names a release of a distribution whose OSV
// records are read; "" for others. "Ubuntu:24.04:LTS" is Ubuntu:24.04; what Ubuntu
// sells apart (Pro) is another.
func ecosystemOf(osv string) string {
	parts := strings.Split(osv, ":")
	switch {
	case len(parts) >= 2 && parts[0] == "Ubuntu" && parts[1] != "Pro" && parts[1] != "FIPS":
		return "Ubuntu:" + parts[1]
	case len(parts) == 2 && parts[0] == "Alpine":
		return osv
	}
	return ""
}

// unreviewed is the advisory that a record of a module makes; nil where the flaw is
// known, or of nothing that is judged here.
func (rec *record) unreviewed(ids map[string][]*known.Advisory) *known.Advisory {
	a := known.Advisory{
		ID: rec.ID, Published: firstTen(rec.Published), Summary: cmp.Or(rec.Summary, "see the record"),
		Condition:    known.Condition{Text: "not reviewed: see the record"},
		Verification: "one", Note: "taken from OSV as it is; nobody has reviewed its ranges", SourcesRead: []string{"OSV " + rec.ID + ", modified " + firstTen(rec.Modified)},
	}
	if _, ok := known.FirstDay(a.Published); !ok {
		a.Published = ""
	}
	for _, alias := range rec.Aliases {
		if strings.HasPrefix(alias, "CVE-") && !strings.HasPrefix(a.ID, "CVE-") {
			a.ID, alias = alias, a.ID
		}
		a.Aliases = append(a.Aliases, alias)
	}
	var spans []known.Span
	for _, f := range rec.Affected {
		module, ok := modules[f.Package.Name]
		if !ok || f.Package.Ecosystem != "Go" || a.Component != "" && a.Component != module.component {
			continue
		}
		a.Component = module.component
		for _, r := range f.Ranges {
			from := ""
			for _, e := range r.Events {
				switch {
				case r.Type != "SEMVER":
				case e.Introduced != "":
					from = e.Introduced
					if from == "0" {
						from = cmp.Or(module.first, "0")
					}
				case e.Fixed != "" && from != "":
					spans = append(spans, known.Span{From: from, To: e.Fixed})
					from = ""
				}
			}
			if from != "" {
				spans = append(spans, known.Span{From: from})
			}
		}
	}
	for _, id := range append([]string{a.ID}, a.Aliases...) {
		if slices.ContainsFunc(ids[id], func(old *known.Advisory) bool { return old.Component == a.Component }) {
			return nil
		}
	}
	if a.Component == "" || len(spans) == 0 {
		return nil
	}
	a.Affected = []known.Affects{affects(a.Component, spans)}
	for _, s := range rec.Severity {
		a.Severity.Vectors = append(a.Severity.Vectors, s.Score)
	}
	rate(&a.Severity)
	for _, ref := range rec.References {
		a.References = append(a.References, ref.URL)
	}
	if len(a.References) == 0 {
		a.References = []string{"https://osv.dev/vulnerability/" + rec.ID}
	}
	if !usable(&a) {
		a.Affected = []known.Affects{{Package: known.Package{Ecosystem: known.Upstream, Name: string(a.Component)},
			Unsure: []known.Unsure{{Introduced: "0", Why: "the ranges of the record cannot be read"}}}}
	}
	return &a
}

// affects has the spans in order. One without an end makes what comes after it
// uncertain: it may be mended in a release that the record does not know.
func affects(component known.Component, spans []known.Span) known.Affects {
	out := known.Affects{Package: known.Package{Ecosystem: known.Upstream, Name: string(component)}}
	slices.SortFunc(spans, func(a, b known.Span) int { return order(a.From, b.From) })
	var events []known.Event
	for _, s := range spans {
		if component == known.Engine {
			out.Unsure = append(out.Unsure, known.Unsure{Introduced: s.From, Fixed: s.To, Why: "the record counts modules of Go; which releases of the engine have the flaw nobody has reviewed"})
			continue
		}
		if s.To == "" {
			out.Unsure = append(out.Unsure, known.Unsure{Introduced: s.From, Why: "the record knows no release that mends it"})
			continue
		}
		events = append(events, known.Event{Introduced: s.From}, known.Event{Fixed: s.To})
	}
	if len(events) > 0 {
		out.Ranges = []known.Range{{Type: "ECOSYSTEM", Events: events}}
	}
	return out
}

func order(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "0":
		return -1
	case b == "0":
		return 1
	}
	c, _ := version.Upstream.Compare(a, b)
	return c
}

// newer reports whether a is a later release than b.
func newer(a, b string) bool {
	if a == "" || b == "" {
		return a != ""
	}
	c, err := version.Upstream.Compare(a, b)
	return err == nil && c > 0
}

// usable reports whether the versions of an advisory can be compared.
func usable(a *known.Advisory) bool {
	for _, f := range a.Affected {
		if f.Valid() != nil {
			return false
		}
	}
	return true
}
