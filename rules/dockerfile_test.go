package rules_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/source/composefile"
	"seawall/source/declared"
)

// TestDockerfileRules: the rules that only a Dockerfile answers, on files, alone and in a
// Compose project.
func TestDockerfileRules(t *testing.T) {
	const bad = "FROM golang AS build\nFROM golang:1\nRUN --security=insecure --network=host make\nCOPY . /srv\nCOPY --from=build /x /y\n"
	const good = "FROM golang:1 AS build\nFROM golang:1\nRUN --network=none make\nCOPY src /srv\nCOPY --from=build /x /y\n"
	dir := t.TempDir()
	for name, text := range map[string]string{
		".git/HEAD": "x", "bad/Dockerfile": bad, "good/Dockerfile": good,
		"compose.yaml": "services:\n  bad: {build: bad}\n  good: {build: {context: good}}\n  given: {build: {context: good, privileged: true, network: host}}\n" +
			"  one: {build: good, image: shared}\n  two: {build: good, image: shared}\n",
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compose, err := composefile.ReadFile(filepath.Join(dir, "compose.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	read, err := composefile.Load(t.Context(), []composefile.File{compose}, composefile.Options{Project: "p"})
	if err != nil {
		t.Fatal(err)
	}
	project := declared.Project{Name: "compose.yaml", Containers: read.Containers}
	if w := declared.Built(&project, read.Builds); len(w) > 0 {
		t.Error(w)
	}
	if n := len(project.Images); n != 4 {
		t.Errorf("%d images are built, want one for the two services that share it", n)
	}
	projects := []declared.Project{project}
	for _, name := range []string{"bad", "good"} {
		f, err := composefile.ReadFile(filepath.Join(dir, name, "Dockerfile"), nil)
		if err != nil {
			t.Fatal(err)
		}
		f.Name = name
		p, err := declared.Dockerfile(f, false)
		if err != nil {
			t.Fatal(err)
		}
		projects = append(projects, p)
	}
	got := map[string]string{}
	for _, r := range rule.Evaluate(declared.Snapshot(projects, "test", time.Now()), dockerfileRules()) {
		got[strings.TrimPrefix(r.Rule, "image-")+" "+r.Subject.Name] = string(r.Verdict)
	}
	for key, want := range map[string]string{
		"base-unpinned p-bad": "fail", "base-unpinned p-good": "pass", "base-unpinned bad": "fail", "base-unpinned good": "pass",
		"build-without-confinement p-bad": "fail", "build-without-confinement p-given": "fail", "build-without-confinement bad": "fail",
		"build-on-host-network p-bad": "fail", "build-on-host-network p-given": "fail", "build-on-host-network bad": "fail",
		"copies-whole-context p-bad": "fail", "copies-whole-context bad": "unknown",
		// what the base does is not in the file, but its steps are no part of this build
		"build-without-confinement p-good": "pass", "build-on-host-network p-good": "pass", "copies-whole-context p-good": "pass", "copies-whole-context good": "pass",
	} {
		if got[key] != want {
			t.Errorf("%s: %s, want %s", key, got[key], want)
		}
	}
}

// dockerfileRules are those that only a Dockerfile answers.
func dockerfileRules() []*rule.Rule {
	return slices.DeleteFunc(slices.Clone(rules.Book().Rules()), func(r *rule.Rule) bool { return !r.Dockerfile })
}

// TestBuiltImageOfService: the user that a Dockerfile names is that of the service's
// container.
func TestBuiltImageOfService(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		user string
		want rule.Verdict
	}{{"USER 10001", rule.Passed}, {"USER root", rule.Failed}, {"", rule.Unknown}} {
		compose := composefile.File{Name: filepath.Join(dir, "compose.yaml"), Content: []byte("services:\n  web:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM debian:12\n        " + tt.user + "\n")}
		read, err := composefile.Load(t.Context(), []composefile.File{compose}, composefile.Options{Project: "p"})
		if err != nil {
			t.Fatal(err)
		}
		p := declared.Project{Name: "compose.yaml", Containers: read.Containers}
		if w := declared.Built(&p, read.Builds); len(w) > 0 || len(p.Images) != 1 || !slices.Equal(p.Images[0].UsedBy, []string{"p-web-1"}) {
			t.Fatalf("%v, %+v", w, p.Images)
		}
		s := declared.Snapshot([]declared.Project{p}, "test", time.Now())
		for _, r := range rule.Evaluate(s, rules.Book().Rules()) {
			if r.Rule == "container-runs-as-root" && r.Verdict != tt.want {
				t.Errorf("%q: %v (%s), want %v", tt.user, r.Verdict, r.Message, tt.want)
			}
		}
		if o := p.Images[0].User.Origin(); !strings.HasSuffix(o.Source, "compose.yaml:3:5") && o.Source != snapshot.At("", "").Source {
			t.Errorf("the user is said to stand at %s", o.Source)
		}
	}
}
