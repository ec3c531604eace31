package lang

import (
	"testing"
	"testing/fstest"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		flag string
		env  map[string]string
		want string
	}{
		{"", nil, "en"},
		{"ja", nil, "ja"},
		{"en", map[string]string{"LANG": "ja_JP.UTF-8"}, "en"},
		{"", map[string]string{"LANG": "ja_JP.UTF-8"}, "ja"},
		{"", map[string]string{"LANG": "ja"}, "ja"},
		{"", map[string]string{"LC_ALL": "C", "LANG": "ja_JP.UTF-8"}, "en"},
		{"", map[string]string{"LC_MESSAGES": "ja_JP.eucJP", "LANG": "de_DE"}, "ja"},
		{"", map[string]string{"LANG": "C.UTF-8"}, "en"},
		{"", map[string]string{"LANG": "jam"}, "en"},
		{"JA-jp", nil, "ja"},
		{"fr", nil, ""},
	} {
		got, err := Choose(c.flag, func(name string) string { return c.env[name] })
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%q %v: %q, %v, want %q", c.flag, c.env, got, err, c.want)
		}
	}
}

func TestSpeak(t *testing.T) {
	t.Cleanup(func() { Set(English, nil) })
	texts, err := Load(fstest.MapFS{"a/ja.po": {Data: []byte(`msgid ""
msgstr ""
"Plural-Forms: nplurals=1; plural=0;\n"

msgid "%s of %s"
msgstr "%[2]sの%[1]s"

msgid "%d host"
msgid_plural "%d hosts"
msgstr[0] "ホスト%d台"

msgctxt "of a door"
msgid "open"
msgstr "開いた"

msgid "not yet"
msgstr ""
`)}}, Japanese)
	if err != nil {
		t.Fatal(err)
	}
	say := func() []string {
		return []string{
			Sprintf("%s of %s", "name", "box"), Plural(1, "%d host", "%d hosts", 1), Plural(2, "%d host", "%d hosts", 2),
			C("of a door", "open"), T("open"), T("not yet"), And([]string{"a", "b", "c"}), Or([]string{"a", "b"}), And(nil),
			Errorf("%s of %s", "name", "box").Error(),
		}
	}
	for tag, want := range map[string][]string{
		English:  {"name of box", "1 host", "2 hosts", "open", "open", "not yet", "a, b and c", "a or b", "", "name of box"},
		Japanese: {"boxのname", "ホスト1台", "ホスト2台", "開いた", "open", "not yet", "a、bとc", "aまたはb", "", "boxのname"},
	} {
		Set(tag, texts)
		if tag == English {
			Set(tag, nil)
		}
		for i, got := range say() {
			if got != want[i] {
				t.Errorf("%s: %q, want %q", tag, got, want[i])
			}
		}
	}
}

// TestLoad: two catalogs may not translate a text differently.
func TestLoad(t *testing.T) {
	file := func(text string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("msgid \"host\"\nmsgstr \"" + text + "\"\n")}
	}
	if _, err := Load(fstest.MapFS{"a/ja.po": file("ホスト"), "b/ja.po": file("主機")}, Japanese); err == nil {
		t.Error("two translations of one text")
	}
	if texts, err := Load(fstest.MapFS{"a/ja.po": file("ホスト"), "b/ja.po": file("ホスト"), "c/de.po": file("Rechner")}, Japanese); err != nil || texts[Key{Text: "host"}] != "ホスト" {
		t.Error(texts, err)
	}
}
