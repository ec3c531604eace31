package container

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

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

// wordsOf are a result's message, the reason of its severity and its evidence.
func wordsOf(r rule.Result) string {
	text := r.Message + ". " + r.SeverityReason + "."
	for _, e := range r.Evidence {
		text += fmt.Sprintf(" %s=%v", e.Fact, e.Value)
	}
	return text
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
	word  string // part of what wordsOf gives
}

// judge compares a rule's verdicts.
func judge(t *testing.T, id string, verdicts []verdict) {
	t.Helper()
	for _, tt := range verdicts {
		if got := judged(t, id, tt.run, tt.facts); said(got) != tt.want || !strings.Contains(wordsOf(got), tt.word) {
			t.Errorf("%s of %s: %s (%s), want %s (%s)", id, tt.run, said(got), wordsOf(got), tt.want, tt.word)
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
		{"docker run alpine", permissive, "not-applicable", "only reports"},
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
		{"docker run -e DOCKER_HOST=tcp://:2375 alpine", nil, "pass", ""},
		{"docker run -e DOCKER_HOST=TCP://docker:2375/v1.43 alpine", nil, "medium", ""},
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
		{"docker run -v /run:/r alpine", noListeners, "critical", "which contains /run/docker.sock."},
		{"docker run -v /run:/r alpine", someListeners, "critical", "which contains /run/docker.sock."},
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
		{"docker run -v /run/containerd:/c alpine", noListeners, "critical", "which contains /run/containerd/containerd.sock."},
		{"docker run -v /run/docker/containerd:/c alpine", noListeners, "critical", "which contains /run/docker/containerd/containerd.sock."},
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

// TestHostPaths: volumes and tmpfs mounts are no paths of the host.
func TestHostPaths(t *testing.T) {
	s, err := trial.Load(rule.Example{Run: "docker run -v data:/d --tmpfs /t -v /var/run/x:/x -v /srv/:/s alpine"})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := s.Engines[0].Containers.Peek()
	var got []string
	eachHostPath(&rule.Context{Snapshot: s, Engine: &s.Engines[0]}, &list[0], func(h hostPath) { got = append(got, h.source) })
	if slices.Sort(got); !slices.Equal(got, []string{"/run/x", "/srv"}) {
		t.Errorf("paths of the host: %q", got)
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
	otherVolumes := example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Volumes, []snapshot.Volume{{Name: "conf", Options: map[string]string{"o": "bind", "device": "/etc"}}})
	})
	noDriver := inContainer(func(c *snapshot.Container) {
		list, _ := c.Mounts.Peek()
		list[0].Driver = ""
	})
	created := inContainer(func(c *snapshot.Container) { c.ID = zeros })
	from := "docker run --name a -v /etc:/x alpine\ndocker run --name b --volumes-from a alpine\ndocker run --name c --volumes-from "
	judge(t, "container-sensitive-mount", []verdict{
		{"docker run -v /etc:/x alpine", nil, "critical", "it has /etc at /x (bind mount) inside"},
		{"docker run -v /etc:/x:ro alpine", nil, "high", "it has /etc at /x (bind mount, read-only) inside"},
		{"docker run -v conf:/x alpine", inDisguise, "critical", "it has /etc at /x (volume conf) inside"},
		{"docker run -v z:/z -v conf:/x alpine", unsorted, "critical", ""},
		{"docker run -v conf:/x alpine", noVolumes, "unknown", ""},
		{"docker run --volume-driver rclone -v conf:/x alpine", noVolumes, "pass", ""},
		{"docker run -v conf:/x alpine", all(inDisguise, noDriver), "critical", ""},
		{"docker run -v new:/x alpine", otherVolumes, "pass", ""},
		{"docker run --mount type=volume,src=new,dst=/x,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/etc alpine", otherVolumes, "critical", ""},
		{"docker run alpine", sockets(nil, snapshot.HostMount{Source: "/etc", Destination: "/x"}), "critical", "as the kernel shows it"},
		{"docker run alpine", sockets(nil, snapshot.HostMount{Source: "/etc", Destination: "/x", ReadOnly: true}), "high", ""},
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

// TestKnownPorts: the services behind the usual ports, "" for none, and how
// much it matters that each is published.
func TestKnownPorts(t *testing.T) {
	for rule, kinds := range map[string]string{
		"port-data-service-published": `medium: 1433 SQL Server, 1521 Oracle, 3306 MySQL, 5432 PostgreSQL, 5672 RabbitMQ, 5984 CouchDB
			high: 2181 ZooKeeper, 2379 etcd, 4222 NATS, 5005 a Java debugger, 6379 Redis, 8500 Consul, 9042 Cassandra, 9092 Kafka, 9200 Elasticsearch
			high: 9229 a Node.js debugger, 9300 Elasticsearch, 11211 memcached, 27017 MongoDB
			pass: 80, 443, 3307, 5432/udp, 11211/udp`,
		"port-amplifier-published": `low: 53/udp DNS
			medium: 17/udp QOTD, 19/udp chargen, 69/udp TFTP, 111/udp the portmapper, 123/udp NTP, 137/udp NetBIOS, 161/udp SNMP, 389/udp LDAP
			medium: 1900/udp SSDP, 3702/udp WS-Discovery, 5353/udp mDNS, 11211/udp memcached
			pass: 53, 123, 11211, 500/udp`,
		"port-engine-api-published": "high: 2375 the engine's API\n pass: 2376, 2375/udp",
	} {
		for line := range strings.Lines(kinds) {
			want, services, _ := strings.Cut(strings.TrimSpace(line), ": ")
			for service := range strings.SplitSeq(services, ", ") {
				port, name, known := strings.Cut(service, " ")
				word := ""
				if known {
					word = "it publishes " + name + " (port " + port
				}
				judge(t, rule, []verdict{{"docker run -p 0.0.0.0:4711:" + port + " alpine", nil, want, word}})
			}
		}
	}
}

// mode sets the network mode of the example's last container.
func mode(name string) func(*snapshot.Snapshot) {
	return inContainer(func(c *snapshot.Container) { example.Set(&c.NetworkMode, name) })
}

func TestPorts(t *testing.T) {
	judge(t, "port-data-service-published", []verdict{
		{"docker run -p 10.0.0.5:6379:6379 alpine", nil, "high", ""},
		{"docker run -p 6379:6379 -p 10.0.0.5:3306:3306 alpine", unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.NetworkMode }), "medium", "publishes MySQL"},
		{"docker run -p '[::1]:6379:6379' alpine", nil, "pass", ""},
		{"docker run --network bridge -p 6379:6379 alpine", nil, "pass", ""},
		{"docker run -p 6379:6379 alpine", mode("default"), "pass", ""},
		{"docker run -p 6379:6379 alpine", mode(""), "pass", ""},
		{"docker run -p 6379:6379 alpine", mode("app"), "high", ""},
		{"docker run --network app -p 6379:6379 alpine", nil, "high", ""},
		{"docker run -p 0.0.0.0:2181:2181 -p 0.0.0.0:3306:3306 alpine", nil, "high", "ZooKeeper (port 2181/tcp on 0.0.0.0:2181), MySQL"},
	})
	judge(t, "port-engine-api-published", []verdict{
		{"docker run -p 0.0.0.0:2375:2375 alpine", nil, "high", ""},
		{"docker run --privileged -p 0.0.0.0:2375:2375 alpine", nil, "critical", ""},
		{"docker run --privileged -p 0.0.0.0:2375:2375 alpine", rootless, "medium", ""},
		{"docker run -p 0.0.0.0:2375:2375 tecnativa/docker-socket-proxy", nil, "not-applicable", "proxy"},
	})
	judge(t, "port-privileged-published", []verdict{
		{"docker run -p 1023:80 alpine", nil, "low", ""},
		{"docker run -p 1024:80 alpine", nil, "pass", ""},
		{"docker run -p 1000-1100:80 alpine", nil, "low", ""},
		{"docker run -p 0:80 alpine", nil, "pass", ""},
		{"docker run -p 0.0.0.0::80 alpine", nil, "pass", ""},
	})
	judge(t, "port-range-published", []verdict{
		{"docker run -p 0.0.0.0:10000-10049:10000-10049 alpine", nil, "pass", ""},
		{"docker run -p 0.0.0.0:10000-10050:10000-10050 alpine", nil, "low", ""},
		{"docker run -p 0.0.0.0:10000-10029:10000-10029 -p '[::]:10000-10029:10000-10029' alpine", nil, "pass", ""},
		{"docker run -p 0.0.0.0:10000-10029:10000-10029 -p 0.0.0.0:10000-10029:10000-10029/udp alpine", nil, "low", ""},
	})
}

func TestPublishedOnAll(t *testing.T) {
	ip := func(v string) func(*snapshot.Snapshot) {
		return setting(func(s *snapshot.Settings) *snapshot.Fact[string] { return &s.IP }, v)
	}
	app := func(change func(*snapshot.Network)) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Networks.Peek()
			change(&list[1])
		})
	}
	bound := func(ip string) func(*snapshot.Snapshot) {
		return app(func(n *snapshot.Network) { example.Set(&n.HostBinding, ip) })
	}
	noBinding := app(func(n *snapshot.Network) { n.HostBinding.Blind(notPermitted) })
	noNetworks := example.Engine(func(e *snapshot.Engine) { example.Set(&e.Networks, nil) })
	noList := example.Engine(func(e *snapshot.Engine) { e.Networks.Blind(notPermitted) })
	noMode := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.NetworkMode })
	noIP := example.Engine(func(e *snapshot.Engine) { e.Settings.IP.Blind(notPermitted) })
	judge(t, "port-published-on-all-interfaces", []verdict{
		{"docker run -p 80 alpine", nil, "pass", ""},
		{"docker run --network bridge -p 8080:80 alpine", nil, "pass", ""},
		{"docker run -p 8080:80 alpine", mode("default"), "pass", ""},
		{"docker run --network app -p 8080:80 alpine", nil, "medium", "port 80/tcp on all addresses, port 8080."},
		{"docker run --network app -p 8080:80 alpine", bound("127.0.0.1"), "pass", ""},
		{"docker run --network app -p 8080:80 alpine", bound("0.0.0.0"), "medium", ""},
		{"docker run --network app -p 8080:80 alpine", noBinding, "unknown", ""},
		{"docker run --network app -p 8080:80 alpine", noNetworks, "medium", ""},
		{"docker run --network app -p 8080:80 alpine", noList, "unknown", ""},
		{"docker run -p 8080:80 alpine", ip("0.0.0.0"), "medium", ""},
		{"docker run -p 8080:80 alpine", ip("10.0.0.5"), "pass", ""},
		{"docker run -p 8080:80 alpine", noIP, "unknown", ""},
		{"docker run -p 8080:80 alpine", both(noMode, ip("")), "unknown", ""},
		{"docker run -p 8080:80 -p 0.0.0.0:81:81 alpine", noMode, "medium", "its port 81/tcp on 0.0.0.0:81."},
		{"docker run -p 0.0.0.0:8080:80/udp alpine", both(noMode, noIP), "medium", "port 80/udp on 0.0.0.0:8080."},
		{"docker run -p 80 alpine", ip(""), "medium", "on all addresses, port any free port."},
		{"docker run -p 0:80 alpine", ip(""), "medium", "on all addresses, port any free port."},
	})
}

