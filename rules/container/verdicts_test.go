package container

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rules/internal/example"
	"seawall/snapshot"
	"seawall/trial"
)

// said is a rule's verdict, of a failing one the severity.
func said(r rule.Result) string {
	if r.Verdict == rule.Failed {
		return r.Severity.String()
	}
	return string(r.Verdict)
}

// judged is what a rule says of the last container of the run lines.
func judged(t *testing.T, id, run string, facts func(*snapshot.Snapshot)) rule.Result {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run, Facts: facts})
	if err != nil {
		t.Fatal(err)
	}
	rules := Rules()
	at := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == id })
	list, _ := s.Engines[0].Containers.Peek()
	for _, r := range rule.Evaluate(s, rules[at:at+1]) {
		if r.Subject.Name == list[len(list)-1].Name {
			return r
		}
	}
	t.Fatalf("%s did not judge %s", id, run)
	return rule.Result{}
}

// verdict is what a person would say of a container.
type verdict struct {
	run   string
	facts func(*snapshot.Snapshot)
	want  string // see said
	word  string // part of the message, which a full stop ends here
}

// judge compares a rule's verdicts.
func judge(t *testing.T, id string, verdicts []verdict) {
	t.Helper()
	for _, tt := range verdicts {
		if got := judged(t, id, tt.run, tt.facts); said(got) != tt.want || !strings.Contains(got.Message+".", tt.word) {
			t.Errorf("%s of %s: %s (%s), want %s (%s)", id, tt.run, said(got), got.Message, tt.want, tt.word)
		}
	}
}

// unread makes a fact of the example's last container unreadable.
func unread(pick func(*snapshot.Container) snapshot.AnyFact) func(*snapshot.Snapshot) {
	return inContainer(func(c *snapshot.Container) { pick(c).Blind(notPermitted) })
}

var notPermitted = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}

// all applies changes.
func all(changes ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for _, change := range changes {
			change(s)
		}
	}
}

var (
	rootless  = example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.Rootless, true) })
	plainProc = running(func(*snapshot.Process) {})
)

// bounded makes the example's last container a running one with these
// capabilities.
func bounded(caps snapshot.CapSet) func(*snapshot.Snapshot) {
	return running(func(p *snapshot.Process) { example.Set(&p.CapBounding, caps) })
}

func TestCapabilities(t *testing.T) {
	admin := snapshot.DefaultCaps | snapshot.Caps("SYS_ADMIN")
	noCapAdd := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.CapAdd })
	judge(t, "container-capability-sys-admin", []verdict{
		{"docker run --cap-add SYS_ADMIN alpine", nil, "high", ""},
		{"docker run --cap-add SYS_ADMIN --user 1000 alpine", nil, "medium", ""},
		{"docker run --cap-add SYS_ADMIN alpine", rootless, "medium", ""},
		{"docker run --cap-add SYS_ADMIN alpine", plainProc, "pass", "was asked for"},
		{"docker run alpine", plainProc, "pass", "does not have"},
		{"docker run alpine", bounded(admin), "not-applicable", "nobody asked"},
		{"docker run alpine", both(bounded(admin), noCapAdd), "high", ""},
		{"docker run alpine", both(plainProc, noCapAdd), "unknown", ""},
	})
	judge(t, "container-capability-syslog", []verdict{
		{"docker run --cap-add SYSLOG --user 1000 alpine", nil, "low", ""},
	})
	judge(t, "container-capability-all-added", []verdict{
		{"docker run --privileged --cap-add ALL alpine", nil, "not-applicable", ""},
		{"docker run --cap-add ALL alpine", nil, "critical", ""},
		{"docker run --cap-add ALL --user 1000 alpine", nil, "high", ""},
		{"docker run --cap-add ALL --user 1000 alpine", rootless, "medium", ""},
	})
	judge(t, "container-capabilities-beyond-settings", []verdict{
		{"docker run alpine", nil, "not-applicable", ""},
	})
}

