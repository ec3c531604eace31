// Package packetfilter reads the packet filters of a network namespace: the
// rules of iptables, of either back end, and of nftables, from what their own
// tools print.
//
// It writes nothing and creates no table: iptables is asked by its -save
// programs only, for its others create the tables that they list. Whatever is
// not understood stays in the model as opaque text; whatever is not whole is an
// error, never a shorter rule set.
package packetfilter
