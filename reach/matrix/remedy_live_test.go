package matrix_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
	"seawall/source/engineapi"
	"seawall/source/hostfile"
	"seawall/source/livehost"
)

// closing is an engine whose cells are closed by the commands that are offered.
type closing struct {
	*lab.TestHost
	t *testing.T
}

// TestRemedies: on real engines, the commands that are offered for what is open
// close it, and leave the rest of the machine's connections alone.
func TestRemedies(t *testing.T) {
	for _, v := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(v), func(t *testing.T) {
			h := closing{lab.New(t, lab.Options{Version: v, LAN: true, NoEngine: true}), t}
			flags := []string{"--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "-H", "tcp://0.0.0.0:2376"}
			h.StartDaemon(flags...) // docker0 comes into being
			flags = append(flags, "-H", "tcp://172.17.0.1:2377")
			h.RestartDaemon(flags...)
			image := h.ImportBusybox()
			h.Docker("network", "create", "shop")
			h.Run("--name", "plain", image, "busybox", "httpd", "-f", "-p", "80")
			h.Run("--name", "web", "--network", "shop", "-p", "8080:80", image, "busybox", "httpd", "-f", "-p", "80")
			h.must(h.Neighbour(t.Context(), "ip", "route", "add", "172.16.0.0/12", "via", lab.HostAddr).Run())
			h.serve("8080")

			h.closes("192.0.2.0/24", "tcp://[::]:2376", "192.0.2.10:2376", "[2001:db8::10]:2376")
			h.closes("plain", "tcp://[::]:2376", "172.17.0.1:2376", "192.0.2.10:2376")
			h.closes("web", "tcp://172.17.0.1:2377", "172.17.0.1:2377")
			h.closes("192.0.2.0/24", "tcp://172.17.0.1:2377", "172.17.0.1:2377")
			h.closes("192.0.2.0/24", "web 8080->80/tcp", "192.0.2.10:8080", "[2001:db8::10]:8080")
			h.closes("plain", "web 8080->80/tcp", "192.0.2.10:8080")

			h.Docker("kill", "plain", "web") // they ignore SIGTERM
			h.RestartDaemon(append(flags, "--userland-proxy=false")...)
			h.Docker("start", "plain", "web")
			h.closes("plain", "tcp://127.0.0.1:2375", "127.0.0.1:2375")
			h.closes("192.0.2.0/24", "web 8080->80/tcp", "192.0.2.10:8080")
		})
	}
}

func (h closing) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// collect takes a snapshot and makes its matrix.
func (h closing) collect() (*snapshot.Snapshot, *matrix.Matrix) {
	h.t.Helper()
	s, err := livehost.Collect(h.t.Context(), livehost.Options{
		Endpoint:      &engineapi.Endpoint{Host: "unix://" + h.Sock()},
		Machine:       livehost.Machine{Proc: "/proc", Sys: "/sys", Root: h.Root(), Files: hostfile.New(h.Root())},
		ContainerNets: true,
		Plan:          func(s *snapshot.Snapshot) livehost.NetPlan { return matrix.NewPlan(s, matrix.Everything) },
	})
	h.must(err)
	return s, matrix.Of(s)
}

// serve makes the neighbour listen on a port, so that replies from there come to
// containers.
func (h closing) serve(port string) {
	h.t.Helper()
	server := h.Neighbour(h.t.Context(), "busybox", "httpd", "-f", "-p", port)
	h.must(server.Start())
	h.t.Cleanup(func() { _ = server.Cancel(); _ = server.Wait() })
}

// cell finds a cell: by the beginning of its source's name, and its target's.
func (h closing) cell(m *matrix.Matrix, source, target string) matrix.Pair {
	h.t.Helper()
	at := matrix.Pair{
		Source: slices.IndexFunc(m.Sources, func(s matrix.Source) bool { return strings.HasPrefix(s.Name, source) }),
		Target: slices.IndexFunc(m.Targets, func(t matrix.Target) bool { return t.Name == target }),
	}
	if at.Source < 0 || at.Target < 0 {
		for _, s := range m.Sources {
			h.t.Logf("source %s", s.Name)
		}
		for _, t := range m.Targets {
			h.t.Logf("target %s", t.Name)
		}
		h.t.Fatalf("no cell of %s and %s", source, target)
	}
	return at
}

// closes closes a cell as is offered, and opens it again.
func (h closing) closes(source, target string, addresses ...string) {
	h.t.Helper()
	s, m := h.collect()
	at := h.cell(m, source, target)
	before := m.Cells[at.Source][at.Target]
	if before.Verdict != filter.Open && !slices.ContainsFunc(before.Ways, func(w matrix.Way) bool { return w.Through() }) {
		h.t.Errorf("%s to %s: %+v", source, target, before)
		return
	}
	for _, to := range addresses {
		h.probe(source, to, true)
	}
	commands := []string(nil)
	for _, r := range m.Remedies(s, at.Source, at.Target) {
		h.t.Logf("%s to %s: setting %q, commands %q, breaks %q", source, target, r.Setting, r.Commands, r.Breaks)
		for _, p := range r.Closes {
			h.t.Logf("  closes also %s to %s", m.Sources[p.Source].Name, m.Targets[p.Target].Name)
		}
		commands = append(commands, r.Commands...)
	}
	if len(commands) == 0 {
		h.t.Errorf("%s to %s: no commands", source, target)
		return
	}
	for _, c := range commands {
		h.Exec("sh", "-ec", c)
	}
	s, after := h.collect()
	at = h.cell(after, source, target)
	if c := after.Cells[at.Source][at.Target]; c.Verdict != filter.Blocked {
		h.t.Errorf("%s to %s: after %q: %s %+v", source, target, commands, c.Verdict, c.Best())
	}
	for _, to := range addresses {
		h.probe(source, to, false)
	}
	for _, api := range []string{"127.0.0.1:2375", "127.0.0.1:2376", "172.17.0.1:2377"} {
		h.probe("host", api, true)
	}
	h.probe("web", lab.NeighbourAddr+":8080", true) // replies, and a port that is published here
	effective := slices.ContainsFunc(after.Policies(s), func(p matrix.Policy) bool {
		return p.Topic == matrix.DockerUser && p.Family == "IPv4" && p.Verdict == matrix.Effective
	})
	if strings.Contains(commands[0], "DOCKER-USER") != effective {
		h.t.Errorf("after %q: DOCKER-USER is in use: %v", commands, effective)
	}
	for _, c := range slices.Backward(commands) {
		h.Exec("sh", "-ec", strings.Replace(c, " -I ", " -D ", 1))
	}
}

// probe opens a connection, or fails to.
func (h closing) probe(source, to string, want bool) {
	h.t.Helper()
	address := netip.MustParseAddrPort(to)
	try := []string{"timeout", "4", "bash", "-c", "exec 3<>/dev/tcp/" + address.Addr().String() + "/" + itoa(address.Port())}
	var err error
	switch {
	case source == "host":
		_, err = h.Host.Exec(h.t.Context(), try...)
	case address.Addr().IsLoopback():
		err = h.craft(source, address)
	case source == "plain" || source == "web":
		_, err = h.Host.Exec(h.t.Context(), append([]string{"nsenter", "-t", h.pid(source), "-n"}, try...)...)
	default:
		err = h.Neighbour(context.WithoutCancel(h.t.Context()), try...).Run()
	}
	if (err == nil) != want {
		h.t.Errorf("%s to %s: opened %v, want %v: %v", source, to, err == nil, want, err)
	}
}

func (h closing) pid(container string) string {
	return h.Docker("inspect", "-f", "{{.State.Pid}}", container)
}
