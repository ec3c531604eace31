package currency

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
)

// Judge tells how up to date a host was when its snapshot was taken.
func Judge(s *snapshot.Snapshot, data *known.Data) *Report {
	r := &Report{AsOf: data.AsOf}
	r.Age, r.Freshness = AgeOf(data, s.TakenAt)
	r.Reviewed = r.Freshness
	if data.Reviewed != "" {
		_, r.Reviewed = AgeOf(&known.Data{AsOf: data.Reviewed}, s.TakenAt)
	}
	r.Components = gather(s, data)
	for i := range r.Components {
		c := &r.Components[i]
		c.Branch = branchOf(data, c, s.TakenAt)
		c.Support = supportOf(data, c, s.TakenAt)
		c.judge(place{s, engineOf(s, c.Engine)}, data)
	}
	r.Waiting, r.KernelNamed = waiting(s), runningKernel(s) != ""
	return r
}

// AgeOf is how many days old data is, and how far it can be trusted to be complete.
func AgeOf(data *known.Data, now time.Time) (days int, _ Freshness) {
	if day, ok := known.FirstDay(data.AsOf); ok {
		days = max(0, int(now.Sub(day).Hours()/24))
	}
	switch {
	case days > staleAfter:
		return days, Stale
	case days > agingAfter:
		return days, Aging
	}
	return days, Current
}

func engineOf(s *snapshot.Snapshot, name string) *snapshot.Engine {
	for i := range s.Engines {
		if s.Engines[i].Name == name {
			return &s.Engines[i]
		}
	}
	return nil
}

// judge decides all advisories of the component.
func (c *Component) judge(p place, data *known.Data) {
	if c.Version == "" {
		return
	}
	for _, a := range data.Of(c.Kind) {
		v := c.verdict(a, data)
		v.weigh(p, a)
		c.Verdicts = append(c.Verdicts, v)
	}
	slices.SortStableFunc(c.Verdicts, compareVerdicts)
}

// statusOrder has those that matter most first.
var statusOrder = []Status{Open, VendorUnknown, Undecided, Accepted, NotApplicable, Fixed, NotAffected}

// severityOrder has the worst first, and what nobody judged before the lowest.
var severityOrder = []string{"critical", "high", "medium", "", "low"}

