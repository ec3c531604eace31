package known_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"seawall/currency/known"
	"seawall/currency/version"
)

func TestBuiltIn(t *testing.T) {
	d := known.BuiltIn()
	if len(d.Advisories) < 136 || len(d.Engines.Engines) < 161 {
		t.Errorf("%d advisories and %d engines", len(d.Advisories), len(d.Engines.Engines))
	}
	if info, err := os.Stat("known.json.gz"); err != nil || info.Size() > 1<<20 {
		t.Errorf("the data adds more than 1 MB to the program: %v, %v", info, err)
	}
}

// below is a version that comes before another by as little as can be.
func below(s version.Scheme, v string) string {
	if s == version.Deb {
		return v + "~"
	}
	if !strings.Contains(v, "-") {
		return v + "-zz" // the last pre-release
	}
	word := strings.TrimRight(v, "0123456789")
	n, _ := strconv.Atoi(v[len(word):])
	if n == 0 {
		return strings.TrimRight(word, ".")
	}
	return word + strconv.Itoa(n-1)
}

// TestBoundaries tries both ends of every range: the first version that is
// affected and the one before it, the last and the first that is not.
func TestBoundaries(t *testing.T) {
	tried := 0
	for _, a := range known.BuiltIn().Advisories {
		for _, f := range a.Affected {
			scheme := known.Scheme(f.Package.Ecosystem)
			for _, span := range f.Spans() {
				name := fmt.Sprintf("%s %s %s", a.ID, f.Package.Ecosystem, f.Package.Name)
				if span.To == "0" { // no version has it
					says(t, name, f, "0", known.Never)
					says(t, name, f, "5.15.0-25.25", known.Never)
					tried++
					continue
				}
				says(t, name, f, below(scheme, span.To), known.Affected)
				says(t, name, f, span.From, known.Affected)
				if !inAny(f, scheme, span.To) {
					says(t, name, f, span.To, known.Mended)
				}
				if span.From != "0" && !inAny(f, scheme, below(scheme, span.From)) {
					if got, _, err := f.Says(below(scheme, span.From)); err != nil || got != known.Before && got != known.Mended {
						t.Errorf("%s: before %s it is %d (%v)", name, span.From, got, err)
					}
				}
				tried++
			}
			for _, u := range f.Unsure {
				says(t, a.ID, f, u.Introduced, known.Doubtful)
				if u.Fixed != "" {
					says(t, a.ID, f, below(scheme, u.Fixed), known.Doubtful)
				}
			}
		}
	}
	if tried < 300 {
		t.Errorf("only %d ranges were tried", tried)
	}
}

func says(t *testing.T, name string, f known.Affects, v string, want known.Answer) {
	t.Helper()
	if got, _, err := f.Says(v); err != nil || got != want {
		t.Errorf("%s: %s is %d (%v), want %d", name, v, got, err, want)
	}
}

// inAny reports whether another range takes over where one ends.
func inAny(f known.Affects, s version.Scheme, v string) bool {
	for _, span := range f.Spans() {
		if in, _ := span.Holds(s, v); in {
			return true
		}
	}
	for _, u := range f.Unsure {
		if in, _ := (known.Span{From: u.Introduced, To: u.Fixed}).Holds(s, v); in {
			return true
		}
	}
	return false
}

// TestCorrections: each record in which others were found to be wrong says what
// is right, where the two differ.
func TestCorrections(t *testing.T) {
	const yes, no, before, doubt = known.Affected, known.Mended, known.Before, known.Doubtful
	tries := map[string]map[string]known.Answer{
		// No release of 19.03, 20.10 and 24.0 was mended; 26.1.5, not 26.1.15.
		"CVE-2024-41110 engine": {"18.09.9": before, "19.03.15": yes, "20.10.27": yes, "24.0.9": yes, "26.0.2": yes, "26.1.4": yes, "26.1.5": no, "23.0.14": yes, "23.0.15": no, "25.0.5": yes, "25.0.6": no, "27.1.0": yes, "27.1.1": no},
		// 25.0 holds backports; 28 was mended after its last release.
		"CVE-2026-33997 engine":     {"25.0.15": yes, "25.0.16": no, "26.1.5": yes, "28.5.2": yes, "29.3.0": yes, "29.3.1": no, "29.9.0": no},
		"CVE-2026-34040 engine":     {"25.0.15": yes, "25.0.16": no, "28.5.2": yes, "29.3.1": no, "29.9.0": no},
		"CVE-2026-41567 engine":     {"25.0.16": yes, "25.0.17": no, "28.5.2": yes, "29.5.0": yes, "29.5.1": no},
		"CVE-2026-41568 engine":     {"25.0.16": yes, "25.0.17": no, "28.5.2": yes, "29.5.1": no},
		"CVE-2026-42306 engine":     {"25.0.16": yes, "25.0.17": no, "28.5.2": yes, "29.5.1": no},
		"CVE-2024-24557 engine":     {"20.10.27": yes, "23.0.9": yes, "23.0.10": no, "24.0.8": yes, "24.0.9": no, "25.0.1": yes, "25.0.2": no},
		"CVE-2024-29018 engine":     {"20.10.24": yes, "23.0.10": yes, "23.0.11": no, "24.0.9": yes, "25.0.4": yes, "25.0.5": no},
		"CVE-2025-54410 engine":     {"25.0.12": yes, "25.0.13": no, "26.1.5": yes, "27.5.1": yes, "28.0.0": no},
		"CVE-2019-14271 engine":     {"18.09.9": before, "19.03.0": yes, "19.03.1": no, "19.03.8": no, "20.10.0-beta1": no},
		"CVE-2026-46680 containerd": {"1.6.38": before, "1.7.26": before, "1.7.27": yes, "1.7.31": yes, "1.7.32": no, "2.0.3": no, "2.0.4": yes, "2.1.7": yes, "2.1.8": no, "2.2.3": yes, "2.2.4": no},
		"CVE-2026-53495 containerd": {"2.1.9": yes, "2.2.7": yes, "2.2.8": no},
		"CVE-2025-31133 runc":       {"1.1.15": yes, "1.2.7": yes, "1.2.8": no, "1.4.0-rc.2": yes, "1.4.0-rc.3": no},
		"CVE-2021-43784 runc":       {"1.0.2": yes, "1.0.3": no, "1.1.0": no},
		"CVE-2026-89603 kernel":     {"5.8.18": before, "6.1.189": yes, "6.1.190": no, "6.12.110": yes, "6.12.111": no, "6.18.50": yes, "6.18.51": no, "7.1.9": yes, "7.2.4": no},
		"CVE-2026-43500 kernel":     {"5.2": before, "6.1.170": doubt, "6.12.100": doubt, "6.18.28": yes, "6.18.29": no, "7.0.5": yes, "7.0.6": no},
	}
	for _, a := range known.BuiltIn().Advisories {
		name := a.ID + " " + string(a.Component)
		if a.Corrects != "" && tries[name] == nil {
			t.Errorf("%s corrects another record and is not tried: %s", name, a.Corrects)
		}
		for v, want := range tries[name] {
			says(t, name, *a.Of(known.Upstream, string(a.Component)), v, want)
		}
		if a.Corrects == "" && tries[name] != nil {
			t.Errorf("%s is tried and corrects nothing", name)
		}
		delete(tries, name)
	}
	for name := range tries {
		t.Errorf("there is no %s", name)
	}
}

