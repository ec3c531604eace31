package advice_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/advice"
	"seawall/observation"
	"seawall/snapshot"
	"seawall/source/runline"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// fact is a fact that was seen.
func fact[T any](v T) snapshot.Fact[T] { return snapshot.See(v, snapshot.At("fact", "test")) }

// gap is a fact that was not.
func gap[T any]() snapshot.Fact[T] {
	return snapshot.Lost[T](snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "hidden"}, snapshot.At("fact", "test"))
}

// used is a check that counts, by root at the start.
func used(name, call, argument string) observation.Capability {
	start := 0.1
	return observation.Capability{
		Capability: name, Outcome: observation.Granted, Session: observation.Workload, Syscall: call, Argument: argument,
		Process: "p", PID: 1, First: noon, AfterStart: &start, Count: 1,
	}
}

// of changes a check.
func of(c observation.Capability, change func(*observation.Capability)) observation.Capability {
	change(&c)
	return c
}

// input is a container of a docker run line, whose image has no program that gives
// privileges, watched for an hour through a start and an end.
func input(t *testing.T, line string, checks ...observation.Capability) advice.Input {
	t.Helper()
	c, err := runline.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	bounding := snapshot.DefaultCaps
	return advice.Input{
		Engine: &snapshot.Engine{Settings: snapshot.Settings{
			Rootless: fact(false), UserNSRemap: fact(false), NoNewPrivileges: fact(false), SeccompProfile: fact("builtin"),
		}},
		Container: &c,
		Image: &snapshot.Image{User: fact(""), ImageContents: snapshot.ImageContents{
			SetIDFiles: fact([]snapshot.ImageFile{}), CapabilityFiles: fact([]snapshot.ImageFile{}),
		}},
		Seen: &observation.Container{
			Name: "web", Bounding: &bounding, Capabilities: checks,
			Watched:  observation.Watched{Seconds: 3600, SyscallSeconds: 60, Starts: 1, Ends: 1},
			Syscalls: []observation.Syscalls{{Session: observation.Workload, Names: []string{"read", "socket", "write"}}},
		},
		Usage: snapshot.Usage{
			Changes: fact([]snapshot.Change{}), Directories: fact([]snapshot.Directory{}), Pids: fact(int64(3)), Memory: fact(int64(10 << 20)),
		},
	}
}

// changed is an input changed.
func changed(in advice.Input, change func(*advice.Input)) advice.Input {
	change(&in)
	return in
}

