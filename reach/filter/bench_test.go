package filter_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"seawall/reach/filter"
)

// dockerHost is a host with so many containers, each with a published port, and
// a firewall with so many rules.
func dockerHost(containers, rules int) string {
	var nat, fw, user strings.Builder
	for i := range containers {
		ip, port := netip.AddrFrom4([4]byte{172, 17, byte(i / 250), byte(2 + i%250)}), 1024+i
		fmt.Fprintf(&nat, "-A DOCKER ! -i docker0 -p tcp --dport %d -j DNAT --to %s:80\n", port, ip)
		fmt.Fprintf(&nat, "-A POSTROUTING -s %s -d %s -p tcp --dport 80 -j MASQUERADE\n", ip, ip)
		fmt.Fprintf(&fw, "-A DOCKER -d %s ! -i docker0 -o docker0 -p tcp --dport 80 -j ACCEPT\n", ip)
		fmt.Fprintf(&user, "-A PREROUTING -d %s ! -i docker0 -j DROP\n", ip)
	}
	return "*raw\n" + user.String() + `*nat
-A PREROUTING --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
` + nat.String() + `*filter
:INPUT DROP
:FORWARD DROP
-A INPUT --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -j fw
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER-USER -j fw
-A fw -p icmp -j ACCEPT
` + fw.String() + firewall(rules)
}

func firewall(rules int) string {
	var out strings.Builder
	for i := range rules {
		switch ip := netip.AddrFrom4([4]byte{198, byte(i >> 16), byte(i >> 8), byte(i)}); i % 4 {
		case 0:
			fmt.Fprintf(&out, "-A fw -s %s -j DROP\n", ip)
		case 1:
			fmt.Fprintf(&out, "-A fw -s %s -p tcp --dport 22 -j ACCEPT\n", ip)
		default:
			fmt.Fprintf(&out, "-A fw -p tcp --dport %d -j DROP\n", 10000+i%20000)
		}
	}
	return out.String()
}

// BenchmarkPath measures one query: who reaches a published port, and the API.
// The lowest of
//
//	go test -run - -bench . -benchtime 300ms -count 4 ./reach/filter
//
// on two busy cores (AMD EPYC, Go 1.26):
//
//	                             97 rules   20 000 rules
//	compile                        207 µs          55 ms
//	container, API                  10 µs           7 µs
//	one sender, published port      82 µs         321 ms
//	anybody, published port        194 µs         858 ms
//	anybody, API                    32 µs         321 ms
//
// The large set is a hard one: half of its rules cut the senders or, in the
// replies of published ports, their ports, so that there are as many answers.
func BenchmarkPath(b *testing.B) {
	for _, size := range []struct {
		name              string
		containers, rules int
	}{{"97 rules", 17, 16}, {"20000 rules", 500, 17987}} {
		text := dockerHost(size.containers, size.rules)
		pf := rules(b, text)
		n := strings.Count(text, "-A ")
		f := filter.Compile(pf)
		for _, ask := range []struct{ name, in, sources, to string }{
			{"one sender, published port", "eth0", "10.99.0.2", "10.99.0.1:1030"},
			{"anybody, published port", "eth0", "0.0.0.0/0", "10.99.0.1:1030"},
			{"anybody, API", "eth0", "0.0.0.0/0", "10.99.0.1:2375"},
			{"container, API", "docker0", "172.17.0.2", "172.17.0.1:2375"},
		} {
			b.Run(size.name+"/"+ask.name, func(b *testing.B) {
				q := from(b, ask.in, ask.sources, ask.to)
				b.ReportAllocs()
				for b.Loop() {
					f.Path(q, host{})
				}
				b.ReportMetric(float64(n), "rules")
			})
		}
	}
}

// BenchmarkCompile measures the preparation of the same rule sets.
func BenchmarkCompile(b *testing.B) {
	for _, size := range [][2]int{{17, 16}, {500, 17987}} {
		pf := rules(b, dockerHost(size[0], size[1]))
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				filter.Compile(pf)
			}
		})
	}
}
