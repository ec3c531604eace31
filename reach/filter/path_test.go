package filter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/reach/filter"
)

const docker = `
*nat
-A PREROUTING --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to 172.17.0.2:80
*filter
:FORWARD DROP
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2 ! -i docker0 -o docker0 -p tcp --dport 80 -j ACCEPT
-A DOCKER-USER -j RETURN
`

func TestPath(t *testing.T) {
	for _, test := range []struct {
		name     string
		rules    string
		in, from string // from the LAN, if empty
		to       string // the API, if empty
		router   host
		want     []string
	}{
		{name: "no rules: open", want: []string{"open: nothing"}},
		{
			name: "what is not allowed is dropped by the policy",
			rules: `*filter
				:INPUT DROP
				-A INPUT --ctstate ESTABLISHED,RELATED -j ACCEPT
				-A INPUT -i lo -j ACCEPT
				-A INPUT -p tcp --dport 22 -j ACCEPT`,
			want: []string{"blocked: policy of filter INPUT"},
		},
		{
			name: "the reply passes as established",
			rules: `*filter
				:INPUT DROP
				:OUTPUT DROP
				-A INPUT -p tcp --dport 2375 -j ACCEPT
				-A OUTPUT --ctstate ESTABLISHED -j ACCEPT`,
			want: []string{"open: filter INPUT 0"},
		},
		{
			name: "the reply does not pass",
			rules: `*filter
				:OUTPUT DROP
				-A OUTPUT --ctstate NEW -j ACCEPT`,
			want: []string{"blocked: reply, policy of filter OUTPUT"},
		},
		{
			name: "senders are told apart",
			rules: `*filter
				:INPUT DROP
				-A INPUT -s 10.99.0.2 -j ACCEPT
				-A INPUT -s 10.99.0.8/29 -j REJECT
				-A INPUT -s 10.99.0.0/28 -j ACCEPT`,
			from: "10.99.0.0/27",
			want: []string{
				"10.99.0.0/31,10.99.0.3-10.99.0.7 open: filter INPUT 2",
				"10.99.0.2 open: filter INPUT 0",
				"10.99.0.8/29 blocked: filter INPUT 1",
				"10.99.0.16/28 blocked: policy of filter INPUT",
			},
		},
		{
			name: "all but one sender",
			rules: `*filter
				-A INPUT ! -s 10.99.0.2 -j DROP`,
			from: "10.99.0.2-10.99.0.3",
			want: []string{"10.99.0.2 open: policy of filter INPUT", "10.99.0.3 blocked: filter INPUT 0"},
		},
		{
			name:  "DOCKER-USER does not protect the API",
			rules: docker + "-A INPUT -i docker0 -p udp -j DROP\n-A DOCKER-USER -j DROP",
			want:  []string{"open: policy of filter INPUT"},
		},
		{name: "a published port", rules: docker, to: "10.99.0.1:8080", want: []string{"open: filter DOCKER 0"}},
		{name: "a port that is not published, from its own address", rules: docker, to: "172.17.0.2:81", want: []string{"blocked: policy of filter FORWARD"}},
		{name: "direct routing to a published port", rules: docker, to: "172.17.0.2:80", want: []string{"open: filter DOCKER 0"}},
		{
			name:  "after translation filters see the new port, and conntrack the old",
			rules: docker + "-A DOCKER-USER -p tcp --dport 8080 -j DROP\n",
			to:    "10.99.0.1:8080",
			want:  []string{"open: filter DOCKER 0"},
		},
		{
			name: "closed by the port that was asked for",
			rules: docker + `*user ip nft
				:fwd accept forward filter -1
				-A fwd -p tcp --ctorigdstport 8080 --ctorigdst 10.99.0.1 --ctdir original -j DROP`,
			to:   "10.99.0.1:8080",
			want: []string{"blocked: user fwd 0"},
		},
		{
			name: "closed to all that is translated, by its status",
			rules: docker + `*user ip nft
				:fwd accept forward filter -1
				-A fwd --ctstatus dnat --ctdir original -j DROP`,
			to:   "10.99.0.1:8080",
			want: []string{"blocked: user fwd 0"},
		},
		{
			name: "what is not translated has no such status",
			rules: docker + `*user ip nft
				:fwd accept forward filter -1
				-A fwd --ctstatus dnat --ctdir original -j DROP`,
			to:   "172.17.0.2:80",
			want: []string{"open: filter DOCKER 0"},
		},
		{name: "the host reaches its published port", rules: docker, in: "-", from: "10.99.0.1", to: "10.99.0.1:8080", want: []string{"open: nothing"}},
		{name: "the host reaches itself", rules: docker, in: "-", from: "127.0.0.1", to: "127.0.0.1:2375", want: []string{"open: nothing"}},
		{
			name: "the host's own way out is closed",
			rules: `*filter
				-A OUTPUT -o lo -d 127.0.0.0/8 -p tcp --dport 2375 -j REJECT`,
			in: "-", from: "127.0.0.1", to: "127.0.0.1:2375",
			want: []string{"blocked: filter OUTPUT 0"},
		},
		{
			name: "what the host sends itself comes back by lo, with its mark, and is not translated again",
			rules: `*mangle
				-A OUTPUT -p tcp --dport 2375 -j MARK --set 0x7
				*nat
				-A PREROUTING -p tcp --dport 2375 -j DNAT --to 172.17.0.2:80
				*filter
				:INPUT DROP
				-A INPUT -i lo --mark 0x7 --ctstate NEW -j ACCEPT
				-A INPUT -i lo --ctstate ESTABLISHED -j ACCEPT`,
			in: "-", from: "127.0.0.1", to: "127.0.0.1:2375",
			want: []string{"open: filter INPUT 0"},
		},
		{name: "a container reaches the API at its gateway", rules: docker, in: "docker0", from: "172.17.0.2", to: "172.17.0.1:2375", want: []string{"open: nothing"}},
		{
			name: "a masqueraded container: the raw table sees the reply to the host's address",
			rules: docker + `*raw
				-A PREROUTING -d 172.17.0.2 ! -i docker0 -j DROP`,
			in: "docker0", from: "172.17.0.2", to: "172.18.0.5:80",
			want: []string{"open: filter FORWARD 3"},
		},
		{
			name: "without masquerade it sees the container's",
			rules: `*raw
				-A PREROUTING -d 172.17.0.2 ! -i docker0 -j DROP`,
			in: "docker0", from: "172.17.0.2", to: "172.18.0.5:80",
			want: []string{"blocked: reply, raw PREROUTING 0"},
		},
		{
			name: "hairpin: a container by the host's address to its neighbour, masqueraded",
			rules: `*nat
				-A PREROUTING -p tcp --dport 8080 -j DNAT --to 172.17.0.2:80
				-A POSTROUTING -s 172.17.0.0/16 -d 172.17.0.2 -j MASQUERADE
				*filter
				:FORWARD DROP
				-A FORWARD -i docker0 -o docker0 -j ACCEPT`,
			in: "docker0", from: "172.17.0.3", to: "10.99.0.1:8080",
			want: []string{"open: filter FORWARD 0"},
		},
		{
			name: "hairpin without masquerade: the reply may go straight to the sender",
			rules: `*nat
				-A PREROUTING -p tcp --dport 8080 -j DNAT --to 172.17.0.2:80`,
			in: "docker0", from: "172.17.0.3", to: "10.99.0.1:8080",
			want: []string{"unknown: reply, route on the sender's own link"},
		},
		{
			name: "redirect",
			rules: `*nat
				-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 2375
				*filter
				-A INPUT -p tcp --dport 2375 -d 10.99.0.1 --ctorigdstport 80 -j DROP`,
			to:   "8.8.8.8:80",
			want: []string{"blocked: filter INPUT 0"},
		},
		{
			name: "the first translation wins, and nat is asked for new connections only",
			rules: `*nat
				-A PREROUTING -p tcp --dport 80 -j DNAT --to 172.17.0.2:81
				-A PREROUTING -p tcp --dport 80 -j DNAT --to 172.17.0.2:82
				-A PREROUTING -s 172.17.0.2 -j DROP
				*filter
				-A FORWARD -p tcp --dport 81 -j DROP`,
			to:   "10.99.0.1:80",
			want: []string{"blocked: filter FORWARD 0"},
		},
		{
			name: "nat chains of different priority: the lower wins",
			rules: `*one ip nft
				:pre accept prerouting nat -100
				-A pre -p tcp --dport 80 -j DNAT --to 172.17.0.2:81
				*two ip nft
				:pre accept prerouting nat -110
				-A pre -p tcp --dport 80 -j DNAT --to 172.17.0.2:82
				*filter
				-A FORWARD -o docker0 -p tcp --dport 82 -j DROP`,
			to:   "10.99.0.1:80",
			want: []string{"blocked: filter FORWARD 0"},
		},
		{
			name: "nat chains of one priority: which is first is not known",
			rules: `*one ip nft
				:pre accept prerouting nat -100
				-A pre -p tcp --dport 80 -j DNAT --to 172.17.0.2:81
				*two ip nft
				:pre accept prerouting nat -100
				-A pre -p tcp --dport 80 -j DNAT --to 172.17.0.2:82
				*filter
				-A FORWARD -p tcp -o docker0 --dport 82 -j DROP`,
			to:   "10.99.0.1:80",
			want: []string{"unknown: chain of two pre"},
		},
		{
			name: "accepted in one nat chain, translated in the next",
			rules: `*one ip nft
				:pre accept prerouting nat -110
				-A pre -j ACCEPT
				*two ip nft
				:pre accept prerouting nat -100
				-A pre -p tcp --dport 80 -j DNAT --to 172.17.0.2:82
				*filter
				-A FORWARD -o docker0 -p tcp --dport 82 -j DROP`,
			to:   "10.99.0.1:80",
			want: []string{"blocked: filter FORWARD 0"},
		},
		{
			name: "a limit that matters",
			rules: `*filter
				:INPUT DROP
				-A INPUT -p tcp --dport 2375 -m limit -j ACCEPT`,
			want: []string{"unknown: filter INPUT 0"},
		},
		{
			name: "a limit that does not",
			rules: `*filter
				:INPUT DROP
				-A INPUT -p tcp --dport 2375 -m limit -j DROP
				-A INPUT -p tcp --dport 2375 -m limit
				-A INPUT -m limit -j GONE
				-A GONE -j DROP`,
			want: []string{"blocked: policy of filter INPUT"},
		},
		{
			name: "a doubt about some senders only",
			rules: `*filter
				:INPUT DROP
				-A INPUT -s 10.99.0.2 -m limit -j ACCEPT`,
			from: "10.99.0.2-10.99.0.3",
			want: []string{"10.99.0.2 unknown: filter INPUT 0", "10.99.0.3 blocked: policy of filter INPUT"},
		},
		{
			name: "a doubtful jump to a chain that comes to the same",
			rules: `*filter
				:INPUT DROP
				-A INPUT -m recent -j KNOWN
				-A INPUT -p tcp --dport 2375 -j ACCEPT
				-A KNOWN -p tcp --dport 2375 -j ACCEPT
				-A KNOWN -j DROP`,
			want: []string{"open: filter INPUT 1"},
		},
		{
			name: "a doubtful jump that comes to something else",
			rules: `*filter
				-A INPUT -m recent -j KNOWN
				-A INPUT -p tcp --dport 2375 -j ACCEPT
				-A KNOWN -p udp -j ACCEPT
				-A KNOWN -j DROP`,
			want: []string{"unknown: filter INPUT 0"},
		},
		{
			name: "a doubtful mark decides later, in another table",
			rules: `*mangle
				-A PREROUTING -m statistic -j MARK --set 0x1
				*filter
				-A INPUT --mark 0x1 -j DROP`,
			want: []string{"unknown: mangle PREROUTING 0"},
		},
		{
			name: "a doubtful translation",
			rules: `*nat
				-A PREROUTING -p tcp --dport 80 -m statistic -j DNAT --to 172.17.0.2:80
				-A PREROUTING -p tcp --dport 80 -j DNAT --to 172.17.0.3:80`,
			to:   "10.99.0.1:80",
			want: []string{"unknown: nat PREROUTING 0"},
		},
		{
			name: "a target that may do anything",
			rules: `*filter
				:INPUT DROP
				-A INPUT -p tcp --dport 2375 -j NFQUEUE`,
			want: []string{"unknown: filter INPUT 0"},
		},
		{
			name: "a verdict without meaning",
			rules: `*filter
				-A INPUT -p tcp --dport 2375 -j BAD`,
			want: []string{"unknown: filter INPUT 0"},
		},
		{
			name: "dropped before that target",
			rules: `*filter
				-A INPUT -i eth0 -j DROP
				-A INPUT -p tcp --dport 2375 -j NFQUEUE`,
			want: []string{"blocked: filter INPUT 0"},
		},
		{
			name: "goto does not come back to the rule after",
			rules: `*filter
				:INPUT DROP
				-A INPUT -g NEXT
				-A INPUT -j ACCEPT
				-A NEXT -p udp -j ACCEPT`,
			want: []string{"blocked: policy of filter INPUT"},
		},
		{
			name: "goto in a chain comes back to where that was called",
			rules: `*filter
				:INPUT DROP
				-A INPUT -j ONE
				-A INPUT -j ACCEPT
				-A ONE -g TWO
				-A ONE -j DROP
				-A TWO -p udp -j DROP`,
			want: []string{"open: filter INPUT 1"},
		},
		{
			name: "return",
			rules: `*filter
				-A INPUT -j ONE
				-A INPUT -p tcp --dport 2375 -j DROP
				-A ONE -s 10.99.0.2 -j RETURN
				-A ONE -j ACCEPT`,
			from: "10.99.0.2-10.99.0.3",
			want: []string{"10.99.0.2 blocked: filter INPUT 1", "10.99.0.3 open: filter ONE 1"},
		},
		{
			name: "return in a chain of a hook leads to its policy",
			rules: `*filter
				:INPUT DROP
				-A INPUT -s 10.99.0.2 -j RETURN
				-A INPUT -j ACCEPT`,
			want: []string{"blocked: policy of filter INPUT"},
		},
		{
			name: "tables of both families and of one: accept ends one chain, drop is final",
			rules: `*fw inet nft
				:in drop input filter 0
				-A in -p tcp --dport 2375 -j ACCEPT
				*other ip nft
				:in accept input filter 10
				-A in -p tcp --dport 2375 -j DROP`,
			want: []string{"blocked: other in 0"},
		},
		{
			name: "legacy and nft tables are both in force",
			rules: `*filter ip iptables
				-A INPUT -p tcp --dport 2375 -j ACCEPT
				*filter ip iptables-legacy
				:INPUT DROP`,
			want: []string{"blocked: policy of filter INPUT"},
		},
		{
			name: "a dormant table is not in force, nor one of the other family",
			rules: `*fw ip nft dormant
				:in drop input filter 0
				*filter ip6
				:INPUT DROP`,
			want: []string{"open: nothing"},
		},
		{
			name: "IPv6",
			rules: `*filter
				:INPUT DROP
				*filter ip6
				-A INPUT -s fd99::/64 -j ACCEPT
				-A INPUT -j DROP`,
			from: "fd99::2,2001:db8::1", to: "[fd99::1]:2375",
			want: []string{"2001:db8::1/128 blocked: filter INPUT 1", "fd99::2/128 open: filter INPUT 0"},
		},
		{
			name: "in a table of both, conditions on the other family's addresses hold for none, negated or not",
			rules: `*fw inet nft
				:in drop input filter 0
				-A in -s fd99::/64 -j ACCEPT
				-A in ! -s fd99::/64 -j ACCEPT
				-A in --family ip6 -j ACCEPT`,
			want: []string{"blocked: policy of fw in"},
		},
		{
			name: "verdicts by interface, the rest last",
			rules: `*fw inet nft
				:in accept input filter 0
				map ways * : drop, docker0 : accept, eth* : jump lan
				-A in --vmap iif=ways
				-A lan -p tcp --dport 2375 -j ACCEPT
				-A lan -j DROP`,
			want: []string{"open: fw lan 0"},
		},
		{
			name: "verdicts by source; who is not there goes on",
			rules: `*fw inet nft
				:in drop input filter 0
				map who 10.99.0.0/30 : accept, 10.99.0.4-10.99.0.5 : drop
				-A in --vmap saddr=who
				-A in -s 10.99.0.7 -j ACCEPT`,
			from: "10.99.0.0/29",
			want: []string{
				"10.99.0.0/30 open: fw in 0",
				"10.99.0.4/31 blocked: fw in 0",
				"10.99.0.6 blocked: policy of fw in",
				"10.99.0.7 open: fw in 1",
			},
		},
		{
			name: "a map without its content",
			rules: `*fw inet nft
				:in accept input filter 0
				map who opaque
				-A in --vmap saddr=who`,
			want: []string{"unknown: fw in 0"},
		},
		{
			name: "sets, of addresses and of ports",
			rules: `*fw inet nft
				:in drop input filter 0
				set admins 10.99.0.2, 10.99.0.16/28
				set api 2375-2376, 22
				-A in -s @admins --dport @api -j ACCEPT`,
			from: "10.99.0.2-10.99.0.3",
			want: []string{"10.99.0.2 open: fw in 0", "10.99.0.3 blocked: policy of fw in"},
		},
		{
			name: "a set without its content",
			rules: `*fw inet nft
				:in drop input filter 0
				set admins opaque
				-A in -s @admins -j ACCEPT`,
			want: []string{"unknown: fw in 0"},
		},
		{
			name: "concatenations",
			rules: `*fw inet nft
				:in drop input filter 0
				-A in --key saddr.dport=10.99.0.2~2375,10.99.0.3~22 -j ACCEPT
				-A in ! --key saddr.dport=10.99.0.4~2375,10.99.0.5~22 -j REJECT`,
			from: "10.99.0.2-10.99.0.5",
			want: []string{
				"10.99.0.2 open: fw in 0",
				"10.99.0.3,10.99.0.5 blocked: fw in 1",
				"10.99.0.4 blocked: policy of fw in",
			},
		},
		{
			name: "marks set in mangle and matched in filter",
			rules: `*mangle
				-A PREROUTING -s 10.99.0.2 -j MARK --set 0x10/0xf0
				*filter
				:INPUT DROP
				-A INPUT --mark 0x10/0x30 -j ACCEPT`,
			from: "10.99.0.2-10.99.0.3",
			want: []string{"10.99.0.2 open: filter INPUT 0", "10.99.0.3 blocked: policy of filter INPUT"},
		},
		{
			name: "the mark of the connection comes back with the reply",
			rules: `*mangle
				-A PREROUTING -j CONNMARK --set 0x5
				-A OUTPUT -j CONNMARK --restore
				*filter
				:OUTPUT DROP
				-A OUTPUT --mark 0x5 -j ACCEPT`,
			want: []string{"open: nothing"},
		},
		{
			name: "a mark in the output hook routes anew",
			rules: `*mangle
				-A OUTPUT -j MARK --set 0x9
				*filter
				-A FORWARD -j DROP
				*out ip nft
				:post drop postrouting filter 0
				-A post -o br-x -j ACCEPT`,
			in: "-", from: "10.99.0.1", to: "8.8.8.8:80",
			router: host{marked: map[uint32]string{9: "br-x"}},
			want:   []string{"open: nothing"},
		},
		{
			name: "statements of a rule in their order: a mark stays when a later match fails",
			rules: `*fw ip nft
				:in accept input filter 0
				-A in -j MARK --set 0x1 -p udp -j ACCEPT
				-A in --mark 0x1 -j DROP -p udp`,
			want: []string{"blocked: fw in 1"},
		},
		{
			name: "untracked: neither new nor translated, and the reply is no connection's",
			rules: docker + `*raw
				-A PREROUTING -p tcp --dport 8080 -j NOTRACK
				*filter
				-A INPUT --ctstate NEW -j DROP
				-A INPUT --ctstate UNTRACKED -j ACCEPT
				-A OUTPUT --ctstate INVALID -j DROP`,
			to:   "10.99.0.1:8080",
			want: []string{"blocked: reply, filter OUTPUT 0"},
		},
		{
			name: "before tracking, all is invalid",
			rules: `*raw
				-A PREROUTING --ctstate NEW -j DROP
				-A PREROUTING --ctstate INVALID -j ACCEPT
				-A PREROUTING -j DROP`,
			want: []string{"open: nothing"},
		},
		{
			name: "loopback from outside, kept out by the raw table",
			rules: `*raw
				-A PREROUTING ! -i lo -d 127.0.0.0/8 -j DROP`,
			in: "docker0", from: "172.17.0.2", to: "127.0.0.1:2375", router: host{localnet: true},
			want: []string{"blocked: raw PREROUTING 0"},
		},
		{name: "loopback from outside, let in", in: "docker0", from: "172.17.0.2", to: "127.0.0.1:2375", router: host{localnet: true}, want: []string{"open: nothing"}},
		{name: "loopback from outside, refused by routing", in: "docker0", from: "172.17.0.2", to: "127.0.0.1:2375", want: []string{"blocked: route refused: martian"}},
		{name: "no way back", from: "203.0.113.5", router: host{lost: prefix("203.0.113.0/24")}, want: []string{"blocked: reply, route refused: unreachable"}},
		{name: "a route that was not asked for", from: "203.0.113.5", router: host{unknown: prefix("203.0.113.0/24")}, want: []string{"unknown: reply, route not known: not asked"}},
		{
			name: "a chain that calls itself",
			rules: `*filter
				-A INPUT -j ONE
				-A ONE -j TWO
				-A TWO -j ONE`,
			want: []string{"unknown: filter TWO 0"},
		},
		{
			name: "a chain that is not there",
			rules: `*filter
				-A INPUT -p tcp -j ONE`,
			want: []string{"unknown: filter INPUT 0"},
		},
		{
			name: "TCP flags of a new connection and its reply",
			rules: `*filter
				:INPUT DROP
				:OUTPUT DROP
				-A INPUT --syn -j ACCEPT
				-A OUTPUT --tcp-flags ack==ack -j ACCEPT`,
			want: []string{"open: filter INPUT 0"},
		},
		{
			name: "a sender chooses its port",
			rules: `*filter
				:INPUT DROP
				-A INPUT --sport 53,1024-65535 -j ACCEPT`,
			want: []string{
				"10.99.0.2 [{1 52} {54 1023}] blocked: policy of filter INPUT",
				"10.99.0.2 [{53 53} {1024 65535}] open: filter INPUT 0",
			},
		},
		{
			name: "ports closed to containers are closed to replies to that port, too",
			rules: docker + "-A DOCKER-USER -p tcp --dport 9000 -j MARK --set 0x1\n-A FORWARD --mark 0x1 -j DROP\n" +
				"*user ip nft\n:fwd accept forward filter -1\n-A fwd -p tcp --dport 9000-9001 -j DROP",
			to: "10.99.0.1:8080",
			want: []string{
				"10.99.0.2 [{1 8999} {9002 65535}] open: filter DOCKER 0",
				"10.99.0.2 [{9000 9001}] blocked: reply, user fwd 0",
			},
		},
		{
			name: "reverse path",
			rules: `*raw
				-A PREROUTING ! --rpfilter ok -j DROP`,
			want: []string{"open: nothing"},
		},
		{
			name: "no reverse path",
			rules: `*raw
				-A PREROUTING ! --rpfilter ok -j DROP`,
			from: "203.0.113.5", router: host{lost: prefix("203.0.113.0/24")},
			want: []string{"blocked: raw PREROUTING 0"},
		},
		{
			name: "devices have chains of their own",
			rules: `*dev netdev nft
				:in drop ingress filter 0 eth1,eth0
				-A in -s 10.99.0.2 -j ACCEPT
				:other drop ingress filter 0 docker0`,
			from: "10.99.0.2-10.99.0.3",
			want: []string{"10.99.0.2 open: nothing", "10.99.0.3 blocked: policy of dev in"},
		},
		{
			name: "what cannot be understood may match",
			rules: `*filter
				:INPUT DROP
				-A INPUT -s nonsense -j ACCEPT`,
			want: []string{"unknown: filter INPUT 0"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := from(t, or(test.in, "eth0"), or(test.from, "10.99.0.2"), or(test.to, "10.99.0.1:2375"))
			if test.in == "-" {
				q.In = ""
			}
			check(t, rules(t, test.rules), q, test.router, test.want...)
		})
	}
}