// TestSeverities: who the container's root is on the host weighs a finding, and
// so does who its process is.
func TestSeverities(t *testing.T) {
	judge(t, "container-device-mapped", []verdict{
		{"docker run --device /dev/sda alpine", rootless, "medium", "rootless"},
		{"docker run --device /dev/tpm0 alpine", rootless, "medium", "keys. it keeps the machine's keys"},
		{"docker run --device /dev/net/tun alpine", rootless, "low", ""},
		{"docker run --device /dev/sda --user 1000 alpine", nil, "high", ""},
	})
	judge(t, "container-sensitive-mount", []verdict{
		{"docker run -v /:/h --user 1000 alpine", nil, "high", "no root"},
		{"docker run -v /lib/modules:/m:ro --user 1000 alpine", nil, "low", "only be read"},
	})
}

// TestLife: a message says so of a container that does not run.
func TestLife(t *testing.T) {
	for state, want := range map[string]string{
		"running": "", "paused": "", "restarting": "", "declared": "", "": "",
		"exited": " (it is not running: exited)", "created": " (it is not running: created)", "dead": " (it is not running: dead)",
	} {
		if got := life(&snapshot.Container{State: snapshot.See(state, snapshot.Origin{})}); got != want {
			t.Errorf("%s: %q", state, got)
		}
	}
}

