package container

import (
	"slices"
	"strings"
	"testing"

	"seawall/hostpath"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

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

// sockets makes the example's last container a running one in which the kernel
// shows these control sockets and mounts.
func sockets(list []snapshot.ControlSocket, mounts ...snapshot.HostMount) func(*snapshot.Snapshot) {
	return running(func(p *snapshot.Process) {
		example.Set(&p.ControlSockets, list)
		example.Set(&p.HostMounts, mounts)
	})
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
	hostpath.Each(&rule.Context{}, &s.Engines[0], &list[0], func(h hostpath.Mounted) { got = append(got, h.Source) })
	if slices.Sort(got); !slices.Equal(got, []string{"/run/x", "/srv"}) {
		t.Errorf("paths of the host: %q", got)
	}
}

// TestPaths: which paths of the host a container has inside, and in which words
// they are told.
func TestPaths(t *testing.T) {
	inDisguise := example.BindVolume("conf", "/etc")
	unsorted := example.Engine(func(e *snapshot.Engine) {
		example.Add(&e.Volumes, snapshot.Volume{Name: "a"})
		example.BindVolume("conf", "/etc")(&snapshot.Snapshot{Engines: []snapshot.Engine{*e}})
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
		{"docker run -v /var/lib/docker/run/docker.sock:/a alpine", nil, "pass", ""},
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
