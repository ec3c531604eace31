package livehost

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/hostfile"
)

// Bounds of Compose files that take others in.
const (
	maxComposeSize  = 1 << 20 // bytes
	maxComposeFiles = 64      // of a project
)

// composeFiles collects the files of a project: those that labels name, and those that
// these take in.
type composeFiles struct {
	fileList
	// partly is why there may be more; nil if all were found.
	partly error
}

// compose adds a Compose file with all that it takes in.
func (l *composeFiles) compose(view *hostfile.FS, name string) {
	todo := []string{name}
	for len(todo) > 0 {
		name, todo = todo[0], todo[1:]
		before := len(l.files)
		l.add(view, snapshot.RoleCompose, name)
		if len(l.files) == before {
			continue // seen before, or not there
		}
		if len(l.files) > maxComposeFiles {
			l.miss(lang.RecordErrorf("%s: a project of more than %d files", name, maxComposeFiles))
			return
		}
		content, err := view.ReadFile(name, maxComposeSize)
		if err != nil {
			l.miss(err)
			continue
		}
		taken, err := takenIn(content)
		if err != nil {
			l.miss(fmt.Errorf("%s: %w", name, err))
		}
		for _, f := range taken.variables {
			l.add(view, snapshot.RoleComposeEnv, beside(name, f))
		}
		for _, f := range taken.files {
			todo = append(todo, beside(name, f))
		}
	}
}

func (l *composeFiles) miss(err error) {
	if l.partly == nil {
		l.partly = err
	}
}

// beside is a path that a file names.
func beside(file, name string) string {
	if path.IsAbs(name) {
		return name
	}
	return path.Join(path.Dir(file), name)
}

// taken are the files that a Compose file takes in, as it names them: other Compose
// files, and files of variables for these.
type taken struct{ files, variables []string }

var errOpenName = errors.New(lang.N("the name of a file that it takes in depends on variables"))

// takenIn reads what a Compose file includes, and whose services it extends (compose
// specification, sections include and extends). What comes from elsewhere than this
// machine is left out. With an error it gives what it found.
func takenIn(content []byte) (taken, error) {
	var file struct {
		Include  []yaml.Node `yaml:"include"`
		Services map[string]struct {
			Extends yaml.Node `yaml:"extends"`
		} `yaml:"services"`
	}
	var out taken
	if err := yaml.Unmarshal(content, &file); err != nil {
		return out, lang.RecordErrorf("it cannot be read as a Compose file: %s", strings.Join(strings.Fields(lang.Untranslated(err)), " "))
	}
	var nodes, variables []*yaml.Node
	for i := range file.Include {
		n := &file.Include[i]
		if n.Kind != yaml.MappingNode {
			nodes = append(nodes, n)
			continue
		}
		nodes = append(nodes, member(n, "path"))
		variables = append(variables, member(n, "env_file"))
	}
	for _, s := range file.Services {
		nodes = append(nodes, member(&s.Extends, "file"))
	}
	open := false
	out.files = fileNames(nodes, &open)
	out.variables = fileNames(variables, &open)
	if open {
		return out, errOpenName
	}
	return out, nil
}

// member is the value of a key of a mapping; nil if it has none.
func member(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// fileNames are the names of files in texts and lists of texts, each once. Open is set if one
// depends on variables.
func fileNames(nodes []*yaml.Node, open *bool) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range nodes {
		for _, text := range texts(n) {
			switch {
			case strings.Contains(text, "$"):
				*open = true
			case text == "" || seen[text] || strings.Contains(text, "://") || strings.HasPrefix(text, "git@") || strings.HasPrefix(text, "oci:"):
			default:
				seen[text] = true
				out = append(out, text)
			}
		}
	}
	return out
}

// texts are a text, or those of a list.
func texts(n *yaml.Node) []string {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.ScalarNode:
		return []string{n.Value}
	case n.Kind != yaml.SequenceNode:
		return nil
	}
	var out []string
	for _, c := range n.Content {
		if c.Kind == yaml.ScalarNode {
			out = append(out, c.Value)
		}
	}
	return out
}
