package e2e

import (
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/report"
)

// engineNames are the engines of a report.
func engineNames(r *report.Report) []string {
	var names []string
	for _, e := range r.Engines {
		names = append(names, e.Name)
	}
	return names
}

// TestSocketTakenOver: two engines at one path, as of a snap and of a
// distribution's package. The one that nobody reaches any more is named.
func TestSocketTakenOver(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V28})
	h.Exec("sh", "-ec", `ip link add two type bridge; ip addr add 172.40.0.1/24 dev two
setsid dockerd -H unix:///run/docker.sock --data-root /home/two --exec-root /run/two --pidfile /run/two.pid --bridge two --iptables=false --ip6tables=false >/var/log/two.log 2>&1 </dev/null &
for i in $(seq 200); do [ "$(docker info -f '{{.DockerRootDir}}' 2>/dev/null)" = /home/two ] && exit; sleep 0.1; done; cat /var/log/two.log >&2; exit 1`)
	r := audit(t, h)
	if len(r.Engines) != 2 {
		t.Fatalf("engines %v", engineNames(r))
	}
	for _, e := range r.Engines {
		if taken := strings.HasPrefix(e.Name, "process:"); taken != (e.Gap != nil) || taken && !strings.Contains(e.Gap.Detail, "another program has bound that path") {
			t.Errorf("engine %s: %+v", e.Name, e.Gap)
		}
	}
}

// TestSeveralEngines: the system's engine, one started by hand and a rootless
// one of a user are all found, judged apart, and named where they cannot be
// read.
func TestSeveralEngines(t *testing.T) {
	lab.RequireRootless(t)
	h := newHost(t, lab.Options{Version: lab.V28})
	second := h.StartEngine("second", `{"log-driver": "none"}`)
	rootless := h.StartRootless("rita")
	h.AddUser("mallory")
	image := h.ImportSleep()
	h.Run("--name", "bad", "--privileged", image)

	r := audit(t, h)
	want := []string{"unix:///run/docker.sock", "unix://" + rootless.SockInside(), "unix://" + second.SockInside()}
	got := engineNames(r)
	if len(got) == 0 || got[0] != want[0] {
		t.Errorf("the system's engine is not the first: %v", got)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("engines %v, want %v", got, want)
	}
	wantFail(t, r, "container-privileged", "bad")
	wantFail(t, r, "engine-runs-as-root", "unix:///run/docker.sock", "unix://"+second.SockInside())
	wantFail(t, r, "engine-logging-off", "unix://"+second.SockInside())

	only := audit(t, h, "--host", "unix://"+second.SockInside())
	if names := engineNames(only); len(names) != 1 || names[0] != "unix://"+second.SockInside() {
		t.Errorf("--host audits %v", names)
	}

	o := execute(t, h, "setpriv", "--reuid", "mallory", "--regid", "mallory", "--init-groups", programInside, "audit")
	for _, name := range []string{"unix:///run/docker.sock", "unix://" + second.SockInside()} {
		if !strings.Contains(o.stdout, name+"  not readable: ") {
			t.Errorf("an ordinary user is not told that %s is not readable:\n%s", name, o.stdout)
		}
	}
}
