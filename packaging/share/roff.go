package main

import (
	"fmt"
	"strings"
)

// roff writes a page in the man(7) macros, which man-db and mandoc read alike.
type roff struct{ strings.Builder }

// line writes a line as it is: a macro, or text that is escaped already.
func (r *roff) line(format string, args ...any) { fmt.Fprintf(&r.Builder, format+"\n", args...) }

// item begins an entry of a list, whose text follows.
func (r *roff) item(tag string) {
	r.line(".TP")
	r.line("%s", tag)
}

// text writes plain text as help shows it: what is indented keeps its lines.
func (r *roff) text(s string) {
	verbatim, gap := false, false
	for line := range strings.Lines(strings.TrimSpace(s)) {
		line = strings.TrimRight(line, " \n")
		indented := strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "\t")
		switch {
		case line == "":
			gap = true
			continue
		case indented && !verbatim:
			r.line(".PP\n.RS 4\n.nf")
		case verbatim && !indented:
			r.line(".fi\n.RE")
			r.line(".PP")
		case gap && verbatim:
			r.line("")
		case gap:
			r.line(".PP")
		}
		verbatim, gap = indented, false
		if indented {
			line = strings.TrimPrefix(strings.ReplaceAll(line, "\t", "  "), "  ")
		}
		r.line("%s", escape(line))
	}
	if verbatim {
		r.line(".fi\n.RE")
	}
}

// replacer keeps characters what they are on all devices: typographic quotes and
// hyphens could not be copied into a shell.
var replacer = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)

func escape(s string) string {
	var b strings.Builder
	for _, c := range replacer.Replace(s) {
		if c < 0x80 {
			b.WriteRune(c)
		} else {
			fmt.Fprintf(&b, `\[u%04X]`, c)
		}
	}
	if s := b.String(); strings.HasPrefix(s, ".") {
		return `\&` + s
	}
	return b.String()
}

func bold(s string) string   { return `\fB` + escape(s) + `\fR` }
func italic(s string) string { return `\fI` + escape(s) + `\fR` }
