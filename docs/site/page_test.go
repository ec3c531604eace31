package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestPages: every page is well-formed, loads nothing, runs and styles only what its
// policy names, and can be found one's way in.
func TestPages(t *testing.T) {
	dir, err := built()
	if err != nil {
		t.Fatal(err)
	}
	for at, p := range pagesOf(t) {
		if p == nil {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(at)))
		if err != nil {
			t.Fatal(err)
		}
		if err := balanced(string(raw)); err != nil {
			t.Errorf("%s: %v", at, err)
		}
		for _, fault := range append(loads(p.root), landmarks(p.root)...) {
			t.Errorf("%s: %s", at, fault)
		}
	}
}

// void are elements without an end.
var void = []string{"meta", "input", "br", "hr"}

// balanced reports the first tag that is not closed, or closes another.
func balanced(text string) error {
	var open []string
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Errorf("not closed: %v", open)
			}
			return nil
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains(void, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return fmt.Errorf("</%s> closes %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// loads tells what a page would fetch, or run and style against its policy.
func loads(root *html.Node) (faults []string) {
	var policy string
	for n := range root.Descendants() {
		if n.Data == "meta" && attribute(n, "http-equiv") == "Content-Security-Policy" {
			policy = attribute(n, "content")
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "unsafe") {
		faults = append(faults, "policy "+policy)
	}
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
			continue
		case slices.Contains([]string{"link", "img", "iframe", "object", "embed", "base", "svg", "video", "audio"}, n.Data):
			faults = append(faults, "has <"+n.Data+">")
		case n.Data == "script" || n.Data == "style":
			if n.FirstChild == nil || !strings.Contains(policy, "'"+digest(n.FirstChild.Data)+"'") {
				faults = append(faults, "the policy does not name its "+n.Data)
			}
			if text := n.FirstChild.Data; n.Data == "style" && (strings.Contains(text, "url(") || strings.Contains(text, "@import")) {
				faults = append(faults, "its style loads something")
			}
		}
		for _, a := range n.Attr {
			href := n.Data == "a" && a.Key == "href"
			switch {
			case a.Key == "src" || a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				faults = append(faults, fmt.Sprintf("<%s %s=%q>", n.Data, a.Key, a.Val))
			case href && strings.Contains(a.Val, ":") && !strings.HasPrefix(a.Val, "https://"):
				faults = append(faults, "link to "+a.Val)
			}
		}
	}
	return faults
}

// landmarks tells what those miss who find their way by structure.
func landmarks(root *html.Node) (faults []string) {
	count := map[string]int{}
	level := 0
	labels := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		switch n.Data {
		case "h1", "h2", "h3", "h4":
			at := int(n.Data[1] - '0')
			if at > level+1 {
				faults = append(faults, fmt.Sprintf("%s %q after level %d", n.Data, textOf(n), level))
			}
			level = at
		case "nav":
			label := attribute(n, "aria-label")
			if label == "" || labels[label] {
				faults = append(faults, fmt.Sprintf("a nav is labelled %q", label))
			}
			labels[label] = true
		case "a":
			if strings.TrimSpace(textOf(n)) == "" {
				faults = append(faults, "a link without a text to "+attribute(n, "href"))
			}
		case "pre":
			if attribute(n, "tabindex") != "0" {
				faults = append(faults, "a block of code that the keyboard cannot scroll")
			}
		}
	}
	for _, one := range []string{"h1", "main", "header", "footer", "title"} {
		if count[one] != 1 {
			faults = append(faults, fmt.Sprintf("%d × <%s>", count[one], one))
		}
	}
	current := 0
	for n := range root.Descendants() {
		if attribute(n, "aria-current") == "page" {
			current++
		}
	}
	if current != 1 {
		faults = append(faults, fmt.Sprintf("%d pages are marked as the current one", current))
	}
	return faults
}