// TestOther: what a connection over TCP to the LAN's interface does not show.
func TestOther(t *testing.T) {
	for _, test := range []struct {
		name, rules string
		query       func(*filter.Query)
		want        []string
	}{
		{
			name:  "UDP",
			rules: "*filter\n-A INPUT -p udp --dport 2375 -j DROP",
			query: func(q *filter.Query) { q.Protocol = "UDP" },
			want:  []string{"blocked: filter INPUT 0"},
		},
		{
			name:  "conditions of another protocol hold for none",
			rules: "*filter\n-A INPUT ! --dport 1 -j DROP\n-A INPUT ! --syn -j DROP",
			query: func(q *filter.Query) { q.Protocol, q.Port = "icmp", 0 },
			want:  []string{"open: policy of filter INPUT"},
		},
		{
			name:  "a protocol that is not known",
			rules: "*filter\n-A INPUT -p tcp --dport 2375 -j DROP",
			query: func(q *filter.Query) { q.Protocol = "new" },
			want:  []string{"unknown: filter INPUT 0"},
		},
		{
			name: "the reply of a connection that is not tracked may be of any state, but over TCP",
			rules: "*raw\n-A PREROUTING -j NOTRACK\n" +
				"*filter\n-A OUTPUT --ctstate NEW -j DROP",
			query: func(q *filter.Query) { q.Protocol = "udp" },
			want:  []string{"unknown: reply, filter OUTPUT 0"},
		},
		{
			name: "such a reply may be translated as a connection of its own",
			rules: "*raw\n-A PREROUTING -j NOTRACK\n" +
				"*nat\n-A POSTROUTING -j MASQUERADE",
			query: func(q *filter.Query) { q.Protocol = "udp" },
			want:  []string{"unknown: reply, nat POSTROUTING 0"},
		},
		{
			name: "a reply that is not tracked is not translated back",
			rules: "*nat\n-A PREROUTING -p tcp -j DNAT --to 172.17.0.2:80\n" +
				"*raw\n-A PREROUTING -i docker0 -j NOTRACK",
			want: []string{"unknown: reply, nothing"},
		},
		{
			name:  "a mark that is not known",
			rules: "*filter\n-A INPUT --mark 0x1 -j DROP",
			query: func(q *filter.Query) { q.Mark = filter.Mark{} },
			want:  []string{"unknown: filter INPUT 0"},
		},
		{
			name:  "a mark that is known in part",
			rules: "*filter\n-A INPUT --mark 0x2/0x2 -j DROP\n-A INPUT --mark 0x1/0x1 -j ACCEPT\n-A INPUT --mark 0x4/0x4 -j DROP",
			query: func(q *filter.Query) { q.Mark = filter.Mark{Value: 1, Known: 3} },
			want:  []string{"open: filter INPUT 1"},
		},
		{
			name:  "a mark set by the rules is known",
			rules: "*mangle\n-A PREROUTING -j MARK --set 0x4/0xff\n*filter\n-A INPUT --mark 0x4/0xf -j DROP",
			query: func(q *filter.Query) { q.Mark = filter.Mark{} },
			want:  []string{"blocked: filter INPUT 0"},
		},
		{
			name: "a routed packet of a bridge: its port in the filters of IP, and those of the bridge",
			rules: "*filter\n-A INPUT --physdev-in veth2 -j DROP\n-A INPUT --physdev-out + -j DROP\n" +
				"*fw bridge nft\n:in drop input filter -200\n-A in -i veth1 -j ACCEPT",
			query: func(q *filter.Query) {
				q.In, q.Bridge, q.BridgeFiltered = "docker0", &filter.Bridge{Port: "veth1"}, true
			},
			want: []string{"open: fw in 0"},
		},
		{
			name:  "without bridge-nf-call-iptables they do not see the port",
			rules: "*filter\n-A INPUT --physdev-in veth1 -j DROP",
			query: func(q *filter.Query) { q.In, q.Bridge = "docker0", &filter.Bridge{Port: "veth1"} },
			want:  []string{"open: policy of filter INPUT"},
		},
		{
			name:  "devices on the way out, of a port that is not known",
			rules: "*dev netdev nft\n:out drop egress filter 0 veth1",
			query: func(q *filter.Query) { q.Destination = prefix("172.17.0.2/32").Addr() },
			want:  []string{"unknown: chain of dev out"},
		},
		{
			name:  "bridges on the way out",
			rules: "*fw bridge nft\n:post drop postrouting filter 300\n-A post -i veth0 -j ACCEPT",
			query: func(q *filter.Query) { q.Destination = prefix("172.17.0.2/32").Addr() },
			want:  []string{"blocked: policy of fw post"},
		},
		{
			name:  "the sender's own link: the reply may go past the filters",
			rules: "*filter\n-A FORWARD --ctstate ESTABLISHED -j DROP",
			query: func(q *filter.Query) { q.Destination = prefix("10.99.0.7/32").Addr() },
			want:  []string{"unknown: reply, route on the sender's own link"},
		},
		{
			name:  "other families' senders are left out",
			query: func(q *filter.Query) { q.Sources = sources(t, "fd99::2,10.99.0.2") },
			want:  []string{"open: nothing"},
		},
		{
			name:  "no senders",
			query: func(q *filter.Query) { q.Sources = sources(t, "fd99::2") },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := from(t, "eth0", "10.99.0.2", "10.99.0.1:2375")
			if test.query != nil {
				test.query(&q)
			}
			check(t, rules(t, test.rules), q, host{}, test.want...)
		})
	}
}

