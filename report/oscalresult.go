package report

import (
	"crypto/sha1"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

type (
	oscalReviewed struct {
		Selections []oscalSelection `json:"control-selections"`
	}
	oscalSelection struct {
		Description string        `json:"description"`
		Include     []oscalSelect `json:"include-controls,omitempty"`
	}
	oscalSelect struct {
		ControlID string `json:"control-id"`
	}
	oscalObservation struct {
		UUID        string          `json:"uuid"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Props       []oscalProp     `json:"props"`
		Methods     []string        `json:"methods"`
		Subjects    []oscalSubject  `json:"subjects"`
		Evidence    []oscalEvidence `json:"relevant-evidence,omitempty"`
		Collected   string          `json:"collected"`
		Remarks     string          `json:"remarks,omitempty"`
	}
	oscalSubject struct {
		UUID  string `json:"subject-uuid"`
		Type  string `json:"type"`
		Title string `json:"title"`
	}
	oscalEvidence struct {
		Description string `json:"description"`
	}
)

// oscal writes one document.
type oscal struct {
	report *Report
	lookup Lookup
	seed   string
	// items are the subjects, and known their UUIDs.
	items []oscalItem
	known map[rule.Subject]string
	// byRule are the results of each rule, with the UUIDs of their observations.
	byRule map[string][]oscalSeen
}

type oscalSeen struct {
	result *rule.Result
	uuid   string
}

func newOSCAL(r *Report, lookup Lookup) *oscal {
	return &oscal{
		report: r, lookup: lookup, known: map[rule.Subject]string{}, byRule: map[string][]oscalSeen{},
		seed: fmt.Sprintf("%q %q %q %s", r.Host.Name, r.Tool, r.Profile, r.TakenAt.UTC()),
	}
}

// oscalUUIDs is the name space of the UUIDs.
var oscalUUIDs = []byte("\x6f\x1d\x0c\x8e\x52\x7b\x4e\x0a\x9d\x31\xb7\x44\x2a\xe0\x95\xc3")

// uuid is a UUID of version 5 (RFC 9562): a hash of the audit and the name, so
// that the same snapshot gives the same document.
func (o *oscal) uuid(parts ...string) string {
	key := strconv.Quote(o.seed)
	for _, part := range parts {
		key += " " + strconv.Quote(part)
	}
	h := sha1.Sum(append(slices.Clone(oscalUUIDs), key...))
	h[6] = h[6]&0x0f | 0x50
	h[8] = h[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[0:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

func (o *oscal) host() string {
	if o.report.Host.Name == "" {
		return lang.T("an unknown host")
	}
	return markup(o.report.Host.Name)
}

// reviewed names the rules that were asked.
func (o *oscal) reviewed() oscalReviewed {
	s := oscalSelection{Description: lang.Sprintf("The rules of Seawall's profile %s; a rule's id is the control's.", markup(o.report.Profile))}
	for _, id := range o.report.Rules {
		s.Include = append(s.Include, oscalSelect{id})
	}
	return oscalReviewed{[]oscalSelection{s}}
}

func (o *oscal) observation(x *rule.Result, at string) oscalObservation {
	out := oscalObservation{
		UUID:  o.uuid("observation", x.Fingerprint),
		Title: x.Rule, Description: markup(qualifiedName(x.Subject) + ": " + x.Message),
		Props:   []oscalProp{ours("verdict", string(x.Verdict)), ours("severity", x.Severity.String()), ours("fingerprint", x.Fingerprint)},
		Methods: []string{"TEST"}, Collected: at,
		Subjects: []oscalSubject{{o.subject(x.Subject), "inventory-item", markup(qualifiedName(x.Subject))}},
	}
	for _, e := range x.Evidence {
		out.Evidence = append(out.Evidence, oscalEvidence{markup(evidenceText(e, true))})
	}
	if x.Since != "" {
		out.Props = append(out.Props, ours("since", string(x.Since)))
	}
	if x.Waived != nil {
		out.Remarks = markup(lang.Sprintf("Waived until %s: %s", x.Waived.Until, x.Waived.Reason))
	}
	o.byRule[x.Rule] = append(o.byRule[x.Rule], oscalSeen{x, out.UUID})
	return out
}

// subject is the UUID of a subject's inventory item, which it makes.
func (o *oscal) subject(s rule.Subject) string {
	if uuid, ok := o.known[s]; ok {
		return uuid
	}
	uuid := o.uuid("subject", string(s.Kind), s.Engine, s.Name, s.Project, s.Service)
	o.known[s] = uuid
	o.items = append(o.items, oscalItem{uuid, markup(kindWord(s.Kind) + " " + qualifiedName(s)), []oscalProp{ours("kind", string(s.Kind))}})
	return uuid
}

// findings are the controls that were judged, by id.
func (o *oscal) findings() []oscalFinding {
	var out []oscalFinding
	for _, id := range slices.Sorted(maps.Keys(o.byRule)) {
		out = append(out, o.finding(id, o.byRule[id]))
	}
	return out
}

// ours is a property of a name that OSCAL does not define.
func ours(name, value string) oscalProp {
	return oscalProp{name, oscalNamespace, propValue(value)}
}

// propValue is a text as values of properties must be: one line that neither
// begins nor ends with a space, and is not empty.
func propValue(s string) string {
	if s = oneParagraph(clean(s)); s == "" {
		return "none"
	}
	return s
}

// markup is a text as OSCAL's Markdown fields take it, on one line.
func markup(s string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "{", `\{`).Replace(propValue(s))
}
