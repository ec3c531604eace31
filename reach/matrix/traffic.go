package matrix

import "slices"

// traffic is packets for a port that come to a namespace by an interface; the port
// is 0 for any, and the interface "".
type traffic struct {
	port      uint16
	space, in string
}

// meets are what packets of a cell are, where they come to a namespace: for the port
// that they are sent to, and after each translation.
func (c *Cell) meets() []traffic {
	var out []traffic
	add := func(t traffic) {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for i := range c.Ways {
		w := &c.Ways[i]
		ports := []uint16{w.To.Port()}
		for _, hop := range w.Hops {
			ports = append(ports, hop.To.Port())
		}
		for _, port := range ports {
			add(traffic{port: port})
			for _, hop := range w.Hops {
				add(traffic{port, hop.Space, hop.In})
			}
		}
	}
	return out
}

// concerned are the open cells that some packets are of.
func (a *Adviser) concerned(differs []traffic) []Pair {
	var out []Pair
	seen := map[Pair]bool{}
	for _, d := range differs {
		of := a.open
		if d.port != 0 {
			of = a.byPort[d.port]
		}
		for _, at := range of {
			if !seen[at] && slices.ContainsFunc(a.meets[at], d.holds) {
				seen[at], out = true, append(out, at)
			}
		}
	}
	return out
}

// holds says whether packets are among others.
func (d traffic) holds(p traffic) bool {
	return (d.port == 0 || d.port == p.port) && (d.in == "" || d.in == p.in && d.space == p.space)
}
