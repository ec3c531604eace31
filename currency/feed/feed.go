package feed

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"seawall/currency/known"
	"seawall/lang"
)

// Kind is a kind of document.
type Kind string

// The kinds.
const (
	Debian    Kind = "Debian security tracker"
	KEV       Kind = "CISA KEV catalog"
	OSV       Kind = "OSV records"
	EndOfLife Kind = "endoflife.date"
	SecDB     Kind = "Alpine secdb"
	VEX       Kind = "Red Hat VEX"
)

// Document is one of those that data is made of.
type Document struct {
	Kind Kind
	Name string // of the file
	// URL is where it is published.
	URL string
	// About is the component of a document about lifecycle.
	About known.Component
	// Flaw is the flaw that a document is about. Where there is none of that flaw, its
	// vendor says nothing of it.
	Flaw string
}

// Optional reports whether a document may be missing where it is published.
func (d Document) Optional() bool { return d.Kind == VEX || d.Kind == SecDB }

// Documents are all that are fetched, in the order in which they are read: records
// before what others say of them.
var Documents = []Document{
	{Kind: OSV, Name: "osv-go.zip", URL: "https://storage.googleapis.com/osv-vulnerabilities/Go/all.zip"},
	{Kind: OSV, Name: "osv-ubuntu.zip", URL: "https://storage.googleapis.com/osv-vulnerabilities/Ubuntu/all.zip"},
	{Kind: OSV, Name: "osv-alpine.zip", URL: "https://storage.googleapis.com/osv-vulnerabilities/Alpine/all.zip"},
	{Kind: SecDB, Name: "secdb-3.20.json", URL: "https://secdb.alpinelinux.org/v3.20/community.json"},
	{Kind: SecDB, Name: "secdb-3.21.json", URL: "https://secdb.alpinelinux.org/v3.21/community.json"},
	{Kind: SecDB, Name: "secdb-3.22.json", URL: "https://secdb.alpinelinux.org/v3.22/community.json"},
	{Kind: SecDB, Name: "secdb-3.23.json", URL: "https://secdb.alpinelinux.org/v3.23/community.json"},
	{Kind: SecDB, Name: "secdb-3.24.json", URL: "https://secdb.alpinelinux.org/v3.24/community.json"},
	{Kind: Debian, Name: "debian-tracker.json", URL: "https://security-tracker.debian.org/tracker/data/json"},
	{Kind: KEV, Name: "kev.json", URL: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"},
	{Kind: EndOfLife, Name: "eol-docker-engine.json", URL: "https://endoflife.date/api/v1/products/docker-engine", About: known.Engine},
	{Kind: EndOfLife, Name: "eol-containerd.json", URL: "https://endoflife.date/api/v1/products/containerd", About: known.Containerd},
	{Kind: EndOfLife, Name: "eol-linux.json", URL: "https://endoflife.date/api/v1/products/linux-kernel", About: known.Kernel},
}

// Merger lays documents on data.
type Merger struct {
	data *known.Data
	// Notes say what was taken from each document, of those that are one a flaw together.
	Notes []string
	vex   vexTaken
}

// Begin takes a copy of data to lay documents on.
func Begin(base *known.Data) *Merger {
	d := *base
	d.Reviewed = base.AsOf
	d.Sources = slices.Clone(base.Sources)
	d.Advisories = slices.Clone(base.Advisories)
	for i := range d.Advisories {
		d.Advisories[i].Affected = slices.Clone(d.Advisories[i].Affected)
	}
	branches := map[known.Component][]known.Branch{}
	for c, list := range base.Lifecycle.Branches {
		branches[c] = slices.Clone(list)
	}
	d.Lifecycle.Branches = branches
	return &Merger{data: &d}
}

// cveID matches the ids after which documents are named.
var cveID = regexp.MustCompile(`^CVE-(\d{4})-\d{4,}$`)

// PerFlaw are the documents that are published one a flaw: Red Hat's, of those parts that
// Red Hat has packages of.
func (m *Merger) PerFlaw() []Document {
	var out []Document
	for i := range m.data.Advisories {
		a := &m.data.Advisories[i]
		if m := cveID.FindStringSubmatch(a.ID); m != nil && (a.Component == known.Runc || a.Component == known.Kernel || a.Component == known.Slirp4netns) {
			name := strings.ToLower(a.ID) + ".json"
			out = append(out, Document{Kind: VEX, Name: "vex-" + name, URL: "https://security.access.redhat.com/data/csaf/v2/vex/" + m[1] + "/" + name, Flaw: a.ID})
		}
	}
	return out
}

// Add lays a document on the data. Size is its length in bytes.
func (m *Merger) Add(doc Document, r io.ReaderAt, size int64) error {
	text := io.NewSectionReader(r, 0, size)
	var note string
	var err error
	switch doc.Kind {
	case Debian:
		note, err = m.debian(text)
	case KEV:
		note, err = m.kev(text)
	case OSV:
		note, err = m.osv(r, size, doc.Name == Documents[0].Name)
	case SecDB:
		note, err = m.alpine(text)
	case VEX:
		err = m.redHat(text, doc.Flaw)
	case EndOfLife:
		note, err = m.endOfLife(text, doc.About)
	default:
		err = lang.Errorf("documents of the kind %q are not known", doc.Kind)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doc.Name, err)
	}
	if note != "" {
		m.Notes = append(m.Notes, doc.Name+": "+note)
	}
	return nil
}

