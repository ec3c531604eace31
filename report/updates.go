package report

import (
	"encoding/json"
	"io"
	"time"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/lang"
	"seawall/snapshot"
)

// UpdatesFormat is the format and version of what is up to date in JSON; its schema
// is docs/schema/updates-1.json.
const UpdatesFormat = "seawall.updates/1"

// Updates is how up to date a host is.
type Updates struct {
	Format     string            `json:"format"`
	Tool       string            `json:"tool"` // version of Seawall
	TakenAt    time.Time         `json:"takenAt"`
	Host       Host              `json:"host"`
	Engines    []Engine          `json:"engines"`
	Data       UpdatesData       `json:"data"`
	Components []UpdateComponent `json:"components"`
	Waiting    []UpdateNotice    `json:"waiting"`
}

// UpdatesData is what advisories were judged by.
type UpdatesData struct {
	AsOf       string             `json:"asOf"`
	AgeDays    int                `json:"ageDays"`
	Freshness  currency.Freshness `json:"freshness"`
	Advisories int                `json:"advisories"`
	Note       string             `json:"note"`
}

// UpdateComponent is one part of what runs containers.
type UpdateComponent struct {
	Component known.Component `json:"component"`
	Engine    string          `json:"engine,omitempty"`
	Path      string          `json:"path,omitempty"`
	Version   string          `json:"version,omitempty"` // not there: not known
	Release   string          `json:"release,omitempty"` // the upstream release that it is made of
	Source    string          `json:"source,omitempty"`  // where the version was read

	Builder currency.Builder  `json:"builder"`
	Package *snapshot.Package `json:"package,omitempty"`
	Built   string            `json:"built"` // in words
	Branch  UpdateBranch      `json:"branch"`
	Support *UpdateSupport    `json:"support,omitempty"`
	// Clear: it is known that nothing is open.
	Clear    bool                    `json:"clear"`
	Counts   map[currency.Status]int `json:"counts"`
	Verdicts []UpdateVerdict         `json:"verdicts"`
	Remarks  []string                `json:"remarks,omitempty"`
	Gaps     []UpdateGap             `json:"gaps,omitempty"`
}

// UpdateBranch is the upstream branch.
type UpdateBranch struct {
	Name   string              `json:"name,omitempty"`
	State  currency.Maintained `json:"state"`
	Ends   string              `json:"ends,omitempty"`
	Status string              `json:"status,omitempty"`
	Newest string              `json:"newest,omitempty"`
	AsOf   string              `json:"asOf"`
}

// UpdateSupport is the distribution's support.
type UpdateSupport struct {
	Name         string              `json:"name"`
	State        currency.Maintained `json:"state"`
	SecurityEnds string              `json:"securityEnds,omitempty"`
	LongTermEnds string              `json:"longTermEnds,omitempty"`
}

// UpdateVerdict is what became of an advisory.
type UpdateVerdict struct {
	ID           string           `json:"id"`
	Aliases      []string         `json:"aliases,omitempty"`
	Names        []string         `json:"names,omitempty"`
	Summary      string           `json:"summary"`
	Published    string           `json:"published,omitempty"`
	Severity     string           `json:"severity,omitempty"`
	Score        float64          `json:"score,omitempty"`
	Exploited    *known.Exploited `json:"exploited,omitempty"` // not there: not known
	Status       currency.Status  `json:"status"`
	Why          string           `json:"why"`
	Upstream     string           `json:"upstream,omitempty"`
	FixedIn      string           `json:"fixedIn,omitempty"`
	Takes        string           `json:"takes"` // what an attack takes
	TakesSeen    bool             `json:"takesSeen,omitempty"`
	Evidence     []UpdateEvidence `json:"evidence,omitempty"`
	Mitigation   string           `json:"mitigation,omitempty"`
	Verification string           `json:"verification"`
	Note         string           `json:"note,omitempty"`
	References   []string         `json:"references"`
}

// UpdateEvidence is a fact that decided.
type UpdateEvidence struct {
	Fact   string `json:"fact"`
	Source string `json:"source"`
	Value  string `json:"value"`
}

// UpdateGap is a fact that would have told more.
type UpdateGap struct {
	Fact   string `json:"fact"`
	Source string `json:"source"`
	snapshot.Gap
}

