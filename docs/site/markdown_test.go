package main

import (
	"strings"
	"testing"
)

// TestRead: text stays text, links lead to pages, and what a page may not have is an
// error that says where.
func TestRead(t *testing.T) {
	r := reader{files: map[string]string{}, words: map[string]string{"some-rule": `<b>"it"`}, named: map[string]string{"some-rule": "rules/some-rule.html", "own": "x.html#own"}}
	for _, name := range []string{"README.md", "docs/x.md", "docs/paths.md", "docs/rules/README.md", "docs/rules/b.md", "docs/rules/some-rule.md", "docs/schema/report-1.json"} {
		r.files[name] = "About " + name
	}
	tests := []struct{ name, text, has, not, err string }{
		{name: "code", text: "```sh\necho <a> && b\n```", has: "<code>echo &lt;a&gt; &amp;&amp; b\n</code>"},
		{name: "indented code", text: "    <script>1</script>", has: "&lt;script&gt;", not: "<script"},
		{name: "code in a line", text: "a `<img src=x>` b", has: "<code>&lt;img src=x&gt;</code>"},
		{name: "the name of a rule", text: "see `some-rule`", has: `<a href="rules/some-rule.html"><code>some-rule</code></a>`},
		{name: "the name of a rule in a link", text: "[`some-rule`](paths.md)", has: `<a href="paths.html"><code>some-rule</code></a>`},
		{name: "the name of what is on this page", text: "`own`", has: "<p><code>own</code></p>"},
		{name: "code in a table", text: "| a |\n| --- |\n| `x<y` & z \\| w |", has: "<code>x&lt;y</code> &amp; z | w"},
		{name: "a column without a name", text: "| a | |\n| --- | --- |\n| b | c |", has: "<th scope=\"col\">a</th>\n<td></td>"},
		{name: "text", text: "1 < 2 & 3", has: "1 &lt; 2 &amp; 3"},
		{name: "a comment", text: "a\n\n<!-- b <c> -->\n\nd", has: "<p>a</p>\n<p>d</p>", not: "c"},
		{name: "HTML", text: "a\n\n<div onclick=x>\n\nb", err: `docs/x.md: HTML in Markdown: "<div onclick=x>\n"`},
		{name: "HTML in a line", text: "a <b>c</b>", err: `docs/x.md: HTML in Markdown: "<b>"`},
		{name: "an image", text: "![a](https://example.com/a.png)", err: "docs/x.md: an image: https://example.com/a.png"},
		{name: "a script as a link", text: "[a](javascript:alert)", err: "docs/x.md: the site has no javascript:alert"},
		{name: "data as a link", text: "[a](data:text/html,x)", err: "the site has no"},
		{name: "a link without TLS", text: "[a](http://example.com)", err: "the site has no"},
		{name: "a page", text: "[a](rules/b.md)", has: `href="rules/b.html"`},
		{name: "an anchor of a page", text: "[a](paths.md#how-to-read-it)", has: `href="paths.html#how-to-read-it"`},
		{name: "a directory", text: "[a](rules)", has: `href="rules/index.html"`},
		{name: "a page by its file's name", text: "[rules/b.md](rules/b.md)", has: `<a href="rules/b.html">About docs/rules/b.md</a>`},
		{name: "a page above", text: "[a](../README.md)", has: `href="using.html"`},
		{name: "a file that is copied", text: "[a](schema/report-1.json)", has: `href="schema/report-1.json"`},
		{name: "a file that is not on the site", text: "[a](../go.mod)", err: "docs/x.md: the site has no ../go.mod"},
		{name: "a row that is searched", text: "| r |\n| --- |\n| [some-rule](rules/some-rule.md) |", has: `<tr data-words="&lt;b&gt;&quot;it&quot;">`},
		{name: "headings of the same name", text: "## A `b`, c\n\n## A b, c", has: `<h2 id="a-b-c-1">`},
		{name: "a heading with an underscore and a dash", text: "## a_b-c d", has: `<h2 id="a_b-c-d">`},
		{name: "a heading too deep", text: "### a", err: `docs/x.md: the heading "a" is of level 3, after one of level 1`},
		{name: "a second title", text: "# b", err: `the heading "b" is of level 1`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := r.read(source{"docs/x.md", []byte("# Title\n\n" + tt.text + "\n")})
			switch {
			case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
				t.Fatalf("error %v, want %s", err, tt.err)
			case tt.err != "":
				return
			case err != nil:
				t.Fatal(err)
			}
			if got := string(d.html); !strings.Contains(got, tt.has) || tt.not != "" && strings.Contains(got, tt.not) {
				t.Errorf("got %s\nwant %s and not %q", got, tt.has, tt.not)
			}
		})
	}
	if _, err := r.read(source{"docs/x.md", []byte("no title\n")}); err == nil || err.Error() != "docs/x.md does not begin with a heading" {
		t.Errorf("a page without a title: %v", err)
	}
}

// TestStylesheet: the colours are those of reports; without them there is no site.
func TestStylesheet(t *testing.T) {
	style, err := stylesheet("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"--bg:", "--link:", "--bad:", "prefers-color-scheme:dark", "@media print"} {
		if !strings.Contains(style, want) {
			t.Errorf("the style lacks %s", want)
		}
	}
	if _, err := stylesheet(t.TempDir()); err == nil {
		t.Error("a style without colours")
	}
}

// TestContents: a page that nobody named is listed last, and one that is named and not
// there is an error.
func TestContents(t *testing.T) {
	pages := site{}
	for _, s := range contents {
		for _, name := range s.pages {
			pages[name] = &document{source: source{name: name}, title: name}
		}
	}
	extra := &document{source: source{name: "docs/extra.md"}, title: "Extra"}
	pages["docs/extra.md"] = extra
	parts, err := pages.contentsOf(extra)
	if err != nil {
		t.Fatal(err)
	}
	last := parts[len(parts)-1]
	if last.Title != "More" || len(last.Entries) != 1 || !last.Entries[0].Current || last.Entries[0].Address != "extra.html" {
		t.Errorf("the last part is %+v", last)
	}
	delete(pages, "docs/guide.md")
	if _, err := pages.contentsOf(extra); err == nil || !strings.Contains(err.Error(), "docs/guide.md") {
		t.Errorf("without the guide: %v", err)
	}
}
