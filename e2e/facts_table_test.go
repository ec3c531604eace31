package e2e

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

var updateFacts = flag.Bool("update-facts", false, "write what TestHowFactsAreRead finds into docs/facts.md")

// The tables stand between these lines of docs/facts.md.
const (
	factsPage  = "../docs/facts.md"
	factsBegin = "<!-- written by: go test ./e2e -run TestHowFactsAreRead -update-facts -->\n"
	factsEnd   = "<!-- end -->\n"
)

// checkFactsTable compares the tables in the documentation with what came out, or writes
// them.
func checkFactsTable(t *testing.T, list []*fact) {
	t.Helper()
	data, err := os.ReadFile(factsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), factsBegin)
	old, after, ok2 := strings.Cut(rest, factsEnd)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the tables", factsPage)
	}
	tables := factsTables(list)
	if *updateFacts && !t.Failed() {
		if err := os.WriteFile(factsPage, []byte(before+factsBegin+tables+factsEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(old, tables); diff != "" {
		t.Errorf("%s is not what came out (-page +found); write it with -update-facts:\n%s", factsPage, diff)
	}
}

// factsTables are the facts by the type that has them; those that were read nowhere come
// last.
func factsTables(list []*fact) string {
	var b strings.Builder
	var types, nowhere []string
	for _, f := range list {
		if len(f.origins) == 0 {
			nowhere = append(nowhere, fmt.Sprintf("`%s` of [%s](snapshot.md#%s)", f.name, f.in, strings.ToLower(f.in)))
		} else if !slices.Contains(types, f.in) {
			types = append(types, f.in)
		}
	}
	for _, name := range types {
		fmt.Fprintf(&b, "\n## %s\n\n[What they mean](snapshot.md#%s).\n\n| fact | read from | %s |\n| --- | --- |%s\n", name, strings.ToLower(name), strings.Join(places[:], " | "), strings.Repeat(" --- |", len(places)))
		for _, f := range list {
			if f.in == name && len(f.origins) > 0 {
				fmt.Fprintf(&b, "| `%s` | %s |%s\n", f.name, strings.Join(f.origins, "; "), f.sight())
			}
		}
	}
	fmt.Fprintf(&b, "\n## Not read on these hosts\n\n%s.\n\n", strings.Join(nowhere, ", "))
	return b.String()
}

// sight says for each place whether the fact was read there: of all subjects that were
// seen, of some, or of none.
func (f *fact) sight() string {
	var b strings.Builder
	for i := range places {
		switch {
		case f.seen[i] && f.missed[i]:
			b.WriteString(" part |")
		case f.seen[i]:
			b.WriteString(" yes |")
		default:
			b.WriteString(" no |")
		}
	}
	return b.String()
}

// hostNames are what differs from host to host in an origin.
var hostNames = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`(/proc/)\d+(/root|\b)`), "${1}PID${2}"},
	{regexp.MustCompile(`/proc/PID/root(/)?`), "/"},
	{regexp.MustCompile(`^default: set neither in .*`), "the daemon's command line and configuration file"},
	{regexp.MustCompile(`^\S*/daemon.json(:\d+)?(, confirmed by .*)$`), "the configuration file$2"},
	{regexp.MustCompile(`^tcp(://.*)?$`), "the TCP port"},
	{regexp.MustCompile(`(GET /(?:containers|images)/).+(/json|/history)$`), "${1}NAME${2}"},
	{regexp.MustCompile(`(GET /networks/).+`), "${1}NAME"},
	{regexp.MustCompile(`/home/[a-z]+|/root\b`), "~"},
	{regexp.MustCompile(`:\d+\b`), ""},
	{regexp.MustCompile(`layers of .*`), "layers of the image"},
	{regexp.MustCompile(`, user \d+ only`), ", of an ordinary user his own only"},
	{regexp.MustCompile(` \(invalid argument\)`), ""},
	{regexp.MustCompile(`(files in )/.*`), "${1}the directories of PATH"},
	{regexp.MustCompile(`^/usr/local/sbin.*`), "the directories of PATH"},
	{regexp.MustCompile(`^/usr/(?:s?bin|local/bin)/[a-z0-9-]+$`), "the program's file"},
	{regexp.MustCompile(`^/proc/sys/.*`), "/proc/sys"},
	{regexp.MustCompile(`^/run/.*\.sock$`), "the socket's file"},
}

// whatNames are the same in what was read of a document.
var whatNames = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`^(sudo rules of|group|device of|options of the mount of) .*`), "$1 …"},
	{regexp.MustCompile(`^Options\.[a-z]+_mode$`), "Options.NAME_mode"},
	{regexp.MustCompile(`^(?:dev|fs|kernel|net|user|vm)\.[a-z_0-9.-]+$`), "the setting"},
}

// general is an origin without the names and numbers of one host.
func general(o snapshot.Origin) string {
	what, where := o.Path, o.Source
	for _, n := range hostNames {
		where = n.pattern.ReplaceAllString(where, n.by)
	}
	for _, n := range whatNames {
		what = n.pattern.ReplaceAllString(what, n.by)
	}
	if where == "/proc/PID/cmdline" && what != "cmdline" || strings.HasSuffix(where, "/daemon.json") && what != "config-file" {
		where = "the daemon's command line and configuration file"
	}
	if where == "" {
		return "`" + what + "`"
	}
	return "`" + what + "`: " + where
}