func TestCapabilities(t *testing.T) {
	chown, kill := used("CHOWN", "chown", "/data"), used("KILL", "kill", "signal 15")
	exec := of(kill, func(c *observation.Capability) { c.Session = observation.Exec })
	ping := func(caps snapshot.CapSet, effective bool) func(*advice.Input) {
		return func(in *advice.Input) {
			in.Image.CapabilityFiles = fact([]snapshot.ImageFile{{Path: "/bin/ping", Capabilities: caps, CapsEffective: effective}})
		}
	}
	raw := snapshot.Caps("NET_RAW")
	tests := []struct {
		name    string
		in      advice.Input
		verdict advice.Verdict
		add     string
		reason  string
	}{
		{"used", input(t, "docker run x", chown, kill), advice.Holds, "CHOWN KILL", ""},
		{"none", input(t, "docker run x"), advice.Holds, "", ""},
		{"set aside", input(t, "docker run x", of(chown, func(c *observation.Capability) { c.Aside = observation.Probe })), advice.Holds, "", ""},
		{"refused", input(t, "docker run x", of(used("SYS_ADMIN", "mount", ""), func(c *observation.Capability) { c.Outcome = observation.Denied })), advice.Holds, "", "asked for SYS_ADMIN"},
		{"by an exec session", input(t, "docker run x", chown, exec), advice.Holds, "CHOWN", ""},
		{"by a health check", input(t, "docker run --health-cmd x x", chown, exec), advice.Holds, "CHOWN KILL", ""},
		{"no start", changed(input(t, "docker run x", chown), func(in *advice.Input) { in.Seen.Watched.Starts = 0 }), advice.Tentative, "CHOWN", "no start was seen"},
		{"a marked program", changed(input(t, "docker run x", chown), ping(raw, true)), advice.Holds, "CHOWN NET_RAW", ""},
		{"a program that raises it itself", changed(input(t, "docker run x", chown), ping(raw, false)), advice.Holds, "CHOWN", ""},
		{"a marked program that cannot start", changed(input(t, "docker run x", chown), ping(snapshot.Caps("SYS_ADMIN"), true)), advice.Holds, "CHOWN", "cannot be started"},
		{"files unread", changed(input(t, "docker run x", chown), func(in *advice.Input) { in.Image.CapabilityFiles = gap[[]snapshot.ImageFile]() }), advice.Holds, "CHOWN", "files were not read"},
		{"not watched", changed(input(t, "docker run x"), func(in *advice.Input) { in.Seen = nil }), advice.Unknown, "", "no advice to keep them"},
		{"not watched, settings unread", changed(input(t, "docker run x"), func(in *advice.Input) {
			in.Seen, in.Container.CapAdd = nil, gap[snapshot.CapSet]()
		}), advice.Unknown, "", "can hold is not known"},
		{"not watched, a user", changed(input(t, "docker run --user 33 x"), func(in *advice.Input) { in.Seen = nil }), advice.Holds, "", "it can hold none"},
		{"not watched, a user, sudo", changed(input(t, "docker run --user 33 x"), func(in *advice.Input) {
			in.Seen, in.Image.SetIDFiles = nil, fact([]snapshot.ImageFile{{Path: "/usr/bin/sudo"}})
		}), advice.Unknown, "", ""},
		{"not watched, a user, files unread", changed(input(t, "docker run --user 33 x"), func(in *advice.Input) { in.Seen, in.Image = nil, nil }), advice.Unknown, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := advice.For(test.in).Capabilities
			if got.Verdict != test.verdict || got.Set().String() != test.add || !strings.Contains(strings.Join(got.Reasons, "; "), test.reason) {
				t.Errorf("%s [%s] %q, want %s [%s] and %q", got.Verdict, got.Set(), got.Reasons, test.verdict, test.add, test.reason)
			}
			for _, c := range got.Add {
				if c.Reason == "" || c.Cause == advice.Used && len(c.Evidence) == 0 {
					t.Errorf("%s has no reason: %+v", c.Name, c)
				}
			}
		})
	}
}

func TestIdleCapabilities(t *testing.T) {
	got := advice.For(input(t, "docker run x", used("CHOWN", "chown", "/data"))).Capabilities
	if want := snapshot.DefaultCaps &^ snapshot.Caps("CHOWN"); got.Idle != want || got.HeldNow != snapshot.DefaultCaps {
		t.Errorf("idle %s of %s", got.Idle, got.HeldNow)
	}
}

func TestNoNewPrivileges(t *testing.T) {
	sudo := func(in *advice.Input) { in.Image.SetIDFiles = fact([]snapshot.ImageFile{{Path: "/usr/bin/sudo"}}) }
	by := func(uid int) observation.Capability {
		return of(used("KILL", "kill", "signal 15"), func(c *observation.Capability) { c.UID = uid })
	}
	tests := []struct {
		name string
		in   advice.Input
		want advice.Verdict
	}{
		{"nothing that gives", input(t, "docker run x"), advice.Holds},
		{"set", input(t, "docker run --security-opt no-new-privileges x"), advice.Already},
		{"sudo, run by root", changed(input(t, "docker run x", by(0)), sudo), advice.Holds},
		{"sudo, run by a user", changed(input(t, "docker run x", by(33)), sudo), advice.Fails},
		{"kept by a user that root became", changed(input(t, "docker run x", used("SETUID", "setresuid", "33, 33, 33"), by(33)), sudo), advice.Tentative},
		{"sudo, starts as a user", changed(input(t, "docker run --user 33 x"), sudo), advice.Tentative},
		{"sudo, not watched", changed(changed(input(t, "docker run x"), sudo), func(in *advice.Input) { in.Seen = nil }), advice.Unknown},
		{"files unread", changed(input(t, "docker run x"), func(in *advice.Input) { in.Image.SetIDFiles = gap[[]snapshot.ImageFile]() }), advice.Tentative},
		{"nothing known", changed(input(t, "docker run x"), func(in *advice.Input) { in.Image, in.Seen = nil, nil }), advice.Unknown},
		{"remapped root is root", changed(changed(input(t, "docker run x", by(100000)), sudo), func(in *advice.Input) {
			in.Container.Process = fact(snapshot.Process{PID: 7, UIDMap: fact([]snapshot.IDMap{{Inside: 0, Outside: 100000, Length: 65536}})})
		}), advice.Holds},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := advice.For(test.in).NoNewPrivileges; got.Verdict != test.want || len(got.Reasons) == 0 {
				t.Errorf("%+v, want %s", got, test.want)
			}
		})
	}
}

