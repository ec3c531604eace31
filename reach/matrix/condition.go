package matrix

import (
	"fmt"

	"seawall/snapshot"
)

// condition is a part of a rule, as each tool writes it and as it is understood.
type condition struct {
	iptables, nft string
	means         []snapshot.FilterStatement
	port          uint16 // that it is of, if it is
	in            string // interface that it is of, if it is
}

func match(field snapshot.FilterField, values ...string) snapshot.FilterStatement {
	return snapshot.FilterStatement{Match: &snapshot.FilterMatch{Fields: []snapshot.FilterField{field}, Values: values}}
}

func not(s snapshot.FilterStatement) snapshot.FilterStatement {
	s.Match.Not = true
	return s
}

func comesBy(iface string) condition {
	return condition{"-i " + iface, `iifname "` + iface + `"`, []snapshot.FilterStatement{match(snapshot.FieldIn, iface)}, 0, iface}
}

func leavesBy(iface string) condition {
	return condition{"-o " + iface, `oifname "` + iface + `"`, []snapshot.FilterStatement{match(snapshot.FieldOut, iface)}, 0, ""}
}

func toPort(protocol string, port uint16) condition {
	return condition{
		fmt.Sprintf("-p %s --dport %d", protocol, port), fmt.Sprintf("%s dport %d", protocol, port),
		[]snapshot.FilterStatement{match(snapshot.FieldProtocol, protocol), match(snapshot.FieldPort, itoa(int(port)))},
		port, "",
	}
}

// toPublished is of packets to a port as it was before it was translated. Their
// direction matters: replies of connections to the same port elsewhere are not
// meant.
func toPublished(protocol string, port uint16) condition {
	return condition{
		fmt.Sprintf("-p %s -m conntrack --ctorigdstport %d --ctdir ORIGINAL", protocol, port),
		fmt.Sprintf("meta l4proto %s ct direction original ct original proto-dst %d", protocol, port),
		[]snapshot.FilterStatement{
			match(snapshot.FieldProtocol, protocol), match(snapshot.FieldOrigPort, itoa(int(port))), match(snapshot.FieldDirection, "original"),
		},
		port, "",
	}
}

// newDirect is of connections that begin, and whose address is not translated:
// replies and published ports are not meant.
func newDirect() condition {
	return condition{
		"-m conntrack --ctstate NEW -m conntrack ! --ctstate DNAT", "ct state new ct status & dnat == 0",
		[]snapshot.FilterStatement{match(snapshot.FieldState, "new"), not(match(snapshot.FieldStatus, "dnat"))},
		0, "",
	}
}

// toLoopback is of what comes from elsewhere to an address of loopback.
func toLoopback() condition {
	return condition{
		"! -i lo -d 127.0.0.0/8", `iifname != "lo" ip daddr 127.0.0.0/8`,
		[]snapshot.FilterStatement{not(match(snapshot.FieldIn, "lo")), match(snapshot.FieldDestination, "127.0.0.0/8")},
		0, "",
	}
}