func TestSecurityModules(t *testing.T) {
	hidden := func(s *snapshot.Snapshot) {
		s.Host.AppArmor.Blind(notPermitted)
		s.Host.SELinux.Blind(notPermitted)
		setting(func(t *snapshot.Settings) *snapshot.Fact[bool] { return &t.AppArmor }, false)(s)
	}
	judge(t, "container-apparmor-off", []verdict{
		{"docker run --security-opt apparmor=unconfined alpine", hidden, "unknown", ""},
		{"docker run --security-opt apparmor=unconfined alpine", rootless, "not-applicable", "rootless"},
		{"docker run --security-opt apparmor=unconfined --privileged alpine", nil, "not-applicable", "privileged"},
	})
	judge(t, "container-selinux-off", []verdict{
		{"docker run --security-opt label=disable alpine", hidden, "unknown", ""},
		{"docker run --security-opt label=disable --privileged alpine", withSELinux(true), "not-applicable", "privileged"},
	})
}

func TestDevices(t *testing.T) {
	for flags, want := range map[string]string{
		"--privileged --device-cgroup-rule 'b 8:* r'":                      "not-applicable",
		"--device-cgroup-rule 'b 8:* r'":                                   "high",
		"--device-cgroup-rule 'c *:* rw'":                                  "high",
		"--device-cgroup-rule 'a 188:0 rw'":                                "high",
		"--device-cgroup-rule 'c 188:* rw'":                                "low",
		"--device-cgroup-rule 'c 10:200 rwm'":                              "low",
		"--device-cgroup-rule 'b 8:* r' --device-cgroup-rule 'c 188:* rw'": "high",
		"--device-cgroup-rule 'c 188:* rw' --device-cgroup-rule 'b 8:* r'": "high",
		"--device-cgroup-rule 'b *:* m'":                                   "pass",
	} {
		judge(t, "container-device-cgroup-rule", []verdict{{"docker run " + flags + " alpine", nil, want, ""}})
	}
	for numbers, want := range map[string]string{
		"1:*": "high", "1:1": "high", "10:*": "high", "10:223": "high", "21:0": "high", "90:*": "high", "202:*": "high",
		"4:*": "medium", "7:*": "medium", "13:*": "medium",
		"1:3": "pass", "1:5": "pass", "1:7": "pass", "1:8": "pass", "1:9": "pass",
	} {
		judge(t, "container-device-cgroup-rule", []verdict{{"docker run --device-cgroup-rule 'c " + numbers + " rw' alpine", nil, want, ""}})
	}
	judge(t, "container-device-mapped", []verdict{
		{"docker run --privileged --device /dev/sda alpine", nil, "not-applicable", ""},
		{"docker run --device /dev/null --device /dev/sda alpine", nil, "high", "it has /dev/sda (rwm): "},
		{"docker run --device /dev/sda --device /dev/net/tun alpine", nil, "high", "it has /dev/sda (rwm), /dev/net/tun (rwm): "},
		{"docker run --device /dev/sda --gpus all alpine", nil, "high", ""},
		{"docker run --gpus all alpine", nil, "low", ""},
	})
}

func TestDockerHost(t *testing.T) {
	proxy := "docker run --name proxy tecnativa/docker-socket-proxy\n"
	service := func(projects ...string) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Containers.Peek()
			for i, project := range projects {
				list[i].Project, list[i].Service = project, "API"
			}
			list[len(list)-1].Project = "shop"
		})
	}
	judge(t, "container-docker-host-plaintext", []verdict{
		{"docker run -e DOCKER_HOST=http://docker:2375 alpine", nil, "medium", ""},
		{"docker run -e DOCKER_HOST=docker:2375 alpine", nil, "medium", ""},
		{"docker run -e DOCKER_HOST=10.0.0.5:2375 alpine", nil, "medium", ""},
		{"docker run -e DOCKER_HOST=127.0.0.1:2375 alpine", nil, "pass", "loopback"},
		{"docker run -e DOCKER_HOST=tcp://10.0.0.5:x alpine", nil, "pass", ""},
		{"docker run -e DOCKER_HOST=ssh://docker alpine", nil, "pass", ""},
		{"docker run -e DOCKER_HOST= alpine", nil, "pass", ""},
		{proxy + "docker run -e DOCKER_HOST=tcp://api:2375 alpine", nil, "medium", ""},
		{proxy + "docker run -e DOCKER_HOST=tcp://api:2375 alpine", service("shop"), "pass", "proxy"},
		{proxy + "docker run -e DOCKER_HOST=tcp://api:2375 alpine", service("tools"), "pass", "proxy"},
		{proxy + "docker run --name plain alpine\ndocker run -e DOCKER_HOST=tcp://api:2375 alpine", service("tools", "shop"), "medium", ""},
		{proxy + "docker run --name plain alpine\ndocker run -e DOCKER_HOST=tcp://api:2375 alpine", service("shop", "tools"), "pass", "proxy"},
		{proxy + "docker run -e DOCKER_HOST=tcp://other:2375 alpine", service("shop"), "medium", ""},
	})
}