// UpdateNotice is something that waits to be done, or that cannot be told.
type UpdateNotice struct {
	Kind  currency.NoticeKind `json:"kind"`
	Known bool                `json:"known"`
	Words string              `json:"words"`
	Fix   string              `json:"fix,omitempty"`
}

// BuildUpdates sums up how up to date a host is.
func BuildUpdates(tool string, s *snapshot.Snapshot, data *known.Data, judged *currency.Report) *Updates {
	u := &Updates{
		Format: UpdatesFormat, Tool: tool, TakenAt: s.TakenAt, Host: summarizeHost(&s.Host), Engines: []Engine{},
		Data:       UpdatesData{judged.AsOf, judged.Age, judged.Freshness, len(data.Advisories), data.Note},
		Components: []UpdateComponent{}, Waiting: []UpdateNotice{},
	}
	for i := range s.Engines {
		u.Engines = append(u.Engines, summarizeEngine(s, &s.Engines[i]))
	}
	for i := range judged.Components {
		u.Components = append(u.Components, updateComponent(judged, &judged.Components[i]))
	}
	for _, n := range judged.Waiting {
		u.Waiting = append(u.Waiting, UpdateNotice{n.Kind, n.Known, n.Words, n.Fix})
	}
	return u
}

func updateComponent(judged *currency.Report, c *currency.Component) UpdateComponent {
	out := UpdateComponent{
		Component: c.Kind, Engine: c.Engine, Path: c.Path, Version: c.Version, Release: c.Upstream, Source: c.Read.Source,
		Builder: c.Origin.Builder, Built: c.Origin.Words(),
		Branch: UpdateBranch{c.Branch.Name, c.Branch.State, c.Branch.Ends, c.Branch.Status, c.Branch.Latest, c.Branch.AsOf},
		Clear:  judged.Clear(c), Counts: map[currency.Status]int{}, Verdicts: []UpdateVerdict{}, Remarks: c.Remarks,
	}
	if c.Origin.Package.Name != "" {
		out.Package = &c.Origin.Package
	}
	if c.Support.Name != "" {
		out.Support = &UpdateSupport{c.Support.Name, c.Support.State, c.Support.SecurityEnds, c.Support.LongTermEnds}
	}
	for i := range c.Verdicts {
		out.Counts[c.Verdicts[i].Status]++
		out.Verdicts = append(out.Verdicts, updateVerdict(&c.Verdicts[i]))
	}
	for _, m := range c.Missing {
		out.Gaps = append(out.Gaps, UpdateGap{m.Fact.Path, m.Fact.Source, m.Gap})
	}
	return out
}

func updateVerdict(v *currency.Verdict) UpdateVerdict {
	a := v.Advisory
	out := UpdateVerdict{
		ID: a.ID, Aliases: a.Aliases, Names: a.Names, Summary: lang.T(a.Summary), Published: a.Published, Severity: a.Severity.Label, Score: a.Severity.Score,
		Status: v.Status, Why: v.Why, Upstream: v.Upstream, FixedIn: v.FixedIn, Takes: lang.T(a.Condition.Text), TakesSeen: v.Holds,
		Mitigation: lang.T(a.Mitigation), Verification: a.Verification, Note: lang.T(a.Note), References: a.References,
	}
	if a.Exploited.Source != "" {
		out.Exploited = &a.Exploited
	}
	for _, e := range v.Evidence {
		out.Evidence = append(out.Evidence, UpdateEvidence{e.Fact.Path, e.Fact.Source, e.Value})
	}
	return out
}

// Partial reports whether something could not be told.
func (u *Updates) Partial() bool {
	for _, c := range u.Components {
		if c.Version == "" || len(c.Gaps) > 0 || c.Counts[currency.Undecided] > 0 {
			return true
		}
	}
	for _, n := range u.Waiting {
		if !n.Known {
			return true
		}
	}
	return u.Data.Freshness == currency.Stale
}

// UpdatesJSON writes it in the format described by docs/schema/updates-1.json.
func UpdatesJSON(w io.Writer, u *Updates) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(u); err != nil {
		return lang.Errorf("write updates: %w", err)
	}
	return nil
}
