package probe

import (
	"net"
	"testing"
)

// BenchmarkProbe probes from 500 namespaces, each five targets on a host, of
// which one never answers. Their neighbours are known, as those of containers at
// work are.
//
//	go test ./source/probe -run '^$' -bench Probe -benchtime 5x
//
// Measured on two idle cores (AMD EPYC, Linux 6.18): 2.2 s. The budget is 3 s.
func BenchmarkProbe(b *testing.B) {
	h, containers := newHost(b, 500)
	h.nft("table inet probed { chain in { type filter hook input priority 0; tcp dport 82 drop; }; }")
	h.serve(":80", func(net.Conn) {})
	targets := []Target{to("10.0.0.1:80"), to("[fd00::1]:80"), to("10.0.0.1:81"), to("[fd00::1]:81"), to("10.0.0.1:82")}
	var jobs []Job
	var known []string
	for i, c := range containers {
		v4, v6, mac := place(i)
		known = append(known, "neigh replace "+v4+" lladdr "+mac+" dev br0 nud permanent", "neigh replace "+v6+" lladdr "+mac+" dev br0 nud permanent")
		c.ip("neigh replace "+host+" lladdr "+hostMAC+" dev eth0 nud permanent", "neigh replace "+host6+" lladdr "+hostMAC+" dev eth0 nud permanent")
		jobs = append(jobs, Job{Namespace: c.Namespace, Targets: targets})
	}
	h.ip(known...)
	want := []State{Opened, Opened, Refused, Refused, TimedOut}
	for b.Loop() {
		for i, list := range Run(b.Context(), jobs, everywhere(jobs...)) {
			for k, o := range list {
				if o.State != want[k] {
					b.Fatalf("%d to %s: %+v", i, targets[k].AddrPort, o)
				}
			}
		}
	}
}