// TestFields: conditions, each in a chain that drops what matches, on the way in
// or on the way back.
func TestFields(t *testing.T) {
	const snat = "*nat\n-A POSTROUTING -j SNAT --to 172.17.0.1\n"
	for _, test := range []struct {
		condition string
		hook      string // of the LAN's request to a container, or to the API; or of the reply to that
		want      string // yes, no or maybe
		nat       string
	}{
		{"--ctstatus dnat", "forward", "no", ""},
		{"--ctstatus snat", "forward", "no", ""},
		{"--ctstatus snat", "output", "no", ""},
		{"--ctstate dnat", "forward", "no", ""},
		{"--ctstate dnat", "forward", "yes", "*nat\n-A PREROUTING -j DNAT --to 172.17.0.3\n"},
		{"--ctstate dnat", "forward", "no", "*nat\n-A PREROUTING -j DNAT --to 172.17.0.2\n"}, // nothing changed
		{"--ctstate snat", "reply", "yes", snat},
		{"--ctstatus snat", "reply", "yes", snat},
		{"--ctstatus snat", "reply", "maybe", "*nat\n-A POSTROUTING -j SNAT --to 10.99.0.2\n"},
		{"--ctstatus seen-reply", "input", "no", ""},
		{"--ctstatus seen-reply", "output", "yes", ""},
		{"--ctstatus assured", "input", "no", ""},
		{"--ctstatus assured", "output", "maybe", ""},
		{"--ctstatus confirmed", "input", "no", ""},
		{"--ctstatus confirmed", "output", "yes", ""},
		{"--ctstatus expected", "output", "no", ""},
		{"--ctstate RELATED", "input", "no", ""},
		{"--ctstate nonsense", "input", "maybe", ""},
		{"--src-type LOCAL", "input", "no", ""},
		{"--src-type LOCAL", "output", "yes", ""},
		{"--dst-type UNICAST", "output", "yes", ""},
		{"--pkt-type unicast", "input", "yes", ""},
		{"--pkt-type multicast", "input", "no", ""},
		{"--pkt-type host", "output", "maybe", ""},
		{"--tcp-flags fin==none", "input", "yes", ""},
		{"--tcp-flags psh==psh", "input", "maybe", ""},
		{"--tcp-flags fin==x", "input", "maybe", ""},
		{"--tcp-flags syn", "input", "maybe", ""},
		{"--key exthdr=rt", "input", "no", ""},
		{"--rpfilter ok", "input", "yes", ""},
		{"--key rpfilter=nonsense", "input", "maybe", ""},
		{"-p 6", "input", "yes", ""},
		{"-p 300", "input", "maybe", ""},
		{"--sport 1-65535", "input", "yes", ""},
		{"--dport 0-65535", "reply", "yes", snat},
		{"--mark 0x2/0x1", "input", "no", ""},
		{"--mark x", "input", "maybe", ""},
		{"--connmark 0x0", "input", "yes", ""},
		{"-i eth0 -o docker0", "forward", "yes", ""},
		{"-i docker0 -o eth0", "reply", "yes", ""},
		{"-s 172.17.0.2 -d 10.99.0.2", "reply", "yes", ""},
		{"-d 10.99.0.2,x", "reply", "yes", ""},
		{"-d 10.99.0.3,x", "reply", "maybe", ""},
		{"--key nothing=1", "input", "maybe", ""},
		{"--key iif.saddr=eth0~x", "input", "maybe", ""},
		{"--key iif.saddr=eth1~x", "input", "no", ""},
		{"--key iif.saddr=eth0", "input", "maybe", ""},
		{"--key iif.saddr=*", "input", "yes", ""},
		{"-s @gone", "input", "maybe", ""},
	} {
		t.Run(test.condition+" "+test.hook, func(t *testing.T) {
			hook, to := test.hook, "10.99.0.1:2375"
			switch hook {
			case "reply":
				hook, to = "forward", "172.17.0.2:80"
				test.condition += " --ctdir reply"
			case "forward":
				to = "172.17.0.2:80"
				test.condition += " --ctdir original"
			}
			text := test.nat + "*fw ip nft\n:drop accept " + hook + " filter 0\n-A drop " + test.condition + " -j DROP"
			r := filter.Compile(rules(t, text)).Path(from(t, "eth0", "10.99.0.2", to), host{})
			want := map[string]filter.Verdict{"yes": filter.Blocked, "no": filter.Open, "maybe": filter.Unknown}[test.want]
			if len(r) != 1 || r[0].Verdict != want {
				t.Errorf("got %q, want %s", told(r), want)
			}
		})
	}
}

