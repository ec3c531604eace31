package filter

import "seawall/snapshot"

// CompileFrom is Compile with an index of each chain that has so many rules.
func CompileFrom(rules int, pf snapshot.PacketFilter) *Filter { return compile(pf, rules, nil) }
