package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rules/engine"
	"seawall/snapshot"
	"seawall/trial"
)

// exact judges a snapshot by the rules that are exact to a benchmark and gives
// the ids of those with a verdict, sorted.
func exact(s *snapshot.Snapshot, verdict rule.Verdict) []string {
	var rules []*rule.Rule
	for _, r := range engine.Rules() {
		if r.Exact {
			rules = append(rules, r)
		}
	}
	var ids []string
	for _, r := range rule.Evaluate(s, rules) {
		if r.Verdict == verdict {
			ids = append(ids, r.Rule)
		}
	}
	slices.Sort(ids)
	return ids
}

// with is the baseline with one more file, by the words "role path uid:gid mode".
func with(t *testing.T, line string) *snapshot.Snapshot {
	t.Helper()
	var f snapshot.File
	var mode string
	if _, err := fmt.Sscanf(line, "%s %s %d:%d %s", &f.Role, &f.Path, &f.UID, &f.GID, &mode); err != nil {
		t.Fatal(err)
	}
	if err := f.Mode.UnmarshalText([]byte(mode)); err != nil {
		t.Fatal(err)
	}
	f.Type = "file"
	if strings.HasSuffix(f.Role, "-dir") {
		f.Type = "dir"
	}
	f.Owner, f.Group = map[int]string{0: "root", 1000: "alice"}[f.UID], map[int]string{0: "root", 1000: "alice"}[f.GID]
	s := trial.Baseline()
	e := &s.Engines[0]
	files, _ := e.Daemon.Files.Peek()
	e.Daemon.Files = snapshot.See(append(slices.Clone(files), f), e.Daemon.Files.Origin())
	return s
}

// TestExactFiles: which rules a file breaks, by its role, place, owner and
// mode. One that is in no role or place of theirs breaks none.
func TestExactFiles(t *testing.T) {
	tests := []struct{ file, want string }{
		{"unit /etc/systemd/system/docker.service 1000:0 644", "engine-service-unit-not-owned-by-root"},
		{"unit /etc/systemd/system/docker.socket 0:1000 664", "engine-socket-unit-not-owned-by-root engine-socket-unit-too-open"},
		{"unit /etc/systemd/system/docker.socket 0:0 640", ""},
		{"drop-in /etc/systemd/system/docker.service.d/x.conf 1000:0 666", ""},
		{"config-dir /etc/docker 0:0 775", "engine-config-directory-too-open"},
		{"config-dir /etc/docker 1000:0 700", "engine-config-directory-not-owned-by-root"},
		{"config /srv/daemon.json 0:0 645", "engine-config-file-too-open"},
		{"config /srv/daemon.json 0:1000 600", "engine-config-file-not-owned-by-root"},
		{"environment /etc/default/docker 1000:0 644", "engine-default-file-not-owned-by-root"},
		{"defaults /etc/default/docker 0:0 646", "engine-default-file-too-open"},
		{"environment /etc/sysconfig/docker 0:0 666", "engine-sysconfig-file-too-open"},
		{"defaults /etc/sysconfig/docker 1000:0 600", "engine-sysconfig-file-not-owned-by-root"},
		{"environment /etc/default/other 1000:0 666", ""},
		{"tls-ca /etc/docker/ca.pem 0:0 644", "engine-tls-ca-too-open"},
		{"tls-cert /etc/docker/cert.pem 1000:0 444", "engine-tls-certificate-not-owned-by-root"},
		{"tls-cert /etc/docker/cert.pem 0:0 544", "engine-tls-certificate-too-open"},
		{"tls-key /etc/docker/key.pem 0:0 440", "engine-tls-key-too-open"},
		{"tls-key /etc/docker/key.pem 1000:0 400", "engine-tls-key-not-owned-by-root"},
		{"tls-ca /etc/docker/certs.d/r.example/ca.crt 0:0 644", "engine-registry-certificates-too-open"},
		{"tls-cert /etc/docker/certs.d/r.example/c.cert 1000:0 444", "engine-registry-certificates-not-owned-by-root"},
		{"tls-key /etc/docker/certs.d/r.example/c.key 0:0 600", "engine-registry-certificates-too-open"},
		{"certs-dir /etc/docker/certs.d/r.example/sub 1000:0 777", ""},
		{"data-root /var/lib/docker 1000:0 777", ""},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got := slices.DeleteFunc(exact(with(t, tt.file), rule.Failed), func(id string) bool { return !strings.HasSuffix(id, "-too-open") && !strings.HasSuffix(id, "-by-root") })
			if strings.Join(got, " ") != tt.want {
				t.Errorf("fails %v, want %s", got, tt.want)
			}
		})
	}
}

