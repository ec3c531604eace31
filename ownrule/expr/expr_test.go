package expr_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/ownrule/expr"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// host is a host with one container, and that container.
func host(t testing.TB, run string) (*snapshot.Snapshot, *snapshot.Container) {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := s.Engines[0].Containers.Peek()
	return s, &list[0]
}

// ask evaluates a condition about a container: "true", "false", "missed" or the
// error.
func ask(t testing.TB, s *snapshot.Snapshot, c *snapshot.Container, condition string) (answer string, seen, missed []string) {
	t.Helper()
	p, faults := expr.Condition("container", condition)
	if len(faults) > 0 {
		t.Fatalf("%s: %v", condition, faults)
	}
	r := &expr.Reader{}
	b, err := p.Bool(expr.Subject{Kind: "container", Value: c, Engine: &s.Engines[0], Snapshot: s, Among: 1}, r)
	var w witness
	r.Tell(&w, true)
	switch {
	case errors.Is(err, expr.ErrMissed):
		return "missed", w.seen, w.missed
	case err != nil:
		return err.Error(), w.seen, w.missed
	}
	return fmt.Sprint(b), w.seen, w.missed
}

type witness struct{ seen, missed []string }

func (w *witness) Saw(o snapshot.Origin, value any) {
	w.seen = append(w.seen, fmt.Sprintf("%s=%v", o.Path, value))
}
func (w *witness) Missed(o snapshot.Origin, g snapshot.Gap) {
	w.missed = append(w.missed, o.Path+": "+g.Detail)
}
func (w *witness) Stop() { panic("stopped") }

var refused = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "refused"}

// TestFourStates: what becomes of a condition in each state of a fact.
func TestFourStates(t *testing.T) {
	s, c := host(t, "docker run nginx")
	at := snapshot.At("HostConfig.Privileged", "test")
	states := []snapshot.Fact[bool]{snapshot.See(true, at), snapshot.See(false, at), snapshot.None[bool](at), snapshot.Lost[bool](refused, at), {}}
	const missed = "missed"
	tests := []struct {
		condition string
		want      [5]string // seen true, seen false, absent, unreadable, not collected
	}{
		{"container.privileged", [5]string{"true", "false", "false", missed, missed}},
		{"!container.privileged", [5]string{"false", "true", "true", missed, missed}},
		{"has(container.privileged)", [5]string{"true", "true", "false", missed, missed}},
		{"!has(container.privileged)", [5]string{"false", "false", "true", missed, missed}},
		{"container.privileged && false", [5]string{"false", "false", "false", "false", "false"}},
		{"false && container.privileged", [5]string{"false", "false", "false", "false", "false"}},
		{"container.privileged || true", [5]string{"true", "true", "true", "true", "true"}},
		{"container.privileged || false", [5]string{"true", "false", "false", missed, missed}},
		{"container.privileged == true", [5]string{"true", "false", "false", missed, missed}},
		{"container.privileged != true", [5]string{"false", "true", "true", missed, missed}},
		{"container.privileged ? true : true", [5]string{"true", "true", "true", missed, missed}},
		{"container.privileged in [true]", [5]string{"true", "false", "false", missed, missed}},
		{"true in [container.privileged]", [5]string{"true", "false", "false", missed, missed}},
		{"[1, 2].exists(x, container.privileged && x == 2)", [5]string{"true", "false", "false", missed, missed}},
		{"[1, 2].exists(x, container.privileged || x == 2)", [5]string{"true", "true", "true", "true", "true"}},
		{"[1, 2].all(x, container.privileged || x > 2)", [5]string{"true", "false", "false", missed, missed}},
		{"[1, 2].all(x, container.privileged && x > 2)", [5]string{"false", "false", "false", "false", "false"}},
		{"[1, 2].exists_one(x, container.privileged && x == 2)", [5]string{"true", "false", "false", missed, missed}},
		{"[1, 2].filter(x, container.privileged).size() == 0", [5]string{"false", "true", "true", missed, missed}},
		{"[1, 2].map(x, container.privileged).size() == 2", [5]string{"true", "true", "true", missed, missed}},
		{"string(container.privileged) == 'true'", [5]string{"true", "false", "false", missed, missed}},
		{"{true: 1}[container.privileged] == 1", [5]string{"true", "no such key: false", "no such key: false", missed, missed}},
		{"type(container.privileged) == bool", [5]string{"true", "true", "true", missed, missed}},
		{"engine.containers.exists(c, c.privileged)", [5]string{"true", "false", "false", missed, missed}},
		{"engine.containers.all(c, !c.privileged)", [5]string{"false", "true", "true", missed, missed}},
	}
	for _, tt := range tests {
		for i, state := range states {
			c.Privileged = state
			if got, _, _ := ask(t, s, c, tt.condition); got != tt.want[i] {
				t.Errorf("%s, %s: %s, want %s", tt.condition, [5]string{"true", "false", "absent", "unreadable", "not collected"}[i], got, tt.want[i])
			}
		}
	}
}

