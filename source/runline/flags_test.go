package runline

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"seawall/source/unresolved"
)

// windowsOnly flags cannot be tried on an engine of Linux.
var windowsOnly = map[string]bool{"cpu-count": true, "cpu-percent": true, "io-maxbandwidth": true, "io-maxiops": true}

// ofFiles name a file beside the client: what they hold is not known, which is
// tested on its own.
var ofFiles = map[string]bool{"env-file": true, "label-file": true}

func TestEveryFlagIsInALine(t *testing.T) {
	data, err := os.ReadFile("testdata/accepted.txt")
	if err != nil {
		t.Fatal(err)
	}
	o := &options{}
	fs := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.judged(fs)
	o.checked(fs)
	ignored(fs)
	fs.VisitAll(func(f *pflag.Flag) {
		pattern := `--` + f.Name + `\b`
		if f.Shorthand != "" {
			pattern += `| -[a-zA-Z]*` + f.Shorthand
		}
		if f.Name != "help" && !ofFiles[f.Name] && !windowsOnly[f.Name] && !regexp.MustCompile(pattern).Match(data) {
			t.Errorf("no line tries --%s", f.Name)
		}
	})
}

func TestUnknownTextSurvivesQuoting(t *testing.T) {
	for _, text := range []string{"$X", "${A:-/srv}", `$(echo "a")`} {
		word := "a" + unresolved.Value(text) + "b"
		if got := unresolved.Text(word); got != "a"+text+"b" {
			t.Errorf("Text: %q", got)
		}
		if got, ok := unresolved.In("x" + word); !ok || got != text {
			t.Errorf("In: %q %v, want %q", got, ok, text)
		}
	}
	if text, ok := mayBeWords(unresolved.Value("$X")); ok {
		t.Errorf("quoted %s taken for words", text)
	}
	if strings.ContainsAny(unresolved.Value("a:b=c,d"), ":=,") {
		t.Error("an unknown value must hold no separators")
	}
}