// sockets makes the example's last container a running one in which the kernel
// shows these control sockets and mounts.
func sockets(list []snapshot.ControlSocket, mounts ...snapshot.HostMount) func(*snapshot.Snapshot) {
	return running(func(p *snapshot.Process) {
		example.Set(&p.ControlSockets, list)
		example.Set(&p.HostMounts, mounts)
	})
}

func listeners(change func([]snapshot.Listener)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		list, _ := s.Engines[0].Listeners.Peek()
		change(list)
	}
}

func TestControlSockets(t *testing.T) {
	noListeners := example.Engine(func(e *snapshot.Engine) { e.Listeners.Blind(notPermitted) })
	someListeners := example.Engine(func(e *snapshot.Engine) { example.Set(&e.AllListeners, false); e.Listeners.Blind(notPermitted) })
	elsewhere := listeners(func(l []snapshot.Listener) { l[0].Address, l[1].Address = "/srv/x/api.sock", "/srv/x/c.sock" })
	tcp := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Listeners.Peek()
		example.Set(&e.Listeners, append([]snapshot.Listener{trial.TCPListener("127.0.0.1:2376")}, list...))
	})
	noKernel := running(func(p *snapshot.Process) { p.ControlSockets.Blind(notPermitted) })
	engineThere := snapshot.ControlSocket{Path: "/r/docker.sock", Host: "/run/docker.sock", Service: "engine"}
	containerdThere := snapshot.ControlSocket{Path: "/r/containerd/containerd.sock", Host: "/run/containerd/containerd.sock", Service: "containerd"}
	both := []snapshot.ControlSocket{containerdThere, engineThere}
	run := snapshot.HostMount{Source: "/var/run", Destination: "/r", ReadOnly: true}
	judge(t, "engine-socket-mounted", []verdict{
		{"docker run -v /run/user/1000/podman/podman.sock:/s alpine", nil, "critical", "inside: /run/user/1000/podman/podman.sock at /s (bind mount)."},
		{"docker run -v /run/user/1000/docker.sock:/s:ro alpine", nil, "critical", "(bind mount, read-only); that the mount is read-only"},
		{"docker run -v /run:/r alpine", nil, "critical", "which contains /run/docker.sock."},
		{"docker run -v /run:/r alpine", noListeners, "critical", "which contains /run/docker.sock"},
		{"docker run -v /run:/r alpine", someListeners, "critical", "which contains /run/docker.sock"},
		{"docker run -v /srv:/r alpine", noListeners, "unknown", ""},
		{"docker run -v /run:/r alpine", elsewhere, "pass", ""},
		{"docker run -v /srv:/r alpine", elsewhere, "critical", "which contains /srv/x/api.sock"},
		{"docker run -v /:/r alpine", tcp, "critical", "which contains /run/docker.sock"},
		{"docker run -v /run:/r alpine", noKernel, "critical", ""},
		{"docker run -v /srv/docker.sock:/s alpine", plainProc, "pass", ""},
		{"docker run -v /run/docker.sock:/s alpine", plainProc, "critical", "no live socket there now"},
		{"docker run -v /run/docker.sock:/a -v /run/docker.sock:/b alpine", nil, "critical", "at /a"},
		{"docker run -v /srv/data:/d alpine", func(s *snapshot.Snapshot) { setListenerCopies(s, "/srv/api/x.sock") }, "pass", ""},
		{"docker run alpine", sockets(both[:1]), "pass", ""},
		{"docker run alpine", sockets(both, run, snapshot.HostMount{Source: "/srv", Destination: "/d"}), "critical",
			"inside: /run/docker.sock at /r/docker.sock; that the mount is read-only"},
		{"docker run alpine", sockets(both, snapshot.HostMount{Source: "/srv", Destination: "/d", ReadOnly: true}), "critical",
			"inside: /run/docker.sock at /r/docker.sock."},
		{"docker run alpine", sockets([]snapshot.ControlSocket{{Path: "/s", Host: "/srv/s", Service: "engine", Engine: "unix:///srv/s"}}), "critical",
			"(engine unix:///srv/s)"},
	})
	judge(t, "containerd-socket-mounted", []verdict{
		{"docker run -v /run/containerd:/c alpine", noListeners, "critical", ""},
		{"docker run -v /run/docker/containerd:/c alpine", noListeners, "critical", ""},
		{"docker run alpine", sockets(both, run), "not-applicable", ""},
		{"docker run alpine", sockets(both), "critical", ""},
		{"docker run alpine", sockets(both[:1], run), "critical", ""},
	})
}