// Data is the result, checked.
func (m *Merger) Data() (*known.Data, error) {
	if m.vex.documents > 0 {
		m.Notes = append(m.Notes, lang.Sprintf("vex-*.json: %d words on packages in %d documents, the newest of %s", m.vex.words, m.vex.documents, m.vex.newest))
		m.source("Red Hat VEX", "", m.vex.newest)
		m.vex = vexTaken{}
	}
	slices.SortStableFunc(m.data.Advisories, func(a, b known.Advisory) int { return strings.Compare(a.ID, b.ID) })
	if err := m.data.Check(); err != nil {
		return nil, err
	}
	return m.data, nil
}

// source puts down where something is from, in the place of an earlier one.
func (m *Merger) source(name, version, date string) {
	s := known.Source{Name: name, Version: version, Date: date}
	if i := slices.IndexFunc(m.data.Sources, func(old known.Source) bool { return old.Name == name }); i >= 0 {
		m.data.Sources[i] = s
		return
	}
	m.data.Sources = append(m.data.Sources, s)
}

// byID are the advisories that have an id or an alias.
func (m *Merger) byID() map[string][]*known.Advisory {
	out := map[string][]*known.Advisory{}
	for i := range m.data.Advisories {
		a := &m.data.Advisories[i]
		for _, id := range append([]string{a.ID}, a.Aliases...) {
			out[id] = append(out[id], a)
		}
	}
	return out
}

// set puts a distribution's word on a package into an advisory, in the place of an
// earlier one.
func set(a *known.Advisory, word known.Affects) {
	i := slices.IndexFunc(a.Affected, func(f known.Affects) bool { return f.Package == word.Package })
	if i < 0 {
		a.Affected = append(a.Affected, word)
		return
	}
	a.Affected[i] = word
}

// sourcePackages are the source packages of distributions, by component.
var sourcePackages = map[known.Component][]string{
	known.Engine: {"docker.io", "docker.io-app", "docker", "moby"}, known.BuildKit: {"docker.io", "docker.io-app", "docker"}, known.CLI: {"docker.io", "docker.io-app", "docker-cli"},
	known.Containerd: {"containerd", "containerd-app", "containerd-stable"}, known.Runc: {"runc", "runc-app", "runc-stable"},
	known.Compose: {"docker-compose", "docker-compose-v2", "docker-cli-compose"}, known.Buildx: {"docker-buildx", "docker-cli-buildx"},
	known.Slirp4netns: {"slirp4netns"}, known.Kernel: {"linux", "kernel"},
}

// ubuntuKernels matches Ubuntu's source packages of kernels for servers: of the release
// itself, those that are newer than it (linux-hwe-6.8), and those of clouds.
var ubuntuKernels = regexp.MustCompile(`^linux-(hwe|aws|azure|gcp|oracle|ibm|kvm)(-\d+\.\d+)?$`)

func concerns(a *known.Advisory, source string) bool {
	return slices.Contains(sourcePackages[a.Component], source) || a.Component == known.Kernel && ubuntuKernels.MatchString(source)
}
