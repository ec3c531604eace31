package matrix

import (
	"net/netip"
	"strings"

	"go4.org/netipx"
)

// prefixesOf reads an address, a prefix or a range of the packet filters' values.
func prefixesOf(value string) ([]netip.Prefix, bool) {
	if a, err := netip.ParseAddr(value); err == nil {
		return []netip.Prefix{netip.PrefixFrom(a, a.BitLen())}, true
	}
	if p, err := netip.ParsePrefix(value); err == nil {
		return []netip.Prefix{p}, true
	}
	if from, to, ok := strings.Cut(value, "-"); ok {
		first, err1 := netip.ParseAddr(from)
		last, err2 := netip.ParseAddr(to)
		if r := netipx.IPRangeFrom(first, last); err1 == nil && err2 == nil && r.IsValid() {
			return r.Prefixes(), true
		}
	}
	return nil, false
}