func TestNetworks(t *testing.T) {
	apps := "docker run --name db --network app alpine\n"
	byID := inContainer(func(c *snapshot.Container) { example.Set(&c.Networks, []snapshot.Endpoint{{Network: "n-app"}}) })
	macvlan := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Networks.Peek()
		list[1].Driver = "macvlan"
	})
	unlisted := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Networks.Peek()
		list[1].Containers.Blind(notPermitted)
	})
	judge(t, "container-net-raw-on-shared-bridge", []verdict{
		{apps + "docker run --name web --network app alpine", nil, "medium", "shares with db."},
		{apps + "docker run --name web --network app alpine", byID, "medium", "HostConfig.CapDrop"},
		{apps + "docker run --name web --network app alpine", plainProc, "medium", "CapBnd"},
		{apps + "docker run --name web --network app alpine", macvlan, "pass", ""},
		{apps + "docker run --name web --network app alpine", unlisted, "unknown", ""},
		{apps + "docker run --name x --network app alpine\ndocker run --name web --network app alpine", nil, "medium", "shares with db and others."},
		{apps + "docker run --name web --network app --privileged alpine", nil, "not-applicable", "privileged"},
		{apps + "docker run --name web --network host alpine", nil, "pass", ""},
		{apps + "docker run --name web --network app alpine", bounded(0), "pass", ""},
	})
	judge(t, "container-host-network", []verdict{
		{"docker run --network host alpine", nil, "high", "is the host's."},
		{"docker run --name a --network host alpine\ndocker run --name b --network container:a alpine", nil, "high", "by way of container a."},
	})
}