// TestDoubts: what is not known of a version is not taken for mended.
func TestDoubts(t *testing.T) {
	for name, versions := range map[string][]string{
		"CVE-2018-15664 engine":      {"19.03.0", "19.03.4"},
		"CVE-2019-13509 engine":      {"19.03.0", "19.03.15"},
		"CVE-2020-27534 engine":      {"19.03.8"},
		"CVE-2026-17106 engine":      {"25.0.18", "25.0.19"},
		"GHSA-mjcv-p78q-w5fw engine": {"25.0.17"},
		"CVE-2016-5195 kernel":       {"4.4.1"},
		"CVE-2021-22600 kernel":      {"4.19.200", "5.3.18"},
	} {
		id, component, _ := strings.Cut(name, " ")
		for _, a := range known.BuiltIn().Of(known.Component(component)) {
			if a.ID == id {
				for _, v := range versions {
					says(t, name, *a.Of(known.Upstream, component), v, known.Doubtful)
				}
			}
		}
	}
}

// TestNever: that no version has a flaw is said by one range alone.
func TestNever(t *testing.T) {
	of := func(spans ...string) known.Affects {
		f := known.Affects{Package: known.Package{Ecosystem: known.Debian, Name: "linux"}}
		if len(spans) > 0 {
			f.Ranges = []known.Range{{Type: "ECOSYSTEM"}}
		}
		for i := 0; i < len(spans); i += 2 {
			f.Ranges[0].Events = append(f.Ranges[0].Events, known.Event{Introduced: spans[i]}, known.Event{Fixed: spans[i+1]})
		}
		return f
	}
	says(t, "none", of("0", "0"), "1.5", known.Never)
	says(t, "some", of("0", "0", "1", "2"), "1.5", known.Affected)
	says(t, "nothing", of(), "1.5", known.NoWord)
}

func TestDecodeRefuses(t *testing.T) {
	whole, err := os.ReadFile("known.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	pack := func(text string) []byte {
		var buf bytes.Buffer
		z := gzip.NewWriter(&buf)
		z.Write([]byte(text))
		z.Close()
		return buf.Bytes()
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1 // the checksum
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("{}"), "cut off": whole[:len(whole)/2], "cut by one": whole[:len(whole)-1], "checksum": flipped,
		"no format": pack("{}"), "other format": pack(`{"format":"seawall.known/9"}`), "no advisories": pack(`{"format":"seawall.known/1","asOf":"2026-10-07"}`),
		"more than fits": pack(`{"note":"` + strings.Repeat("a", 17<<20) + `"}`),
	} {
		if _, err := known.Decode(bytes.NewReader(data)); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

// FuzzDecode packs a text and reads it: what is read can be asked.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"format":"seawall.known/1","asOf":"2026-10-07","advisories":[{"id":"CVE-1","component":"runc","summary":"s","affected":[{"package":{"ecosystem":"upstream","name":"runc"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.0"}]}]}],"condition":{"text":"t"},"verification":"one","references":["r"],"sourcesRead":["s"]}],"lifecycle":{"branches":{"runc":[{"branch":"1.1"}]}},"engines":{"engines":[{"engine":"1","date":"2026-01-01"}]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var packed bytes.Buffer
		z, _ := gzip.NewWriterLevel(&packed, gzip.NoCompression)
		z.Write(text)
		z.Close()
		d, err := known.Decode(&packed)
		if err != nil {
			return
		}
		for _, a := range d.Advisories {
			for _, f := range a.Affected {
				f.Says("1.0")
				f.FixedIn("1.0")
			}
		}
	})
}

// TestSize: what is built in stays small beside the program.
func TestSize(t *testing.T) {
	const most = 1 << 20 // bytes
	info, err := os.Stat("known.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > most {
		t.Errorf("the data has %d bytes, more than %d: leave out what is not needed, or pack it better", info.Size(), most)
	}
}
