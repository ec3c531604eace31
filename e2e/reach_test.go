package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/reach/filter"
	"seawall/report"
)

var recordReach = flag.Bool("record-reach", false, "write the snapshots of TestReach to reach/matrix/testdata, where ordinary tests look at them")

// reachShop makes a host of the usual kind: a shop behind a published port, an
// internal network and a macvlan, and the API on two addresses.
func reachShop(t *testing.T) *lab.TestHost {
	t.Helper()
	h := newHost(t, lab.Options{Version: lab.V28, LAN: true, Hostname: "shop"})
	h.RestartDaemon("--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "-H", "tcp://0.0.0.0:2376")
	image := h.ImportBusybox()
	h.Docker("network", "create", "shop")
	h.Docker("network", "create", "--internal", "vault")
	h.Docker("network", "create", "--driver", "macvlan", "--opt", "parent=eth0", "--subnet", "192.0.2.0/24", "--ip-range", "192.0.2.128/25", "lan")
	serve := func(port string, flags ...string) {
		h.Run(append(flags, image, "busybox", "httpd", "-f", "-p", port)...)
	}
	serve("80", "--name", "web", "--network", "shop", "-p", "8080:80", "-e", "API_TOKEN="+reachSecret)
	serve("80", "--name", "admin", "--network", "shop", "-p", "127.0.0.1:9000:80")
	for _, name := range []string{"app1", "app2", "app3", "app4"} {
		serve("3000", "--name", name, "--network", "shop", "--cap-drop", "NET_RAW")
	}
	serve("5432", "--name", "db", "--network", "vault")
	serve("80", "--name", "plain")
	serve("9100", "--name", "metrics", "--network", "host")
	serve("80", "--name", "printer", "--network", "lan")
	h.Exec("iptables", "-A", "INPUT", "-i", "eth0", "-p", "tcp", "--dport", "2376", "-j", "DROP")
	h.Exec("iptables", "-I", "DOCKER-USER", "-i", "eth0", "!", "-s", "192.0.2.0/24", "-j", "DROP")
	return h
}

// reachSecret is planted in the environment of a container.
const reachSecret = "planted0secret1"

// reached is the answer in JSON.
func reached(t *testing.T, h *lab.TestHost, args ...string) *report.Reach {
	t.Helper()
	o := seawall(t, h, append([]string{"reach", "--format", "json"}, args...)...)
	if o.code != 0 || strings.Contains(o.stdout, reachSecret) {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	var r report.Reach
	if err := json.Unmarshal([]byte(o.stdout), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// TestReach: who reaches what on a running host, live and from a snapshot.
func TestReach(t *testing.T) {
	h := reachShop(t)
	if *recordReach {
		recordShop(t, h)
	}
	for _, tt := range []struct {
		from, to string
		want     filter.Verdict
	}{
		{"internet", "192.0.2.10:2376", filter.Blocked}, // INPUT drops it
		{"192.0.2.1", "192.0.2.10:2376", filter.Blocked},
		{"192.0.2.1", "[2001:db8::10]:2376", filter.Open}, // the rule is for IPv4
		{"web", "192.0.2.10:2376", filter.Open},           // INPUT lets containers in
		{"host", "127.0.0.1:2375", filter.Open},
		{"plain", "127.0.0.1:2375", filter.Blocked},
		{"internet", "192.0.2.10:8080", filter.Blocked},  // DOCKER-USER drops it
		{"internet", "[2001:db8::10]:8080", filter.Open}, // but the proxy takes it
		{"192.0.2.1", "192.0.2.10:8080", filter.Open},
		{"192.0.2.1", "admin:9000", filter.Blocked},
		{"web", "app1:3000", filter.Open},
		{"app1", "web:80", filter.Open},
		{"web", "db:5432", filter.Blocked}, // the network is internal
		{"plain", "app1:3000", filter.Blocked},
	} {
		r := reached(t, h, "--from", tt.from, "--to", tt.to)
		for _, c := range r.Cells {
			if c.Verdict != tt.want {
				t.Errorf("%s → %s (%s): %s, want %s: %s", tt.from, tt.to, r.Targets[c.Target-1].Name, c.Verdict, tt.want, marshal(c))
			}
		}
	}
	t.Run("text", func(t *testing.T) {
		o := seawall(t, h, "reach")
		for _, want := range []string{"WHO REACHES WHAT", "ENGINE API", "anyone who connects controls the engine: no TLS", "this host, metrics"} {
			if o.code != 0 || !strings.Contains(o.stdout, want) {
				t.Errorf("no %q (exit code %d): %s%s", want, o.code, o.stdout, o.stderr)
			}
		}
		walk := seawall(t, h, "reach", "--from", "192.0.2.1", "--to", "192.0.2.10:8080")
		if !strings.Contains(walk.stdout, "DNAT --to-destination") || !strings.Contains(walk.stdout, "the reply:") {
			t.Errorf("no walk: %s%s", walk.stdout, walk.stderr)
		}
	})
	t.Run("snapshot", func(t *testing.T) {
		if o := seawall(t, h, "snapshot", "--reach", "-o", "/tmp/host.json"); o.code != 0 {
			t.Fatal(o.stderr)
		}
		live, saved := reached(t, h), reached(t, h, "/tmp/host.json")
		live.TakenAt = saved.TakenAt
		if marshal(live) != marshal(saved) {
			t.Error("a snapshot gives another answer than the live host")
		}
		if len(live.Gaps) > 0 {
			t.Errorf("gaps: %s", marshal(live.Gaps))
		}
	})
	t.Run("probe", func(t *testing.T) { reachProbed(t, h) })
	t.Run("audit", func(t *testing.T) { reachAudited(t, h) })
	t.Run("without root", func(t *testing.T) { reachWithoutRoot(t, h) })
}

// reachProbed: what is tried comes out as predicted.
func reachProbed(t *testing.T, h *lab.TestHost) {
	r := reached(t, h, "--probe")
	outcomes := map[string]int{}
	for _, c := range r.Cells {
		for _, w := range c.Ways {
			for _, p := range w.Probes {
				outcomes[p.Outcome]++
				if p.Disagrees {
					t.Errorf("%s → %s: %s", r.Sources[c.Source-1].Name, r.Targets[c.Target-1].Name, marshal(w))
				}
			}
		}
	}
	if outcomes["opened"] == 0 || outcomes["timeout"] == 0 {
		t.Errorf("outcomes of probes: %v", outcomes)
	}
	if o := seawall(t, h, "reach", "--probe", "--to", "api"); !strings.Contains(o.stdout, "probed: opened from ") || strings.Contains(o.stdout, "DISAGREE") {
		t.Errorf("probes are not shown: %s%s", o.stdout, o.stderr)
	}
}

// reachAudited: the rules say the same with the networks of containers and without,
// tried and not tried, and of a snapshot.
func reachAudited(t *testing.T, h *lab.TestHost) {
	args := []string{"audit", "--rule", "*-reachable-from-*", "--rule", "published-port-bypasses-host-firewall", "--exit-zero", "--format", "json"}
	verdicts := func(more ...string) string {
		var r report.Report
		o := seawall(t, h, append(args, more...)...)
		if err := json.Unmarshal([]byte(o.stdout), &r); err != nil {
			t.Fatalf("exit code %d: %s: %v", o.code, o.stderr, err)
		}
		var out []string
		for _, result := range r.Results {
			out = append(out, result.Rule+" "+result.Subject.Name+" "+string(result.Verdict))
		}
		return strings.Join(out, "\n")
	}
	plain := verdicts()
	for _, want := range []string{
		"api-reachable-from-container tcp://[::]:2376 fail", "api-reachable-from-other-hosts tcp://[::]:2376 fail",
		"api-reachable-from-other-hosts tcp://127.0.0.1:2375 pass", "container-ports-reachable-from-outside shop pass",
	} {
		if !strings.Contains(plain, want) {
			t.Errorf("no %q among\n%s", want, plain)
		}
	}
	if probed := verdicts("--probe"); probed != plain {
		t.Errorf("with --probe\n%s\nwithout\n%s", probed, plain)
	}
	if saved := verdicts("/tmp/host.json"); saved != plain {
		t.Errorf("of a snapshot\n%s\nlive\n%s", saved, plain)
	}
}

// reachWithoutRoot: who may not read the networks is told so, and nothing is
// claimed.
func reachWithoutRoot(t *testing.T, h *lab.TestHost) {
	h.AddUser("alice", "docker")
	as := func(args ...string) outcome {
		return execute(t, h, append([]string{"setpriv", "--reuid", "alice", "--regid", "alice", "--init-groups", programInside, "reach"}, args...)...)
	}
	o := as("--format", "json")
	var r report.Reach
	if err := json.Unmarshal([]byte(o.stdout), &r); err != nil {
		t.Fatalf("exit code %d: %s: %v", o.code, o.stderr, err)
	}
	for _, c := range r.Cells {
		if c.Verdict != filter.Unknown {
			t.Errorf("%s → %s is %s: %s", r.Sources[c.Source-1].Name, r.Targets[c.Target-1].Name, c.Verdict, marshal(c))
		}
	}
	if text := as(); !strings.Contains(text.stdout, "run as root") {
		t.Errorf("not told what would help: %s%s", text.stdout, text.stderr)
	}
	if o := as("--strict"); o.code != 4 {
		t.Errorf("--strict: exit code %d, want 4", o.code)
	}
}

// recordShop saves what is known of the host with and without the networks of
// containers.
func recordShop(t *testing.T, h *lab.TestHost) {
	t.Helper()
	for name, flags := range map[string][]string{"shop.json": {"--reach"}, "plain.json": nil} {
		o := seawall(t, h, append([]string{"snapshot"}, flags...)...)
		var compact, packed bytes.Buffer
		if err := json.Compact(&compact, []byte(o.stdout)); err != nil {
			t.Fatal(err)
		}
		w := gzip.NewWriter(&packed)
		w.Write(compact.Bytes())
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("..", "reach", "matrix", "testdata", name+".gz"), packed.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
