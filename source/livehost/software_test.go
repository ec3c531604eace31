package livehost

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
	"seawall/source/hostfile"
)

// tree makes files below a new root: programs where the text is "#!", links where
// it begins with "->".
func tree(t *testing.T, files map[string]string) vantage {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(text, "->"); ok {
			err = os.Symlink(target, path)
		} else if text == "#!" {
			err = os.WriteFile(path, []byte(text), 0o755)
		} else {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return vantage{m: Machine{Proc: "/proc", Sys: "/sys", Root: root, Files: hostfile.New(root).As("/")}, first: "1"}
}

func stanza(name, version, more string) string {
	return "Package: " + name + "\nStatus: install ok installed\nVersion: " + version + "\n" + more + "\n"
}

// packages tells of each program whose package it is, "none" or why not.
func packagesOf(t *testing.T, v vantage) map[string]string {
	t.Helper()
	none := snapshot.See([]snapshot.RunningProgram{}, snapshot.At("exe", "/proc"))
	programs, ok := v.programs(none, newOwners(v.m.Files)).Peek()
	if !ok {
		t.Fatal("programs were not read")
	}
	out := map[string]string{}
	for _, p := range programs {
		pkg, _ := p.Package.Peek()
		text := pkg.Manager + " " + pkg.Name + " " + pkg.Version
		switch p.Package.State() {
		case snapshot.Absent:
			text = "none"
		case snapshot.Unreadable:
			text = string(p.Package.Gap().Reason)
		}
		if p.First {
			text += ", first"
		}
		out[p.Path] = text
	}
	return out
}

func TestPackagesOfPrograms(t *testing.T) {
	for name, tt := range map[string]struct {
		files map[string]string
		want  map[string]string
	}{
		"dpkg": {map[string]string{
			"usr/sbin/dockerd": "#!", "usr/bin/docker": "#!", "usr/local/bin/docker": "#!", "usr/bin/runc": "#!", "usr/bin/containerd": "plain file",
			"usr/libexec/docker/cli-plugins/docker-compose": "#!",
			"var/lib/dpkg/status":                           stanza("docker.io", "20.10.24+dfsg1-1+b6", "") + stanza("runc", "1.1.5-1", "") + stanza("odd-name", "2", ""),
			"var/lib/dpkg/info/docker.io.list":              "/.\n/usr/sbin/dockerd\n/usr/bin/docker\n",
			"var/lib/dpkg/info/runc:amd64.list":             "/bin/runc\n", // as packages before the merge of /bin and /usr/bin wrote it
			"var/lib/dpkg/info/odd-name.list":               "/usr/libexec/docker/cli-plugins/docker-compose",
		}, map[string]string{
			"/usr/sbin/dockerd": "dpkg docker.io 20.10.24+dfsg1-1+b6, first", "/usr/bin/docker": "dpkg docker.io 20.10.24+dfsg1-1+b6", "/usr/local/bin/docker": "none, first",
			"/usr/bin/runc": "dpkg runc 1.1.5-1, first", "/usr/libexec/docker/cli-plugins/docker-compose": "dpkg odd-name 2, first",
		}},
		"links to one file": {map[string]string{
			"usr/bin/dockerd": "#!", "bin": "->usr/bin", "var/lib/dpkg/status": stanza("docker-ce", "1", ""), "var/lib/dpkg/info/docker-ce.list": "/usr/bin/dockerd\n",
		}, map[string]string{"/usr/bin/dockerd": "dpkg docker-ce 1, first"}},
		"a broken database": {map[string]string{"usr/bin/docker": "#!", "var/lib/dpkg/status": "", "var/lib/dpkg/info/a.list": ""}, map[string]string{"/usr/bin/docker": "failed, first"}},
		"apk": {map[string]string{
			"usr/bin/dockerd": "#!", "usr/bin/docker": "#!", "lib/apk/db/installed": "P:docker-engine\nV:26.1.5-r0\nF:usr/bin\nR:dockerd\n\n",
		}, map[string]string{"/usr/bin/dockerd": "apk docker-engine 26.1.5-r0, first", "/usr/bin/docker": "none, first"}},
		"a broken database of rpm":   {map[string]string{"usr/bin/dockerd": "#!", "usr/lib/sysimage/rpm/rpmdb.sqlite": "x"}, map[string]string{"/usr/bin/dockerd": "failed, first"}},
		"a database of another kind": {map[string]string{"usr/bin/dockerd": "#!", "var/lib/rpm/Other": "x"}, map[string]string{"/usr/bin/dockerd": "unsupported, first"}},
		"snap": {map[string]string{
			"snap/docker/2915/bin/docker": "#!", "snap/docker/current": "->2915", "snap/docker/2915/meta/snap.yaml": "name: docker\nversion: 24.0.5\n", "usr/bin/docker": "->/snap/docker/current/bin/docker",
		}, map[string]string{"/usr/bin/docker": "snap docker 24.0.5, first"}},
		"nothing": {map[string]string{"usr/bin/runc": "#!"}, map[string]string{"/usr/bin/runc": "none, first"}},
	} {
		if diff := cmp.Diff(tt.want, packagesOf(t, tree(t, tt.files))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestPackageLists(t *testing.T) {
	v := tree(t, map[string]string{
		"usr/bin/docker": "#!", "var/lib/dpkg/status": stanza("docker.io", "1.0-1", "") + stanza("linux-image-amd64", "6.1.1-1", "") + stanza("unattended-upgrades", "1", ""),
		"var/lib/dpkg/info/docker.io.list":          "/usr/bin/docker\n",
		"var/lib/apt/lists/a_main_Packages":         "Package: docker.io\nVersion: 1.0-1\n\nPackage: docker.io\nVersion: 1.0-3\n\nPackage: other\nVersion: 9\n",
		"var/lib/apt/lists/b_updates_Packages":      "Package: docker.io\nVersion: 1.0-2\n\nPackage: linux-image-amd64\nVersion: 6.1.9-1\n",
		"var/lib/apt/lists/partial/x":               "",
		"etc/apt/preferences.d/keep":                "Package: *\n",
		"etc/apt/apt.conf.d/20auto-upgrades":        `APT::Periodic::Unattended-Upgrade "1";`,
		"run/reboot-required":                       "*** System restart required ***\n",
		"run/reboot-required.pkgs":                  "linux-base\nlinux-base\ndbus\n",
		"var/lib/apt/lists/c_main_i18n_Translation": "Package: docker.io\nVersion: 99\n",
	})
	day := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	for _, name := range []string{"a_main_Packages", "b_updates_Packages", "partial"} {
		if err := os.Chtimes(filepath.Join(v.m.Root, aptLists, name), day, day); err != nil {
			t.Fatal(err)
		}
	}
	s := v.software(t.Context(), newOwners(v.m.Files), true)
	want := snapshot.PackageLists{Manager: "apt", UpdatedAt: day, Newest: map[string]string{"docker.io": "1.0-3", "linux-image-amd64": "6.1.9-1"}, Pins: []string{"/etc/apt/preferences.d/keep"}}
	lists, _ := s.Lists.Peek()
	if diff := cmp.Diff(want, lists); diff != "" {
		t.Error(diff, s.Lists.Gap())
	}
	if names, _ := s.RebootRequired.Peek(); !cmp.Equal(names, []string{"dbus", "linux-base"}) {
		t.Errorf("a restart is wanted by %v", names)
	}
	if u, _ := s.Unattended.Peek(); !cmp.Equal(u, snapshot.Unattended{Installed: true, Enabled: "1"}) {
		t.Errorf("unattended upgrades are %+v", u)
	}
	if s := v.software(t.Context(), newOwners(v.m.Files), false); s.Lists.State() != snapshot.Unreadable || s.Lists.Gap().Remedy == "" {
		t.Error("lists that nobody asked for are read")
	}
	empty := tree(t, nil)
	bare := empty.software(t.Context(), newOwners(empty.m.Files), true)
	if bare.RebootRequired.State() != snapshot.Absent || bare.Unattended.State() != snapshot.Absent || bare.Lists.State() != snapshot.Unreadable {
		t.Errorf("a host without apt: %v, %v, %v", bare.RebootRequired, bare.Unattended, bare.Lists)
	}
}

// TestUnattended: which files of apt's configuration count, and what turns all daily work
// off.
func TestUnattended(t *testing.T) {
	const on, off, never = `APT::Periodic::Unattended-Upgrade "1";`, `APT::Periodic::Unattended-Upgrade "0";`, `APT::Periodic::Enable "0";`
	for name, tt := range map[string]struct {
		files map[string]string
		want  string
	}{
		"on":                          {map[string]string{"etc/apt/apt.conf.d/20auto-upgrades": on}, "1"},
		"the last file counts":        {map[string]string{"etc/apt/apt.conf.d/20auto-upgrades": on, "etc/apt/apt.conf.d/99local.conf": off}, "0"},
		"apt.conf is the last":        {map[string]string{"etc/apt/apt.conf.d/20auto-upgrades": off, "etc/apt/apt.conf": on}, "1"},
		"a copy that apt passes over": {map[string]string{"etc/apt/apt.conf.d/20auto-upgrades.bak": on, "etc/apt/apt.conf.d/10x": "x"}, ""},
		"a later copy":                {map[string]string{"etc/apt/apt.conf.d/20auto-upgrades": on, "etc/apt/apt.conf.d/20auto-upgrades.dpkg-old": off}, "1"},
		"no daily work":               {map[string]string{"etc/apt/apt.conf.d/10periodic": never, "etc/apt/apt.conf.d/20auto-upgrades": on}, "0"},
		"daily work turned on again":  {map[string]string{"etc/apt/apt.conf.d/10periodic": never, "etc/apt/apt.conf.d/20auto-upgrades": on, "etc/apt/apt.conf.d/99x": `APT::Periodic::Enable "1";`}, "1"},
	} {
		tt.files["var/lib/dpkg/status"] = stanza("unattended-upgrades", "1", "")
		v := tree(t, tt.files)
		if u, ok := v.unattended(newOwners(v.m.Files)).Peek(); !ok || !cmp.Equal(u, snapshot.Unattended{Installed: true, Enabled: tt.want}) {
			t.Errorf("%s: %+v, want %q", name, u, tt.want)
		}
	}
}

// TestAptTimers: which of apt's timers do not start by themselves.
func TestAptTimers(t *testing.T) {
	const unit, wanted = "usr/lib/systemd/system/", "etc/systemd/system/timers.target.wants/"
	with := func(changes map[string]string) map[string]string {
		files := map[string]string{
			"run/systemd/system/x": "", "dev/null": "", "var/lib/dpkg/status": stanza("unattended-upgrades", "1", ""),
			"etc/apt/apt.conf.d/20auto-upgrades": `APT::Periodic::Unattended-Upgrade "1";`,
			unit + "apt-daily.timer":             "[Timer]\n", unit + "apt-daily-upgrade.timer": "[Timer]\n",
			wanted + "apt-daily.timer": "->/usr/lib/systemd/system/apt-daily.timer", wanted + "apt-daily-upgrade.timer": "->/usr/lib/systemd/system/apt-daily-upgrade.timer",
		}
		for name, text := range changes {
			files[name] = text
			if text == "" {
				delete(files, name)
			}
		}
		return files
	}
	const masked = "->/dev/null"
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"as installed":           {with(nil), nil},
		"masked":                 {with(map[string]string{"etc/systemd/system/apt-daily-upgrade.timer": masked}), []string{"apt-daily-upgrade.timer is masked"}},
		"masked until the boot":  {with(map[string]string{"run/systemd/system/apt-daily.timer": masked}), []string{"apt-daily.timer is masked"}},
		"disabled":               {with(map[string]string{wanted + "apt-daily.timer": ""}), []string{"apt-daily.timer is not enabled"}},
		"enabled until the boot": {with(map[string]string{wanted + "apt-daily.timer": "", "run/systemd/system/timers.target.wants/apt-daily.timer": "->/usr/lib/systemd/system/apt-daily.timer"}), nil},
		"one of one's own":       {with(map[string]string{"etc/systemd/system/apt-daily.timer": "[Timer]\n"}), nil},
		"gone":                   {with(map[string]string{unit + "apt-daily.timer": "", wanted + "apt-daily.timer": ""}), []string{"apt-daily.timer is not there"}},
		"both masked":            {with(map[string]string{"etc/systemd/system/apt-daily.timer": masked, "etc/systemd/system/apt-daily-upgrade.timer": masked}), []string{"apt-daily.timer is masked", "apt-daily-upgrade.timer is masked"}},
		"no systemd":             {with(map[string]string{"run/systemd/system/x": "", "etc/systemd/system/apt-daily.timer": masked}), nil},
	} {
		v := tree(t, tt.files)
		u, ok := v.unattended(newOwners(v.m.Files)).Peek()
		if diff := cmp.Diff(tt.want, u.TimersOff); diff != "" || !ok {
			t.Errorf("%s: %v %s", name, ok, diff)
		}
	}
	empty := with(nil)
	v := tree(t, empty)
	if err := os.WriteFile(filepath.Join(v.m.Root, "etc/systemd/system/apt-daily.timer"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if u, _ := v.unattended(newOwners(v.m.Files)).Peek(); !cmp.Equal(u.TimersOff, []string{"apt-daily.timer is masked"}) {
		t.Errorf("an empty file masks a unit, and not here: %q", u.TimersOff)
	}
}

// TestLivePatches: the patches of the running kernel that are on.
func TestLivePatches(t *testing.T) {
	v := tree(t, map[string]string{"sys/kernel/livepatch/lkp_one/enabled": "1\n", "sys/kernel/livepatch/lkp_two/enabled": "0\n"})
	v.m.Sys = filepath.Join(v.m.Root, "sys")
	if names, ok := v.livePatches().Peek(); !ok || !cmp.Equal(names, []string{"lkp_one"}) {
		t.Errorf("on are %q", names)
	}
	v.m.Sys = t.TempDir()
	if f := v.livePatches(); f.State() != snapshot.Absent {
		t.Errorf("a kernel that takes none: %v", f)
	}
}

// TestPhasedLists: what apt was told decides of a version that some machines get first.
func TestPhasedLists(t *testing.T) {
	const list = "Package: docker.io\nVersion: 1.0-1\n\nPackage: docker.io\nVersion: 1.0-2\nPhased-Update-Percentage: 20\n"
	for name, tt := range map[string]struct {
		config, newest string
		phased         map[string]snapshot.PhasedVersion
	}{
		"nothing":   {"", "1.0-1", map[string]snapshot.PhasedVersion{"docker.io": {Version: "1.0-2", Percent: 20}}},
		"always":    {`APT::Get::Always-Include-Phased-Updates "true";`, "1.0-2", nil},
		"never":     {`APT::Get::Never-Include-Phased-Updates "true";`, "1.0-1", nil},
		"not never": {`APT::Get::Never-Include-Phased-Updates "false";`, "1.0-1", map[string]snapshot.PhasedVersion{"docker.io": {Version: "1.0-2", Percent: 20}}},
	} {
		v := tree(t, map[string]string{
			"usr/bin/docker": "#!", "var/lib/dpkg/status": stanza("docker.io", "1.0-1", ""), "var/lib/dpkg/info/docker.io.list": "/usr/bin/docker\n",
			"var/lib/apt/lists/a_Packages": list, "etc/apt/apt.conf.d/50phased": tt.config,
		})
		s := v.software(t.Context(), newOwners(v.m.Files), true)
		lists, ok := s.Lists.Peek()
		if diff := cmp.Diff(tt.phased, lists.Phased); !ok || lists.Newest["docker.io"] != tt.newest || diff != "" {
			t.Errorf("%s: %v %q %s", name, s.Lists, lists.Newest["docker.io"], diff)
		}
	}
}