func TestUser(t *testing.T) {
	drop := []observation.Capability{used("CHOWN", "fchownat", "/data"), used("SETGID", "setresgid", "33, 33, 33"), used("SETUID", "setresuid", "33, 33, 33")}
	tests := []struct {
		name string
		in   advice.Input
		want advice.Verdict
		runs string
		says string
	}{
		{"a user", input(t, "docker run --user 33 x"), advice.Already, "", ""},
		{"uses nothing", input(t, "docker run x"), advice.Tentative, "", "any user will do"},
		{"becomes a user", input(t, "docker run x", drop...), advice.Tentative, "33:33", "/data"},
		{"becomes several", input(t, "docker run x", append(drop, used("SETUID", "setuid", "34"))...), advice.Fails, "", ""},
		{"needs more", input(t, "docker run x", append(drop, used("NET_ADMIN", "setsockopt", ""))...), advice.Fails, "33:33", "NET_ADMIN"},
		{"stays root", input(t, "docker run x", used("CHOWN", "chown", "/data")), advice.Fails, "", "not seen to become"},
		{"not watched", changed(input(t, "docker run x"), func(in *advice.Input) { in.Seen = nil }), advice.Unknown, "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := advice.For(test.in).User
			if got.Verdict != test.want || got.Runs != test.runs || !strings.Contains(strings.Join(got.Reasons, "; "), test.says) {
				t.Errorf("%+v, want %s %q %q", got, test.want, test.runs, test.says)
			}
		})
	}
}