// TestNeverDecidedByWhatIsMissing makes every fact that a condition reads
// unreadable, alone and together with others: an answer that changes becomes
// "missed", never the opposite.
func TestNeverDecidedByWhatIsMissing(t *testing.T) {
	conditions := []string{
		"container.privileged", "has(container.labels.owner) && container.labels.owner == 'a'", "'SYS_ADMIN' in container.capabilities()",
		"container.runsAsRoot()", "container.mounts.exists(m, m.source.within('/etc'))", "container.user == '' || container.memory > 0",
		"engine.containers.filter(c, c.privileged).size() == 0", "engine.settings.icc || engine.daemon.process.uid == 0",
		"engine.listeners.all(l, l.socket.mode.grants('g+w') && l.holders.size() > 1)", "snapshot.clients.exists(c, has(c.config))",
		"engine.networks.map(n, n.name) == ['bridge']", "host.users.exists(u, 'docker' in u.groups)",
		"container.env.size() < 3", "container.networks.map(n, n.network) == ['app']", "container.command[0].contains('x')",
		"engine.images.exists(i, 'web' in i.usedBy)", "container.project == '' && container.networkMode != 'host'",
	}
	for _, condition := range conditions {
		s, c := host(t, "docker run --name web --network app -v /etc:/e -e A=b --label owner=a --user 0 nginx x")
		before, _, _ := ask(t, s, c, condition)
		if before != "true" && before != "false" {
			t.Errorf("%s: %s", condition, before)
		}
		hidden := 0
		snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
			if f.State() == snapshot.Unreadable {
				return
			}
			saved := reflect.New(reflect.TypeOf(f).Elem()).Elem()
			saved.Set(reflect.ValueOf(f).Elem())
			f.Blind(refused)
			now, _, _ := ask(t, s, c, condition)
			reflect.ValueOf(f).Elem().Set(saved)
			if now == "missed" {
				hidden++
			} else if now != before {
				t.Errorf("%s is %s, without %s %s", condition, before, path, now)
			}
		})
		if hidden == 0 {
			t.Errorf("%s: no fact matters to it", condition)
		}
	}
}

// TestEvidence: facts that were read, in order and each once; of many the first
// and the last; fields that are no facts only where there is nothing else.
func TestEvidence(t *testing.T) {
	s, c := host(t, "docker run --name web --label owner=a nginx"+strings.Repeat("\ndocker run nginx", 30))
	tests := []struct {
		condition    string
		seen, missed []string
	}{
		{"container.privileged || container.readonlyRootfs || !container.privileged", []string{"HostConfig.Privileged=false", "HostConfig.ReadonlyRootfs=false"}, nil},
		{"container.name == 'web'", []string{"Container.name=web"}, nil},
		{"has(container.process)", []string{"State.Pid=<nil>"}, nil},
		{"container.user == 'x'", nil, []string{"Config.User: the declaration names no user; the image decides"}},
		{"container.process.uid == 0", []string{"State.Pid=<nil>"}, []string{"Process.uid: there is no State.Pid to read it of"}},
		{"engine.listeners.size() == 2", []string{"sockets=2 listed"}, nil},
		{"host.sysctls['no.such'] == ''", nil, []string{"no.such: no source of this audit reads it"}},
	}
	for _, tt := range tests {
		_, seen, missed := ask(t, s, c, tt.condition)
		if diff := cmp.Diff(tt.seen, seen); diff != "" {
			t.Errorf("%s: seen -want +got:\n%s", tt.condition, diff)
		}
		if diff := cmp.Diff(tt.missed, missed); diff != "" {
			t.Errorf("%s: missed -want +got:\n%s", tt.condition, diff)
		}
	}
	list, _ := s.Engines[0].Containers.Peek()
	for i := range list {
		list[i].Privileged = snapshot.See(false, snapshot.At("HostConfig.Privileged", list[i].Name+fmt.Sprint(i)))
	}
	_, seen, _ := ask(t, s, c, "engine.containers.exists(c, c.privileged)")
	if len(seen) != 16 || seen[0] != "containers=31 listed" {
		t.Errorf("%d facts: %q", len(seen), seen)
	}
}