func TestUserNamespaces(t *testing.T) {
	mapped := func(outside uint32) func(*snapshot.Snapshot) {
		return running(func(p *snapshot.Process) {
			example.Set(&p.UIDMap, []snapshot.IDMap{{Outside: outside, Length: 65536}})
		})
	}
	noMap := running(func(p *snapshot.Process) { p.UIDMap.Blind(notPermitted) })
	noSetting := example.Engine(func(e *snapshot.Engine) { e.Settings.UserNSRemap.Blind(notPermitted) })
	noMode := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.UsernsMode })
	judge(t, "container-host-userns", []verdict{
		{"docker run alpine", nil, "not-applicable", ""},
		{"docker run alpine", mapped(100000), "pass", ""},
		{"docker run --userns host alpine", all(remapped(true), mapped(100000)), "pass", ""},
		{"docker run alpine", all(remapped(true), mapped(0)), "high", "the kernel shows"},
		{"docker run alpine", mapped(0), "not-applicable", ""},
		{"docker run alpine", all(remapped(true), noMap), "unknown", ""},
		{"docker run alpine", noSetting, "unknown", ""},
		{"docker run alpine", all(noSetting, mapped(0)), "unknown", ""},
		{"docker run alpine", all(remapped(true), noMode), "unknown", ""},
		{"docker run alpine", all(remapped(true), noMode, noMap), "unknown", ""},
		{"docker run --userns host alpine", noSetting, "high", "opted out"},
		{"docker run --userns host alpine", all(remapped(true), rootless), "pass", "rootless"},
	})
	judge(t, "container-host-cgroupns", []verdict{
		{"docker run --cgroupns private alpine", cgroupVersion("1"), "pass", ""},
		{"docker run --cgroupns host alpine", cgroupVersion("1"), "low", "is the host's."},
		{"docker run alpine", cgroupVersion("1"), "low", "the default with cgroup v1"},
	})
}

func TestImages(t *testing.T) {
	images := func(change func([]snapshot.Image) []snapshot.Image) func(*snapshot.Snapshot) {
		return all(pulledAnew(true), example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Images.Peek()
			example.Set(&e.Images, change(list))
		}))
	}
	onlyNew := images(func(l []snapshot.Image) []snapshot.Image { return l[1:] })
	onlyOld := images(func(l []snapshot.Image) []snapshot.Image { return l[:1] })
	none := example.Engine(func(e *snapshot.Engine) { e.Images.Blind(notPermitted) })
	named := func(tag string) func(*snapshot.Snapshot) {
		return images(func(l []snapshot.Image) []snapshot.Image { l[1].Tags = []string{"x:1", tag}; return l })
	}
	judge(t, "container-image-replaced", []verdict{
		{"docker run nginx:1.29", nil, "pass", "it will be made"},
		{"docker run nginx:1.29", pulledAnew(true), "low", ""},
		{"docker run nginx:1.29", onlyNew, "not-applicable", ""},
		{"docker run nginx:1.29", onlyOld, "not-applicable", ""},
		{"docker run nginx:1.29", all(pulledAnew(true), none), "unknown", ""},
		{"docker run nginx@sha256:" + zeros, pulledAnew(true), "pass", "by its content"},
		{"docker run " + zeros[:12], pulledAnew(true), "pass", "by its content"},
		{"docker run docker.io/library/nginx", named("nginx:latest"), "low", ""},
		{"docker run index.docker.io/bitnami/nginx:1", named("bitnami/nginx:1"), "low", ""},
		{"docker run host:5000/nginx", named("host:5000/nginx:latest"), "low", ""},
	})
	for image, want := range map[string]string{
		"nginx": "low", "nginx:latest": "low", "host:5000/nginx": "low", zeros[:11]: "low",
		"nginx:1": "pass", "nginx:1@sha256:" + zeros: "pass", zeros: "pass", "sha256:" + zeros: "pass",
	} {
		judge(t, "container-image-unpinned", []verdict{{"docker run " + image, nil, want, ""}})
	}
	judge(t, "container-image-unpinned", []verdict{
		{"docker run nginx:latest@sha256:" + zeros, nil, "pass", "by its content"},
		{"docker run nginx:1", nil, "pass", "with version 1."},
	})
}