// TestExactFilesOfRootless: the files of a rootless engine are its user's by
// right, and of the user's own group.
func TestExactFilesOfRootless(t *testing.T) {
	for file, want := range map[string]string{
		"config /home/alice/.config/docker/daemon.json 1000:1000 644": "",
		"config /home/alice/.config/docker/daemon.json 1000:0 644":    "",
		"config /home/alice/.config/docker/daemon.json 1000:1007 644": "engine-config-file-not-owned-by-root",
		"config /home/alice/.config/docker/daemon.json 1001:1000 644": "engine-config-file-not-owned-by-root",
	} {
		s := with(t, file)
		e := &s.Engines[0]
		e.Settings.Rootless = snapshot.See(true, e.Settings.Rootless.Origin())
		process, _ := e.Daemon.Process.Peek()
		process.UID, process.User = 1000, "alice"
		e.Daemon.Process = snapshot.See(process, e.Daemon.Process.Origin())
		if got := strings.Join(exact(s, rule.Failed), " "); got != want {
			t.Errorf("%s fails %q, want %q", file, got, want)
		}
	}
}

// TestNamelessUser: a user without a name does not own every group without one.
func TestNamelessUser(t *testing.T) {
	s := with(t, "config /home/1000/daemon.json 1000:1007 644")
	e := &s.Engines[0]
	e.Settings.Rootless = snapshot.See(true, e.Settings.Rootless.Origin())
	process, _ := e.Daemon.Process.Peek()
	process.UID, process.User = 1000, ""
	e.Daemon.Process = snapshot.See(process, e.Daemon.Process.Origin())
	if got := strings.Join(exact(s, rule.Failed), " "); got != "engine-config-file-not-owned-by-root" {
		t.Errorf("fails %q", got)
	}
}

// TestExactAPI: the engine as a whole, by its listeners and its own word.
func TestExactAPI(t *testing.T) {
	at := snapshot.At("x", "y")
	lost := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}
	tcp := func(change func(*snapshot.Handshake)) snapshot.Listener {
		l := trial.TCPListener("192.0.2.10:2376")
		h, _ := l.Handshake.Peek()
		change(&h)
		l.Handshake = snapshot.See(h, at)
		return l
	}
	verified := tcp(func(*snapshot.Handshake) {})
	unread := verified
	unread.Handshake.Blind(lost)
	other := tcp(func(h *snapshot.Handshake) { h.Plaintext = true })
	other.Service = "containerd"
	tests := []struct {
		name      string
		listeners []snapshot.Listener
		change    func(*snapshot.Engine)
		want      rule.Verdict
	}{
		{"no TCP", nil, func(*snapshot.Engine) {}, rule.NotApplicable},
		{"no TCP, and another warning", nil, func(e *snapshot.Engine) {
			e.Settings.Warnings = snapshot.See([]string{"WARNING: No swap limit support"}, at)
		}, rule.NotApplicable},
		{"containerd's port", []snapshot.Listener{other}, func(*snapshot.Engine) {}, rule.NotApplicable},
		{"a port that refuses strangers", []snapshot.Listener{verified}, func(*snapshot.Engine) {}, rule.Passed},
		{"a port that was not greeted", []snapshot.Listener{unread}, func(*snapshot.Engine) {}, rule.Unknown},
		{"a port without TLS", []snapshot.Listener{verified, tcp(func(h *snapshot.Handshake) { h.Plaintext = true })}, func(*snapshot.Engine) {}, rule.Failed},
		{"there may be others", []snapshot.Listener{verified}, func(e *snapshot.Engine) { e.AllListeners.Blind(lost) }, rule.Unknown},
		{"there may be some", nil, func(e *snapshot.Engine) { e.AllListeners.Blind(lost) }, rule.Unknown},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		e := &s.Engines[0]
		list, _ := e.Listeners.Peek()
		e.Listeners = snapshot.See(append(list, tt.listeners...), at)
		tt.change(e)
		if got := exact(s, tt.want); !slices.Contains(got, "engine-api-tcp-without-client-certificates") {
			t.Errorf("%s: want %s; these are: %v", tt.name, tt.want, got)
		}
	}
}

// TestBaseDevice: only devicemapper has one.
func TestBaseDevice(t *testing.T) {
	s := trial.Baseline()
	settings := &s.Engines[0].Settings
	settings.StorageOptions = snapshot.See([]string{"dm.basesize=50G"}, settings.StorageOptions.Origin())
	if !slices.Contains(exact(s, rule.NotApplicable), "engine-base-device-size-changed") {
		t.Error("overlay2 has no base device")
	}
}

