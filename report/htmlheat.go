package report

import (
	"fmt"
	"slices"
	"strings"

	"seawall/confinement"
	"seawall/report/page"
	"seawall/rule"
	"seawall/snapshot"
)

// heatRows is how many rows the map of capabilities has at most.
const heatRows = 200

// capable is what is known of a container's capabilities.
type capable struct {
	held, open, used snapshot.CapSet
	// watched: it was watched for long enough to tell what it does not use.
	watched, seen bool
}

func capableOf(c *snapshot.Container) capable {
	caps := confinement.CapabilitiesOf(&unseen{}, c)
	out := capable{held: caps.Asked}
	switch {
	case caps.Kernel:
		out.held = caps.Bounding
	case !caps.Complete:
		out.open = snapshot.AllCaps &^ caps.Asked
	}
	if o, ok := c.Observed.Peek(); ok {
		_, out.watched = o.Enough.Peek()
		out.used, out.seen = o.Used|o.ExecUsed, true
	}
	return out
}

func (c capable) of(one snapshot.CapSet) page.Held {
	switch {
	case c.held.Has(one) && c.used.Has(one):
		return page.Used
	case c.held.Has(one) && c.watched:
		return page.Unused
	case c.held.Has(one):
		return page.Granted
	case c.open.Has(one):
		return page.HeldOpen
	}
	return page.NotHeld
}

// heat is the map of capabilities over containers; nil where nobody surely holds any.
func (h *htmlReport) heat() *page.Heat {
	var all snapshot.CapSet
	at := map[capable]int{}
	var kinds []capable
	var names [][]string
	eachContainer(h.report.Snapshot, func(e *snapshot.Engine, c *snapshot.Container) {
		k := capableOf(c)
		all |= k.held
		i, known := at[k]
		if !known {
			i = len(kinds)
			at[k] = i
			kinds, names = append(kinds, k), append(names, nil)
		}
		names[i] = append(names[i], h.named(rule.Subject{Kind: rule.KindContainer, Engine: e.Name, Name: c.Name}))
	})
	if all == 0 {
		return nil
	}
	out := &page.Heat{}
	columns := all.Names()
	for _, name := range columns {
		out.Capabilities = append(out.Capabilities, page.Capability{Name: name, Added: !snapshot.DefaultCaps.Has(capNamed(name))})
	}
	order := make([]int, len(kinds))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { // most beyond the defaults first
		return (kinds[b].held &^ snapshot.DefaultCaps).Len() - (kinds[a].held &^ snapshot.DefaultCaps).Len()
	})
	for n, i := range order {
		if n == heatRows {
			out.Left = len(order) - n
			break
		}
		row := page.HeatRow{Names: names[i]}
		for _, name := range columns {
			row.Cells = append(row.Cells, kinds[i].of(capNamed(name)))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// capNamed is the set of one capability, also of one that has a number only.
func capNamed(name string) snapshot.CapSet {
	if s := snapshot.Caps(name); s != 0 {
		return s
	}
	number := 0
	if _, err := fmt.Sscanf(strings.TrimPrefix(name, "CAP_"), "%d", &number); err != nil {
		return 0
	}
	return 1 << number
}