func TestEngineGroup(t *testing.T) {
	socket := func(i, gid int, mode snapshot.Mode) func(*snapshot.Snapshot) {
		return listeners(func(l []snapshot.Listener) {
			f, _ := l[i].Socket.Peek()
			f.GID, f.Mode = gid, mode
			example.Set(&l[i].Socket, f)
		})
	}
	noSocket := listeners(func(l []snapshot.Listener) { l[0].Socket.Blind(notPermitted) })
	notAll := example.Engine(func(e *snapshot.Engine) { example.Set(&e.AllListeners, false) })
	judge(t, "container-in-engine-group", []verdict{
		{"docker run --user 1000:998 alpine", nil, "medium", "group 998"},
		{"docker run --user 1000:5 --group-add 44 --group-add 998 alpine", nil, "medium", "group 998"},
		{"docker run --user app --group-add 998 alpine", nil, "medium", "group 998"},
		{"docker run --user 1000:998 alpine", remapped(true), "not-applicable", ""},
		{"docker run --user 1000:998 alpine", rootless, "not-applicable", ""},
		{"docker run --user 1000:998 alpine", socket(0, 998, 0o600), "pass", ""},
		{"docker run --user 1000:998 alpine", socket(0, 999, 0o660), "pass", ""},
		{"docker run --user 1000:5 alpine", socket(1, 5, 0o660), "pass", ""},
		{"docker run --user 1000:0 alpine", socket(0, 0, 0o660), "medium", "group 0"},
		{"docker run --user 1000 alpine", socket(0, 0, 0o660), "pass", ""},
		{"docker run --user 0:0 alpine", socket(0, 0, 0o660), "pass", ""},
		{"docker run --user 1000 --group-add docker alpine", socket(0, 0, 0o660), "pass", ""},
		{"docker run --user 1000:998 alpine", noSocket, "unknown", ""},
		{"docker run --user 1000:5 alpine", notAll, "unknown", ""},
	})
}

func TestNeighbours(t *testing.T) {
	shareable := "docker run --name b --ipc shareable alpine"
	other := func(change func(*snapshot.Container)) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Containers.Peek()
			change(&list[0])
		})
	}
	noMode := other(func(c *snapshot.Container) { c.IpcMode.Blind(notPermitted) })
	judge(t, "container-ipc-shareable", []verdict{
		{"docker run --name a --ipc container:b alpine\n" + shareable, nil, "pass", "container a joins"},
		{"docker run --name a --ipc container:c alpine\n" + shareable, nil, "low", ""},
		{"docker run --name a --ipc shareable alpine\n" + shareable, nil, "low", ""},
		{"docker run --name a alpine\n" + shareable, noMode, "unknown", ""},
	})
	socket := "docker run --name a -v /run/docker.sock:/s "
	join := " alpine\ndocker run --name b --pid container:a "
	hidden := other(func(c *snapshot.Container) { c.CapAdd.Blind(notPermitted) })
	blind := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.CapAdd })
	judge(t, "container-joins-namespace", []verdict{
		{"docker run --name a alpine\ndocker run --name b --network container:a alpine", nil, "low", "it joins namespaces: net of a. ."},
		{"docker run --name a alpine\ndocker run --name b --ipc container:a --pid container:a alpine", nil, "medium", "it joins namespaces: pid of a, ipc of a. it shares processes"},
		{"docker run --name b --network container:gone alpine", nil, "low", "net of gone"},
		{"docker run --name b --pid container:gone alpine", nil, "medium", "pid of gone"},
		{socket + join + "alpine", nil, "high", "pid of a, which has the engine's socket inside (/run/docker.sock at /s (bind mount)). the engine's socket of the other container"},
		{socket + "--cap-add SYS_ADMIN" + join + "alpine", nil, "medium", ""},
		{socket + join + "--cap-add SYS_ADMIN alpine", nil, "high", ""},
		{socket + join + "--cap-drop ALL alpine", nil, "medium", ""},
		{"docker run --name a alpine\ndocker run --name b --pid container:" + zeros + " alpine", other(func(c *snapshot.Container) { c.ID = zeros }), "medium", "pid of a."},
		{socket + join + "alpine", hidden, "medium", ""},
		{socket + join + "alpine", blind, "medium", ""},
	})
	taken := "docker run --name a -v data:/d alpine\ndocker run --name b --volumes-from "
	judge(t, "container-takes-volumes", []verdict{
		{taken + "a alpine", nil, "low", "mounts of a."},
		{taken + "a:z,ro alpine", nil, "low", "mounts of a (read-only)."},
		{taken + "gone alpine", nil, "low", "mounts of gone."},
	})
}

