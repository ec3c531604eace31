package lang

import (
	"errors"
	"fmt"
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

// TestReword: what was recorded in English is shown in the language that is spoken.
func TestReword(t *testing.T) {
	t.Cleanup(func() { Set(English, nil) })
	Set(Japanese, Texts{
		{Text: "run as root"}:                                     "rootで実行する",
		{Context: Recorded, Text: "engine at %s: %v"}:             "%sのエンジン: %v",
		{Context: Recorded, Text: "the name %s does not resolve"}: "名前%sを解決できない",
		{Context: Recorded, Text: "%[1]d of %[2]q are not read"}:  "%[2]sのうち%[1]d件が読まれていない",
		{Context: Recorded, Text: "nothing listens there"}:        "そこで待ち受けているものがない",
		{Context: Recorded, Text: "process %d holds 100%% of %s"}: "プロセス%dが%sの100%%を保持している",
	})
	for text, want := range map[string]string{
		"run as root": "rootで実行する",
		"engine at tcp://h:1: the name h does not resolve": "tcp://h:1のエンジン: 名前hを解決できない",
		"engine at unix:///x: nothing listens there":       "unix:///xのエンジン: そこで待ち受けているものがない",
		`3 of "a b" are not read`:                          `"a b"のうち3件が読まれていない`,
		"process 7 holds 100% of it":                       "プロセス7がitの100%を保持している",
		"operation not permitted":                          "operation not permitted",
		"":                                                 "",
	} {
		if got := Reword(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	Set(English, nil)
	if got := Reword("run as root"); got != "run as root" {
		t.Error(got)
	}
}

// TestUntranslated: an error has its English text, whatever wraps it.
func TestUntranslated(t *testing.T) {
	t.Cleanup(func() { Set(English, nil) })
	Set(Japanese, Texts{{Text: "%s is no file"}: "%sはファイルではない", {Text: "read %s: %w"}: "%sの読み取り: %w", {Text: "unknown key"}: "不明なキー"})
	plain := fmt.Errorf("place: %w", Errorf("read %s: %w", "a", Errorf("%s is no file", "a")))
	if got := plain.Error(); got != "place: aの読み取り: aはファイルではない" {
		t.Error(got)
	}
	if got := Untranslated(plain); got != "place: read a: a is no file" {
		t.Error(got)
	}
	fixed := Sentinel("unknown key")
	joined := errors.Join(Error("unknown key"), fmt.Errorf("%w: x", fixed))
	if got := joined.Error(); got != "不明なキー\n不明なキー: x" || !errors.Is(joined, fixed) {
		t.Error(got)
	}
	if got := Untranslated(joined); got != "unknown key\nunknown key: x" {
		t.Error(got)
	}
}
