package currency_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/rule/example"
	"seawall/snapshot"
)

// notices are the words of a kind, those that are not known with a question mark before.
func notices(s *snapshot.Snapshot, kind currency.NoticeKind) []string {
	out := []string{}
	for _, n := range currency.Judge(s, known.BuiltIn()).Waiting {
		switch {
		case n.Kind != kind:
		case n.Known:
			out = append(out, n.Words)
		default:
			out = append(out, "? "+n.Words)
		}
	}
	return out
}

// TestShadowed: a copy of no package stands before a packaged program only where the same
// call would find that one.
func TestShadowed(t *testing.T) {
	const standalone, plugin, ownPlugin = "/usr/local/bin/docker-compose", "/usr/libexec/docker/cli-plugins/docker-compose", "/usr/local/lib/docker/cli-plugins/docker-compose"
	none := snapshot.None[snapshot.Package](snapshot.At("package", "/var/lib/dpkg/info/*.list"))
	packaged := snapshot.See(snapshot.Package{Manager: "dpkg", Name: "docker-compose-plugin", Version: "5.6.0-1"}, snapshot.At("package", "/var/lib/dpkg/status"))
	copied := func(path string) snapshot.Program {
		return snapshot.Program{Name: "docker-compose", Path: path, First: true, Package: none}
	}
	for _, tt := range []struct {
		name         string
		first, other snapshot.Program
		want         int
	}{
		{"a plugin before the packaged plugin", copied(ownPlugin), snapshot.Program{Name: "docker-compose", Path: plugin, Package: packaged}, 1},
		{"a program before the packaged program", copied(standalone), snapshot.Program{Name: "docker-compose", Path: "/usr/bin/docker-compose", Package: packaged}, 1},
		{"a program beside the packaged plugin", copied(standalone), snapshot.Program{Name: "docker-compose", Path: plugin, First: true, Package: packaged}, 0},
		{"a plugin beside the packaged program", copied(ownPlugin), snapshot.Program{Name: "docker-compose", Path: "/usr/bin/docker-compose", First: true, Package: packaged}, 0},
		{"a program of an engine in a container", copied(standalone), snapshot.Program{Name: "docker-compose", Path: "/proc/812/root/usr/bin/docker-compose", Root: "/proc/812/root", Package: packaged}, 0},
	} {
		s := host(t, bookworm)
		s.Host.Software.Programs = snapshot.See([]snapshot.Program{tt.first, tt.other}, snapshot.At("programs", "files"))
		if got := notices(s, currency.ClientShadowed); len(got) != tt.want {
			t.Errorf("%s: %q, want %d", tt.name, got, tt.want)
		}
	}
}

