package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/rule"
	"seawall/rules"
)

//go:embed page.html
var pageText string

//go:embed style.css
var styleText string

//go:embed script.js
var scriptText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// view is what the template shows of a document.
type view struct {
	Lang, Title, Source string
	Home, Rules         string // addresses
	Policy              string
	Style               template.CSS
	Script              template.JS
	Class               string // of the text: "severity high" of a rule
	Contents            []contentsPart
	Trail               trail
	Parts               []partView
	Text                template.HTML
	Filters             bool // it has the rows that are searched
}

type partView struct{ Title, ID string }

// build makes the site of a repository in a directory, which is made anew.
func build(root, out string) error {
	list, err := sources(root)
	if err != nil {
		return err
	}
	style, err := stylesheet(root)
	if err != nil {
		return err
	}
	book := rules.Book().Rules()
	pages, err := readAll(list, reader{words: wordsOf(book), named: namesOf(book, steps.All().Steps())})
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	severities := severitiesOf(book)
	for _, src := range list {
		text := src.text
		if d := pages[src.name]; d != nil {
			if text, err = pages.render(d, style, severities); err != nil {
				return err
			}
		}
		if err := write(filepath.Join(out, filepath.FromSlash(address(src.name))), text); err != nil {
			return err
		}
	}
	return nil
}

// readAll reads the pages among the files.
func readAll(list []source, r reader) (site, error) {
	r.files = map[string]string{}
	for _, src := range list {
		r.files[src.name] = src.title()
	}
	pages := site{}
	var errs []error
	for _, src := range list {
		if !src.isMarkdown() {
			continue
		}
		d, err := r.read(src)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		pages[src.name] = d
	}
	return pages, errors.Join(errs...)
}

// render makes the HTML of a document.
func (s site) render(d *document, style string, severities map[string]rule.Severity) ([]byte, error) {
	parts, err := s.contentsOf(d)
	if err != nil {
		return nil, err
	}
	v := view{
		Lang: d.language(), Title: d.title, Source: d.name, Policy: policy(style), Style: template.CSS(style), Script: template.JS(scriptText),
		Home: relative(address(d.name), "index.html"), Rules: relative(address(d.name), address("docs/rules/README.md")),
		Contents: parts, Trail: s.trailOf(d), Text: template.HTML(d.html),
		Filters: bytes.Contains(d.html, []byte(" data-words=")),
	}
	if severity, is := severities[d.name]; is {
		v.Class = "rule " + severity.String()
	}
	if len(d.parts) > 2 && v.Class == "" {
		for _, p := range d.parts {
			v.Parts = append(v.Parts, partView{p.title, p.id})
		}
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, v); err != nil {
		return nil, fmt.Errorf("%s: %w", d.name, err)
	}
	return b.Bytes(), nil
}

// policy forbids all but what is in the page.
func policy(style string) string {
	return fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'self' file:", digest(style), digest(scriptText))
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// colours are the first rules of the style of reports, which the site has too.
var colours = regexp.MustCompile(`(?m)^:root\{.*\}\n@media \(prefers-color-scheme:dark\)\{:root\{.*\}\}\n`)

// stylesheet is the site's style, with the colours of reports.
func stylesheet(root string) (string, error) {
	of := filepath.Join(root, "report", "page", "style.css")
	text, err := os.ReadFile(of)
	if err != nil {
		return "", fmt.Errorf("read the colours: %w", err)
	}
	both := colours.FindString(string(text))
	if both == "" {
		return "", fmt.Errorf("%s does not begin with the colours in :root, light and dark", of)
	}
	return both + styleText, nil
}

// wordsOf are the words that a rule is searched by, by its id.
func wordsOf(book []*rule.Rule) map[string]string {
	out := map[string]string{}
	for _, r := range book {
		out[r.ID] = strings.ToLower(strings.Join(strings.Fields(strings.Join(
			append([]string{r.ID, r.Title, r.Severity.String(), string(r.Kind()), r.Why}, r.Refs.List()...), " ")), " "))
	}
	return out
}

// namesOf are the addresses of rules and steps by their ids.
func namesOf(book []*rule.Rule, all []*attack.Step) map[string]string {
	out := map[string]string{}
	for _, s := range all {
		out[s.ID] = address("docs/steps.md") + "#" + s.ID
	}
	for _, r := range book {
		out[r.ID] = address("docs/rules/" + r.ID + ".md")
	}
	return out
}

// severitiesOf are the severities of rules by the sources of their pages.
func severitiesOf(book []*rule.Rule) map[string]rule.Severity {
	out := map[string]rule.Severity{}
	for _, r := range book {
		out["docs/rules/"+r.ID+".md"] = r.Severity
	}
	return out
}

func write(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}