// TestExactFilesMissing: a file that the engine does not use is nothing to
// judge, unless it is not known which unit runs the engine.
func TestExactFilesMissing(t *testing.T) {
	s := trial.Baseline()
	e := &s.Engines[0]
	e.Daemon.Files = snapshot.See([]snapshot.File(nil), e.Daemon.Files.Origin())
	if n := len(exact(s, rule.NotApplicable)); n < 20 {
		t.Errorf("%d rules do not apply to an engine without files, want all twenty about files", n)
	}
	e.Daemon.Unit = snapshot.Lost[snapshot.Unit](snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}, e.Daemon.Unit.Origin())
	const want = "engine-service-unit-not-audited engine-service-unit-not-owned-by-root engine-service-unit-too-open " +
		"engine-socket-unit-not-audited engine-socket-unit-not-owned-by-root engine-socket-unit-too-open"
	if got := strings.Join(exact(s, rule.Unknown), " "); got != want {
		t.Errorf("without the unit these are unknown: %s", got)
	}
}

// TestPiles: what counts as unused, and when it is not known.
func TestPiles(t *testing.T) {
	at := snapshot.At("x", "y")
	build := func(states string, users int) *snapshot.Snapshot {
		s := trial.Baseline()
		var containers []snapshot.Container
		var images []snapshot.Image
		for i := range 11 {
			containers = append(containers, snapshot.Container{Name: fmt.Sprint(i), State: snapshot.See(states, at)})
			image := snapshot.Image{ID: fmt.Sprint(i)}
			if i < users {
				image.UsedBy = []string{"web"}
			}
			images = append(images, image)
		}
		s.Engines[0].Containers, s.Engines[0].Images = snapshot.See(containers, at), snapshot.See(images, at)
		return s
	}
	tests := []struct {
		state string
		users int
		want  string
	}{
		{"running", 0, "engine-images-pile-up"}, {"running", 1, ""}, {"paused", 11, ""},
		{"exited", 11, "engine-containers-pile-up"}, {"created", 11, "engine-containers-pile-up"}, {"dead", 11, "engine-containers-pile-up"},
	}
	for _, tt := range tests {
		if got := strings.Join(exact(build(tt.state, tt.users), rule.Failed), " "); got != tt.want {
			t.Errorf("%s containers, %d images used: %q fails, want %q", tt.state, tt.users, got, tt.want)
		}
	}
	lost := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}
	s := build("running", 11)
	s.Engines[0].Containers.Blind(lost)
	if got := strings.Join(exact(s, rule.Unknown), " "); got != "engine-containers-pile-up engine-images-pile-up" {
		t.Errorf("without containers these are unknown: %s", got)
	}
	s = build("running", 0)
	s.Engines[0].Containers.Blind(lost)
	if got := exact(s, rule.Failed); len(got) != 0 {
		t.Errorf("without containers these fail: %s", got)
	}
	s = build("running", 11)
	s.Engines[0].Images.Blind(lost)
	if got := strings.Join(exact(s, rule.Unknown), " "); got != "engine-images-pile-up" {
		t.Errorf("without images these are unknown: %s", got)
	}
}

// TestSwarmUnused: the network that every swarm has is no use of it, and what
// is not known is not taken for unused.
func TestSwarmUnused(t *testing.T) {
	at := snapshot.At("x", "y")
	lost := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}
	tests := []struct {
		name   string
		change func(*snapshot.Engine, *snapshot.Swarm)
		want   rule.Verdict
	}{
		{"the ingress network alone", func(e *snapshot.Engine, _ *snapshot.Swarm) {
			e.Networks = snapshot.See([]snapshot.Network{{Name: "ingress", Driver: "overlay", Ingress: true}, {Name: "bridge", Driver: "bridge"}}, at)
		}, rule.Failed},
		{"networks not read", func(e *snapshot.Engine, _ *snapshot.Swarm) { e.Networks.Blind(lost) }, rule.Unknown},
		{"services not read", func(_ *snapshot.Engine, s *snapshot.Swarm) { s.Services.Blind(lost) }, rule.Unknown},
		{"two nodes", func(_ *snapshot.Engine, s *snapshot.Swarm) { s.Nodes = 2; s.Services.Blind(lost) }, rule.Passed},
	}
	for _, tt := range tests {
		s := trial.Baseline()
		e := &s.Engines[0]
		swarm := snapshot.Swarm{NodeID: "n", Manager: true, Managers: 1, Nodes: 1, Services: snapshot.See([]snapshot.SwarmService(nil), at)}
		tt.change(e, &swarm)
		e.Swarm = snapshot.See(swarm, at)
		for _, r := range rule.Evaluate(s, engine.Rules()) {
			if r.Rule == "engine-swarm-unused" && r.Verdict != tt.want {
				t.Errorf("%s: %s (%s), want %s", tt.name, r.Verdict, r.Message, tt.want)
			}
		}
	}
}
