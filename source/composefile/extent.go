package composefile

import (
	"go.yaml.in/yaml/v3"

	"seawall/lang"
)

// Bounds of a document, with what its aliases stand for each time anew: its nodes, and how
// deep they are in each other. Without them a small file keeps every later reader busy for
// years.
const (
	maxExtent = 1_000_000
	maxNested = 200
)

// extent is how large a node is.
type extent struct{ nodes, depth int }

// bounded refuses a document that is too large or too deep.
func (d *document) bounded(root *yaml.Node) error {
	known := map[*yaml.Node]extent{}
	e := measure(root, known)
	switch {
	case e.depth > maxNested:
		return lang.Errorf("%s: its parts are more than %d deep in each other", d.file, maxNested)
	case e.nodes > maxExtent:
		return lang.Errorf("%s: its aliases stand for more than %d parts", d.file, maxExtent)
	}
	return nil
}

// measure is the extent of a node, of no use beyond the bounds. The document has no alias
// that stands for what it is part of.
func measure(n *yaml.Node, known map[*yaml.Node]extent) extent {
	if e, has := known[n]; has {
		return e
	}
	e := extent{nodes: 1}
	children := n.Content
	if n.Kind == yaml.AliasNode {
		children = []*yaml.Node{n.Alias}
	}
	for _, c := range children {
		inner := measure(c, known)
		e.nodes = min(e.nodes+inner.nodes, maxExtent+1)
		e.depth = max(e.depth, inner.depth)
	}
	e.depth++
	known[n] = e
	return e
}
