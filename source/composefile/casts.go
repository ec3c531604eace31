package composefile

import (
	"go.yaml.in/yaml/v3"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/tree"
)

// casts are the keys of the files of a project. The library compares each text of a
// project with every path whose texts it turns into numbers and switches, which takes a
// third of its time: most of those paths end with a key that no file has.
type casts map[string]bool

// included marks projects that read other files, whose keys are not known.
const included = "\x00"

func (c casts) add(d *document) {
	for _, root := range d.roots {
		c.keys(root, map[*yaml.Node]bool{})
	}
}

func (c casts) keys(n *yaml.Node, seen map[*yaml.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	seen[n] = true
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := Value(n.Content[i])
			if k == nil {
				continue
			}
			key := k.Value
			c[key] = true
			if key == "include" || key == "extends" {
				c[included] = true
			}
		}
	}
	for _, child := range n.Content {
		c.keys(child, seen)
	}
}

// needed are those casts that a text of the project may need.
func (c casts) needed(all map[tree.Path]interpolation.Cast) map[tree.Path]interpolation.Cast {
	if c[included] {
		return all
	}
	out := map[tree.Path]interpolation.Cast{}
	for path, cast := range all {
		if last := path.Last(); last == tree.PathMatchAll || last == tree.PathMatchList || c[last] {
			out[path] = cast
		}
	}
	return out
}
