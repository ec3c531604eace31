package extract

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"seawall"
	"seawall/lang"
)

const root = "../.."

// TestTranslations: every text of the program has a translation in every language, made of
// the text as it is now, and no catalog has more.
func TestTranslations(t *testing.T) {
	all, err := All(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range lang.Tags {
		if tag == lang.English {
			continue
		}
		written := map[string]bool{}
		for _, p := range all {
			texts, err := p.Read(root, tag)
			if err != nil {
				t.Fatal(err)
			}
			written[p.File(".", tag)] = true
			faults := p.Check(texts)
			for _, fault := range faults[:min(len(faults), 10)] {
				t.Errorf("%s: %s", p.File(".", tag), fault)
			}
			if len(faults) > 10 {
				t.Errorf("%s: and %d more (make translations)", p.File(".", tag), len(faults)-10)
			}
		}
		embedded := 0
		err := fs.WalkDir(seawall.Translations, ".", func(name string, entry fs.DirEntry, err error) error {
			if err == nil && filepath.Base(name) == tag+".po" {
				embedded++
				if !written[name] {
					t.Errorf("%s is a catalog of a package without texts: remove it", name)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if embedded != len(written) {
			t.Errorf("%d of %d catalogs are in the program: translations.go does not name the others", embedded, len(written))
		}
		if _, err := lang.Load(seawall.Translations, tag); err != nil {
			t.Error(err)
		}
	}
}

// TestWritten: a catalog that is written is read as it was.
func TestWritten(t *testing.T) {
	p := Package{Texts: []Text{
		{Key: lang.Key{Text: "a \"quoted\" text\nof two lines\twith a tab and a \\"}, Places: []string{"a.go"}},
		{Key: lang.Key{Text: "%d hosts"}, One: "%d host", Places: []string{"a.go", "b.go"}},
		{Key: lang.Key{Context: "of a door", Text: "open"}, Places: []string{"b.go"}},
		{Key: lang.Key{Text: "open"}, Places: []string{"b.go"}},
	}}
	want := lang.Texts{}
	for i, x := range p.Texts {
		want[x.Key] = strings.Repeat("訳\n\"", i+1)
	}
	got := lang.Catalog([]byte(p.catalog("ja", want)))
	if len(got) != len(want) {
		t.Fatalf("%d texts, want %d: %v", len(got), len(want), got)
	}
	for k, text := range want {
		if got[k] != text {
			t.Errorf("%v: %q, want %q", k, got[k], text)
		}
	}
}

// TestFaults: a translation with other values, without words of its language, or of a text
// that is no more, is found.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ text, translation, fault string }{
		{"%s has %d ports", "%[2]d個のポートを%[1]sが持つ", ""},
		{"%s has %d ports", "%sのポートは%d個", ""},
		{"%s has %d ports", "%d個のポートを%sが持つ", "other verbs"},
		{"%s has %d ports", "%sのポート", "other verbs"},
		{"100%% of %s", "%sの100%%", ""},
		{"Run {subject} alone", "{subject}を単独で実行する", ""},
		{"Run {subject} alone", "単独で実行する", "other placeholders"},
		{"it is not a file", "it is not a file", "not a translation"},
		{"--flag NAME", "--flag NAME", ""},
		{"a line\n", "一行", "other blanks at the ends"},
	} {
		if got := strings.Join(faults(c.text, c.translation), "; "); got != c.fault {
			t.Errorf("%q as %q: %q, want %q", c.text, c.translation, got, c.fault)
		}
	}
	p := Package{Texts: []Text{{Key: lang.Key{Text: "new text here"}, Places: []string{"a.go"}}}}
	got := strings.Join(p.Check(lang.Texts{{Text: "an old text"}: "古い"}), "\n")
	if !strings.Contains(got, `not translated: "new text here" (a.go)`) || !strings.Contains(got, `stale: no text of the program is "an old text"`) {
		t.Error(got)
	}
}