func TestLogs(t *testing.T) {
	engineLog := func(driver string, options ...string) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			example.Set(&e.Settings.LogDriver, driver)
			example.Set(&e.Settings.LogOptNames, options)
		})
	}
	created := inContainer(func(c *snapshot.Container) { c.ID = zeros })
	judge(t, "container-log-may-drop", []verdict{
		{"docker run alpine", engineLog("json-file", "tag", "mode"), "unknown", "the engine's own log options have a mode"},
		{"docker run alpine", engineLog("json-file", "tag"), "pass", ""},
		{"docker run alpine", all(engineLog("json-file", "mode"), created), "pass", ""},
		{"docker run --log-driver json-file alpine", engineLog("json-file", "mode"), "unknown", ""},
		{"docker run --log-driver local alpine", engineLog("json-file", "mode"), "pass", ""},
		{"docker run --log-opt tag=x --log-opt mode=blocking alpine", engineLog("json-file", "mode"), "pass", ""},
		{"docker run --log-opt max-buffer-size=4m --log-opt mode=non-blocking alpine", nil, "low", "mode=non-blocking"},
	})
	judge(t, "container-log-unbounded", []verdict{
		{"docker run alpine", engineLog("json-file", "max-size"), "pass", ""},
		{"docker run alpine", all(engineLog("json-file", "max-size"), created), "low", ""},
		{"docker run alpine", engineLog("json-file"), "not-applicable", ""},
		{"docker run --log-driver json-file alpine", engineLog("json-file"), "not-applicable", ""},
		{"docker run --log-driver json-file alpine", engineLog("journald", "max-size"), "low", ""},
		{"docker run --log-opt max-size=-1 alpine", engineLog("json-file", "max-size"), "low", ""},
		{"docker run --log-opt max-size=10m alpine", engineLog("json-file"), "pass", ""},
		{"docker run --log-opt max-file=3 alpine", engineLog("json-file", "max-size"), "pass", ""},
		{"docker run --log-driver local alpine", engineLog("json-file"), "pass", ""},
	})
}

func TestResources(t *testing.T) {
	for flags, want := range map[string]string{
		"": "low", "--cpu-shares 1024": "low", "--cpu-shares 2": "pass", "--cpu-quota -1": "low", "--cpus 0.5": "pass", "--cpuset-cpus 0": "pass",
	} {
		judge(t, "container-no-cpu-limit", []verdict{{"docker run " + flags + " alpine", nil, want, ""}})
	}
	v1 := cgroupVersion("1")
	judge(t, "container-spared-by-oom-killer", []verdict{
		{"docker run --oom-score-adj -1 alpine", nil, "medium", ""},
		{"docker run --oom-score-adj 0 alpine", v1, "pass", ""},
		{"docker run --oom-kill-disable alpine", v1, "medium", ""},
		{"docker run --oom-kill-disable -m 64m alpine", v1, "low", ""},
		{"docker run --oom-kill-disable alpine", all(v1, unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.Memory })), "unknown", ""},
		{"docker run --oom-kill-disable alpine", nil, "pass", "no effect"},
	})
	noSwapAccount := setting(func(s *snapshot.Settings) *snapshot.Fact[[]string] { return &s.Warnings }, []string{noSwapLimit})
	unlimited := inContainer(func(c *snapshot.Container) { example.Set(&c.MemorySwap, -1) })
	judge(t, "container-swap-unlimited", []verdict{
		{"docker run -m 64m --memory-swap -1 alpine", nil, "low", ""},
		{"docker run -m 64m --memory-swap -1 alpine", noSwapAccount, "not-applicable", "the kernel counts no swap"},
		{"docker run alpine", unlimited, "not-applicable", "its memory has no limit"},
		{"docker run -m 64m alpine", nil, "pass", ""},
	})
	for policy, want := range map[string]string{
		"no": "pass", "on-failure:1": "pass", "on-failure:5": "pass", "on-failure:6": "low", "on-failure:0": "low", "on-failure": "low", "always": "low", "unless-stopped": "low",
	} {
		judge(t, "container-restart-unbounded", []verdict{{"docker run --restart " + policy + " alpine", nil, want, ""}})
	}
	judge(t, "container-restart-unbounded", []verdict{
		{"docker run alpine", inContainer(func(c *snapshot.Container) { example.Set(&c.RestartPolicy, "") }), "pass", ""},
	})
	for setting, want := range map[string]string{
		"net.ipv4.conf.all.route_localnet=1":           "medium",
		"net.ipv4.conf.eth0.accept_source_route=1":     "low",
		"net.ipv6.conf.all.accept_redirects=1":         "low",
		"net.ipv4.conf.default.rp_filter=0":            "low",
		"net.ipv4.tcp_syncookies=0":                    "low",
		"net.ipv4.icmp_echo_ignore_broadcasts=0":       "low",
		"net.ipv4.conf.all.route_localnet=0":           "pass",
		"net.ipv4.conf.all.rp_filter=2":                "pass",
		"net.ipv4.icmp_ignore_bogus_error_responses=0": "pass",
	} {
		judge(t, "container-sysctl-weakened", []verdict{{"docker run --sysctl " + setting + " alpine", nil, want, ""}})
	}
	judge(t, "container-sysctl-weakened", []verdict{
		{"docker run --sysctl net.ipv4.tcp_syncookies=0 --sysctl net.ipv4.conf.all.route_localnet=1 alpine", nil, "medium",
			"it sets net.ipv4.conf.all.route_localnet=1 (its neighbours reach what listens on its loopback address), net.ipv4.tcp_syncookies=0"},
	})
}

