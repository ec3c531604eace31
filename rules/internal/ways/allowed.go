package ways

import (
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// Allowed says whether a rule for what comes to a host lets connections to a port
// over TCP in on purpose: one that accepts and names the port.
func (v *View) Allowed(space string, ipv6 bool, port uint16) bool {
	f, family := v.filters[space], "ip"
	if ipv6 {
		family = "ip6"
	}
	for i := range f.Tables {
		if t := &f.Tables[i]; !t.Dormant && (t.Family == family || t.Family == "inet") && lets(t, port) {
			return true
		}
	}
	return false
}

// lets looks through the chains of a table that packets for the host meet.
func lets(t *snapshot.FilterTable, port uint16) bool {
	var todo []string
	for _, c := range t.Chains {
		if c.Hook == "input" {
			todo = append(todo, c.Name)
		}
	}
	for at := 0; at < len(todo); at++ {
		i := slices.IndexFunc(t.Chains, func(c snapshot.FilterChain) bool { return c.Name == todo[at] })
		if i < 0 {
			continue
		}
		for _, r := range t.Chains[i].Rules {
			if accepts(t, r, port) {
				return true
			}
			for _, next := range jumps(t, r) {
				if !slices.Contains(todo, next) {
					todo = append(todo, next)
				}
			}
		}
	}
	return false
}

// jumps are the chains that a rule leads to; "" for what leads nowhere.
func jumps(t *snapshot.FilterTable, r snapshot.FilterRule) []string {
	var out []string
	for _, s := range r.Statements {
		out = append(out, s.Chain)
		if s.Lookup == nil {
			continue
		}
		verdicts := s.Lookup.Verdicts
		for _, set := range t.Sets {
			if set.Name == s.Lookup.Map {
				verdicts = set.Verdicts
			}
		}
		for _, v := range verdicts {
			out = append(out, v.Chain)
		}
	}
	return out
}

// accepts says whether a rule accepts and names the port. Of several conditions on
// it all have to hold.
func accepts(t *snapshot.FilterTable, r snapshot.FilterRule, port uint16) bool {
	named := false
	for _, s := range r.Statements {
		m := s.Match
		if m == nil || !slices.Equal(m.Fields, []snapshot.FilterField{snapshot.FieldPort}) {
			continue
		}
		if names(t, m.Values, port) == m.Not {
			return false
		}
		named = named || !m.Not
	}
	last := len(r.Statements) - 1
	return named && r.Statements[last].Verdict == "accept"
}

// names says whether values of a match are a port, or a range or set with it.
func names(t *snapshot.FilterTable, values []string, port uint16) bool {
	for _, v := range values {
		if name, isSet := strings.CutPrefix(v, "@"); isSet {
			at := slices.IndexFunc(t.Sets, func(s snapshot.FilterSet) bool { return s.Name == name })
			if at >= 0 && names(t, t.Sets[at].Elements, port) {
				return true
			}
			continue
		}
		from, to, isRange := strings.Cut(v, "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.ParseUint(from, 10, 16)
		last, err2 := strconv.ParseUint(to, 10, 16)
		if err1 == nil && err2 == nil && uint16(first) <= port && port <= uint16(last) {
			return true
		}
	}
	return false
}
