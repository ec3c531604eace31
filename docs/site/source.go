package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// source is a file of the repository.
type source struct {
	name string // its path in the repository: "docs/rules/README.md"
	text []byte
}

func (s source) isMarkdown() bool { return path.Ext(s.name) == ".md" }

// language is that of the text, which the name tells: "README.ja.md" is in Japanese.
func (s source) language() string {
	if strings.HasSuffix(s.name, ".ja.md") {
		return "ja"
	}
	return "en"
}

// title is the text of the heading that a page begins with; "" of other files.
func (s source) title() string {
	first, _, _ := bytes.Cut(s.text, []byte("\n"))
	title, is := bytes.CutPrefix(first, []byte("# "))
	if !is || !s.isMarkdown() {
		return ""
	}
	return string(title)
}

// outsideDocs are the pages that lie at the top of the repository, as GitHub wants them.
var outsideDocs = map[string]string{"README.md": "using.html", "README.ja.md": "using.ja.html", "lang/japanese.md": "japanese.html", "CONTRIBUTING.md": "contributing.html", "CHANGELOG.md": "changelog.html"}

// copied are files that the site has as they are.
const copied = "docs/schema/*.json"

// sources reads the files that the site is made of: Markdown, and those that are copied.
func sources(root string) ([]source, error) {
	var list []source
	read := func(name string) error {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return fmt.Errorf("read a page: %w", err)
		}
		list = append(list, source{name, text})
		return nil
	}
	for name := range outsideDocs {
		if err := read(name); err != nil {
			return nil, err
		}
	}
	err := fs.WalkDir(os.DirFS(root), "docs", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || address(name) == "" || strings.Contains(name, "/testdata/") {
			return err
		}
		return read(name)
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// address is where the site has a file of the repository, from the top of the site; "" if
// it has not.
func address(name string) string {
	if at, ok := outsideDocs[name]; ok {
		return at
	}
	below, ok := strings.CutPrefix(name, "docs/")
	if !ok {
		return ""
	}
	if is, _ := path.Match(copied, name); is {
		return below
	}
	if path.Ext(below) != ".md" {
		return ""
	}
	if path.Base(below) == "README.md" {
		return path.Join(path.Dir(below), "index.html")
	}
	return strings.TrimSuffix(below, ".md") + ".html"
}

// relative is the way from one address to another.
func relative(from, to string) string {
	way, err := filepath.Rel(path.Dir("/"+from), "/"+to)
	if err != nil {
		panic(err) // both begin with /
	}
	return filepath.ToSlash(way)
}
