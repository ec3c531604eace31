package composefile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
)

// maxIncludes bounds files that include others.
const maxIncludes = 16

// includes refuses a document that takes variables for what it includes from a file
// outside of the project: the library would read it. Files that are included are looked
// into, too.
func (l *loading) includes(d *document, dir string, depth int) error {
	if depth == 0 {
		return lang.Errorf("%s: files are included more than %d deep", d.file, maxIncludes)
	}
	var err error
	check := func(n *yaml.Node, then func(path string) error) {
		for _, s := range scalars(n) {
			if refusal := (fence{l.dir}).refuses(inDir(dir, s.Value)); refusal != nil && err == nil {
				err = fmt.Errorf("%s:%d: %w", d.file, s.Line, refusal)
			}
			if err == nil && then != nil {
				err = then(inDir(dir, s.Value))
			}
		}
	}
	into := func(path string) error { return l.include(path, depth-1) }
	for _, root := range d.roots {
		each(root, func(section, list *yaml.Node) {
			if section.Value != "include" {
				return
			}
			for _, entry := range members(list) {
				if entry.Kind != yaml.MappingNode {
					check(entry, into)
				}
				each(entry, func(key, v *yaml.Node) {
					switch key.Value {
					case "path":
						check(v, into)
					case "env_file", "project_directory":
						check(v, nil)
					}
				})
			}
		})
	}
	return err
}

// include looks into a file that is included; one that cannot be read is the library's
// to tell.
func (l *loading) include(path string, depth int) error {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > MaxSize {
		return nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	d, err := parse(path, content)
	if err != nil {
		return err
	}
	if err := d.fewPorts(l.lookup); err != nil {
		return err
	}
	if err := l.accepts(d); err != nil {
		return err
	}
	if name := l.shown(path); !slices.ContainsFunc(l.included, func(f File) bool { return f.Name == name }) {
		l.included = append(l.included, File{name, content})
	}
	return l.includes(d, filepath.Dir(path), depth)
}

// members are the elements of a list, or the one value that stands in its place.
func members(n *yaml.Node) []*yaml.Node {
	n = Value(n)
	switch {
	case n == nil:
		return nil
	case n.Kind != yaml.SequenceNode:
		return []*yaml.Node{n}
	}
	out := make([]*yaml.Node, 0, len(n.Content))
	for _, c := range n.Content {
		if v := Value(c); v != nil {
			out = append(out, v)
		}
	}
	return out
}

// scalars are the texts of a value or of a list.
func scalars(n *yaml.Node) []*yaml.Node {
	var out []*yaml.Node
	for _, m := range members(n) {
		if m.Kind == yaml.ScalarNode {
			out = append(out, m)
		}
	}
	return out
}

func inDir(dir, path string) string {
	if filepath.IsAbs(path) || remote(path) {
		return path
	}
	return filepath.Join(dir, path)
}