// compareVerdicts orders by status, then has flaws that are known to be used first, by
// severity, and by whether what they take was seen.
func compareVerdicts(a, b Verdict) int {
	return cmp.Or(
		cmp.Compare(slices.Index(statusOrder, a.Status), slices.Index(statusOrder, b.Status)),
		-compareBool(a.Advisory.Exploited.Listed, b.Advisory.Exploited.Listed),
		-compareBool(a.Holds, b.Holds),
		cmp.Compare(slices.Index(severityOrder, a.Advisory.Severity.Label), slices.Index(severityOrder, b.Advisory.Severity.Label)),
		-cmp.Compare(a.Advisory.Severity.Score, b.Advisory.Severity.Score),
		-cmp.Compare(a.Advisory.ID, b.Advisory.ID),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// verdict decides one advisory by the word of who built the component.
func (c *Component) verdict(a *known.Advisory, data *known.Data) Verdict {
	v := Verdict{Advisory: a}
	answer, why := c.upstreamSays(a, data)
	fixed := a.Of(known.Upstream, string(a.Component)).FixedIn(c.Upstream)
	if c.Origin.FromUpstream() {
		v.byUpstream(c, answer, why, fixed)
		return v
	}
	v.Upstream = upstreamWords(c, answer, why, fixed)
	if c.Origin.Ecosystem != "" && c.byVendor(&v, a, answer) {
		return v
	}
	switch answer {
	case known.Mended:
		v.Status, v.Why = Fixed, lang.T("the release that it is made of holds the fix")
	case known.Before:
		v.Status, v.Why = NotAffected, lang.T("the flaw came with a later release")
	case known.Never:
		v.Status, v.Why = NotAffected, lang.T(noRelease)
	case known.Affected:
		v.Status, v.Why = VendorUnknown, lang.Sprintf("releases of this version have it; what %s did about it is not known here", vendorName(c.Origin))
	default:
		v.Status, v.Why = Undecided, why
	}
	if c.suspect != "" && v.Status != NotAffected {
		v.Status, v.Why = Undecided, c.suspect
	}
	return v
}

func vendorName(o Origin) string {
	if name := distributions[o.Builder]; name != "" {
		return name
	}
	switch o.Builder {
	case BuiltBySnap:
		return lang.T("the maker of the snap")
	case BuiltByOther:
		return orNobody(o.Package.Maintainer)
	}
	return lang.T("its builder")
}

// byUpstream decides where upstream releases are what runs.
func (v *Verdict) byUpstream(c *Component, answer known.Answer, why, fixed string) {
	switch answer {
	case known.Affected:
		v.Status, v.FixedIn = Open, fixed
		v.Why = fixWords(c.Upstream, fixed)
		if v.Advisory.Verification == "id-only" {
			v.Why = lang.Sprintf("%s; its record was not read", v.Why)
		}
	case known.Mended:
		v.Status, v.Why = Fixed, lang.Sprintf("release %s holds the fix", c.Upstream)
	case known.Before:
		v.Status, v.Why = NotAffected, lang.T("the flaw came with a later release")
	case known.Never:
		v.Status, v.Why = NotAffected, lang.T(noRelease)
	default:
		v.Status, v.Why = Undecided, why
	}
}

// noRelease is said of flaws that distributions brought in.
var noRelease = lang.N("no release of its makers has it")

// fixWords tell which release mends a flaw, and whether that is one of the branch
// that runs.
func fixWords(runs, fixed string) string {
	if fixed == "" {
		return lang.T("no release that mends it is known")
	}
	if branch(runs) != branch(fixed) {
		return lang.Sprintf("no release of this branch mends it; %s does", fixed)
	}
	return lang.Sprintf("mended in %s", fixed)
}

// branch are the first two numbers of a release.
func branch(release string) string {
	numbers := strings.SplitN(version.Clean(release), ".", 3)
	return strings.Join(numbers[:min(2, len(numbers))], ".")
}

func upstreamWords(c *Component, answer known.Answer, why, fixed string) string {
	switch answer {
	case known.Affected:
		if c.Upstream == "" {
			return lang.T("releases of its age have it")
		}
		return lang.Sprintf("release %s has it; %s", c.Upstream, fixWords(c.Upstream, fixed))
	case known.Mended:
		return lang.Sprintf("release %s holds the fix", c.Upstream)
	case known.Before:
		return lang.T("it came with a later release")
	case known.Never:
		return lang.T(noRelease)
	}
	return why
}

// certainAge is by how many days code must be older than the publication of a flaw
// that was always there, so that it cannot hold the fix: fixes are kept back for
// weeks before that.
const certainAge = 90

// upstreamSays is what the ranges of upstream releases say of the component.
func (c *Component) upstreamSays(a *known.Advisory, data *known.Data) (known.Answer, string) {
	ranges := a.Of(known.Upstream, string(a.Component))
	if !c.codeFrom.IsZero() {
		return c.byAge(a, ranges, data)
	}
	if c.Upstream == "" {
		return known.NoWord, lang.Semicolon(c.Remarks)
	}
	answer, why, err := ranges.Says(c.Upstream)
	if err != nil {
		return known.NoWord, err.Error()
	}
	if answer == known.NoWord {
		why = lang.T("no range is known")
	}
	return answer, lang.T(why)
}

// byAge compares code that is no release by its age. Where a flaw was always there,
// code that is much older than its publication has it. Where it came with a release,
// an engine that is older than all that hold this release has it not.
func (c *Component) byAge(a *known.Advisory, ranges *known.Affects, data *known.Data) (known.Answer, string) {
	cannot := lang.T("it is a commit between releases, and too young to tell by its age whether it holds the fix")
	spans := ranges.Spans()
	published, ok := known.FirstDay(a.Published)
	if len(spans) == 0 || !ok {
		return known.NoWord, cannot
	}
	if spans[0].From != "0" {
		if first := firstWith(data, spans[0].From); !first.IsZero() && c.codeFrom.Before(first.AddDate(0, 0, -certainAge)) {
			return known.Before, ""
		}
		return known.NoWord, cannot
	}
	if c.codeFrom.Before(published.AddDate(0, 0, -certainAge)) {
		return known.Affected, ""
	}
	return known.NoWord, cannot
}

// firstWith is when the first engine with a BuildKit of this version or a later one
// was tagged.
func firstWith(data *known.Data, buildKit string) time.Time {
	var first time.Time
	for _, b := range data.Engines.Engines {
		c, err := version.Upstream.Compare(b.BuildKit, buildKit)
		day, ok := known.FirstDay(b.Date)
		if err == nil && ok && c >= 0 && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first
}

// weigh takes the conditions of an attack into account.
func (v *Verdict) weigh(p place, a *known.Advisory) {
	if v.Status == Fixed || v.Status == NotAffected {
		return
	}
	all := len(a.Condition.All) > 0
	var unread []*Missing
	try := func(is presence, e Evidence, m *Missing) {
		switch is {
		case absent:
			v.Evidence = append(v.Evidence, e)
			if v.Status != NotApplicable {
				v.Status, v.Why = NotApplicable, lang.Sprintf("it takes: %s", lang.T(a.Condition.Text))
			}
		case holds:
			v.Evidence = append(v.Evidence, e)
		case notRead:
			unread = append(unread, m)
			all = false
		default:
			all = false
		}
	}
	for _, name := range a.Condition.All {
		try(conditions[name](p))
	}
	if len(a.KernelConfigAnyOf) > 0 {
		try(kernelHas(p, a.KernelConfigAnyOf))
	}
	if v.Status == NotApplicable {
		return
	}
	if v.Status == Open && len(unread) > 0 {
		v.Status = Undecided
		v.Why = lang.Sprintf("the flaw is there, and whether what it takes is too could not be read (%s: %s)", unread[0].Fact.Path, lang.Reword(unread[0].Gap.Detail))
	}
	v.Holds = all
	v.livePatched(p, a)
}

// livePatched leaves a flaw of the kernel open to doubt where the kernel was mended as it
// runs: its version does not tell what by.
func (v *Verdict) livePatched(p place, a *known.Advisory) {
	patches := p.s.Host.Software.Kernel.LivePatches
	names, _ := patches.Peek()
	if v.Status != Open || a.Component != known.Kernel || len(names) == 0 {
		return
	}
	v.Status, v.Holds = Undecided, false
	v.Why = lang.Sprintf("this version has it, and the kernel was given a live patch since (%s), of which nothing tells what it mends", lang.Comma(names))
	v.Evidence = append(v.Evidence, Evidence{patches.Origin(), strings.Join(names, ", ")})
}

// CheckData finds conditions in data that nobody can decide: data that was made for
// another version.
func CheckData(d *known.Data) error {
	for i := range d.Advisories {
		a := &d.Advisories[i]
		for _, name := range a.Condition.All {
			if !KnowsCondition(name) {
				return lang.Errorf("%s: this version of Seawall does not know the condition %q", a.ID, name)
			}
		}
	}
	return nil
}
