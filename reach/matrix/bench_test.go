package matrix_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"seawall/reach/matrix"
	"seawall/snapshot"
)

// BenchmarkMatrix makes the matrix of a host with 300 containers on ten networks,
// each with a published port, and an API that listens ten times.
//
//	go test -run - -bench . -benchtime 3x ./reach/matrix
//
// On two cores that had several times as much work as they can do (AMD EPYC): 0.94 s,
// 326 MB in 2.5 million allocations.
func BenchmarkMatrix(b *testing.B) {
	m := crowd(b)
	of := m.matrix()
	b.ReportAllocs()
	for b.Loop() {
		of = matrix.Of(m.s)
	}
	b.ReportMetric(float64(len(of.Sources)*len(of.Targets)), "cells")
}

// BenchmarkRemedies finds all remedies of all open cells of the same host that lead
// to the API or to published ports: 7,030 of 3,970 cells, in 2.5 s on the same cores.
func BenchmarkRemedies(b *testing.B) {
	m := crowd(b)
	of := m.matrix()
	var open []matrix.Pair
	for i := range of.Sources {
		for j, t := range of.Targets {
			if best := of.Cells[i][j].Best(); best != nil && best.Through() && (t.Kind == matrix.API || t.Kind == matrix.Published) {
				open = append(open, matrix.Pair{Source: i, Target: j})
			}
		}
	}
	found := 0
	for b.Loop() {
		a := matrix.NewAdviser(m.s, of)
		found = 0
		for _, at := range open {
			found += len(a.Remedies(at.Source, at.Target))
		}
	}
	b.ReportMetric(float64(len(open)), "cells")
	b.ReportMetric(float64(found), "remedies")
}

// crowd is a host with many containers, and the engine's rules for them.
func crowd(b *testing.B) *model {
	b.Helper()
	const containers, networks, listeners = 300, 10, 10
	m := &model{t: b, stack: map[uint64]*snapshot.NetStack{}, read: []uint64{hostSpace}}
	links := []snapshot.NetInterface{{Name: "eth0", Index: 2, Up: true, Addresses: []string{"192.0.2.10/24", "2001:db8::10/64"}}}
	e := snapshot.Engine{Name: "unix:///run/docker.sock", Kind: "docker", Local: true}
	e.Daemon.Process = see(snapshot.DaemonProcess{PID: 812, Namespaces: map[string]uint64{"net": hostSpace}})
	var nets []snapshot.Network
	var forward strings.Builder
	for i := range networks {
		bridge := fmt.Sprintf("br-%d", i)
		nets = append(nets, snapshot.Network{Name: fmt.Sprintf("net%d", i), Driver: "bridge", Bridge: see(bridge)})
		links = append(links, snapshot.NetInterface{Name: bridge, Index: 3 + i, Kind: "bridge", Up: true, Addresses: []string{fmt.Sprintf("172.%d.0.1/16", 20+i)}})
		fmt.Fprintf(&forward, "-A FORWARD -o %[1]s -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -o %[1]s -j DOCKER\n-A FORWARD -i %[1]s -j ACCEPT\n", bridge)
	}
	var nat, accept strings.Builder
	var list []snapshot.Container
	for i := range containers {
		number, bridge := uint64(1000+i), fmt.Sprintf("br-%d", i%networks)
		address := fmt.Sprintf("172.%d.0.%d", 20+i%networks, 2+i/networks)
		links = append(links, port(number, bridge))
		m.add(number, []string{"0.0.0.0:80"}, inside(number, address+"/16"))
		m.read = append(m.read, number)
		list = append(list, container(fmt.Sprintf("c%03d", i), number, nets[i%networks].Name, address,
			snapshot.Port{HostIP: "0.0.0.0", HostPort: itoa(uint16(10000 + i)), Port: 80, Protocol: "tcp"}))
		fmt.Fprintf(&nat, "-A DOCKER ! -i %s -p tcp -m tcp --dport %d -j DNAT --to-destination %s:80\n", bridge, 10000+i, address)
		fmt.Fprintf(&accept, "-A DOCKER -d %s/32 ! -i %s -o %s -p tcp -m tcp --dport 80 -j ACCEPT\n", address, bridge, bridge)
	}
	var apis []string
	var engine []snapshot.Listener
	for i := range listeners {
		apis = append(apis, fmt.Sprintf("%s:%d", []string{"0.0.0.0", "127.0.0.1"}[i%2], 2375+i))
		engine = append(engine, snapshot.Listener{Name: "tcp://" + apis[i], Service: "engine", Network: "tcp", Address: apis[i]})
	}
	m.add(hostSpace, slices.Clone(apis), links...)
	m.stack[hostSpace].Filter = see(snapshot.PacketFilter{Tables: m.parse("ip", "*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:DOCKER - [0:0]\n-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n"+
		"-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER\n"+nat.String()+
		"COMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:DOCKER - [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n"+forward.String()+accept.String()+"COMMIT\n")})
	e.Networks, e.Containers, e.Listeners = see(nets), see(list), see(engine)
	m.s = &snapshot.Snapshot{Engines: []snapshot.Engine{e}, ContainerNets: true}
	return m
}