func TestReadOnly(t *testing.T) {
	dir := func(path string, uid, kept int) snapshot.Directory {
		return snapshot.Directory{Path: path, Mode: 0o755, UID: uid, GID: uid, Kept: kept}
	}
	with := func(dirs []snapshot.Directory, changes ...string) func(*advice.Input) {
		return func(in *advice.Input) {
			var list []snapshot.Change
			for _, c := range changes {
				kind := map[byte]snapshot.ChangeKind{'A': snapshot.ChangeAdded, 'C': snapshot.ChangeModified, 'D': snapshot.ChangeDeleted}[c[0]]
				list = append(list, snapshot.Change{Path: c[2:], Kind: kind})
			}
			in.Usage.Changes, in.Usage.Directories = fact(list), fact(dirs)
		}
	}
	seenIn := func(dirs []snapshot.Directory, written ...string) func(*advice.Input) {
		return func(in *advice.Input) {
			in.Usage.Directories = fact(dirs)
			for _, w := range written {
				in.Seen.Written = append(in.Seen.Written, observation.Written{Directory: w, Session: observation.Workload})
			}
		}
	}
	tests := []struct {
		name    string
		change  func(*advice.Input)
		verdict advice.Verdict
		places  []string
	}{
		{"nothing written", func(*advice.Input) {}, advice.Tentative, []string{"tmpfs /tmp mode=1777"}},
		{"a pid file", with([]snapshot.Directory{dir("/run", 0, 0)}, "C /run", "A /run/x.pid"), advice.Tentative, []string{"tmpfs /run mode=0755", "tmpfs /tmp mode=1777"}},
		{"a directory that would be hidden", with([]snapshot.Directory{{Path: "/run", Mode: 0o755, Below: []snapshot.Directory{dir("/run/lock", 33, 0)}}}, "C /run", "A /run/x.pid"), advice.Tentative, []string{"tmpfs /run mode=0755", "tmpfs /run/lock mode=0755,uid=33,gid=33", "tmpfs /tmp mode=1777"}},
		{"a directory with files of the image", with([]snapshot.Directory{dir("/var/cache/x", 0, 2)}, "C /var/cache/x", "A /var/cache/x/y"), advice.Tentative, []string{"tmpfs /tmp mode=1777", "volume /var/cache/x mode=0755"}},
		{"data", with([]snapshot.Directory{dir("/var/lib/x", 33, 0), dir("/var/lib/x/y", 33, 0)}, "C /var/lib/x", "A /var/lib/x/y", "A /var/lib/x/y/z"), advice.Tentative, []string{"tmpfs /tmp mode=1777", "volume /var/lib/x mode=0755,uid=33,gid=33"}},
		{"a place in a volume", with([]snapshot.Directory{dir("/srv", 0, 3), dir("/srv/a", 0, 3)}, "C /srv", "A /srv/x", "C /srv/a", "A /srv/a/y"), advice.Tentative, []string{"volume /srv mode=0755", "tmpfs /tmp mode=1777"}},
		{"a directory given away", with([]snapshot.Directory{dir("/run/x", 33, 0), dir("/run", 0, 1)}, "C /run", "C /run/x"), advice.Tentative, []string{"tmpfs /run/x mode=0755,uid=33,gid=33", "tmpfs /tmp mode=1777"}},
		{"a file of the system", with([]snapshot.Directory{dir("/etc", 0, 90)}, "C /etc", "C /etc/passwd"), advice.Fails, []string{}},
		{"in the root", with([]snapshot.Directory{dir("/", 0, 20)}, "A /x"), advice.Fails, []string{}},
		{"removed", with([]snapshot.Directory{dir("/srv", 0, 3)}, "C /srv", "D /srv/x"), advice.Tentative, []string{"volume /srv mode=0755", "tmpfs /tmp mode=1777"}},
		{"made for a mount", func(in *advice.Input) {
			with([]snapshot.Directory{dir("/", 0, 20), dir("/a", 0, 0), dir("/a/b", 0, 0)}, "A /a", "A /a/b")(in)
			in.Container.Mounts = fact([]snapshot.Mount{{Type: "volume", Destination: "/a/b"}})
		}, advice.Tentative, []string{"tmpfs /tmp mode=1777"}},
		{"seen in a directory that is gone", seenIn([]snapshot.Directory{dir("/srv", 0, 3)}, "/srv/gone"), advice.Tentative, []string{"volume /srv mode=0755", "tmpfs /tmp mode=1777"}},
		{"seen in the root", seenIn(nil, "/", "/gone"), advice.Fails, []string{}},
		{"seen where nobody looked", seenIn(nil, "/run/x", "/srv/x"), advice.Tentative, []string{"tmpfs /run/x mode=1777", "volume /srv/x mode=1777", "tmpfs /tmp mode=1777"}},
		{"seen by an exec session", func(in *advice.Input) {
			seenIn([]snapshot.Directory{dir("/srv", 0, 3)}, "/srv")(in)
			in.Seen.Written[0].Session = observation.Exec
		}, advice.Tentative, []string{"tmpfs /tmp mode=1777"}},
		{"all of it seen", func(in *advice.Input) {
			seenIn([]snapshot.Directory{dir("/srv", 0, 3)}, "/srv")(in)
			in.Seen.Watched = observation.Watched{Seconds: 3600, Starts: 2, Recorded: 2}
		}, advice.Holds, []string{"volume /srv mode=0755", "tmpfs /tmp mode=1777"}},
		{"seen below a place that it made", func(in *advice.Input) {
			with([]snapshot.Directory{dir("/srv", 0, 3), dir("/srv/a", 0, 0)}, "C /srv", "A /srv/a")(in)
			in.Seen.Written = []observation.Written{{Directory: "/srv/a", Name: "x", Session: observation.Workload}}
		}, advice.Tentative, []string{"volume /srv mode=0755", "tmpfs /tmp mode=1777"}},
		{"not told", func(in *advice.Input) { in.Usage.Changes = gap[[]snapshot.Change]() }, advice.Unknown, []string{}},
		{"directories not seen", func(in *advice.Input) { in.Usage.Directories = gap[[]snapshot.Directory]() }, advice.Unknown, []string{}},
		{"set", func(in *advice.Input) { in.Container.ReadonlyRootfs = fact(true) }, advice.Already, []string{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := advice.For(changed(input(t, "docker run x"), test.change)).ReadOnly
			places := []string{}
			for _, p := range got.Places {
				kind := "volume "
				if p.Tmpfs {
					kind = "tmpfs "
				}
				places = append(places, kind+p.Path+" "+p.Options())
			}
			if got.Verdict != test.verdict || !cmp.Equal(places, test.places) {
				t.Errorf("%s %q %q, want %s %q", got.Verdict, places, got.Reasons, test.verdict, test.places)
			}
		})
	}
}

