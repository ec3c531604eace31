package monospace

import (
	"slices"
	"strings"
	"testing"
)

// TestWrap: lines end at blanks, and beside wide letters where a line may end; names and
// options stay whole.
func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, []string{""}},
		{"one two three", 8, []string{"one two", "three"}},
		{"/a/path/that-is-longer than this", 8, []string{"/a/path/that-is-longer", "than", "this"}},
		{"--cap-drop=ALL/x-y", 6, []string{"--cap-drop=ALL/x-y"}},
		{"コンテナを再作成する", 12, []string{"コンテナを再", "作成する"}},
		{"設定する。そして終わる", 8, []string{"設定す", "る。そし", "て終わる"}},
		{"これは（例）です", 8, []string{"これは", "（例）で", "す"}},
		{"値は--cap-drop=ALLである", 10, []string{"値", "は--cap-drop=ALL", "である"}},
		{"docker run を使う", 11, []string{"docker run", "を使う"}},
		{"é→·…", 4, []string{"é→·…"}},
	} {
		if got := Wrap(c.text, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%q in %d columns: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		text, want string
	}{
		{"web", "web   "}, {"a-longer-name", "a-lon…"}, {"ホスト", "ホスト"}, {"コンテナ", "コン… "}, {"", "      "},
	} {
		if got := Fit(c.text, 6); got != c.want || Width(got) != 6 {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// FuzzWrap: nothing but blanks is lost, and only single words are too long.
func FuzzWrap(f *testing.F) {
	f.Add("コンテナcontainer を 作成する。", 10)
	f.Add("a\u0301 b\u200dc 한국어 ไทย", 3)
	f.Fuzz(func(t *testing.T, text string, width int) {
		lines := Wrap(text, width)
		if strings.Join(strings.Fields(strings.Join(lines, "")), "") != strings.Join(strings.Fields(text), "") {
			t.Errorf("%q became %q", text, lines)
		}
	})
}
