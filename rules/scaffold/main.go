// Command scaffold starts a new rule: a file with all that a rule needs to say,
// in the package of its subject, and its place in the package's list.
package main

import (
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"unicode"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: make new-rule ID=container-has-a-fault")
		os.Exit(2)
	}
	path, err := scaffold("rules", os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "scaffold:", err)
		os.Exit(1)
	}
	fmt.Printf("wrote %s: fill it in, then run 'go test ./%s' and 'make docs'\n", path, filepath.Dir(path))
}

// subject says where rules of an id's first word live and what they judge.
type subject struct{ dir, field, argument string }

var subjects = map[string]subject{
	"container": {"container", "Container", "ctr *snapshot.Container"},
	"port":      {"container", "Container", "ctr *snapshot.Container"},
	"image":     {"image", "Image", "image *snapshot.Image"},
	"volume":    {"volume", "Volume", "v *snapshot.Volume"},
	"engine":    {"engine", "Engine", "e *snapshot.Engine"},
	"rootless":  {"engine", "Engine", "e *snapshot.Engine"},
	"api":       {"listener", "Listener", "l *snapshot.Listener"},
	"listener":  {"listener", "Listener", "l *snapshot.Listener"},
	"host":      {"host", "Host", "h *snapshot.Host"},
	"user":      {"host", "User", "u *snapshot.User"},
	"client":    {"client", "Client", "cl *snapshot.Client"},
	"network":   {"network", "Network", "n *snapshot.Network"},
	"swarm":     {"network", "Swarm", "sw *snapshot.Swarm"},
}

var idPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)

// scaffold writes the rule's file below root and returns its path.
func scaffold(root, id string) (string, error) {
	if !idPattern.MatchString(id) {
		return "", fmt.Errorf("id %q: want words in kebab-case that say the fault", id)
	}
	first, _, _ := strings.Cut(id, "-")
	s, ok := subjects[first]
	if !ok {
		return "", fmt.Errorf("id %q: the first word names the subject: container, image, volume, engine, listener, api, host, user, client, network or swarm", id)
	}
	path := filepath.Join(root, s.dir, strings.ReplaceAll(id, "-", "_")+".go")
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s exists", path)
	}
	var text strings.Builder
	name := function(id)
	if err := ruleFile.Execute(&text, map[string]string{
		"Package": s.dir, "Func": name, "Check": "check" + strings.ToUpper(name[:1]) + name[1:],
		"ID": id, "Field": s.field, "Argument": s.argument,
	}); err != nil {
		return "", err
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		return "", err
	}
	return path, list(filepath.Join(root, s.dir), name)
}

// function is the id in camel case: containerHasAFault.
func function(id string) string {
	words := strings.Split(id, "-")
	for i := 1; i < len(words); i++ {
		runes := []rune(words[i])
		runes[0] = unicode.ToUpper(runes[0])
		words[i] = string(runes)
	}
	return strings.Join(words, "")
}

// list adds the rule to the start of the package's list.
func list(dir, name string) error {
	for _, file := range []string{"rules.go", "list.go"} {
		path := filepath.Join(dir, file)
		data, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		const start = "[]*rule.Rule{\n"
		before, after, ok := strings.Cut(string(data), start)
		if !ok {
			continue
		}
		text, err := format.Source([]byte(before + start + name + "(),\n" + after))
		if err != nil {
			return fmt.Errorf("add %s() to %s: %w", name, path, err)
		}
		return os.WriteFile(path, text, 0o644)
	}
	return fmt.Errorf("no list of rules in %s: add %s() to it", dir, name)
}

var ruleFile = template.Must(template.New("rule").Parse(`package {{.Package}}

import (
	"seawall/rule"
	"seawall/snapshot"
)

func {{.Func}}() *rule.Rule {
	return &rule.Rule{
		ID:       "{{.ID}}",
		Title:    "", // the fault, as a statement
		Severity: rule.Medium,
		Why:      "", // two or three sentences an administrator understands
		Fix: rule.Fix{
			Text:   "",
			Breaks: "",{{if eq .Field "Container"}}
			Edits:  rule.Edits{Not: ""}, // or what changes in a Compose file{{end}}
		},
		Refs: rule.Refs{},
		Bad:  []rule.Example{},
		Good: []rule.Example{},
		{{.Field}}: {{.Check}},
	}
}

func {{.Check}}(c *rule.Context, {{.Argument}}) rule.Answer {
	return c.NotApplicable("not written yet")
}
`))
