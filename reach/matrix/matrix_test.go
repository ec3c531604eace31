package matrix_test

import (
	"strings"
	"testing"

	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

const openHost = "*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n"

// cell is one by the names of its source and target.
func (m *model) cell(of *matrix.Matrix, source, target string) matrix.Cell {
	m.t.Helper()
	at := m.at(of, source, target)
	return of.Cells[at.Source][at.Target]
}

func names(of *matrix.Matrix) string {
	var out []string
	for _, s := range of.Sources {
		out = append(out, s.Name)
	}
	return strings.Join(out, "; ")
}

// TestSources: containers that differ in nothing but addresses are one source,
// until a rule tells them apart.
func TestSources(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
	if got := names(m.matrix()); got != "192.0.2.0/24, 2001:db8::/64 at eth0; internet at eth0; this host; web; app, app2" {
		t.Errorf("sources %s", got)
	}
	apart := strings.Replace(openHost, "COMMIT", "-A INPUT -s 172.18.0.3/32 -p tcp -m tcp --dport 2375 -j DROP\nCOMMIT", 1)
	m = newModel(t, apart, openHost, nil, "0.0.0.0:2375")
	got := m.matrix()
	if m.cell(got, "app2", "tcp").Verdict != filter.Blocked || m.cell(got, "app", "tcp").Verdict != filter.Open {
		t.Errorf("app %+v, app2 %+v", m.cell(got, "app", "tcp"), m.cell(got, "app2", "tcp"))
	}
	for name, change := range map[string]func(*snapshot.NetStack){
		"a setting":      func(s *snapshot.NetStack) { s.Settings["net.ipv4.ip_forward"] = "0" },
		"its own filter": func(s *snapshot.NetStack) { s.Filter = see(snapshot.PacketFilter{Tables: m.parse("ip", openHost)}) },
		"two addresses": func(s *snapshot.NetStack) {
			s.Interfaces[1].Addresses = append(s.Interfaces[1].Addresses, "172.18.0.9/16")
		},
		"what is unknown": func(s *snapshot.NetStack) {
			s.Programs = snapshot.Lost[[]snapshot.NetProgram](snapshot.Gap{Detail: "x"}, snapshot.Origin{})
		},
	} {
		m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
		change(m.stack[app2Space])
		if got := names(m.matrix()); !strings.HasSuffix(got, "web; app; app2") {
			t.Errorf("with %s of its own: sources %s", name, got)
		}
	}
}

// TestDNSRulesDoNotMakeUnlike: the rules of the embedded DNS server are others in
// each container.
func TestDNSRulesDoNotMakeUnlike(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
	for space, port := range map[uint64]string{appSpace: "40001", app2Space: "40002"} {
		m.stack[space].Filter = see(snapshot.PacketFilter{Tables: m.parse("ip", "*nat\n:OUTPUT ACCEPT\n:POSTROUTING ACCEPT\n"+
			"-A OUTPUT -d 127.0.0.11/32 -p tcp -m tcp --dport 53 -j DNAT --to-destination 127.0.0.11:"+port+"\n"+
			"-A POSTROUTING -s 127.0.0.11/32 -p tcp -m tcp --sport "+port+" -j SNAT --to-source :53\nCOMMIT\n")})
	}
	if got := names(m.matrix()); !strings.HasSuffix(got, "app, app2") {
		t.Errorf("sources %s", got)
	}
}

// TestNotRead: of containers that were not read is known what the host lets
// through, and no more.
func TestNotRead(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
	m.read = m.read[:1]
	containers, _ := m.s.Engines[0].Containers.Peek()
	containers[2].Networks = see([]snapshot.Endpoint{{Network: "lan", IPv4: "192.0.2.77"}})
	networks, _ := m.s.Engines[0].Networks.Peek()
	m.s.Engines[0].Networks = see(append(networks, snapshot.Network{Name: "lan", Driver: "macvlan"}))
	beside := container("beside", 0, "", "")
	beside.Networks, beside.NetworkMode = see([]snapshot.Endpoint(nil)), see("container:app")
	m.s.Engines[0].Containers = see(append(containers, beside))
	got := m.matrix()
	if c := m.cell(got, "web", "tcp"); c.Verdict != filter.Open {
		t.Errorf("web to the API: %+v", c)
	}
	if c := m.cell(got, "app, beside", "tcp"); c.Verdict != filter.Open {
		t.Errorf("in the network of another container: %+v", c)
	}
	if c := m.cell(got, "app2", "tcp"); c.Verdict != filter.Unknown || !strings.Contains(c.Why, "macvlan") {
		t.Errorf("by a macvlan: %+v", c)
	}
	if c := m.cell(got, "web", "any other port on the network shop"); c.Verdict != filter.Unknown || !c.Best().Through() {
		t.Errorf("to a container that was not read: %+v", c)
	}
	if c := m.cell(got, "internet", "web 8080"); c.Verdict != filter.Blocked {
		t.Errorf("nobody listens, and nothing forwards: %+v", c)
	}
}

// TestNothingRead: without any namespace there is nothing to say.
func TestNothingRead(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
	if got := matrix.Of(m.s); len(got.Sources)+len(got.Targets)+len(got.Cells) != 0 {
		t.Errorf("%+v", got)
	}
	m.stack[hostSpace].Filter = snapshot.Lost[snapshot.PacketFilter](snapshot.Gap{Detail: "not permitted", Remedy: "run as root"}, snapshot.Origin{})
	got := m.matrix()
	if c := m.cell(got, "web", "tcp"); c.Verdict != filter.Unknown || !strings.Contains(c.Best().Why, "not permitted") {
		t.Errorf("without the filters of the host: %+v", c)
	}
	if len(got.Gaps) != 1 || got.Gaps[0].Name != matrix.HostName {
		t.Errorf("gaps %+v", got.Gaps)
	}
}

// TestForRules: what no rule wants to know is not asked, and not said.
func TestForRules(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
	m.matrix()
	got := matrix.NewPlan(m.s, matrix.ForRules).Matrix()
	if c := m.cell(got, "web", "tcp"); c.Verdict != filter.Open {
		t.Errorf("the API: %+v", c)
	}
	if c := m.cell(got, "web", "app 80"); c.Verdict != filter.Unknown || c.Why != "it was not asked" {
		t.Errorf("between containers: %+v", c)
	}
}

// TestMatrixTwice: an audit asks for the matrix once for its rules, and once more for a
// report that tells all attack paths.
func TestMatrixTwice(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
	m.matrix()
	p := matrix.NewPlan(m.s, matrix.ForPaths)
	rows := len(p.Matrix().Cells)
	if again := p.Matrix(); len(again.Cells) != rows || rows != len(again.Sources) {
		t.Errorf("%d rows of cells, then %d, for %d sources", rows, len(again.Cells), len(again.Sources))
	}
}

// TestProbes: what opened is open, and said to be another thing than predicted.
func TestProbes(t *testing.T) {
	closed := strings.Replace(openHost, "INPUT ACCEPT", "INPUT DROP", 1)
	m := newModel(t, closed, closed, nil, "0.0.0.0:2375")
	m.matrix()
	p := matrix.NewPlan(m.s, matrix.Everything)
	probes := p.Probes()
	tried := 0
	for i := range probes {
		probes[i].Outcome = "timeout"
		if probes[i].Address == "172.17.0.1:2375" && probes[i].Namespace == webSpace {
			probes[i].Outcome = "opened"
			tried++
		}
		if strings.HasPrefix(probes[i].Address, "127.") && probes[i].Namespace != hostSpace {
			t.Errorf("a container tries %s, which is its own", probes[i].Address)
		}
	}
	if tried != 1 {
		t.Fatalf("probes %+v", probes)
	}
	m.s.Probes = probes
	got := matrix.Of(m.s)
	if c := m.cell(got, "web", "tcp"); c.Verdict != filter.Open || c.Best().Predicted != filter.Blocked || !c.Best().Disagrees() {
		t.Errorf("web %+v", c)
	}
	c := m.cell(got, "app", "tcp")
	if c.Verdict != filter.Blocked || c.Best().Disagrees() || len(c.Best().Probes) != 2 {
		t.Errorf("app and app2 %+v", c)
	}
}

// TestProbesStayHere: what leaves by a link of the host is not tried.
func TestProbesStayHere(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "0.0.0.0:2375")
	m.add(app2Space, []string{"0.0.0.0:81"}, snapshot.NetInterface{Name: "eth0", Index: 2, Kind: "macvlan", Up: true, Addresses: []string{"192.0.2.77/24"}})
	m.matrix()
	for _, p := range matrix.NewPlan(m.s, matrix.Everything).Probes() {
		if strings.HasPrefix(p.Address, "[") {
			continue // its kernel has no way there
		}
		if p.Namespace == app2Space && p.Address != "192.0.2.77:81" || strings.HasPrefix(p.Address, "192.0.2.77") && p.Namespace != app2Space {
			t.Errorf("it would leave the machine: %+v", p)
		}
	}
}

// TestSameAddressElsewhere: an address that is another machine's from there does
// not lead to the target.
func TestSameAddressElsewhere(t *testing.T) {
	m := newModel(t, openHost, openHost, nil, "192.0.2.10:2375")
	m.stack[app2Space].Interfaces[1].Addresses = []string{"192.0.2.10/24"}
	m.stack[app2Space].Listeners = see([]snapshot.NetListener{{Protocol: "tcp", Address: "192.0.2.10:2375"}})
	got := m.matrix()
	if c := m.cell(got, "app2", "tcp"); c.Verdict != filter.Blocked || !strings.Contains(c.Best().Why, "is in app2") {
		t.Errorf("%+v", c)
	}
}
