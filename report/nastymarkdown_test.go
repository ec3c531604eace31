package report_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gmtext "github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
)

// github is Markdown as GitHub and GitLab read it, as far as a library does: tables, task
// lists, and addresses that become links.
var github = goldmark.New(goldmark.WithExtensions(extension.GFM))

// markdownKinds are the kinds of a document's parts, in order, but for how its texts are
// cut into pieces.
func markdownKinds(source string) []string {
	var out []string
	_ = ast.Walk(github.Parser().Parse(gmtext.NewReader([]byte(source))), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.Kind() {
		case ast.KindText, ast.KindString:
			return ast.WalkContinue, nil
		}
		if entering {
			kind := n.Kind().String()
			switch n := n.(type) {
			case *ast.Link:
				kind += " " + string(n.Destination)
			case *ast.RawHTML:
				kind += " " + string(n.Segments.Value([]byte(source)))
			}
			out = append(out, kind)
		}
		return ast.WalkContinue, nil
	})
	return out
}

// mention is what calls somebody or becomes a link on GitHub or GitLab, in text that is no
// code.
var mention = regexp.MustCompile(`(^|[^\w/])(@[A-Za-z]|[#!][0-9])`)

// inert checks that a document has the parts that it has of plain names, and calls nobody.
func inert(t *testing.T, name, source string, want []string) {
	t.Helper()
	if got := markdownKinds(source); !slices.Equal(got, want) {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		t.Errorf("%.40q makes other parts in Markdown: after %v comes %v, want %v", name, got[max(0, i-3):i], got[i:min(len(got), i+4)], want[i:min(len(want), i+4)])
	}
	callsNobody(t, name, source)
}

func callsNobody(t *testing.T, name, source string) {
	t.Helper()
	_ = ast.Walk(github.Parser().Parse(gmtext.NewReader([]byte(source))), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindCodeSpan {
			return ast.WalkSkipChildren, nil
		}
		if said, is := n.(*ast.Text); is && entering {
			if called := mention.FindString(string(said.Value([]byte(source)))); called != "" {
				t.Errorf("%.40q calls %q", name, called)
			}
		}
		return ast.WalkContinue, nil
	})
}

// htmlKinds are the elements of a page and their attributes, in order. A name has as many
// lines in the map as it takes.
func htmlKinds(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data == "tspan" {
			continue
		}
		kind := n.Data
		for _, a := range n.Attr {
			kind += " " + a.Key
		}
		out = append(out, kind)
	}
	return out
}