// TestTold: what a person is told, hop by hop.
func TestTold(t *testing.T) {
	q := from(t, "eth0", "10.99.0.2", "10.99.0.1:8080")
	r := filter.Compile(rules(t, docker)).Path(q, host{})[0]
	var got []string
	for _, s := range r.Trail {
		got = append(got, s.String())
	}
	want := []string{
		"ip nat PREROUTING chain",
		"ip nat PREROUTING #0 --dst-type LOCAL -j DOCKER → jump DOCKER",
		"ip nat DOCKER #0 ! -i docker0 -p tcp --dport 8080 -j DNAT --to 172.17.0.2:80 → dnat to 172.17.0.2:80",
		"route by docker0",
		"ip filter FORWARD chain",
		"ip filter FORWARD #0 -j DOCKER-USER → jump DOCKER-USER",
		"ip filter DOCKER-USER #0 -j RETURN → return",
		"ip filter FORWARD #2 -o docker0 -j DOCKER → jump DOCKER",
		"ip filter DOCKER #0 -d 172.17.0.2 ! -i docker0 -o docker0 -p tcp --dport 80 -j ACCEPT → accept",
		"ip nat POSTROUTING chain",
		"reply: route by eth0",
		"reply: ip filter FORWARD chain",
		"reply: ip filter FORWARD #0 -j DOCKER-USER → jump DOCKER-USER",
		"reply: ip filter DOCKER-USER #0 -j RETURN → return",
		"reply: ip filter FORWARD #3 -i docker0 ! -o docker0 -j ACCEPT → accept",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r.To.String() != "172.17.0.2:80" || r.Local || r.Out != "docker0" || r.Translated {
		t.Errorf("%+v", r)
	}
}

// TestTranslatedSource: the receiver sees another source than the sender's.
func TestTranslatedSource(t *testing.T) {
	q := from(t, "docker0", "172.17.0.2", "172.18.0.5:80")
	r := filter.Compile(rules(t, docker)).Path(q, host{})[0]
	if !r.Translated || r.From.String() != "172.18.0.1" {
		t.Errorf("%t %s", r.Translated, r.From)
	}
	doubtful := "*nat\n-A POSTROUTING -m statistic -j SNAT --to 172.18.0.1"
	r = filter.Compile(rules(t, doubtful)).Path(q, host{})[0]
	if r.Verdict != filter.Open || !r.Translated || r.From.IsValid() {
		t.Errorf("%s %t %s", r.Verdict, r.Translated, r.From)
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// TestBridged: two containers on one bridge.
func TestBridged(t *testing.T) {
	const icc = `*filter
		-A FORWARD -i docker0 -o docker0 -j DROP`
	const ports = `*fw bridge nft
		:fwd accept forward filter -200
		-A fwd -i veth1 -o veth2 -p tcp --dport 80 -j DROP`
	for _, test := range []struct {
		name, rules string
		filtered    bool
		bridge      filter.Bridge
		want        string
	}{
		{"icc=false", icc, true, filter.Bridge{}, "blocked: filter FORWARD 0"},
		{"icc=false without bridge-nf-call-iptables", icc, false, filter.Bridge{}, "open: nothing"},
		{"filters of the bridge", ports, false, filter.Bridge{Port: "veth1", Out: "veth2"}, "blocked: fw fwd 0"},
		{"from another port", ports, false, filter.Bridge{Port: "veth3", Out: "veth2"}, "open: policy of fw fwd"},
		{"from a port that is not known", ports, false, filter.Bridge{Out: "veth2"}, "unknown: fw fwd 0"},
		{"by its port, in the filters of IP", `*filter
			-A FORWARD --physdev-in veth1 --physdev-out veth2 -j DROP`, true, filter.Bridge{Port: "veth1", Out: "veth2"}, "blocked: filter FORWARD 0"},
		{"bridged at all", `*filter
			-A FORWARD ! --physdev-is-bridged yes -j ACCEPT
			-A FORWARD -j DROP`, true, filter.Bridge{}, "blocked: filter FORWARD 1"},
		{"the reply", `*filter
			:FORWARD DROP
			-A FORWARD -i docker0 -o docker0 -s 172.17.0.2 -j ACCEPT`, true, filter.Bridge{}, "blocked: reply, policy of filter FORWARD"},
		{"translated on the way, and routed", `*nat
			-A PREROUTING -p tcp --dport 80 -j DNAT --to 172.18.0.5:80
			*filter
			-A FORWARD -o br-x -j DROP`, true, filter.Bridge{}, "blocked: filter FORWARD 0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := from(t, "docker0", "172.17.0.2", "172.17.0.3:80")
			test.bridge.Bridged = true
			q.Bridge, q.BridgeFiltered = &test.bridge, test.filtered
			check(t, rules(t, test.rules), q, host{}, test.want)
		})
	}
}