func TestPorts(t *testing.T) {
	listen := func(addresses ...string) func(*advice.Input) {
		return func(in *advice.Input) {
			for _, a := range addresses {
				in.Seen.Sockets = append(in.Seen.Sockets, observation.Socket{Kind: observation.Listen, Session: observation.Workload, Protocol: "tcp", Address: a})
			}
		}
	}
	const line = "docker run -p 127.0.0.1:8080:80 -p 9000:9000 x"
	tests := []struct {
		name       string
		in         advice.Input
		verdict    advice.Verdict
		idle, keep string
	}{
		{"one idle", changed(input(t, line), listen("0.0.0.0:80")), advice.Holds, "9000:9000", "127.0.0.1:8080:80"},
		{"all used", changed(input(t, line), listen("0.0.0.0:80", "[::]:9000")), advice.Already, "", "127.0.0.1:8080:80 9000:9000"},
		{"inside only", changed(input(t, line), listen("0.0.0.0:80", "127.0.0.1:9000")), advice.Holds, "9000:9000", "127.0.0.1:8080:80"},
		{"udp", changed(input(t, "docker run -p 53:53/udp x"), listen()), advice.Already, "", "53:53/udp"},
		{"none published", input(t, "docker run x"), advice.Already, "", ""},
		{"no start seen", changed(input(t, line), func(in *advice.Input) { in.Seen.Watched.Starts = 0 }), advice.Unknown, "", "127.0.0.1:8080:80 9000:9000"},
		{"lost", changed(input(t, line), func(in *advice.Input) { in.Seen.Lost.Sockets = 1 }), advice.Unknown, "", "127.0.0.1:8080:80 9000:9000"},
		{"not watched", changed(input(t, line), func(in *advice.Input) { in.Seen = nil }), advice.Unknown, "", "127.0.0.1:8080:80 9000:9000"},
		{"a short watch", changed(changed(input(t, line), listen("0.0.0.0:80")), func(in *advice.Input) { in.Seen.Watched.Seconds = 5 }), advice.Tentative, "9000:9000", "127.0.0.1:8080:80"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := advice.For(test.in).Ports
			if idle, keep := portTexts(got.Idle), portTexts(got.Keep); got.Verdict != test.verdict || idle != test.idle || keep != test.keep {
				t.Errorf("%s idle %q keep %q, want %s %q %q", got.Verdict, idle, keep, test.verdict, test.idle, test.keep)
			}
		})
	}
}

func portTexts(list []snapshot.Port) string {
	var out []string
	for _, p := range list {
		out = append(out, advice.PortText(p))
	}
	return strings.Join(out, " ")
}

