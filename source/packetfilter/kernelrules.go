package packetfilter

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"strconv"

	"golang.org/x/sys/unix"

	"seawall/source/netlink"
)

// kernelObjects are what nft -j would list of all tables, as far as it was read from the
// kernel.
type kernelObjects struct {
	rules map[tableKey]tableRules
	// whole are the objects of tables of which everything could be read.
	whole map[tableKey][]kindOfObject
}

// objects reads the tables of nf_tables.
func (k thisKernel) objects(ctx context.Context) (kernelObjects, error) {
	out := kernelObjects{rules: map[tableKey]tableRules{}, whole: map[tableKey][]kindOfObject{}}
	broken := map[tableKey]bool{}
	chains, err := ask(ctx, unix.NFT_MSG_GETCHAIN, (*netlink.Conn).List)
	if err != nil {
		return out, err
	}
	sets, err := ask(ctx, unix.NFT_MSG_GETSET, (*netlink.Conn).List)
	if err != nil {
		return out, err
	}
	rules, err := ask(ctx, unix.NFT_MSG_GETRULE, (*netlink.Conn).List)
	if err != nil {
		return out, err
	}
	for _, m := range sets {
		broken[m.table(unix.NFTA_SET_TABLE)] = true
	}
	for _, m := range chains {
		key := m.table(unix.NFTA_CHAIN_TABLE)
		chain, ok := m.chain(key)
		broken[key] = broken[key] || !ok
		if out.whole[key] == nil {
			out.whole[key] = []kindOfObject{{"table", &nftObject{Family: key.family, Name: key.name}}}
		}
		out.whole[key] = append(out.whole[key], kindOfObject{"chain", chain})
	}
	for _, m := range rules {
		key := m.table(unix.NFTA_RULE_TABLE)
		out.count(key, m)
		if broken[key] {
			continue
		}
		rule, ok := m.rule(key)
		broken[key] = !ok
		out.whole[key] = append(out.whole[key], kindOfObject{"rule", rule})
	}
	for key := range broken {
		if broken[key] {
			delete(out.whole, key)
		}
	}
	return out, nil
}

// count counts a rule, and tells whether iptables writes such.
func (o *kernelObjects) count(key tableKey, m nftMessage) {
	t := o.rules[key]
	if t.Chains == nil {
		t.Chains = map[string]int{}
	}
	t.Chains[m.attrs.text(unix.NFTA_RULE_CHAIN)]++
	t.Native = t.Native || !writtenByIPTables(m.attrs.get(unix.NFTA_RULE_EXPRESSIONS))
	o.rules[key] = t
}

func (m *nftMessage) table(attribute uint16) tableKey {
	return tableKey{familyNames[m.family], m.attrs.text(attribute)}
}

// hookNames are the hooks of ip, ip6 and inet by number (NF_INET_*).
var hookNames = []string{"prerouting", "input", "forward", "output", "postrouting"}

// chain is a chain as nft -j lists it; false if it hangs on a device, or on a hook of
// another family.
func (m *nftMessage) chain(key tableKey) (*nftObject, bool) {
	c := &nftObject{Family: key.family, Table: key.name, Name: m.attrs.text(unix.NFTA_CHAIN_NAME)}
	data := m.attrs.get(unix.NFTA_CHAIN_HOOK)
	if data == nil {
		return c, true
	}
	hook, err := attributesOf(data)
	n := hook.number(unix.NFTA_HOOK_HOOKNUM)
	if err != nil || n >= uint32(len(hookNames)) || key.family != "ip" && key.family != "ip6" && key.family != "inet" {
		return c, false
	}
	c.Hook, c.Type = hookNames[n], m.attrs.text(unix.NFTA_CHAIN_TYPE)
	c.Prio = json.Number(strconv.Itoa(int(int32(hook.number(unix.NFTA_HOOK_PRIORITY)))))
	c.Policy = "accept"
	if m.attrs.get(unix.NFTA_CHAIN_POLICY) != nil && m.attrs.number(unix.NFTA_CHAIN_POLICY) == 0 {
		c.Policy = "drop"
	}
	return c, c.Type != ""
}

// rule is a rule as nft -j lists it; false if not all of it is understood here, or its
// words would not be nft's.
func (m *nftMessage) rule(key tableKey) (*nftObject, bool) {
	r := &nftObject{Family: key.family, Table: key.name, Chain: m.attrs.text(unix.NFTA_RULE_CHAIN)}
	if handle := m.attrs.get(unix.NFTA_RULE_HANDLE); len(handle) == 8 {
		r.Handle = binary.BigEndian.Uint64(handle)
	}
	var ok bool
	if r.Expr, ok = statements(key.family, m.attrs.get(unix.NFTA_RULE_EXPRESSIONS)); !ok || m.attrs.get(unix.NFTA_RULE_USERDATA) != nil || m.attrs.get(unix.NFTA_RULE_COMPAT) != nil {
		return r, false
	}
	r.words, ok = words(key.family, r)
	return r, ok
}
