package livehost

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"seawall/lab"
	"seawall/snapshot"
)

func TestParseOSRelease(t *testing.T) {
	got := parseOSRelease("# x\nID=debian\nVERSION_ID=\"13\"\nPRETTY_NAME='Debian \\$ 13'\nID_LIKE=y\n")
	if want := (snapshot.OS{ID: "debian", Version: "13", Name: "Debian $ 13"}); got != want {
		t.Errorf("got %+v", got)
	}
}

func TestParseUsers(t *testing.T) {
	passwd := "root:x:0:0:root:/root:/bin/bash\n+nis::::::\n#c:x:1:1::/:/bin/sh\nalice:x:1000:1000:A:/home/alice:\n" +
		"www:x:33:33::/var/www:/usr/sbin/nologin\nodd:x:7:4242::/:/bin/false\nshort:x:1\n"
	group := "root:x:0:\nalice:x:1000:alice\ndocker:x:998:alice, www\nwww:x:33:\n"
	var got []string
	for _, u := range parseUsers(passwd, group) {
		s := u.Name + " " + strings.Join(u.Groups, ",")
		if canLogIn(u) {
			s += " logs in"
		}
		got = append(got, s)
	}
	want := []string{"root root logs in", "alice alice,docker logs in", "www www,docker", "odd 4242"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// sysOf makes a sysfs, and a proc, of the given files.
func sysOf(t *testing.T, files map[string]string) vantage {
	t.Helper()
	m := hostTreeOf(t, files)
	m.Proc, m.Sys = filepath.Join(m.Root, "proc"), filepath.Join(m.Root, "sys")
	return vantage{m: m, first: "1"}
}

func TestSecurityModules(t *testing.T) {
	const on = "sys/module/apparmor/parameters/enabled"
	tests := []struct {
		name     string
		files    map[string]string
		lsms     []string
		appArmor snapshot.AppArmor
		profile  string // mode of docker-default
		seLinux  snapshot.Fact[snapshot.SELinux]
	}{
		{"AppArmor", map[string]string{
			"sys/kernel/security/lsm": "capability,landlock,apparmor\n", on: "Y\n",
			"sys/kernel/security/apparmor/profiles": "docker-default (enforce)\n/usr/bin/a b (complain)\nx\n/y (enforce)\n",
		}, []string{"capability", "landlock", "apparmor"},
			snapshot.AppArmor{Enabled: true, Profiles: map[string]int{"enforce": 2, "complain": 1}}, "enforce",
			snapshot.See(snapshot.SELinux{}, snapshot.Origin{})},
		{"AppArmor without securityfs", map[string]string{on: "Y\n", "proc/sys/kernel/yama/ptrace_scope": "1\n"},
			[]string{"yama", "apparmor"}, snapshot.AppArmor{Enabled: true}, "gap", snapshot.See(snapshot.SELinux{}, snapshot.Origin{})},
		{"built in and off", map[string]string{on: "N\n"}, []string{}, snapshot.AppArmor{}, "", snapshot.See(snapshot.SELinux{}, snapshot.Origin{})},
		{"SELinux enforcing", map[string]string{"sys/fs/selinux/enforce": "1"}, []string{"selinux"}, snapshot.AppArmor{}, "",
			snapshot.See(snapshot.SELinux{Enabled: true, Enforcing: true}, snapshot.Origin{})},
		{"SELinux permissive", map[string]string{"sys/fs/selinux/enforce": "0"}, []string{"selinux"}, snapshot.AppArmor{}, "",
			snapshot.See(snapshot.SELinux{Enabled: true}, snapshot.Origin{})},
		{"SELinux, hidden", map[string]string{"sys/fs/selinux/.x": ""}, []string{"selinux"}, snapshot.AppArmor{}, "",
			snapshot.Lost[snapshot.SELinux](snapshot.Gap{}, snapshot.Origin{})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := sysOf(t, tt.files)
			if diff := cmp.Diff(tt.lsms, value(t, v.lsms())); diff != "" {
				t.Errorf("LSMs (-want +got):\n%s", diff)
			}
			appArmor := value(t, v.appArmor())
			profile, ok := appArmor.DockerDefault.Peek()
			if !ok && appArmor.DockerDefault.State() == snapshot.Unreadable {
				profile = "gap"
			}
			if profile != tt.profile {
				t.Errorf("docker-default %q, want %q", profile, tt.profile)
			}
			appArmor.DockerDefault = snapshot.Fact[string]{}
			if diff := cmp.Diff(tt.appArmor, appArmor, cmpopts.EquateComparable(snapshot.Fact[string]{})); diff != "" {
				t.Errorf("AppArmor (-want +got):\n%s", diff)
			}
			got := v.seLinux()
			a, _ := got.Peek()
			b, _ := tt.seLinux.Peek()
			if a != b || got.State() != tt.seLinux.State() {
				t.Errorf("SELinux: got %+v, want %+v", got, tt.seLinux)
			}
		})
	}
}

func TestKernelSettings(t *testing.T) {
	v := sysOf(t, map[string]string{
		"proc/sys/user/max_user_namespaces":                     "15000\n",
		"proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n",
		"proc/sys/kernel/seccomp/actions_avail":                 "kill_process errno log\n",
		"proc/sys/kernel/kptr_restrict":                         "2\n",
		"sys/devices/system/cpu/vulnerabilities/l1tf":           "Not affected\n",
	})
	if ns := value(t, v.userNamespaces()); ns != (snapshot.UserNS{Supported: true}) {
		t.Errorf("user namespaces %+v", ns)
	}
	if !value(t, v.seccomp()) {
		t.Error("no seccomp filters")
	}
	if diff := cmp.Diff(map[string]string{"l1tf": "Not affected"}, value(t, v.vulnerabilities())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	settings := v.sysctls()
	if f := settings["kernel.kptr_restrict"]; value(t, f) != "2" {
		t.Errorf("kptr_restrict %+v", f)
	}
	if f := settings["kernel.dmesg_restrict"]; f.State() != snapshot.Absent {
		t.Errorf("dmesg_restrict %+v", f)
	}
}

func TestUnitOf(t *testing.T) {
	for cgroup, want := range map[string]string{
		"/system.slice/ssh.service": "ssh.service", "/user.slice/user-0.slice/session-3.scope": "session-3.scope",
		"/system.slice/x.service/sub": "x.service", "/": "",
	} {
		if got := unitOf(cgroup); got != want {
			t.Errorf("unitOf(%q) = %q", cgroup, got)
		}
	}
}

func TestContainerCgroup(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	for path, want := range map[string]bool{
		"/docker/" + id: true, "/system.slice/docker-" + id + ".scope": true, "/docker/" + id + "/init.scope": true,
		"/kubepods/burstable/pod1/" + id: true, "/system.slice/ssh.service": false, "/x" + id + "0": false, "/": false,
	} {
		if got := containerCgroup.MatchString(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}

// TestServicesOfRealHost: a server of the host is listed, the engine's port and
// a server in a container with the host's network are not.
func TestServicesOfRealHost(t *testing.T) {
	h := lab.New(t, lab.Options{Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375"}})
	copyIn(t, h)
	h.Run("--network", "host", h.ImportBusybox(), "nc", "-ll", "-p", "7002", "-e", "true")
	server := h.Command(t.Context(), "/usr/bin/busybox", "nc", "-ll", "-p", "7001", "-e", "true")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Process.Kill(); _ = server.Wait() }()
	var list []snapshot.Service
	for range 50 {
		list = value(t, collectAs(t, h, "all").Host.Services)
		if slices.ContainsFunc(list, func(s snapshot.Service) bool { return strings.HasSuffix(s.Address, ":7001") }) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if len(list) != 1 || !list[0].Any() || !strings.HasSuffix(list[0].Address, ":7001") || filepath.Base(list[0].Program) != "busybox" || list[0].PID == 0 {
		t.Errorf("services %+v", list)
	}
}

func FuzzHostFiles(f *testing.F) {
	f.Add("root:x:0:0::/root:/bin/sh\n", "root:x:0:a,b\n")
	f.Add("ID=\"x\"\nPRETTY_NAME='", "docker-default (enforce)\n (x)\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, u := range parseUsers(a, b) {
			if u.Name == "" || len(u.Groups) == 0 || u.UID < 0 {
				t.Errorf("user %+v", u)
			}
		}
		_ = parseOSRelease(a)
		parseProfiles([]byte(b))
	})
}