func TestLimits(t *testing.T) {
	a := advice.For(input(t, "docker run x"))
	if a.Pids.Value != 64 || a.Pids.Verdict != advice.Tentative || a.Memory.Value != 64<<20 || a.Memory.Verdict != advice.Tentative {
		t.Errorf("pids %+v, memory %+v", a.Pids, a.Memory)
	}
	a = advice.For(changed(input(t, "docker run --pids-limit 100 x"), func(in *advice.Input) {
		in.Usage.Memory = gap[int64]()
	}))
	if a.Pids.Verdict != advice.Already || a.Memory.Verdict != advice.Unknown {
		t.Errorf("pids %+v, memory %+v", a.Pids, a.Memory)
	}
	a = advice.For(changed(input(t, "docker run x"), func(in *advice.Input) { in.Usage.Pids, in.Usage.Memory = fact(int64(33)), fact(int64(100<<20)) }))
	if a.Pids.Value != 140 || a.Memory.Value != 208<<20 {
		t.Errorf("pids %d, memory %d MiB, want 140 and 208", a.Pids.Value, a.Memory.Value>>20)
	}
}

func TestFlags(t *testing.T) {
	in := changed(input(t, "docker run --privileged -p 80:80 x", used("CHOWN", "chown", "/data")), func(in *advice.Input) {
		in.Usage.Changes = fact([]snapshot.Change{{Path: "/srv/x", Kind: snapshot.ChangeAdded}})
		in.Usage.Directories = fact([]snapshot.Directory{{Path: "/srv", Mode: 0o755, Kept: 1}})
	})
	in.Container.Name = "web"
	a := advice.For(in)
	want := []string{"--cap-drop=ALL", "--cap-add=CHOWN", "--security-opt=no-new-privileges", "--read-only",
		"--volume=web-srv:/srv", "--tmpfs=/tmp:mode=1777", "--pids-limit=64", "--security-opt=seccomp=p.json", "--security-opt=apparmor=seawall-web"}
	if diff := cmp.Diff(want, a.Flags(advice.Files{Seccomp: "p.json", AppArmor: "web.profile"})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"--privileged", "-p 80:80"}, a.Remove); diff != "" {
		t.Error(diff)
	}
	unknown := advice.For(changed(in, func(in *advice.Input) { in.Seen, in.Image, in.Usage = nil, nil, snapshot.Usage{} }))
	if got := unknown.Flags(advice.Files{Seccomp: "p.json", AppArmor: "p"}); got != nil {
		t.Errorf("nothing known, and advised are %q", got)
	}
}

// TestSeen: what was seen of a container is found under its id, and of earlier ones of
// the same name and image on the same host.
func TestSeen(t *testing.T) {
	c := &snapshot.Container{ID: "1", Name: "web", Image: fact("nginx")}
	o := &observation.Observation{Host: observation.Host{Name: "host"}, Containers: []observation.Container{
		{ID: "0", Name: "web", Image: "nginx", Watched: observation.Watched{Starts: 1}},
		{ID: "1", Name: "web", Image: "nginx", Watched: observation.Watched{Starts: 2}},
		{ID: "2", Name: "web", Image: "other", Watched: observation.Watched{Starts: 4}},
		{ID: "3", Name: "db", Image: "nginx", Watched: observation.Watched{Starts: 8}},
		{ID: "4", Name: "web", Image: "nginx", Service: "web", Project: "p", Watched: observation.Watched{Starts: 16}},
	}}
	for host, want := range map[string]int{"host": 3, "another": 2} {
		if got := o.Of(host, c); got == nil || got.Watched.Starts != want {
			t.Errorf("on %s: %+v, want %d starts", host, got, want)
		}
	}
	if o.Containers[0].Watched.Starts != 1 {
		t.Error("the observation was changed")
	}
	service := &snapshot.Container{ID: "9", Name: "p-web-1", Service: "web", Project: "p", Image: fact("nginx")}
	if got := o.Of("host", service); got == nil || got.Watched.Starts != 16 {
		t.Errorf("the service: %+v", got)
	}
	if (*observation.Observation)(nil).Of("host", c) != nil || o.Of("host", &snapshot.Container{ID: "7", Name: "x"}) != nil {
		t.Error("something was seen of nothing")
	}
}
