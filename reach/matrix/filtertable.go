package matrix

import "seawall/snapshot"

// findChain is the table of iptables that has a chain: that of the nf_tables back
// end, if both have.
func findChain(rules snapshot.PacketFilter, family, table, chain string) *snapshot.FilterTable {
	for _, tool := range []string{"iptables", "iptables-legacy"} {
		for i := range rules.Tables {
			t := &rules.Tables[i]
			if t.Tool == tool && t.Family == family && t.Name == table && chainOf(t, chain) != nil {
				return t
			}
		}
	}
	return nil
}

func chainOf(t *snapshot.FilterTable, name string) *snapshot.FilterChain {
	for i := range t.Chains {
		if t.Chains[i].Name == name {
			return &t.Chains[i]
		}
	}
	return nil
}

// dockerTable is the table of the engine where it writes its rules for nftables.
const dockerTable = "docker-bridges"

// usesNFT says whether a host is administered by nft rather than by iptables.
func usesNFT(rules snapshot.PacketFilter) bool {
	tools := map[string]bool{}
	for _, t := range rules.Tables {
		if t.Tool == "nft" && t.Name == dockerTable {
			return true
		}
		tools[t.Tool] = true
	}
	return tools["nft"] && !tools["iptables"] && !tools["iptables-legacy"]
}
