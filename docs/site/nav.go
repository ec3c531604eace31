package main

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// section is a part of the contents.
type section struct {
	title string
	pages []string // their sources; a name that ends in / stands for all pages of a directory
}

// contents are the sections of the site. What is named nowhere goes into the last.
var contents = []section{
	{"Start", []string{"docs/README.md", "README.md", "README.ja.md", "docs/install.md", "docs/guide.md", "docs/html.md", "docs/ci.md", "docs/declared.md"}},
	{"Rules", []string{"docs/rules/README.md", "docs/rules/by-severity.md", "docs/cis.md", "docs/own-rules.md"}},
	{"Attacks", []string{"docs/paths.md", "docs/steps.md", "docs/reach.md"}},
	{"Least privilege and updates", []string{"docs/observe.md", "docs/advise.md", "docs/updates.md"}},
	{"Reference", []string{"docs/facts.md", "docs/snapshot.md", "docs/schema/README.md"}},
	{"About Seawall", []string{"docs/threat-model.md", "docs/comparison.md", "docs/peers.md", "docs/coverage.md", "docs/real-files.md", "docs/adr/README.md", "CONTRIBUTING.md", "lang/japanese.md", "CHANGELOG.md"}},
	{"More", nil},
}

// shortTitles stand in the contents in place of a page's title.
var shortTitles = map[string]string{
	"docs/README.md": "Overview", "README.md": "Using Seawall", "README.ja.md": "日本語", "docs/guide.md": "Questions of an assessment",
	"docs/ci.md": "In CI", "docs/rules/README.md": "By what they judge", "docs/rules/by-severity.md": "By severity",
	"docs/snapshot.md": "Fields of the snapshot",
}

// chapters are the pages whose pages below are listed with them only where one of them is
// shown: there are many.
var chapters = []string{"docs/rules/", "docs/adr/", "docs/schema/"}

// chapter is the chapter that a page is in, below its first page; "" if in none.
func chapter(name string) string {
	for _, c := range chapters {
		if strings.HasPrefix(name, c) && !named(name) {
			return c
		}
	}
	return ""
}

// named reports whether the contents name a page.
func named(name string) bool {
	return slices.ContainsFunc(contents, func(s section) bool { return slices.Contains(s.pages, name) })
}

// entry is a line of the contents as a page shows it.
type entry struct {
	Title, Address string
	Current        bool
	// Below is the page itself, where the contents have only its chapter.
	Below *entry
}

// part of the contents as a page shows it.
type contentsPart struct {
	Title   string
	Entries []entry
}

// site are all documents by their source's name.
type site map[string]*document

// contentsOf are the contents with a page marked.
func (s site) contentsOf(d *document) ([]contentsPart, error) {
	var out []contentsPart
	for _, sec := range contents {
		p := contentsPart{Title: sec.title}
		for _, name := range s.pagesOf(sec) {
			target, ok := s[name]
			if !ok {
				return nil, fmt.Errorf("the contents name %s, which is not there", name)
			}
			e := s.entry(d, target)
			if c := chapter(d.name); c != "" && name == c+"README.md" {
				below := s.entry(d, d)
				e.Below = &below
			}
			p.Entries = append(p.Entries, e)
		}
		if len(p.Entries) > 0 {
			out = append(out, p)
		}
	}
	return out, nil
}

// pagesOf are the pages of a section; of the last, those that no other has.
func (s site) pagesOf(sec section) []string {
	if sec.pages != nil {
		return sec.pages
	}
	var rest []string
	for name := range s {
		if !named(name) && chapter(name) == "" {
			rest = append(rest, name)
		}
	}
	slices.SortFunc(rest, func(a, b string) int { return cmp.Compare(s[a].title, s[b].title) })
	return rest
}

func (s site) entry(from, to *document) entry {
	return entry{Title: cmp.Or(shortTitles[to.name], to.title), Address: relative(address(from.name), address(to.name)), Current: from == to}
}

// trail leads to a page of a chapter, and from it to those before and after it.
type trail struct{ Chapter, Before, After *entry }

func (s site) trailOf(d *document) trail {
	c := chapter(d.name)
	if c == "" {
		return trail{}
	}
	var names []string
	for name := range s {
		if chapter(name) == c && path.Dir(name)+"/" == c {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	at := slices.Index(names, d.name)
	to := func(i int) *entry {
		if i < 0 || i >= len(names) {
			return nil
		}
		e := s.entry(d, s[names[i]])
		return &e
	}
	first := s.entry(d, s[c+"README.md"])
	first.Title = s[c+"README.md"].title
	return trail{&first, to(at - 1), to(at + 1)}
}
