package filter

import (
	"net/netip"
	"slices"
	"sort"

	"go4.org/netipx"
)

// addrs is a set of addresses of one family: ranges in order that neither
// overlap nor touch. It is never changed in place.
type addrs []netipx.IPRange

// cut divides the set by another one.
func (a addrs) cut(b addrs) (in, out addrs) {
	if len(a) == 0 || len(b) == 0 {
		return nil, a
	}
	if a.is(b) {
		return a, nil
	}
	// Only the ranges from first to last can be touched by b.
	first := sort.Search(len(a), func(i int) bool { return !a[i].To().Less(b[0].From()) })
	last := first + sort.Search(len(a)-first, func(i int) bool { return b[len(b)-1].To().Less(a[first+i].From()) })
	if first == last {
		return nil, a
	}
	j := sort.Search(len(b), func(j int) bool { return !b[j].To().Less(a[first].From()) })
	var rest addrs
	for _, r := range a[first:last] {
		from, used := r.From(), false
		for ; j < len(b) && !r.To().Less(b[j].From()); j++ {
			if b[j].To().Less(from) {
				continue
			}
			lo, hi := later(from, b[j].From()), earlier(r.To(), b[j].To())
			if from.Less(lo) {
				rest = append(rest, netipx.IPRangeFrom(from, lo.Prev()))
			}
			in = append(in, netipx.IPRangeFrom(lo, hi))
			if hi == r.To() {
				used = true
				break // b[j] may reach into the next range
			}
			from = hi.Next()
		}
		if !used {
			rest = append(rest, netipx.IPRangeFrom(from, r.To()))
		}
	}
	switch {
	case len(in) == 0:
		return nil, a
	case len(rest) == 0 && last-first == len(a):
		return a, nil
	}
	return in, slices.Concat(a[:first], rest, a[last:])
}

// is tells, without looking, that two sets are the same one.
func (a addrs) is(b addrs) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// union joins sets.
func union(sets ...addrs) addrs {
	if len(sets) == 2 && len(sets[0]) == 0 {
		return sets[1]
	} else if len(sets) == 2 && len(sets[1]) == 0 {
		return sets[0]
	}
	all := slices.Concat(sets...)
	slices.SortFunc(all, func(x, y netipx.IPRange) int { return x.From().Compare(y.From()) })
	out := all[:0]
	for _, r := range all {
		if n := len(out); n > 0 {
			if end := out[n-1].To(); !end.Less(r.From()) || end.Next() == r.From() {
				out[n-1] = netipx.IPRangeFrom(out[n-1].From(), later(end, r.To()))
				continue
			}
		}
		out = append(out, r)
	}
	return out
}

func (a addrs) contains(ip netip.Addr) bool {
	i := sort.Search(len(a), func(i int) bool { return !a[i].To().Less(ip) })
	return i < len(a) && a[i].Contains(ip)
}

// parseAddrs reads an address, a prefix or a range.
func parseAddrs(s string) (netipx.IPRange, bool) {
	if ip, err := netip.ParseAddr(s); err == nil && ip.Zone() == "" {
		ip = ip.Unmap()
		return netipx.IPRangeFrom(ip, ip), true
	}
	if p, err := netip.ParsePrefix(s); err == nil {
		return netipx.RangeOfPrefix(p), true
	}
	r, err := netipx.ParseIPRange(s)
	return r, err == nil && r.IsValid()
}

func later(a, b netip.Addr) netip.Addr {
	if a.Less(b) {
		return b
	}
	return a
}

func earlier(a, b netip.Addr) netip.Addr {
	if b.Less(a) {
		return b
	}
	return a
}
