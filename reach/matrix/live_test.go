package matrix_test

import (
	"os"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/reach/matrix"
	"seawall/snapshot"
	"seawall/source/hostfile"
	"seawall/source/livehost"
)

func TestTable(t *testing.T) {
	h := lab.New(t, lab.Options{Version: lab.V28, LAN: true})
	h.RestartDaemon("--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "-H", "tcp://0.0.0.0:2376")
	image := h.ImportBusybox()
	h.Docker("network", "create", "shop")
	h.Docker("network", "create", "--internal", "inner")
	for _, c := range [][]string{
		{"--name", "web", "-p", "8080:80", "--network", "shop"}, {"--name", "web2", "--network", "shop"}, {"--name", "web3", "--network", "shop"},
		{"--name", "plain"}, {"--name", "plain2"}, {"--name", "in1", "--network", "inner"}, {"--name", "hostnet", "--network", "host"}, {"--name", "none", "--network", "none"},
	} {
		h.Run(append(append([]string{}, c...), image, "busybox", "httpd", "-f", "-p", map[bool]string{true: "81", false: "80"}[c[1] == "hostnet"])...)
	}
	for _, containers := range []bool{false, true} {
		s, err := livehost.Collect(t.Context(), livehost.Options{
			Machine: livehost.Machine{Proc: "/proc", Sys: "/sys", Root: h.Root(), Files: hostfile.New(h.Root())}, ContainerNets: containers,
			Plan: func(s *snapshot.Snapshot) livehost.NetPlan { return matrix.NewPlan(s, matrix.Everything) },
		})
		if err != nil {
			t.Fatal(err)
		}
		show(t, matrix.Of(s))
		if path := os.Getenv("KEEP"); path != "" {
			f, _ := os.Create(path)
			_ = s.Encode(f)
			f.Close()
		}
	}
}

func show(t *testing.T, m *matrix.Matrix) {
	for _, g := range m.Gaps {
		t.Logf("gap %+v", g)
	}
	for j, target := range m.Targets {
		t.Logf("== %s %s %v", target.Kind, target.Name, target.Addresses)
		for i, s := range m.Sources {
			c := m.Cells[i][j]
			line := "   " + string(s.Kind) + " " + s.Name + ": " + string(c.Verdict)
			if b := c.Best(); b != nil {
				line += " " + b.To.String() + " " + b.Why + " " + b.By.String()
			} else {
				line += " " + c.Why
			}
			t.Log(strings.TrimSpace(line))
		}
	}
}