func TestPrograms(t *testing.T) {
	declared := inContainer(func(c *snapshot.Container) { example.Set(&c.State, "declared") })
	exited := inContainer(func(c *snapshot.Container) { example.Set(&c.State, "exited") })
	hidden := running(func(p *snapshot.Process) { p.Programs.Blind(notPermitted) })
	for command, want := range map[string]string{
		"/usr/sbin/sshd -D": "low", "dropbear -F": "low", "sh -c 'a;sshd'": "low", "sh -c 'a&&sshd&'": "low", "sh -c '(sshd)|b'": "low",
		`sh -c "x \"sshd\""`: "low", "sh -c \"x 'sshd' y\"": "low", "sh -c 'a\tsshd\tb'": "low",
		"sshd-session": "pass", "/etc/ssh/sshd_config": "pass", "ssh host": "pass",
	} {
		judge(t, "container-runs-sshd", []verdict{{"docker run alpine " + command, nil, want, ""}})
	}
	judge(t, "container-runs-sshd", []verdict{
		{"docker run alpine", declared, "unknown", ""},
		{"docker run alpine app", declared, "pass", ""},
		{"docker run alpine", exited, "pass", ""},
		{"docker run alpine", programs("app", "dropbear"), "low", "dropbear runs in it"},
		{"docker run alpine app", hidden, "unknown", ""},
		{"docker run alpine sshd", hidden, "low", "its command starts sshd."},
	})
}

func TestFiles(t *testing.T) {
	root := func(path string) func(*snapshot.Snapshot) {
		return setting(func(s *snapshot.Settings) *snapshot.Fact[string] { return &s.DataRoot }, path)
	}
	noRoot := example.Engine(func(e *snapshot.Engine) { e.Settings.DataRoot.Blind(notPermitted) })
	judge(t, "container-sensitive-mount", []verdict{
		{"docker run -v /srv/docker/volumes:/x alpine", root("/srv/docker"), "critical", ""},
		{"docker run -v /srv:/x:ro alpine", root("/srv/docker"), "high", ""},
		{"docker run -v /srv/data:/x alpine", root("/srv/docker"), "pass", ""},
		{"docker run -v /srv/data:/x alpine", noRoot, "pass", ""},
		{"docker run -v /:/x alpine", root("/srv/docker"), "critical", "the host's whole file system"},
		{"docker run -v /var/lib/docker:/x alpine", nil, "critical", ""},
		{"docker run -v /etc/shadow:/a -v /etc/gshadow:/b alpine", nil, "critical", "/etc/shadow at /a"},
		{"docker run -v /lib/modules:/a:ro -v /etc/shadow:/b alpine", nil, "critical", ", and more"},
		{"docker run -v /srv/api/docker.sock:/a alpine", nil, "pass", ""},
		{"docker run -v /run/containerd/containerd.sock:/a alpine", nil, "pass", ""},
		{"docker run -v /root/docker.sock:/a alpine", nil, "pass", ""},
		{"docker run -v /run/systemd/private:/a alpine", nil, "pass", ""},
		{"docker run -v /etc:/x alpine", sockets(nil, snapshot.HostMount{Source: "/etc", Destination: "/x"}), "critical", "start-up files. writing there takes the host over."},
		{"docker run -v /home/bob:/x alpine", nil, "high", "start-up files. ."},
		{"docker run -v /home/bob:/x:ro alpine", nil, "medium", "it can only be read"},
		{"docker run -v /tmp:/x alpine", nil, "medium", "does not take the host over"},
	})
	judge(t, "container-service-socket-mounted", []verdict{
		{"docker run -v /run/user/1000/pulse:/a -v /run/snapd.socket:/b alpine", nil, "critical", "/run/snapd.socket at /b"},
		{"docker run -v /run/snapd.socket:/b -v /run/user/1000/pulse:/a alpine", nil, "critical", "/run/snapd.socket at /b"},
		{"docker run -v /run/user/1000/pulse:/a alpine", nil, "low", "microphone"},
	})
	judge(t, "container-tmpfs-executable", []verdict{
		{"docker run --tmpfs /tmp:exec alpine", nil, "not-applicable", ""},
		{"docker run --read-only --tmpfs /tmp:exec --tmpfs /run:exec alpine", nil, "low", "/run, /tmp"},
		{"docker run --read-only --tmpfs /tmp:exec,ro alpine", nil, "pass", ""},
		{"docker run --read-only -v data:/d alpine", inContainer(func(c *snapshot.Container) {
			list, _ := c.Mounts.Peek()
			list[0].Exec = true
		}), "pass", ""},
	})
	v1 := cgroupVersion("1")
	judge(t, "container-writable-cgroups", []verdict{
		{"docker run --security-opt writable-cgroups=true alpine", nil, "medium", ""},
		{"docker run --security-opt writable-cgroups=true alpine", v1, "high", "on cgroup v1"},
		{"docker run --security-opt writable-cgroups=true --user 1000 alpine", v1, "medium", ""},
		{"docker run --security-opt writable-cgroups=true --privileged alpine", nil, "not-applicable", ""},
	})
	judge(t, "container-unmasked-paths", []verdict{
		{"docker run --security-opt systempaths=unconfined --privileged alpine", nil, "not-applicable", ""},
	})
	judge(t, "container-new-privileges-allowed", []verdict{
		{"docker run --security-opt no-new-privileges=false --privileged alpine", nil, "not-applicable", ""},
	})
	judge(t, "container-seccomp-off", []verdict{
		{"docker run --security-opt seccomp=unconfined --privileged alpine", nil, "not-applicable", ""},
	})
}

