package extract

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"seawall/lang"
)

// File is the catalog of the package in a language.
func (p Package) File(root, tag string) string { return filepath.Join(root, p.Dir, tag+".po") }

// Read is what the package's catalog has; nothing, if it has none yet.
func (p Package) Read(root, tag string) (lang.Texts, error) {
	data, err := os.ReadFile(p.File(root, tag))
	if os.IsNotExist(err) {
		return lang.Texts{}, nil
	}
	return lang.Catalog(data), err
}

// Write writes the catalog: every text of the package, with its translation or "".
func (p Package) Write(root, tag string, texts lang.Texts) error {
	return os.WriteFile(p.File(root, tag), []byte(p.catalog(tag, texts)), 0o644)
}

// catalog is the text of a PO file, as GNU gettext's manual describes it.
func (p Package) catalog(tag string, texts lang.Texts) string {
	var b strings.Builder
	fmt.Fprintf(&b, "msgid \"\"\nmsgstr \"\"\n\"Language: %s\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Plural-Forms: nplurals=1; plural=0;\\n\"\n", tag)
	for _, t := range p.Texts {
		fmt.Fprintf(&b, "\n#: %s\n", strings.Join(t.Places, " "))
		if t.Context != "" {
			fmt.Fprintf(&b, "msgctxt %s\n", quoted(t.Context))
		}
		if t.One != "" {
			fmt.Fprintf(&b, "msgid %s\nmsgid_plural %s\nmsgstr[0] %s\n", quoted(t.One), quoted(t.Text), quoted(texts[t.Key]))
			continue
		}
		fmt.Fprintf(&b, "msgid %s\nmsgstr %s\n", quoted(t.Text), quoted(texts[t.Key]))
	}
	return b.String()
}

var poEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`)

func quoted(s string) string { return `"` + poEscapes.Replace(s) + `"` }

// Stale are the texts of a catalog that the program does not have any more.
func (p Package) Stale(texts lang.Texts) []lang.Key {
	var out []lang.Key
	for k := range texts {
		if !slices.ContainsFunc(p.Texts, func(t Text) bool { return t.Key == k }) {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b lang.Key) int { return strings.Compare(a.Text+a.Context, b.Text+b.Context) })
	return out
}
