package reach

import (
	"net/netip"
	"slices"
	"sync"

	"go4.org/netipx"

	"seawall/snapshot"
)

// likes are senders that were found to be alike: each connection from them has
// the same.
type likes struct {
	sync.Mutex
	known map[likeness]senders
}

// likeness is what they are found by.
type likeness struct {
	name   string
	like   *string // the first of the list
	others int
	source netip.Addr
}

// alike are the senders of a namespace and of those like it, where it sends from
// an address.
func (n *Net) alike(from From, source netip.Addr) senders {
	if len(from.Like) == 0 {
		return one(source)
	}
	key := likeness{from.Name, &from.Like[0], len(from.Like), source}
	n.likes.Lock()
	defer n.likes.Unlock()
	out, ok := n.likes.known[key]
	if !ok {
		out = n.sendersLike(from, source)
		n.likes.known[key] = out
	}
	return out
}

func (n *Net) sendersLike(from From, source netip.Addr) senders {
	s := n.byName[from.Name]
	at := slices.IndexFunc(s.stack.Interfaces, func(i snapshot.NetInterface) bool { return s.localAddress(i.Name, source.Is6()) == source })
	if at < 0 {
		return one(source)
	}
	var b netipx.IPSetBuilder
	b.Add(source)
	for _, name := range from.Like {
		if other := n.byName[name]; other != nil {
			if a := other.localAddress(s.stack.Interfaces[at].Name, source.Is6()); a.IsValid() {
				b.Add(a)
			}
		}
	}
	set, _ := b.IPSet() // an error is only of ranges that are none
	return senders{set, source}
}