// TestWithheld: text that was taken out is not known, and says nothing about
// what is beside it in a map.
func TestWithheld(t *testing.T) {
	s, c := host(t, "docker run --name web --label owner=a --label token=hunter2 nginx --password hunter2 --debug")
	for condition, want := range map[string]string{
		"container.labels.owner == 'a'":                        "true",
		"'token' in container.labels":                          "true",
		"has(container.labels.token)":                          "true",
		"container.labels.token == 'hunter2'":                  "missed",
		"container.labels.exists(k, k == 'token')":             "true",
		"container.labels.all(k, container.labels[k] == 'a')":  "missed",
		"container.labels.exists(k, container.labels[k]=='a')": "true",
		"container.labels.nix == ''":                           "no such key: nix",
		"'--debug' in container.command":                       "missed",
		"container.command.size() == 3":                        "missed",
	} {
		if got, _, _ := ask(t, s, c, condition); got != want {
			t.Errorf("%s: %s, want %s", condition, got, want)
		}
	}
}

// TestFactsByName: a kernel setting in each state; one that is not there was not
// looked for.
func TestFactsByName(t *testing.T) {
	s, c := host(t, "docker run --name web nginx")
	at := snapshot.At("kernel.sysrq", "/proc/sys")
	for want, f := range map[[2]string]snapshot.Fact[string]{
		{"true", "true"}:     snapshot.See("0", at),
		{"false", "true"}:    snapshot.See("1", at),
		{"false", "false"}:   snapshot.None[string](at),
		{"missed", "missed"}: snapshot.Lost[string](refused, at),
	} {
		s.Host.Sysctls["kernel.sysrq"] = f
		equal, _, _ := ask(t, s, c, "host.sysctls['kernel.sysrq'] == '0'")
		there, _, _ := ask(t, s, c, "'kernel.sysrq' in host.sysctls")
		if got := [2]string{equal, there}; got != want {
			t.Errorf("%s: %v, want %v", f, got, want)
		}
	}
	s.Host.Sysctls = nil
	if got, _, _ := ask(t, s, c, "'kernel.sysrq' in host.sysctls"); got != "missed" {
		t.Errorf("of a host that was not looked at: %s", got)
	}
}

// TestHidden: where an empty field can mean that nobody could look, it is not
// known.
func TestHidden(t *testing.T) {
	s, c := host(t, "docker run --name web nginx")
	e := &s.Engines[0]
	check := func(condition, want string) {
		t.Helper()
		if got, _, _ := ask(t, s, c, condition); got != want {
			t.Errorf("%s: %s, want %s", condition, got, want)
		}
	}
	check("container.project == ''", "true")
	check("engine.listeners.size() == 2", "true")
	check("snapshot.engines.size() == 1", "true")
	check("engine.images.all(i, i.usedBy == ['web'])", "true")
	check("engine.daemon.process.executable == '/usr/sbin/dockerd'", "true")
	check("engine.listeners.all(l, l.holders.all(h, h.executable != ''))", "true")
	check("host.services.all(s, s.unit == 'ssh.service')", "true")
	check("host.appArmor.profiles['enforce'] == 20", "true")
	c.Image.Blind(refused)
	check("container.project == ''", "missed")
	e.AllListeners = snapshot.See(false, e.AllListeners.Origin())
	check("engine.listeners.size() == 2", "missed")
	s.AllEngines.Blind(refused)
	check("snapshot.engines.size() == 1", "missed")
	c.ImageID.Blind(refused)
	check("engine.images.all(i, i.usedBy == ['web'])", "missed")
	e.Daemon.Process = snapshot.See(snapshot.DaemonProcess{PID: 7, UID: 1}, e.Daemon.Process.Origin())
	check("engine.daemon.process.uid == 1", "true")
	check("engine.daemon.process.executable == ''", "missed")
	check("has(engine.daemon.process.namespaces)", "missed")
	s.Host.Services = snapshot.See([]snapshot.Service{{Address: "0.0.0.0:1"}}, s.Host.Services.Origin())
	check("host.services.all(s, s.unit == '')", "missed")
	s.Host.AppArmor = snapshot.See(snapshot.AppArmor{Enabled: true}, s.Host.AppArmor.Origin())
	check("host.appArmor.profiles.size() == 0", "missed")
	e.Swarm = snapshot.See(snapshot.Swarm{}, e.Swarm.Origin())
	check("engine.swarm.managers == 0", "missed")
}
