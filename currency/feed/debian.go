package feed

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"seawall/currency/known"
	"seawall/lang"
)

// debianSuites are the ecosystems of Debian's releases, by code name.
var debianSuites = map[string]string{"bullseye": "Debian:11", "bookworm": "Debian:12", "trixie": "Debian:13", "forky": "Debian:14", "sid": known.Debian}

// trackerEntry is what Debian's tracker says of a flaw in a source package
// (security-tracker.debian.org/tracker/data/json).
type trackerEntry struct {
	Releases map[string]struct {
		Status       string `json:"status"` // "resolved", "open", "undetermined"
		FixedVersion string `json:"fixed_version"`
		NoDSA        string `json:"nodsa"`
		NoDSAReason  string `json:"nodsa_reason"`
	} `json:"releases"`
}

// debian takes the tracker's word on the packages that matter here.
func (m *Merger) debian(r io.Reader) (string, error) {
	ids := m.byID()
	taken, packages := 0, 0
	err := eachMember(r, func(source string, dec *json.Decoder) error {
		var entries map[string]trackerEntry
		if !wantedSource(source) {
			return skip(dec)
		}
		if err := dec.Decode(&entries); err != nil {
			return fmt.Errorf("%s: %w", source, err)
		}
		packages++
		for id, entry := range entries {
			for _, a := range ids[id] {
				if concerns(a, source) {
					taken += takeDebian(a, source, entry)
				}
			}
		}
		return nil
	})
	if err == nil && packages == 0 {
		err = lang.Error("it names none of the packages docker.io, containerd and runc: not Debian's tracker")
	}
	return lang.Sprintf("%d words on %d packages", taken, packages), err
}

func wantedSource(source string) bool {
	return source == "linux" || source == "docker.io" || source == "containerd" || source == "runc" || source == "docker-compose" || source == "slirp4netns" || source == "docker-buildx"
}

// takeDebian sets Debian's word for each release. A fixed version of 0 says that no
// version of the release has the flaw; nodsa, that there will be no advisory of its own,
// which is a decision unless it is only postponed.
func takeDebian(a *known.Advisory, source string, entry trackerEntry) int {
	taken := 0
	for suite, says := range entry.Releases {
		ecosystem, ok := debianSuites[suite]
		if !ok || source == "linux" && ecosystem == known.Debian { // the reviewed word tells the branches apart
			continue
		}
		word := known.Affects{Package: known.Package{Ecosystem: ecosystem, Name: source}}
		switch {
		case says.Status == "resolved" && says.FixedVersion != "":
			word.Ranges = span("0", says.FixedVersion)
		case says.Status == "open" && says.NoDSA != "" && says.NoDSAReason != "postponed":
			word.Status, word.Why = "accepted", says.NoDSA
		case says.Status == "open":
			word.Status, word.Why = "unfixed", "Debian's tracker: open"
		default:
			continue
		}
		if word.Valid() != nil { // "undetermined" stands for a version of old releases
			continue
		}
		set(a, word)
		taken++
	}
	return taken
}

func span(from, to string) []known.Range {
	return []known.Range{{Type: "ECOSYSTEM", Events: []known.Event{{Introduced: from}, {Fixed: to}}}}
}

// eachMember calls do for each member of a JSON object, with the decoder before its
// value. What follows the object is an error, as is its end before it is closed.
func eachMember(r io.Reader, do func(name string, dec *json.Decoder) error) error {
	dec := json.NewDecoder(r)
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(lang.Error("it is no JSON object"), err)
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		if err := do(name, dec); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return lang.Errorf("it is cut off: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return lang.Error("something follows the JSON object")
	}
	return nil
}

func skip(dec *json.Decoder) error {
	var nothing json.RawMessage
	return dec.Decode(&nothing)
}
