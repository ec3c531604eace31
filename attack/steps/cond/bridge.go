package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/snapshot"
)

// Silences are the changes that keep the containers of a bridge from each other:
// its setting where the packet filters see what it bridges, or that they see it.
func Silences(q *attack.Query, n *snapshot.Network) []attack.Change {
	icc, known := n.ICC.Peek()
	filtered, _ := q.Host.Sysctls[bridgeFiltered].Peek()
	switch {
	case filtered == "1" && n.Name == "bridge":
		return q.Changes(change.OnEngine(q, change.ICCOff))
	case filtered == "1":
		return q.Changes(attack.Change{Kind: change.NoICC, Engine: q.Engine.Name, Subject: n.Name})
	case known && !icc:
		return q.Changes(attack.Change{Kind: change.Sysctl, Subject: bridgeFiltered, Detail: "1"})
	}
	return nil
}

// bridgeFiltered is the setting that hands what is bridged to the packet filters.
const bridgeFiltered = "net.bridge.bridge-nf-call-iptables"

// Talks says whether packets go between the containers of a bridge: it lets them,
// or does not hand them to the packet filters.
func Talks(w snapshot.Witness, h *snapshot.Host, n *snapshot.Network) attack.Truth {
	if icc, known := n.ICC.Try(w); !known {
		return attack.Unknown
	} else if icc {
		return attack.Yes
	}
	filtered, known := h.Sysctls[bridgeFiltered].Try(w)
	if !known {
		return attack.Unknown
	}
	return attack.Sure(filtered != "1")
}
