package report_test

import (
	"encoding/json"
	"slices"

	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
)

// rename puts a text into every name of an answer, ids too.
func rename(p *report.Paths, text string) *report.Paths {
	data, _ := json.Marshal(p)
	out := &report.Paths{}
	_ = json.Unmarshal(data, out)
	graph := &report.PathGraph{States: slices.Clone(p.Graph().States), Edges: slices.Clone(p.Graph().Edges)}
	out.Graph = func() *report.PathGraph { return graph }
	id := func(list ...*string) {
		for _, s := range list {
			*s += text
		}
	}
	ids := func(list []string) []string {
		out := slices.Clone(list)
		for i := range out {
			id(&out[i])
		}
		return out
	}
	hops := func(list []report.PathHop) {
		for i := range list {
			h := &list[i]
			h.From = ids(h.From)
			id(&h.To, &h.What)
			h.Evidence = append(h.Evidence, rule.Evidence{Fact: text, Value: text, Source: text})
			for j := range h.Ends {
				id(&h.Ends[j].ID, &h.Ends[j].Text)
			}
		}
	}
	for _, states := range [][]report.PathState{out.States, graph.States} {
		for i := range states {
			id(&states[i].ID, &states[i].Name)
			states[i].Members, states[i].IDs = []string{text, text}, []string{text, text}
		}
	}
	out.Host.Name = text
	out.Entries, out.Targets = ids(out.Entries), ids(out.Targets)
	for i := range out.Pairs {
		id(&out.Pairs[i].From, &out.Pairs[i].To)
	}
	for i := range out.Paths {
		q := &out.Paths[i]
		q.From, q.Like = ids(q.From), ids(q.Like)
		id(&q.To)
		hops(q.Hops)
	}
	for i := range graph.Edges {
		e := &graph.Edges[i]
		e.From = ids(e.From)
		id(&e.To, &e.What)
	}
	for i := range out.Cut.Changes {
		c := &out.Cut.Changes[i]
		id(&c.ID, &c.Text, &c.Breaks, &c.Run, &c.Compose, &c.Daemon, &c.Shell)
		c.Containers, c.IDs = []string{text, text}, []string{text, text}
	}
	hops(out.Cut.Uncut)
	out.Gaps = append(out.Gaps, rule.MissingFact{Fact: text, Gap: snapshot.Gap{Detail: text, Remedy: text}})
	return out
}
