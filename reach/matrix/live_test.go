package matrix_test

import (
	"net/netip"
	"slices"
	"strconv"
	"testing"

	"seawall/lab"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
	"seawall/source/engineapi"
	"seawall/source/hostfile"
	"seawall/source/livehost"
)

// TestEngines: what is said of containers, of all that are one source as well, is
// what happens when each of them tries each address.
func TestEngines(t *testing.T) {
	for _, version := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(version), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: version, LAN: true})
			h.RestartDaemon("--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "-H", "tcp://0.0.0.0:2376")
			image := h.ImportBusybox()
			h.Docker("network", "create", "shop")
			h.Docker("network", "create", "--internal", "inner")
			for _, c := range [][]string{
				{"plain"}, {"plain2"}, {"alone", "--network", "none"}, {"inner1", "--network", "inner"}, {"inner2", "--network", "inner"},
				{"shop1", "--network", "shop", "-p", "8080:80"}, {"shop2", "--network", "shop"}, {"shop3", "--network", "shop", "-p", "127.0.0.1:8081:80"},
				{"beside", "--network", "container:shop2"}, {"unarmed", "--cap-drop", "NET_RAW"},
			} {
				h.Run(slices.Concat([]string{"--name", c[0]}, c[1:], []string{image, "busybox", "httpd", "-f", "-p", strconv.Itoa(80 + len(c[0])%2)})...)
			}
			h.Docker("network", "connect", "inner", "shop3")
			compare(t, "as it is", h)
			h.Exec("iptables", "-I", "INPUT", "-s", address(h, "shop1"), "-j", "DROP")
			if m := compare(t, "one container is kept out", h); source(m, "shop1") == source(m, "shop2") {
				t.Error("containers that reach different things are one source")
			}
		})
	}
}

func address(h *lab.TestHost, name string) string {
	return h.Docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name)
}

// thorough is a plan that has everybody try everything.
type thorough struct {
	*matrix.Plan
	s *snapshot.Snapshot
}

// Probes are the connections of all namespaces to all addresses, but those that
// may leave the machine.
func (p thorough) Probes() []snapshot.NetProbe {
	p.Plan.Probes() // answers the rest
	var out []snapshot.NetProbe
	for _, n := range p.s.Net {
		for _, target := range matrix.Of(p.s).Targets {
			for _, a := range target.Addresses {
				if target.Protocol == "tcp" {
					out = append(out, snapshot.NetProbe{Namespace: n.Namespace, Address: netip.AddrPortFrom(a, target.Port).String()})
				}
			}
		}
	}
	return out
}

// compare collects, tries, and compares.
func compare(t *testing.T, state string, h *lab.TestHost) *matrix.Matrix {
	t.Helper()
	s, err := livehost.Collect(t.Context(), livehost.Options{
		Endpoint:      &engineapi.Endpoint{Host: "unix://" + h.Sock()}, // not those of other tests
		Machine:       livehost.Machine{Proc: "/proc", Sys: "/sys", Root: h.Root(), Files: hostfile.New(h.Root())},
		ContainerNets: true, Probe: true, Plan: func(s *snapshot.Snapshot) livehost.NetPlan { return thorough{matrix.NewPlan(s, matrix.Everything), s} },
	})
	if err != nil {
		t.Fatal(err)
	}
	probes := s.Probes
	s.Probes = nil
	m := matrix.Of(s)
	cells, unknown, open := 0, 0, 0
	for _, c := range running(s) {
		from := source(m, c.name)
		if from < 0 {
			t.Fatalf("%s: no source has %s", state, c.name)
		}
		for j, target := range m.Targets {
			if target.Protocol != "tcp" || slices.ContainsFunc(target.Members, func(m matrix.Member) bool { return m.Name == c.name }) {
				continue
			}
			cells++
			found := opened(probes, c.namespace, target)
			cell := m.Cells[from][j]
			switch {
			case cell.Verdict == filter.Unknown:
				unknown++
			case (cell.Verdict == filter.Open) != found && !crafted(cell):
				t.Errorf("%s: %s to %s: opened: %v, said %s: %+v", state, c.name, target.Name, found, cell.Verdict, cell.Best())
			}
			if found {
				open++
			}
		}
	}
	t.Logf("%s: %d cells, %d of them open, %d not known; %d sources, %d targets", state, cells, open, unknown, len(m.Sources), len(m.Targets))
	if open == 0 || unknown*20 > cells {
		t.Errorf("%s: of %d cells %d are open, %d not known", state, cells, open, unknown)
	}
	return m
}

// crafted says whether it is open to frames made by hand only.
func crafted(c matrix.Cell) bool { return c.Best() != nil && c.Best().Crafted }

type runs struct {
	name      string
	namespace uint64
}

func running(s *snapshot.Snapshot) []runs {
	var out []runs
	for _, e := range s.Engines {
		containers, _ := e.Containers.Peek()
		for _, c := range containers {
			p, _ := c.Process.Peek()
			spaces, _ := p.Namespaces.Peek()
			out = append(out, runs{c.Name, spaces["net"].Inode})
		}
	}
	return out
}

// opened says whether a namespace opened a connection to a target. From a
// container, a loopback address is its own.
func opened(probes []snapshot.NetProbe, namespace uint64, t matrix.Target) bool {
	return slices.ContainsFunc(t.Addresses, func(a netip.Addr) bool {
		to := netip.AddrPortFrom(a, t.Port).String()
		return !a.IsLoopback() && slices.ContainsFunc(probes, func(p snapshot.NetProbe) bool {
			return p.Namespace == namespace && p.Address == to && p.Outcome == "opened"
		})
	})
}

// source is the place of the source that a container is in.
func source(m *matrix.Matrix, name string) int {
	return slices.IndexFunc(m.Sources, func(s matrix.Source) bool {
		return slices.ContainsFunc(s.Members, func(m matrix.Member) bool { return m.Name == name })
	})
}
