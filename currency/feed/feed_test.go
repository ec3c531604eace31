package feed_test

import (
	"archive/zip"
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/currency/feed"
	"seawall/currency/known"
)

// document is one of the documents, by its name.
func document(t testing.TB, name string) feed.Document {
	t.Helper()
	all := documents()
	i := slices.IndexFunc(all, func(d feed.Document) bool { return d.Name == name })
	if i < 0 {
		t.Fatalf("there is no document %s", name)
	}
	return all[i]
}

// documents are all that can be fetched.
func documents() []feed.Document {
	return append(slices.Clone(feed.Documents), feed.Begin(known.BuiltIn()).PerFlaw()...)
}

func recorded(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// zipped is a zip of records.
func zipped(t testing.TB, records ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, text := range records {
		w, err := z.Create(string(rune('a'+i)) + ".json")
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// merged lays documents on what is built in.
func merged(t *testing.T, docs map[string][]byte) *known.Data {
	t.Helper()
	m := feed.Begin(known.BuiltIn())
	for _, doc := range documents() {
		if data, ok := docs[doc.Name]; ok {
			if err := m.Add(doc, bytes.NewReader(data), int64(len(data))); err != nil {
				t.Fatal(err)
			}
		}
	}
	d, err := m.Data()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func advisory(t *testing.T, d *known.Data, id string, c known.Component) *known.Advisory {
	t.Helper()
	for _, a := range d.Of(c) {
		if a.ID == id {
			return a
		}
	}
	t.Fatalf("there is no %s of %s", id, c)
	return nil
}

func TestDebian(t *testing.T) {
	d := merged(t, map[string][]byte{"debian-tracker.json": recorded(t, "debian-tracker.json")})
	a := advisory(t, d, "CVE-2026-17106", known.Engine)
	if w := a.Of("Debian:12", "docker.io"); w == nil || w.Status != "accepted" {
		t.Errorf("no-dsa is %+v, want accepted", w)
	}
	w := a.Of("Debian:13", "docker.io")
	for v, want := range map[string]known.Answer{"26.1.5+dfsg1-9+deb13u1": known.Affected, "26.1.5+dfsg1-9+deb13u2~": known.Affected, "26.1.5+dfsg1-9+deb13u2": known.Mended} {
		if got, _, err := w.Says(v); got != want || err != nil {
			t.Errorf("%s is %d, want %d (%v)", v, got, want, err)
		}
	}
	if w := a.Of(known.Debian, "docker.io"); w == nil || w.Status != "unfixed" {
		t.Errorf("open in sid is %+v, want unfixed", w)
	}
	b := advisory(t, d, "CVE-2026-92543", known.Engine)
	if w := b.Of("Debian:12", "docker.io"); w == nil || w.Status != "unfixed" {
		t.Errorf("postponed is %+v, want unfixed", w)
	}
	if got, _, _ := b.Of("Debian:13", "docker.io").Says("26.1.5+dfsg1-9"); got != known.Never {
		t.Errorf("fixed in 0 is %d: no version has it", got)
	}
	if b.Of("Debian:11", "docker.io") != nil || b.Of("Debian:14", "docker.io") != nil {
		t.Error("a word that says nothing was taken")
	}
	if d.AsOf != known.BuiltIn().AsOf {
		t.Errorf("words of a distribution made the data of %s", d.AsOf)
	}
	if advisory(t, known.BuiltIn(), "CVE-2026-92543", known.Engine).Of("Debian:12", "docker.io") != nil {
		t.Error("what is built in was changed")
	}
}

// TestDebianKernel: the tracker's word on a suite's kernel stands beside the reviewed one
// on branches.
func TestDebianKernel(t *testing.T) {
	d := merged(t, map[string][]byte{"debian-tracker.json": recorded(t, "debian-tracker.json")})
	a, before := advisory(t, d, "CVE-2026-31431", known.Kernel), advisory(t, known.BuiltIn(), "CVE-2026-31431", known.Kernel)
	says(t, a, "Debian:12", "linux", map[string]known.Answer{"6.1.179-1": known.Affected, "6.1.180-1": known.Mended})
	if w := a.Of("Debian:13", "linux"); w == nil || w.Status != "unfixed" {
		t.Errorf("an open flaw is %+v", w)
	}
	if diff := cmp.Diff(before.Of(known.Debian, "linux"), a.Of(known.Debian, "linux")); diff != "" {
		t.Errorf("the reviewed word was changed:\n%s", diff)
	}
}

func TestAlpine(t *testing.T) {
	d := merged(t, map[string][]byte{"secdb-3.22.json": recorded(t, "secdb-3.22.json")})
	says(t, advisory(t, d, "CVE-2025-31133", known.Runc), "Alpine:v3.22", "runc", map[string]known.Answer{"1.3.2-r9": known.Affected, "1.3.3-r0": known.Mended})
	// Several ids in one text, and one that was mended twice.
	says(t, advisory(t, d, "CVE-2025-52881", known.Runc), "Alpine:v3.22", "runc", map[string]known.Answer{"1.1.12-r0": known.Affected, "1.3.3-r0": known.Mended})
	says(t, advisory(t, d, "CVE-2026-41579", known.Runc), "Alpine:v3.22", "runc", map[string]known.Answer{"1.0.0-r0": known.Never})
}

// TestRedHat: source packages of the system's releases, and of longer support of their
// minor ones; not of modules, nor of other products.
func TestRedHat(t *testing.T) {
	const id = "CVE-2025-31133"
	d := merged(t, map[string][]byte{"vex-cve-2025-31133.json": recorded(t, "vex-cve-2025-31133.json")})
	a := advisory(t, d, id, known.Runc)
	says(t, a, "Red Hat:9", "runc", map[string]known.Answer{"4:1.3.2-9.el9_6": known.Affected, "4:1.3.3-1.el9_6": known.Mended, "4:1.3.4-1.el9_6": known.Mended})
	says(t, a, "Red Hat:9.4", "runc", map[string]known.Answer{"4:1.2.8-1.el9_4": known.Affected, "4:1.2.9-1.el9_4": known.Mended})
	says(t, a, "Red Hat:10", "runc", map[string]known.Answer{"4:1.0.0-1.el10": known.Never})
	if w := a.Of("Red Hat:8", "runc"); w == nil || w.Status != "accepted" || w.Why != "Will not fix" {
		t.Errorf("what will not be mended is %+v", w)
	}
	for _, f := range a.Affected {
		if strings.Contains(f.Package.Ecosystem, "Red Hat") && f.Package.Name != "runc" {
			t.Errorf("a word on %v was taken", f.Package)
		}
	}
	names := map[string]bool{}
	for _, doc := range feed.Begin(known.BuiltIn()).PerFlaw() {
		names[doc.URL] = true
	}
	if !names["https://security.access.redhat.com/data/csaf/v2/vex/2025/cve-2025-31133.json"] || len(names) < 30 {
		t.Errorf("%d documents of flaws are asked for", len(names))
	}
}

func TestKEV(t *testing.T) {
	d := merged(t, map[string][]byte{"kev.json": recorded(t, "kev.json")})
	if a := advisory(t, d, "CVE-2025-38352", known.Kernel); !a.Exploited.Listed || !strings.Contains(a.Exploited.Source, "2025-09-04") {
		t.Errorf("a listed flaw is %+v", a.Exploited)
	}
	if a := advisory(t, d, "CVE-2026-92543", known.Engine); a.Exploited.Listed || !strings.Contains(a.Exploited.Source, "2026.11.20") {
		t.Errorf("one that is not listed is %+v", a.Exploited)
	}
}

// TestOldKEV: a catalog, of a mirror that stood still, says nothing of flaws that came
// after it, and does not take back what was added since.
func TestOldKEV(t *testing.T) {
	at := func(released string) *known.Data {
		return merged(t, map[string][]byte{"kev.json": []byte(`{"catalogVersion":"x","dateReleased":"` + released + `T12:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2024-1086","dateAdded":"2024-05-30"}]}`)})
	}
	for _, tt := range []struct {
		id             string
		component      known.Component
		released       string
		listed, silent bool // silent: as without the catalog
	}{
		{"CVE-2026-92543", known.Engine, "2025-08-25", false, true},
		{"CVE-2026-43284", known.Kernel, "2025-08-25", false, true}, // by the year in its id
		{"CVE-2026-43284", known.Kernel, "2026-11-20", false, false},
		{"CVE-2026-92543", known.Engine, "2027-01-02", false, false},
		{"CVE-2024-21626", known.Runc, "2025-08-25", false, false},
		{"CVE-2024-1086", known.Kernel, "2025-08-25", true, false},
		{"CVE-2021-22555", known.Kernel, "2025-08-25", true, true}, // added in October 2025
		{"CVE-2021-22555", known.Kernel, "2027-01-02", false, false},
	} {
		before := advisory(t, known.BuiltIn(), tt.id, tt.component).Exploited
		if got := advisory(t, at(tt.released), tt.id, tt.component).Exploited; got.Listed != tt.listed || (got == before) != tt.silent {
			t.Errorf("%s by a catalog of %s is %+v, before %+v", tt.id, tt.released, got, before)
		}
	}
}

func TestEndOfLife(t *testing.T) {
	d := merged(t, map[string][]byte{"eol-docker-engine.json": recorded(t, "eol-docker-engine.json")})
	got := map[string]known.Branch{}
	for _, b := range d.Lifecycle.Branches[known.Engine] {
		got[b.Branch] = b
	}
	if b := got["30"]; b.Status != "maintained" || b.Latest != "30.0.1" {
		t.Errorf("a new branch is %+v", b)
	}
	if b := got["29"]; b.Ends != "2026-12-31" || b.Latest != "29.9.1" {
		t.Errorf("branch 29 is %+v", b)
	}
	// The reviewed record knows of a longer support, by others.
	if b := got["25.0"]; b.Ends != "2026-12-04" || !strings.HasPrefix(b.Status, "maintained") || b.Latest != "25.0.19" {
		t.Errorf("branch 25.0 is %+v", b)
	}
}

const (
	newFlaw = `{"id":"GO-2026-9001","aliases":["GHSA-aaaa","CVE-2026-99001"],"modified":"2026-11-22T00:00:00Z","published":"2026-11-21T00:00:00Z","summary":"s",
		"affected":[{"package":{"ecosystem":"Go","name":"github.com/containerd/containerd"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.7.40"}]}]},
		{"package":{"ecosystem":"Go","name":"github.com/containerd/containerd/v2"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.4.3"}]}]}],
		"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H"}]}`
	endless      = `{"id":"GO-2026-9002","modified":"2026-11-22T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"github.com/opencontainers/runc"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.2.0"}]}]}]}`
	ofEngine     = `{"id":"GO-2026-9003","modified":"2026-11-22T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"github.com/docker/docker"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"28.9.0+incompatible"}]}]}]}`
	odd          = `{"id":"GO-2026-9004","modified":"2026-11-22T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"github.com/moby/buildkit"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"garbage"}]}]}]}`
	withdrawn    = `{"id":"GO-2026-9005","modified":"2026-11-22T00:00:00Z","withdrawn":"2026-11-22T00:00:00Z","affected":[{"package":{"ecosystem":"Go","name":"github.com/moby/buildkit"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"0.40.0"}]}]}]}`
	ubuntuKernel = `{"id":"UBUNTU-CVE-2026-31431","upstream":["CVE-2026-31431"],"modified":"2026-06-01T00:00:00Z","affected":[
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"linux"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"6.8.0-111.111"}]}]},
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"linux-hwe-6.14"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"6.14.0-60.60~24.04.1"}]}]},
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"linux-aws"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"6.8.0-1060.60"}]}]},
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"linux-raspi"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"6.8.0-1060.60"}]}]},
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"linux-firmware"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1"}]}]}]}`
	ubuntu = `{"id":"UBUNTU-CVE-2025-31133","upstream":["CVE-2025-31133"],"modified":"2026-11-25T00:00:00Z","affected":[
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"runc-app"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.3.3-0ubuntu1~24.04.3"}]}]},
		{"package":{"ecosystem":"Ubuntu:Pro:18.04:LTS","name":"runc"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.1.4-0ubuntu1~18.04.2+esm1"}]}]},
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"linux-hwe-6.14"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1"}]}]},
		{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"podman"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1"}]}]}]}`
	alpine = `{"id":"ALPINE-CVE-2025-31133","upstream":["CVE-2025-31133"],"modified":"2026-11-25T00:00:00Z","affected":[{"package":{"ecosystem":"Alpine:v3.22","name":"runc"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.3.3-r0"}]}]}]}`
)

// says checks both sides of a boundary.
func says(t *testing.T, a *known.Advisory, ecosystem, name string, want map[string]known.Answer) {
	t.Helper()
	word := a.Of(ecosystem, name)
	if word == nil {
		t.Fatalf("%s: nothing is said of %s in %s", a.ID, name, ecosystem)
	}
	for v, answer := range want {
		if got, _, err := word.Says(v); got != answer || err != nil {
			t.Errorf("%s: %s %s %s is %d, want %d (%v)", a.ID, ecosystem, name, v, got, answer, err)
		}
	}
}

func TestOSV(t *testing.T) {
	base := known.BuiltIn()
	d := merged(t, map[string][]byte{
		"osv-go.zip":     zipped(t, string(recorded(t, "GO-2025-4096.json")), newFlaw, endless, ofEngine, odd, withdrawn),
		"osv-ubuntu.zip": zipped(t, ubuntu, ubuntuKernel), "osv-alpine.zip": zipped(t, alpine),
	})
	if n := len(d.Advisories) - len(base.Advisories); n != 4 {
		t.Errorf("%d flaws were added, want 4: those that are reviewed or withdrawn are not", n)
	}
	if d.AsOf != "2026-11-22" || d.Reviewed != base.AsOf {
		t.Errorf("the data is of %s, reviewed %s", d.AsOf, d.Reviewed)
	}
	// The reviewed ranges stay.
	reviewed, before := advisory(t, d, "CVE-2025-31133", known.Runc), advisory(t, base, "CVE-2025-31133", known.Runc)
	if got, want := reviewed.Of(known.Upstream, "runc").Spans(), before.Of(known.Upstream, "runc").Spans(); !slices.Equal(got, want) {
		t.Errorf("reviewed ranges became %v", got)
	}
	says(t, reviewed, "Ubuntu:24.04", "runc-app", map[string]known.Answer{"1.3.3-0ubuntu1~24.04.2": known.Affected, "1.3.3-0ubuntu1~24.04.3": known.Mended})
	says(t, reviewed, "Alpine:v3.22", "runc", map[string]known.Answer{"1.3.2-r9": known.Affected, "1.3.3-r0": known.Mended})
	if reviewed.Of("Ubuntu:18.04", "runc") != nil || reviewed.Of("Ubuntu:Pro", "runc") != nil {
		t.Error("what Ubuntu sells apart was taken for all")
	}
	if reviewed.Of("Ubuntu:24.04", "linux-hwe-6.14") != nil {
		t.Error("a word on a kernel was taken for one on runc")
	}
	kernel := advisory(t, d, "CVE-2026-31431", known.Kernel)
	says(t, kernel, "Ubuntu:24.04", "linux", map[string]known.Answer{"6.8.0-99.99": known.Affected, "6.8.0-111.111": known.Mended})
	says(t, kernel, "Ubuntu:24.04", "linux-hwe-6.14", map[string]known.Answer{"6.14.0-50.50~24.04.1": known.Affected, "6.14.0-60.60~24.04.1": known.Mended})
	says(t, kernel, "Ubuntu:24.04", "linux-aws", map[string]known.Answer{"6.8.0-1050.50": known.Affected})
	for _, name := range []string{"linux-firmware", "linux-raspi"} {
		if kernel.Of("Ubuntu:24.04", name) != nil {
			t.Error(name + " was taken for a kernel of servers")
		}
	}
	a := advisory(t, d, "CVE-2026-99001", known.Containerd)
	says(t, a, known.Upstream, "containerd", map[string]known.Answer{"1.7.39": known.Affected, "1.7.40": known.Mended, "2.0.0": known.Affected, "2.4.2": known.Affected, "2.4.3": known.Mended})
	if a.Severity.Label != "critical" || a.Severity.Score != 9.9 || a.Verification != "one" {
		t.Errorf("it is rated %+v, %s", a.Severity, a.Verification)
	}
	says(t, advisory(t, d, "GO-2026-9002", known.Runc), known.Upstream, "runc", map[string]known.Answer{"1.1.9": known.Before, "1.5.2": known.Doubtful})
	says(t, advisory(t, d, "GO-2026-9003", known.Engine), known.Upstream, "engine", map[string]known.Answer{"28.5.2": known.Doubtful, "29.9.0": known.Mended})
	says(t, advisory(t, d, "GO-2026-9004", known.BuildKit), known.Upstream, "buildkit", map[string]known.Answer{"0.33.1": known.Doubtful})
}

// TestRefuses: a document that is not whole, or another, is refused.
func TestRefuses(t *testing.T) {
	tracker, kev, eol := recorded(t, "debian-tracker.json"), recorded(t, "kev.json"), recorded(t, "eol-docker-engine.json")
	secdb, vex := recorded(t, "secdb-3.22.json"), recorded(t, "vex-cve-2025-31133.json")
	whole := zipped(t, newFlaw)
	flipped := bytes.Clone(whole)
	flipped[60] ^= 1
	for name, docs := range map[string][][]byte{
		"debian-tracker.json":     {nil, tracker[:len(tracker)/2], tracker[:len(tracker)-2], append(bytes.Clone(tracker), "{}"...), kev, []byte("[]"), []byte("<html>"), []byte("{}")},
		"kev.json":                {nil, kev[:len(kev)/2], tracker, []byte(`{"catalogVersion":"1","count":2,"vulnerabilities":[{"cveID":"a"}]}`), append(bytes.Clone(kev), 'x')},
		"eol-docker-engine.json":  {nil, eol[:len(eol)-5], kev, bytes.Replace(eol, []byte("2026-12-31"), []byte("soon"), 1)},
		"secdb-3.22.json":         {nil, secdb[:len(secdb)/2], kev, []byte("{}"), []byte(`{"distroversion":"v3.22","reponame":"x","packages":[]}`), append(bytes.Clone(secdb), '1')},
		"vex-cve-2025-31133.json": {nil, vex[:len(vex)/2], kev, []byte("{}"), bytes.Replace(vex, []byte("csaf_vex"), []byte("csaf_sbom"), 1), bytes.ReplaceAll(vex, []byte("CVE-2025-31133"), []byte("CVE-2025-31134")), bytes.Replace(vex, []byte("www.redhat.com"), []byte("www.example.com"), 1)},
		"osv-go.zip":              {nil, whole[:len(whole)/2], whole[:len(whole)-1], flipped, kev, zipped(t), zipped(t, "{}"), zipped(t, newFlaw, "[1]"), zipped(t, newFlaw[:100])},
	} {
		for i, data := range docs {
			m := feed.Begin(known.BuiltIn())
			if err := m.Add(document(t, name), bytes.NewReader(data), int64(len(data))); err == nil || !strings.HasPrefix(err.Error(), name+": ") {
				t.Errorf("%s, case %d: %v", name, i, err)
			}
		}
	}
}

// TestScores: what the reviewed records say of their vectors is what these amount to.
func TestScores(t *testing.T) {
	tried := 0
	for _, a := range known.BuiltIn().Advisories {
		for _, vector := range a.Severity.Vectors {
			score, ok := feed.Score(vector)
			if !ok {
				t.Errorf("%s: %s is no vector", a.ID, vector)
			}
			if len(a.Severity.Vectors) == 1 && a.Severity.Score != 0 && math.Abs(score-a.Severity.Score) > 0.05 {
				t.Errorf("%s: %s is %.1f, the record says %.1f", a.ID, vector, score, a.Severity.Score)
			}
			tried++
		}
	}
	if tried < 20 {
		t.Errorf("only %d vectors were tried", tried)
	}
}

func FuzzAdd(f *testing.F) {
	all := documents()
	for i, doc := range all {
		data, err := os.ReadFile(filepath.Join("testdata", doc.Name))
		if err != nil && doc.Kind != feed.OSV {
			continue
		}
		if err != nil {
			data = zipped(f, newFlaw, ubuntu)
		}
		f.Add(i, data)
	}
	f.Add(0, []byte(odd))
	f.Fuzz(func(t *testing.T, i int, data []byte) {
		doc := all[((i%len(all))+len(all))%len(all)]
		if doc.Kind == feed.OSV && !bytes.HasPrefix(data, []byte("PK")) {
			data = zipped(t, string(data)) // so that records are tried, too
		}
		m := feed.Begin(known.BuiltIn())
		if m.Add(doc, bytes.NewReader(data), int64(len(data))) == nil {
			if d, err := m.Data(); err == nil && len(d.Advisories) < len(known.BuiltIn().Advisories) {
				t.Error("an advisory was lost")
			}
		}
	})
}
