package report

import (
	"encoding/json"
	"io"
	"slices"

	"seawall/lang"
)

// The parts of BloodHound's OpenGraph that are used. Properties are texts, numbers,
// truth values, or lists of one of these.
type (
	openGraph struct {
		Metadata openMetadata `json:"metadata"`
		Graph    openBody     `json:"graph"`
	}
	openMetadata struct {
		SourceKind string `json:"source_kind"`
	}
	openBody struct {
		Nodes []openNode `json:"nodes"`
		Edges []openEdge `json:"edges"`
	}
	openNode struct {
		ID         string         `json:"id"`
		Kinds      []string       `json:"kinds"`
		Properties map[string]any `json:"properties"`
	}
	openEdge struct {
		Start      openEnd        `json:"start"`
		End        openEnd        `json:"end"`
		Kind       string         `json:"kind"`
		Properties map[string]any `json:"properties"`
	}
	openEnd struct {
		Value string `json:"value"`
	}
)

// PathsOpenGraph writes all ways from entries to targets as BloodHound takes them.
// Its edges know no "and": a move that takes several states is an edge from each,
// marked as joint.
func PathsOpenGraph(w io.Writer, p *Paths) error {
	g := openGraph{Metadata: openMetadata{"Seawall"}, Graph: openBody{Nodes: []openNode{}, Edges: []openEdge{}}}
	roles := p.roles()
	for i := range p.Graph().States {
		s := &p.Graph().States[i]
		g.Graph.Nodes = append(g.Graph.Nodes, p.openNode(s, roles[s.ID]))
	}
	for i := range p.Graph().Edges {
		g.Graph.Edges = append(g.Graph.Edges, p.openEdges(&p.Graph().Edges[i])...)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(g); err != nil {
		return lang.Errorf("write OpenGraph: %w", err)
	}
	return nil
}

// openID is an id that no other host's state has.
func (p *Paths) openID(state string) string { return clean("seawall:" + p.Host.Name + ":" + state) }

func (p *Paths) openNode(s *PathState, role string) openNode {
	n := openNode{ID: p.openID(s.ID), Kinds: []string{"Seawall_" + camel(string(s.Kind))}, Properties: map[string]any{
		"name": clean(s.label()), "displayname": clean(s.label()), "host": clean(p.Host.Name), "state": clean(s.ID),
	}}
	if role == "entry" || role == "both" {
		n.Kinds = append(n.Kinds, "Seawall_Entry")
	}
	if role == "target" || role == "both" {
		n.Kinds = append(n.Kinds, "Seawall_Target")
	}
	if s.Engine != "" {
		n.Properties["engine"] = clean(s.Engine)
	}
	if len(s.Members) > 0 {
		n.Properties["members"] = cleanAll(s.Members)
	}
	return n
}

func (p *Paths) openEdges(e *PathEdge) []openEdge {
	var out []openEdge
	for _, id := range e.From {
		edge := openEdge{Start: openEnd{p.openID(id)}, End: openEnd{p.openID(e.To)}, Kind: "Seawall_" + camel(e.Step), Properties: map[string]any{
			"step": e.Step, "title": clean(e.does()), "attack": e.ATTACK, "effort": e.Cost, "certain": !e.Possible, "joint": len(e.From) > 1,
		}}
		if others := slices.DeleteFunc(slices.Clone(e.From), func(o string) bool { return o == id }); len(others) > 0 {
			edge.Properties["with"] = cleanAll(others)
		}
		out = append(out, edge)
	}
	return out
}

func cleanAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = clean(s)
	}
	return out
}
