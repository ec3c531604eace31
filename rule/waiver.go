package rule

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
)

// Waiver accepts findings: who accepted them, why, and until when.
type Waiver struct {
	// Rule is a rule's id, or a shell pattern over ids.
	Rule string `json:"rule"`
	// Subject and Engine are shell patterns over the names; "" matches all.
	Subject string `json:"subject,omitempty"`
	Engine  string `json:"engine,omitempty"`
	// Fingerprint narrows the waiver to one finding.
	Fingerprint string `json:"fingerprint,omitempty"`
	Reason      string `json:"reason"`
	// Owner is who accepted the risk.
	Owner string `json:"owner,omitempty"`
	// Until is the last day on which the waiver holds, as YYYY-MM-DD.
	Until string `json:"until"`
	// Where is the waiver's place, file:line.
	Where string `json:"where,omitempty"`

	until time.Time
	used  bool
}

// Waivers is a waivers file.
type Waivers []*Waiver

// waiverYAML is the file as people write it.
type waiverYAML struct {
	Waivers []yaml.Node `yaml:"waivers"`
}

// waiversLimit is the size of a waivers file that is read, in bytes: some
// thousands of waivers.
const waiversLimit = 1 << 20

// ParseWaivers reads a waivers file, as docs/schema/waivers-1.json describes it.
// The name is used in messages. Every waiver needs a rule, a reason and a date;
// known says whether there are rules of an id or pattern. The first mistake is
// returned as one line with file and line.
func ParseWaivers(name string, data []byte, known func(pattern string) error) (Waivers, error) {
	if len(data) > waiversLimit {
		return nil, lang.Errorf("%s: more than %d bytes", name, waiversLimit)
	}
	var file waiverYAML
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, oneLine(err))
	}
	var waivers Waivers
	for i := range file.Waivers {
		w, err := parseWaiver(name, &file.Waivers[i], known)
		if err != nil {
			return nil, err
		}
		waivers = append(waivers, w)
	}
	return waivers, nil
}

func parseWaiver(name string, node *yaml.Node, known func(string) error) (*Waiver, error) {
	where := fmt.Sprintf("%s:%d", name, node.Line)
	fields, err := waiverFields(where, name, node)
	if err != nil {
		return nil, err
	}
	return NewWaiver(where, fields, known)
}

// NewWaiver makes a waiver of its fields, as a waivers file names them, that stands at a
// place. Known says whether there are rules of an id or pattern.
func NewWaiver(where string, fields map[string]string, known func(pattern string) error) (*Waiver, error) {
	for key := range fields {
		if !slices.Contains(waiverKeys, key) {
			return nil, lang.Errorf("%s: unknown field %q: a waiver has %s", where, key, strings.Join(waiverKeys, ", "))
		}
	}
	w := &Waiver{
		Rule: fields["rule"], Subject: fields["subject"], Engine: fields["engine"], Fingerprint: fields["fingerprint"],
		Reason: fields["reason"], Owner: fields["owner"], Until: fields["until"], Where: where,
	}
	if err := w.check(known); err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	return w, nil
}

// waiverKeys are the keys that a waiver may have.
var waiverKeys = []string{"rule", "subject", "engine", "fingerprint", "reason", "owner", "until"}

// waiverFields reads the mapping of one waiver; every value is a text.
func waiverFields(where, name string, node *yaml.Node) (map[string]string, error) {
	if node.Kind != yaml.MappingNode {
		return nil, lang.Errorf("%s: want a waiver with rule, reason and until", where)
	}
	fields := map[string]string{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if !slices.Contains(waiverKeys, key.Value) {
			return nil, lang.Errorf("%s:%d: unknown field %q: a waiver has %s", name, key.Line, key.Value, strings.Join(waiverKeys, ", "))
		}
		if value.Kind != yaml.ScalarNode {
			return nil, lang.Errorf("%s:%d: %s must be a text", name, value.Line, key.Value)
		}
		if _, twice := fields[key.Value]; twice {
			return nil, lang.Errorf("%s:%d: %s is given twice", name, key.Line, key.Value)
		}
		fields[key.Value] = value.Value
	}
	return fields, nil
}

// check validates the waiver and fills in its date.
func (w *Waiver) check(known func(string) error) error {
	if w.Rule == "" {
		return lang.Error("waiver without a rule: add 'rule: ID' (see 'seawall rules')")
	}
	if err := known(w.Rule); err != nil {
		return err
	}
	if strings.Trim(w.Rule, "*?") == "" && w.Subject+w.Engine+w.Fingerprint == "" {
		return lang.Error("waiver of everything: name a rule, a subject or an engine")
	}
	if w.Reason == "" {
		return lang.Errorf("waiver of %s has no reason: add 'reason: …'", w.Rule)
	}
	if w.Until == "" {
		return lang.Errorf("waiver of %s has no date: add 'until: YYYY-MM-DD'", w.Rule)
	}
	if w.Fingerprint != "" && !ValidFingerprint(w.Fingerprint) {
		return lang.Errorf("waiver of %s: fingerprint %q is not 32 hexadecimal digits, as reports give it", w.Rule, w.Fingerprint)
	}
	for _, pattern := range []string{w.Rule, w.Subject, w.Engine} {
		if _, err := path.Match(pattern, ""); err != nil {
			return lang.Errorf("waiver of %s: bad pattern %q", w.Rule, pattern)
		}
	}
	until, err := time.Parse(time.DateOnly, w.Until)
	if err != nil {
		return lang.Errorf("waiver of %s: date %q is not of the form YYYY-MM-DD", w.Rule, w.Until)
	}
	w.until = until.AddDate(0, 0, 1)
	return nil
}

// Apply marks the findings that a waiver accepts at the given time, and
// returns a warning for every waiver that has expired or matched nothing.
func (ws Waivers) Apply(results []Result, now time.Time) (warnings []string) {
	for i := range results {
		r := &results[i]
		if r.Verdict != Failed {
			continue
		}
		for _, w := range ws {
			if !w.matches(r) {
				continue
			}
			w.used = true
			if now.Before(w.until) && r.Waived == nil {
				r.Waived = w
			}
		}
	}
	for _, w := range ws {
		switch {
		case !w.used:
			warnings = append(warnings, lang.Sprintf("%s: waiver of %s matches no finding: remove it", w.Where, w.Rule))
		case !now.Before(w.until):
			warnings = append(warnings, lang.Sprintf("%s: waiver of %s ended on %s: its findings count again", w.Where, w.Rule, w.Until))
		}
	}
	return warnings
}

func (w *Waiver) matches(r *Result) bool {
	if w.Fingerprint != "" && w.Fingerprint != r.Fingerprint {
		return false
	}
	return MatchName(w.Rule, r.Rule) && MatchName(w.Subject, r.Subject.Name) && MatchName(w.Engine, r.Subject.Engine)
}

// MatchName matches a shell pattern in which * also crosses slashes.
func MatchName(pattern, name string) bool {
	if pattern == "" || pattern == "*" || pattern == name {
		return true
	}
	const slash = "\x00"
	ok, _ := path.Match(replaceSlash(pattern, slash), replaceSlash(name, slash))
	return ok
}

func replaceSlash(s, with string) string {
	return string(bytes.ReplaceAll([]byte(s), []byte("/"), []byte(with)))
}

// oneLine joins the lines of a YAML error.
func oneLine(err error) error {
	lines := bytes.Fields([]byte(err.Error()))
	return errors.New(string(bytes.Join(lines, []byte(" "))))
}