func TestPropagation(t *testing.T) {
	judge(t, "container-mount-propagation-shared", []verdict{
		{"docker run -v /srv/a:/a:slave -v /srv/b:/b:ro,shared alpine", nil, "medium", "[/b]=/srv/b:/b:ro"},
		{"docker run -v /srv/b:/b:rshared alpine", nil, "medium", "[/b]=/srv/b:/b:rw"},
	})
}

func TestSocketProxies(t *testing.T) {
	proxy := "-v /run/docker.sock:/s tecnativa/docker-socket-proxy"
	at := func(names ...string) string {
		var run strings.Builder
		for _, name := range names {
			run.WriteString("docker run --name " + name + " --network app alpine\n")
		}
		return run.String() + "docker run --name proxy --network app "
	}
	gone := example.Engine(func(e *snapshot.Engine) { example.Set(&e.Networks, nil) })
	judge(t, "engine-socket-proxy", []verdict{
		{at() + proxy, nil, "medium", "(bind mount)."},
		{at("b", "a") + proxy, nil, "medium", ", open to a, b."},
		{at("a", "b", "c", "d", "e") + proxy, nil, "medium", ", open to a, b, c, d, e."},
		{at("a", "b", "c", "d", "e", "f") + proxy, nil, "medium", ", open to a, b, c, d, e and others."},
		{at("a") + proxy, gone, "medium", "(bind mount)."},
		{at() + "-p 127.0.0.1:2375:2375 " + proxy, nil, "high", ""},
	})
	judge(t, "engine-socket-holder-published", []verdict{
		{"docker run -p 0.0.0.0:2375:2375 " + proxy, nil, "not-applicable", "proxy"},
		{"docker run -p 0.0.0.0:80:80 -v /run/docker.sock:/s alpine", nil, "high", ""},
		{"docker run -p 0.0.0.0:80:80 -v /run/docker.sock:/s alpine", rootless, "medium", ""},
	})
}

func TestHealth(t *testing.T) {
	checked := example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Images.Peek()
		example.Set(&list[0].Health, true)
	})
	noImages := example.Engine(func(e *snapshot.Engine) { example.Set(&e.Images, nil) })
	hidden := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.Health })
	judge(t, "container-no-healthcheck", []verdict{
		{"docker run alpine", nil, "low", ""},
		{"docker run alpine", checked, "pass", ""},
		{"docker run --no-healthcheck alpine", checked, "low", ""},
		{"docker run alpine", noImages, "unknown", ""},
		{"docker run alpine", hidden, "unknown", ""},
	})
	never := inContainer(func(c *snapshot.Container) { example.Set(&c.State, "created") })
	judge(t, "container-restart-loop", []verdict{
		{"docker run alpine", restarted("restarting", 12, time.Hour).Facts, "low", "is being restarted"},
		{"docker run alpine", never, "pass", "it is not being restarted"},
		{"docker run alpine", unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.State }), "unknown", ""},
	})
}
