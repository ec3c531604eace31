package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"seawall"
	"seawall/attack"
	"seawall/attack/steps"
	"seawall/lang"
	"seawall/report"
	"seawall/rule"
	"seawall/rules"
)

// inJapanese makes the program speak Japanese until the test ends.
func inJapanese(t testing.TB) {
	t.Helper()
	_, _ = rules.Book(), steps.All() // stay in English, whichever test is first
	texts, err := lang.Load(seawall.Translations, lang.Japanese)
	if err != nil {
		t.Fatal(err)
	}
	lang.Set(lang.Japanese, texts)
	t.Cleanup(func() { lang.Set(lang.English, nil) })
}

// japaneseRules finds rules in the language that is spoken.
func japaneseRules() report.Lookup { return rule.MustBook(rules.Book().Rules()...).Lookup }

// TestJapaneseGolden: a person has read the short sample in Japanese.
func TestJapaneseGolden(t *testing.T) {
	inJapanese(t)
	for _, format := range []string{"text", "markdown"} {
		out, err := report.LookupOutput(format)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := out.Write(&b, short(t), report.Style{}, japaneseRules()); err != nil {
			t.Fatal(err)
		}
		golden(t, "short.ja."+format, b.String())
	}
}

// TestJapaneseFits: letters that take two columns are counted as such, and lines are broken
// between them.
func TestJapaneseFits(t *testing.T) {
	inJapanese(t)
	for name, write := range map[string]func(io.Writer, report.Style) error{
		"audit": func(w io.Writer, s report.Style) error {
			return report.Text(w, sample(t), s, japaneseRules())
		},
		"benchmark": func(w io.Writer, s report.Style) error {
			return report.Text(w, benchmarked(t, "cis-1.8"), s, japaneseRules())
		},
		"diff": func(w io.Writer, s report.Style) error { return report.DiffText(w, changed(t), s) },
		"paths": func(w io.Writer, s report.Style) error {
			return report.PathsText(w, pathsOf(t, pathSamples["bad"], steps.All(), attack.Question{}), s)
		},
		"reach":   func(w io.Writer, s report.Style) error { return report.ReachText(w, shopReach(t, "", ""), s) },
		"updates": func(w io.Writer, s report.Style) error { return report.UpdatesText(w, updatesOf(t, behind), s) },
		"step":    explainedStep(t),
	} {
		for _, verbose := range []bool{false, true} {
			var b bytes.Buffer
			if err := write(&b, report.Style{Width: 80, Verbose: verbose}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimRight(line, "\n")
				if n := uniseg.StringWidth(line); n > 80 && !keptWhole.MatchString(line) {
					t.Errorf("%s: %d columns: %q", name, n, line)
				}
			}
		}
	}
}

// keptWhole is a line that stays whole to be copied: lines of files and commands, or one long
// word below a label.
var keptWhole = regexp.MustCompile(`^ {4,}[ -~]*$|^\S* *[a-zA-Z ]*: +seawall |^ *(\S+ +)?[!-~]+\S{0,4}$|^ *docker run: |^ *Compose: |^ *shell: `)

func explainedStep(t *testing.T) func(io.Writer, report.Style) error {
	return func(w io.Writer, s report.Style) error {
		for _, r := range rule.MustBook(rules.Book().Rules()...).Rules() {
			if err := report.Explain(w, r, s); err != nil {
				return err
			}
		}
		return nil
	}
}

// TestLanguageChangesNoResult: reports of one snapshot in two languages are the same but for
// their texts: nothing is new, gone or changed from one to the other.
func TestLanguageChangesNoResult(t *testing.T) {
	english := sample(t)
	inJapanese(t)
	var b bytes.Buffer
	if err := report.JSON(&b, sample(t)); err != nil {
		t.Fatal(err)
	}
	validate(t, compile(t, "..", "docs", "schema", "report-1.json"), b.String())
	japanese, err := report.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if english.Language != "" || japanese.Language != "ja" {
		t.Errorf("languages are %q and %q", english.Language, japanese.Language)
	}
	ids := func(r *report.Report) []string {
		var out []string
		for _, x := range r.Results {
			out = append(out, x.Fingerprint+" "+string(x.Verdict)+" "+x.Severity.String())
		}
		slices.Sort(out)
		return out
	}
	if !slices.Equal(ids(english), ids(japanese)) {
		t.Error("fingerprints, verdicts or severities depend on the language")
	}
	for _, pair := range [][2]*report.Report{{english, japanese}, {japanese, english}} {
		c := report.Compare(pair[0], pair[1])
		for _, list := range [][]report.Difference{c.New, c.Gone, c.Changed, c.NotChecked} {
			for _, d := range list {
				t.Errorf("%s: %s of %s: %s", d.Change, d.Result().Rule, d.Result().Subject.Name, d.Why)
			}
		}
	}
}

// TestLanguageOfMachines: what programs read is in English whatever people read.
func TestLanguageOfMachines(t *testing.T) {
	words := func() map[string]any {
		var b bytes.Buffer
		if err := report.JSON(&b, sample(t)); err != nil {
			t.Fatal(err)
		}
		var out map[string]any
		if err := json.Unmarshal(b.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		for _, texts := range []string{"language", "gaps", "warnings", "results"} {
			delete(out, texts)
		}
		return out
	}
	english := words()
	inJapanese(t)
	japanese := words()
	for key, value := range english {
		if was, is := marshal(t, value), marshal(t, japanese[key]); was != is {
			t.Errorf("%s is %s, in Japanese %s", key, was, is)
		}
	}
	for line := range strings.Lines(write(t, "csv", short(t))) {
		verdict, _, _ := strings.Cut(line, ",")
		if !regexp.MustCompile(`^[a-z-]+$`).MatchString(verdict) {
			t.Errorf("the verdict of a line of CSV is %q", verdict)
		}
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
