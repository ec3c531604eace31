package main

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"path"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// document is a page as its Markdown has it.
type document struct {
	source
	title string // its heading, plain
	parts []part
	html  []byte
}

// part is a heading of the second level.
type part struct{ title, id string }

// markdown renders GitHub's Markdown. It leaves out links that would run something;
// HTML in it is an error, but for comments.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table),
	goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(scrolling{}, 100))),
)

// reader makes documents of Markdown.
type reader struct {
	files map[string]string // the titles of those that the site has, by their path in the repository
	words map[string]string // what rows are searched by that link a page, by the page's name
	named map[string]string // where a name leads to that stands as code in a text: a rule's, a step's
}

func (r reader) read(s source) (*document, error) {
	d := &document{source: s}
	root := markdown.Parser().Parse(text.NewReader(s.text))
	var errs []error
	var code []*ast.CodeSpan
	if err := nameHeadings(d, root); err != nil {
		return nil, err
	}
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			errs = append(errs, r.link(s, n))
		case *ast.RawHTML:
			errs = append(errs, fmt.Errorf("%s: HTML in Markdown: %q", s.name, n.Segments.Value(s.text)))
		case *ast.HTMLBlock:
			if n.HTMLBlockType != ast.HTMLBlockType2 { // a comment
				errs = append(errs, fmt.Errorf("%s: HTML in Markdown: %q", s.name, n.Lines().Value(s.text)))
			}
		case *ast.CodeSpan:
			code = append(code, n)
		case *ast.Image:
			errs = append(errs, fmt.Errorf("%s: an image: %s", s.name, n.Destination))
		case *east.TableRow:
			r.searchable(n)
		}
		return ast.WalkContinue, nil
	})
	if err := errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	for _, c := range code {
		r.linkName(s, c)
	}
	var out bytes.Buffer
	if err := markdown.Renderer().Render(&out, s.text, root); err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	d.html = out.Bytes()
	return d, nil
}

// nameHeadings gives headings the anchors that GitHub gives them, notes them, and takes
// the first out: it is the page's title.
func nameHeadings(d *document, root ast.Node) error {
	first, is := root.FirstChild().(*ast.Heading)
	if !is || first.Level != 1 {
		return fmt.Errorf("%s does not begin with a heading", d.name)
	}
	d.title = plain(first, d.text)
	ids, level := anchors{}, 1
	ids.of(d.title)
	root.RemoveChild(root, first)
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		h, is := n.(*ast.Heading)
		if !is {
			continue
		}
		title := plain(h, d.text)
		if h.Level == 1 || h.Level > level+1 {
			return fmt.Errorf("%s: the heading %q is of level %d, after one of level %d", d.name, title, h.Level, level)
		}
		level = h.Level
		id := ids.of(title)
		h.SetAttributeString("id", []byte(id))
		if h.Level == 2 {
			d.parts = append(d.parts, part{title, id})
		}
	}
	return nil
}

// plain is the text of a node without its marks.
func plain(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(src))
			if c.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		}
		return ast.WalkContinue, nil
	})
	return string(util.UnescapePunctuations([]byte(b.String())))
}

// anchors makes the names of headings as GitHub does; it counts those it made.
type anchors map[string]int

func (a anchors) of(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-', r == '_', unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		}
	}
	id := b.String()
	n := a[id]
	a[id]++
	if n > 0 {
		return fmt.Sprintf("%s-%d", id, n)
	}
	return id
}

// link turns a link of a file to another file into one of its page, under the page's title
// where the text is but the file's name. A file that the site does not have is an error.
func (r reader) link(from source, l *ast.Link) error {
	to := string(l.Destination)
	if strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "#") {
		return nil
	}
	file, anchor, has := strings.Cut(to, "#")
	if has {
		anchor = "#" + anchor
	}
	name := path.Join(path.Dir(from.name), file)
	for _, candidate := range []string{name, name + "/README.md"} {
		title, is := r.files[candidate]
		if !is {
			continue
		}
		l.Destination = []byte(relative(address(from.name), address(candidate)) + anchor)
		if plain(l, from.text) == file && title != "" {
			l.RemoveChildren(l)
			l.AppendChild(l, ast.NewString([]byte(template.HTMLEscapeString(title))))
		}
		return nil
	}
	return fmt.Errorf("%s: the site has no %s", from.name, to)
}

// linkName makes a link of the name of a rule or step, but in headings and links, and on
// its own page.
func (r reader) linkName(from source, c *ast.CodeSpan) {
	to := r.named[plain(c, from.text)]
	parent := c.Parent()
	if file, _, _ := strings.Cut(to, "#"); to == "" || file == address(from.name) || parent.Kind() == ast.KindHeading || parent.Kind() == ast.KindLink {
		return
	}
	l := ast.NewLink()
	l.Destination = []byte(relative(address(from.name), to))
	parent.ReplaceChild(parent, c, l)
	l.AppendChild(l, c)
}

// searchable notes by which words a row of a table is found whose first cell links a page.
func (r reader) searchable(row *east.TableRow) {
	cell := row.FirstChild()
	if cell == nil || cell.FirstChild() == nil {
		return
	}
	if l, is := cell.FirstChild().(*ast.Link); is {
		name := strings.TrimSuffix(path.Base(string(l.Destination)), ".md")
		if w, ok := r.words[name]; ok {
			row.SetAttributeString("data-words", []byte(w))
		}
	}
}

// scrolling puts tables and blocks of code, which may be wider than the page, into boxes
// that the keyboard can scroll; a column without a name has no empty heading. Comments are
// left out.
type scrolling struct{}

// RegisterFuncs implements [renderer.NodeRenderer].
func (scrolling) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(east.KindTable, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<div class=\"wide\" tabindex=\"0\"><table>\n")
		} else {
			_, _ = w.WriteString("</table></div>\n")
		}
		return ast.WalkContinue, nil
	})
	r.Register(east.KindTableCell, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		begin, end := "<td>", "</td>"
		if n.Parent().Kind() == east.KindTableHeader && n.HasChildren() {
			begin, end = `<th scope="col">`, "</th>"
		}
		if entering {
			_, _ = w.WriteString(begin)
		} else {
			_, _ = w.WriteString(end + "\n")
		}
		return ast.WalkContinue, nil
	})
	code := func(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			_, _ = w.WriteString("</code></pre></div>\n")
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString("<div class=\"lines\"><pre tabindex=\"0\"><code>")
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			html.DefaultWriter.RawWrite(w, line.Value(src))
		}
		return ast.WalkContinue, nil
	}
	r.Register(ast.KindHTMLBlock, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkSkipChildren, nil // a comment
	})
	r.Register(ast.KindFencedCodeBlock, code)
	r.Register(ast.KindCodeBlock, code)
}