// TestKernelWaiting: how far a kernel is behind what the vendor has, and that of a host
// where no package follows the newest it is not known.
func TestKernelWaiting(t *testing.T) {
	kernel := func(name, v string) snapshot.Package {
		return snapshot.Package{Manager: "dpkg", Name: name, Version: v, Source: "linux", SourceVersion: v}
	}
	const image, meta = "linux-image-6.1.0-18-amd64", "linux-image-amd64"
	const unfollowed = "? whether a newer kernel waits is not known: no package follows those of single kernels, and a newer kernel is one of another name"
	for _, tt := range []struct {
		name      string
		installed []snapshot.Package
		newest    string // of the package that follows
		want      []string
	}{
		{"far behind", []snapshot.Package{kernel(image, "6.1.76-1"), kernel(meta, "6.1.76-1")}, "6.1.192-1", []string{"linux-image-amd64 6.1.76-1 is installed, 6.1.192-1 is in the lists of 2026-10-20, 116 releases of 6.1 later"}},
		{"one behind", []snapshot.Package{kernel(meta, "6.1.191-1")}, "6.1.192-2", []string{"linux-image-amd64 6.1.191-1 is installed, 6.1.192-2 is in the lists of 2026-10-20, one release of 6.1 later"}},
		{"another build of it", []snapshot.Package{kernel(meta, "6.1.192-1")}, "6.1.192-2", []string{"linux-image-amd64 6.1.192-1 is installed, 6.1.192-2 is in the lists of 2026-10-20"}},
		{"another branch", []snapshot.Package{kernel(meta, "6.1.192-1")}, "6.12.117-1", []string{"linux-image-amd64 6.1.192-1 is installed, 6.12.117-1 is in the lists of 2026-10-20"}},
		{"a number of Ubuntu's", []snapshot.Package{kernel(meta, "6.8.0-45.45")}, "6.8.0-50.51", []string{"linux-image-amd64 6.8.0-45.45 is installed, 6.8.0-50.51 is in the lists of 2026-10-20"}},
		{"the newest", []snapshot.Package{kernel(image, "6.1.192-1"), kernel(meta, "6.1.192-1")}, "6.1.192-1", []string{}},
		{"nothing follows", []snapshot.Package{kernel(image, "6.1.76-1")}, "", []string{unfollowed}},
		{"no kernel", []snapshot.Package{}, "", []string{}},
	} {
		s := host(t, bookworm)
		example.Set(&s.Host.Software.Kernel.Installed, tt.installed)
		example.Set(&s.Host.Software.Lists, snapshot.PackageLists{Manager: "apt", UpdatedAt: s.TakenAt, Newest: map[string]string{meta: tt.newest, image: "6.1.76-1"}})
		if diff := cmp.Diff(tt.want, notices(s, currency.KernelWaiting)); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
}

// TestShims: the containers that old shims keep are named.
func TestShims(t *testing.T) {
	s := host(t, bookworm)
	id := func(c string) string { return strings.Repeat(c, 64) }
	example.Set(&s.Engines[0].Containers, []snapshot.Container{{ID: id("a"), Name: "web"}, {ID: id("b"), Name: "db"}})
	shims := snapshot.RunningProgram{Name: "containerd-shim", Path: "/usr/bin/containerd-shim-runc-v2", Fate: snapshot.FileReplaced, Count: 3, PIDs: []int{900, 901}, Containers: []string{id("b"), id("c")}}
	bare := shims
	bare.Fate, bare.Count, bare.Containers = snapshot.FileRemoved, 2, nil
	s.Host.Software.Running = snapshot.See([]snapshot.RunningProgram{shims, bare}, snapshot.At("exe", "/proc/*/exe"))
	want := []string{
		"3 × containerd-shim from /usr/bin/containerd-shim-runc-v2, a file that was replaced meanwhile (process 900, 901; of the containers db, cccccccccccc, 1 more)",
		"2 × containerd-shim from /usr/bin/containerd-shim-runc-v2, a file that was removed meanwhile (process 900, 901)",
	}
	if diff := cmp.Diff(want, notices(s, currency.ProcessOutdated)); diff != "" {
		t.Error(diff)
	}
}

// TestPhased: a version that some machines get first does not wait for all.
func TestPhased(t *testing.T) {
	for _, tt := range []struct {
		name, newest, phased string
		want                 []string
	}{
		{"newer", "", "1.1.5+ds1-1+deb12u9", []string{"? whether a newer runc waits is not known: 1.1.5+ds1-1+deb12u1 is installed, and 1.1.5+ds1-1+deb12u9 comes to 20 % of machines as yet (a phased update)"}},
		{"installed", "", "1.1.5+ds1-1+deb12u1", []string{}},
		{"beside one for all", "1.1.5+ds1-1+deb12u8", "1.1.5+ds1-1+deb12u9", []string{"runc 1.1.5+ds1-1+deb12u1 is installed, 1.1.5+ds1-1+deb12u8 is in the lists of 2026-10-20"}},
	} {
		s := host(t, bookworm)
		example.Set(&s.Host.Software.Lists, snapshot.PackageLists{Manager: "apt", UpdatedAt: s.TakenAt, Newest: map[string]string{"runc": tt.newest}, Phased: map[string]snapshot.PhasedVersion{"runc": {Version: tt.phased, Percent: 20}}})
		if diff := cmp.Diff(tt.want, notices(s, currency.UpdateWaiting)); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
}

// TestTimers: updates that are turned on do not come where nothing starts them.
func TestTimers(t *testing.T) {
	for _, tt := range []struct {
		is   snapshot.Unattended
		want []string
	}{
		{snapshot.Unattended{Installed: true, Enabled: "1"}, []string{}},
		{snapshot.Unattended{Installed: true, Enabled: "1", TimersOff: []string{"apt-daily.timer is masked"}}, []string{"updates are not installed by themselves: unattended-upgrades is turned on, and apt-daily.timer is masked"}},
		{snapshot.Unattended{Installed: true, TimersOff: []string{"apt-daily.timer is masked"}}, []string{"updates are not installed by themselves: unattended-upgrades is installed and not turned on"}},
	} {
		s := host(t, bookworm)
		example.Set(&s.Host.Software.Unattended, tt.is)
		if diff := cmp.Diff(tt.want, notices(s, currency.NoUnattended)); diff != "" {
			t.Error(diff)
		}
	}
}
