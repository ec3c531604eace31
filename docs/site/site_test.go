package main

import (
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"seawall/attack/steps"
	"seawall/lab/browser"
	"seawall/rule"
	"seawall/rules"
)

// page is a page of the site as it was read back.
type page struct {
	root *html.Node
	text string // all text, without what is not shown
	ids  map[string]bool
}

// built is the site, made once for all tests, and where it lies.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "seawall-site-")
	if err != nil {
		return "", err
	}
	return dir, build(filepath.Join("..", ".."), dir)
})

func TestMain(m *testing.M) {
	code := m.Run()
	browser.Stop()
	if dir, _ := built(); dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// pagesOf reads the site, by address.
func pagesOf(t *testing.T) map[string]*page {
	t.Helper()
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*page{}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil || path.Ext(rel) != ".html" {
			out[filepath.ToSlash(rel)] = nil
			return err
		}
		root, err := html.Parse(strings.NewReader(string(raw)))
		if err != nil {
			return err
		}
		p := &page{root: root, text: textOf(root), ids: map[string]bool{}}
		for n := range root.Descendants() {
			if id := attribute(n, "id"); id != "" {
				if p.ids[id] {
					t.Errorf("%s has the id %q twice", rel, id)
				}
				p.ids[id] = true
			}
		}
		out[filepath.ToSlash(rel)] = p
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode && c.Parent.Data != "script" && c.Parent.Data != "style" {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// linksOf are the addresses of the site that a page links, with their anchors.
func linksOf(from string, p *page) []string {
	var out []string
	for n := range p.root.Descendants() {
		if n.Data != "a" {
			continue
		}
		to, err := url.Parse(attribute(n, "href"))
		if err != nil || to.Scheme != "" {
			continue
		}
		target := from
		if to.Path != "" {
			target = path.Join(path.Dir(from), to.Path)
		}
		if to.Fragment != "" {
			target += "#" + to.Fragment
		}
		out = append(out, target)
	}
	return out
}

// TestLinks: every link leads to a page and an anchor that are there, and every page is
// reached from the first.
func TestLinks(t *testing.T) {
	pages := pagesOf(t)
	if len(pages) < len(rules.Book().Rules()) {
		t.Fatalf("only %d pages", len(pages))
	}
	reached, next := map[string]bool{"index.html": true}, []string{"index.html"}
	for len(next) > 0 {
		from := next[0]
		next = next[1:]
		if pages[from] == nil {
			continue // a file that is linked as it is
		}
		for _, to := range linksOf(from, pages[from]) {
			file, anchor, has := strings.Cut(to, "#")
			target, exists := pages[file]
			switch {
			case !exists:
				t.Errorf("%s links %s, which is not there", from, file)
			case has && (target == nil || !target.ids[anchor]):
				t.Errorf("%s links %s: there is no such anchor", from, to)
			case !reached[file]:
				reached[file] = true
				next = append(next, file)
			}
		}
	}
	for name := range pages {
		if !reached[name] {
			t.Errorf("no way leads to %s", name)
		}
	}
}

// TestRules: every rule has a page that says all of it, and both lists link it.
func TestRules(t *testing.T) {
	pages := pagesOf(t)
	lists := map[string]map[string]bool{}
	for _, list := range []string{"rules/index.html", "rules/by-severity.html"} {
		lists[list] = map[string]bool{}
		for _, to := range linksOf(list, pages[list]) {
			lists[list][to] = true
		}
	}
	stepsAt := map[string]bool{}
	for _, to := range linksOf("steps.html", pages["steps.html"]) {
		stepsAt[to] = true
	}
	for _, r := range rules.Book().Rules() {
		at := "rules/" + r.ID + ".html"
		p := pages[at]
		if p == nil {
			t.Errorf("%s has no page", r.ID)
			continue
		}
		for list, links := range lists {
			if !links[at] {
				t.Errorf("%s does not link %s", list, r.ID)
			}
		}
		for _, text := range textsOf(r) {
			if !strings.Contains(p.text, text) {
				t.Errorf("the page of %s lacks %q", r.ID, text)
			}
		}
	}
	for _, s := range steps.All().Steps() {
		if !pages["steps.html"].ids[s.ID] {
			t.Errorf("no anchor of the step %s", s.ID)
		}
		for _, id := range s.Rules {
			if !stepsAt["rules/"+id+".html"] {
				t.Errorf("the step %s does not link %s", s.ID, id)
			}
		}
	}
}

// textsOf are the texts of a rule that its page must have as they are.
func textsOf(r *rule.Rule) []string {
	out := []string{r.ID, r.Severity.String()}
	for _, example := range append(append([]rule.Example{}, r.Bad...), r.Good...) {
		out = append(out, trimmed(example.Run), trimmed(example.Daemon), trimmed(example.Config), trimmed(example.Firewall))
	}
	return append(out, trimmed(r.Fix.Run), trimmed(r.Fix.Compose), trimmed(r.Fix.Daemon), trimmed(r.Fix.Shell))
}

func trimmed(s string) string { return strings.Trim(s, "\n") }

// TestNotInTheProgram: what renders the site is no part of what people run.
func TestNotInTheProgram(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "seawall/cmd/seawall").Output()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "goldmark") {
		t.Error("seawall depends on goldmark")
	}
}