func TestProxyImages(t *testing.T) {
	for image, want := range map[string]string{
		"tecnativa/docker-socket-proxy":             "medium",
		"ghcr.io/tecnativa/docker-socket-proxy:0.3": "medium",
		"lscr.io/linuxserver/socket-proxy":          "medium",
		"wollomatic/socket-proxy:1":                 "medium",
		"11notes/socket-proxy":                      "medium",
		"buildkite/sockguard":                       "medium",
		"host:5000/fluencelabs/docker-socket-proxy": "medium",
		"wollomatic/socket-proxy:1@sha256:" + zeros: "medium",
		"wollomatic/socket-proxy@sha256:" + zeros:   "medium",
		"notwollomatic/socket-proxy":                "pass",
		"wollomatic/socket-proxy/x":                 "pass",
	} {
		judge(t, "engine-socket-proxy", []verdict{{"docker run -v /run/docker.sock:/s " + image, nil, want, ""}})
	}
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

// TestPaths: which paths of the host a container has inside, and in which words
// they are told.
func TestPaths(t *testing.T) {
	inDisguise := bindVolume("conf", "/etc")
	unsorted := example.Engine(func(e *snapshot.Engine) {
		example.Add(&e.Volumes, snapshot.Volume{Name: "a"})
		bindVolume("conf", "/etc")(&snapshot.Snapshot{Engines: []snapshot.Engine{*e}})
	})
	noVolumes := example.Engine(func(e *snapshot.Engine) { e.Volumes.Blind(notPermitted) })
	created := inContainer(func(c *snapshot.Container) { c.ID = zeros })
	from := "docker run --name a -v /etc:/x alpine\ndocker run --name b --volumes-from a alpine\ndocker run --name c --volumes-from "
	judge(t, "container-sensitive-mount", []verdict{
		{"docker run -v /etc:/x alpine", nil, "critical", "it has /etc at /x (bind mount) inside"},
		{"docker run -v /etc:/x:ro alpine", nil, "high", "it has /etc at /x (bind mount, read-only) inside"},
		{"docker run -v conf:/x alpine", inDisguise, "critical", "it has /etc at /x (volume conf) inside"},
		{"docker run -v z:/z -v conf:/x alpine", unsorted, "critical", ""},
		{"docker run -v conf:/x alpine", noVolumes, "unknown", ""},
		{"docker run --volume-driver rclone -v conf:/x alpine", noVolumes, "pass", ""},
		{"docker run alpine", sockets(nil, snapshot.HostMount{Source: "/etc", Destination: "/x"}), "critical", "as the kernel shows it"},
		{from + "b alpine", nil, "critical", "it has /etc at /x (bind mount of container a) inside"},
		{from + "b:ro alpine", nil, "high", ""},
		{from + "b:z,ro alpine", nil, "high", ""},
		{from + "b:ro --volumes-from b alpine", nil, "critical", ""},
		{from + "b --volumes-from b:ro alpine", nil, "high", ""},
		{from + "c alpine", nil, "pass", ""},
		{from + "gone alpine", nil, "unknown", ""},
		{from + "b alpine", created, "pass", ""},
	})
}
