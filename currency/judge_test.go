package currency_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/currency"
	"seawall/currency/feed"
	"seawall/currency/known"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/source/pkgdb"
	"seawall/trial"
)

var update = flag.Bool("update", false, "write the expected output")

// made says what a host of a test has.
type made struct {
	os         snapshot.OS
	status     string // a database of source/pkgdb/testdata; "" for programs of no package
	packages   map[string]string
	engine     string
	containerd string
	runc       string
	kernel     string
	build      string
	config     map[string]string
}

var debianPackages = map[string]string{"dockerd": "docker.io", "docker": "docker.io", "containerd": "containerd", "runc": "runc"}

var bookworm = made{
	os: snapshot.OS{ID: "debian", Version: "12"}, status: "bookworm", packages: debianPackages,
	engine: "20.10.24+dfsg1", containerd: "1.6.20~ds1", runc: "1.1.5+ds1",
	kernel: "6.1.0-18-amd64", build: "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)",
}

var trixie = made{
	os: snapshot.OS{ID: "debian", Version: "13"}, status: "trixie", packages: with(debianPackages, "docker", "docker-cli"),
	engine: "26.1.5+dfsg1", containerd: "1.7.24~ds1", runc: "1.1.15+ds1", kernel: "6.18.44-own", build: "Linux version 6.18.44-own",
}

var sid = made{
	os: snapshot.OS{ID: "debian"}, status: "sid", packages: with(debianPackages, "docker", "docker-cli"),
	engine: "28.5.2+dfsg4", containerd: "2.1.9+ds1", runc: "1.3.6+ds1", kernel: "6.18.44-own", build: "Linux version 6.18.44-own",
}

var dockerCom = made{
	os: snapshot.OS{ID: "debian", Version: "12"}, status: "docker-com",
	packages: map[string]string{"dockerd": "docker-ce", "docker": "docker-ce-cli", "containerd": "containerd.io", "runc": "containerd.io", "docker-compose": "docker-compose-plugin"},
	engine:   "28.5.2", containerd: "1.7.28", runc: "1.3.3", kernel: "6.18.44-own", build: "Linux version 6.18.44-own",
}

var static = made{
	os:     snapshot.OS{ID: "debian", Version: "12"},
	engine: "29.9.0", containerd: "2.4.1", runc: "1.5.2", kernel: "6.18.44-own", build: "Linux version 6.18.44-own",
}

func with(m map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range m {
		if k != key {
			out[k] = v
		}
	}
	return out
}

// host is a snapshot of a host as made says.
func host(t *testing.T, m made) *snapshot.Snapshot {
	t.Helper()
	s := trial.Baseline()
	s.TakenAt = time.Date(2026, 10, 20, 12, 0, 0, 0, time.UTC)
	e := &s.Engines[0]
	example.Set(&s.Host.OS, m.os)
	example.Set(&s.Host.Kernel, m.kernel)
	example.Set(&e.Version, m.engine)
	example.Set(&e.Components, []snapshot.Component{{Name: "Engine", Version: m.engine}, {Name: "containerd", Version: m.containerd}, {Name: "runc", Version: m.runc}})
	e.Daemon.Process = snapshot.See(snapshot.DaemonProcess{PID: 812, Executable: "/usr/sbin/dockerd"}, snapshot.At("exe", "/proc/812/exe"))
	e.Daemon.Files = snapshot.See([]snapshot.File{{Role: "containerd", Path: "/usr/bin/containerd"}, {Role: "runc", Path: "/usr/sbin/runc"}}, snapshot.At("files", "stat"))
	var packages map[string]snapshot.Package
	if m.status != "" {
		file, err := os.Open("../source/pkgdb/testdata/" + m.status + ".status")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if packages, err = pkgdb.Dpkg(file); err != nil {
			t.Fatal(err)
		}
	}
	var programs []snapshot.Program
	for name, path := range map[string]string{"dockerd": "/usr/sbin/dockerd", "docker": "/usr/bin/docker", "containerd": "/usr/bin/containerd", "runc": "/usr/sbin/runc", "docker-compose": "/usr/libexec/docker/cli-plugins/docker-compose"} {
		p := snapshot.Program{Name: name, Path: path, First: true, Package: snapshot.None[snapshot.Package](snapshot.At("package", "/var/lib/dpkg/info"))}
		p.Build = snapshot.See(snapshot.GoBuild{Go: "go1.24.3", Version: "28.2.2"}, snapshot.At("build information", path))
		pkg, ok := packages[m.packages[name]]
		if name == "docker-compose" && !ok {
			continue
		}
		if ok {
			p.Package = snapshot.See(pkg, snapshot.At("package", "/var/lib/dpkg/status"))
		}
		programs = append(programs, p)
	}
	slices.SortFunc(programs, func(a, b snapshot.Program) int { return strings.Compare(a.Path, b.Path) })
	s.Host.Software = snapshot.Software{
		Programs: snapshot.See(programs, snapshot.At("programs", "files")),
		Running:  snapshot.See([]snapshot.RunningProgram{}, snapshot.At("exe", "/proc/*/exe")),
		Kernel: snapshot.KernelSoftware{
			Build:     snapshot.See(m.build, snapshot.At("version", "/proc/version")),
			Package:   snapshot.None[snapshot.Package](snapshot.At("kernel package", "/var/lib/dpkg/status")),
			Installed: snapshot.See([]snapshot.Package{}, snapshot.At("kernel packages", "/var/lib/dpkg/status")),
			Config:    snapshot.None[map[string]string](snapshot.At("config", "/boot/config")),
		},
	}
	if m.config != nil {
		s.Host.Software.Kernel.Config = snapshot.See(m.config, snapshot.At("config", "/proc/config.gz"))
	}
	return s
}

func judge(t *testing.T, m made) *currency.Report {
	t.Helper()
	return currency.Judge(host(t, m), known.BuiltIn())
}

func component(t *testing.T, r *currency.Report, kind known.Component) *currency.Component {
	t.Helper()
	for i := range r.Components {
		if r.Components[i].Kind == kind {
			return &r.Components[i]
		}
	}
	t.Fatalf("there is no %s", kind)
	return nil
}

func statusOf(c *currency.Component, id string) currency.Status {
	for _, v := range c.Verdicts {
		if v.Advisory.ID == id {
			return v.Status
		}
	}
	return "none"
}

// TestGolden: what is said of hosts, in full.
func TestGolden(t *testing.T) {
	for name, m := range map[string]made{"bookworm": bookworm, "trixie": trixie, "sid": sid, "docker-com": dockerCom, "static": static} {
		var b strings.Builder
		for _, c := range judge(t, m).Components {
			fmt.Fprintf(&b, "%s %s [%s] %s\n  branch %s %s, newest %s; %s %s\n", c.Kind, c.Version, c.Upstream, c.Origin.Words(), c.Branch.Name, c.Branch.State, c.Branch.Latest, c.Support.Name, c.Support.State)
			for _, remark := range c.Remarks {
				fmt.Fprintf(&b, "  (%s)\n", remark)
			}
			for _, v := range c.Verdicts {
				if v.Status != currency.NotAffected {
					fmt.Fprintf(&b, "  %-14s %-20s %s", v.Status, v.Advisory.ID, v.Why)
					if v.Upstream != "" && v.Upstream != v.Why {
						fmt.Fprintf(&b, " | upstream: %s", v.Upstream)
					}
					b.WriteString("\n")
				}
			}
		}
		file := filepath.Join("testdata", name+".golden")
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, _ := os.ReadFile(file)
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-update writes it):\n%s", name, diff)
		}
	}
}

// TestWorkedExample is docker.io 20.10.24+dfsg1-1+deb12u1 on Debian 12, each
// verdict as found by hand in Debian's tracker and changelogs.
func TestWorkedExample(t *testing.T) {
	r := judge(t, bookworm)
	want := map[known.Component]map[currency.Status]string{
		known.Engine: {
			currency.Fixed:         "CVE-2024-41110 CVE-2023-28840 CVE-2023-28841 CVE-2023-28842",
			currency.Accepted:      "CVE-2024-24557",
			currency.Open:          "CVE-2026-33997 CVE-2026-41568 CVE-2026-42306 CVE-2026-41567",
			currency.NotAffected:   "CVE-2024-32473",
			currency.VendorUnknown: "CVE-2025-54410 CVE-2024-36621 CVE-2024-36623 CVE-2026-17106 CVE-2026-92543 GHSA-jq35-85cj-fj4p GHSA-mjcv-p78q-w5fw",
			// Open by Debian's word; what they take is not on this host: no
			// authorization plugin, no internal network, no swarm.
			currency.NotApplicable: "CVE-2026-34040 CVE-2024-29018 CVE-2026-92542",
		},
		known.BuildKit: {
			currency.Open:          "CVE-2026-33747 CVE-2026-33748",
			currency.NotAffected:   "CVE-2026-15793",
			currency.VendorUnknown: "CVE-2026-15789 CVE-2026-15791 CVE-2026-15792 CVE-2026-61711 CVE-2026-93315 CVE-2026-93316 CVE-2026-93317 CVE-2026-93318 CVE-2026-93319 CVE-2026-93320 CVE-2026-93321 CVE-2026-93322 CVE-2026-93323 CVE-2026-93326",
			currency.NotApplicable: "CVE-2026-15788", // Windows
		},
		known.Runc: {
			currency.Fixed: "CVE-2024-21626",
			currency.Open:  "CVE-2025-31133 CVE-2025-52565 CVE-2025-52881 CVE-2024-45310 CVE-2026-41579",
		},
		known.Containerd: {
			currency.Fixed:         "CVE-2024-25621 CVE-2024-40635 CVE-2025-64329",
			currency.Open:          "CVE-2026-53493 CVE-2026-53495",
			currency.VendorUnknown: "GHSA-7ww5-4wqc-m92c",
			currency.Undecided:     "CVE-2026-46680",
		},
	}
	for kind, statuses := range want {
		c := component(t, r, kind)
		for status, ids := range statuses {
			for _, id := range strings.Fields(ids) {
				if got := statusOf(c, id); got != status {
					t.Errorf("%s %s is %s, want %s", kind, id, got, status)
				}
			}
		}
	}
	engine := component(t, r, known.Engine)
	matches := 0
	for _, v := range engine.Verdicts {
		if strings.HasPrefix(v.Upstream, "release 20.10.24 has it") {
			matches++
		}
	}
	if matches < 16 {
		t.Errorf("%d advisories have a range of releases that holds 20.10.24, want 16 at least", matches)
	}
}

// TestConditions: what an attack takes is there, is not, or could not be read.
func TestConditions(t *testing.T) {
	const id = "CVE-2026-34040" // takes an authorization plugin
	m := bookworm
	s := host(t, m)
	example.Set(&s.Engines[0].Settings.AuthorizationPlugins, []string{"opa"})
	c := component(t, currency.Judge(s, known.BuiltIn()), known.Engine)
	if got := statusOf(c, id); got != currency.Open || !c.Verdicts[0].Holds || c.Verdicts[0].Advisory.ID != id {
		t.Errorf("with a plugin %s is %s, and the first is %s (%v)", id, got, c.Verdicts[0].Advisory.ID, c.Verdicts[0].Holds)
	}
	s.Engines[0].Settings.AuthorizationPlugins.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "refused"})
	c = component(t, currency.Judge(s, known.BuiltIn()), known.Engine)
	if got := statusOf(c, id); got != currency.Undecided {
		t.Errorf("with the plugins unread %s is %s", id, got)
	}
}

// TestEveryConditionIsKnown: the data names no condition that nobody can decide,
// and no kernel option that is not read.
func TestEveryConditionIsKnown(t *testing.T) {
	for _, a := range known.BuiltIn().Advisories {
		for _, name := range a.Condition.All {
			if !currency.KnowsCondition(name) {
				t.Errorf("%s: condition %q", a.ID, name)
			}
		}
		for _, name := range a.KernelConfigAnyOf {
			if !slices.Contains(snapshot.KernelOptions, name) {
				t.Errorf("%s: option %s is not read", a.ID, name)
			}
		}
	}
}

// TestDeadBranch: the last release of 28 stays open for 9 flaws of the engine and,
// by its BuildKit 0.25.2, for 17 of BuildKit.
func TestDeadBranch(t *testing.T) {
	r := judge(t, dockerCom)
	for kind, want := range map[known.Component]int{known.Engine: 9, known.BuildKit: 17} {
		c := component(t, r, kind)
		got := 0
		for _, v := range c.Verdicts {
			if v.FixedIn != "" {
				got++
			}
		}
		if got != want {
			t.Errorf("%d flaws of %s are in 28.5.2, want %d", got, kind, want)
		}
	}
	if c := component(t, r, known.Engine); c.Branch.State != currency.Unmaintained {
		t.Errorf("branch 28 is %s", c.Branch.State)
	}
	if c := component(t, r, known.BuildKit); c.Version != "0.25.2" {
		t.Errorf("BuildKit of 28.5.2 is %s", c.Version)
	}
}

// TestFixThatBroughtFlaw: where Debian took a fix into a version before that with which
// releases got it, the flaw that came with the fix is not ruled out by its number.
func TestFixThatBroughtFlaw(t *testing.T) {
	for name, m := range map[string]made{"bookworm": bookworm, "trixie": trixie} {
		c := component(t, judge(t, m), known.Containerd)
		if fix, brought := statusOf(c, "CVE-2024-40635"), statusOf(c, "CVE-2026-46680"); fix != currency.Fixed || brought != currency.Undecided {
			t.Errorf("%s: the fix is %s, what came with it %s", name, fix, brought)
		}
	}
}

// TestReplacedBuildKit: an engine that holds a fork of BuildKit is not judged by the
// ranges of BuildKit's releases.
func TestReplacedBuildKit(t *testing.T) {
	for engine, fork := range map[string]string{"25.0.16": "github.com/Mirantis/buildkit@v0.12.6-m.1", "25.0.17": "github.com/Mirantis/buildkit@v0.12.6-m.3"} {
		m := static
		m.engine = engine
		r := judge(t, m)
		c := component(t, r, known.BuildKit)
		if n := c.Count(currency.Open) + c.Count(currency.Fixed); c.Version != fork || c.Upstream != "" || n > 0 || r.Clear(c) || len(c.Remarks) == 0 {
			t.Errorf("engine %s holds BuildKit %s [%s], %d decided, clear %v", engine, c.Version, c.Upstream, n, r.Clear(c))
		}
	}
}

// TestNewest: what was newest when the data was compiled has nothing open.
func TestNewest(t *testing.T) {
	r := judge(t, static)
	for _, kind := range []known.Component{known.Engine, known.Containerd, known.Runc} {
		c := component(t, r, kind)
		if !r.Clear(c) {
			t.Errorf("%s %s: %d open, %d undecided", kind, c.Version, c.Count(currency.Open), c.Count(currency.Undecided))
		}
	}
	// Which BuildKit 29.9.0 holds is not known.
	if c := component(t, r, known.BuildKit); r.Clear(c) || len(c.Remarks) == 0 {
		t.Error("an unknown BuildKit is clear")
	}
}

// TestAge: data that is old warns, and then says nothing of what it does not know.
func TestAge(t *testing.T) {
	s := host(t, static)
	for _, tt := range []struct {
		day  string
		want currency.Freshness
	}{{"2026-10-07", currency.Current}, {"2026-11-06", currency.Current}, {"2026-11-07", currency.Aging}, {"2027-01-05", currency.Aging}, {"2027-01-06", currency.Stale}, {"2025-01-01", currency.Current}} {
		s.TakenAt, _ = time.Parse(time.DateOnly, tt.day)
		r := currency.Judge(s, known.BuiltIn())
		if r.Freshness != tt.want || r.Clear(component(t, r, known.Engine)) != (tt.want != currency.Stale) {
			t.Errorf("on %s, %d days later, the data is %s, and the engine clear is %v", tt.day, r.Age, r.Freshness, r.Clear(component(t, r, known.Engine)))
		}
	}
}

// TestKernel: a Debian kernel is judged by the version that runs, on its own branch.
func TestKernel(t *testing.T) {
	off := map[string]string{}
	for _, name := range snapshot.KernelOptions {
		off[name] = "n"
	}
	for _, tt := range []struct {
		name, build, release, id string
		config                   map[string]string
		want                     currency.Status
	}{
		{"older than the fix of its branch", "Debian 6.1.169-1", "6.1.0-40-amd64", "CVE-2026-31431", nil, currency.Undecided}, // config unread
		{"with the option", "Debian 6.1.169-1", "6.1.0-40-amd64", "CVE-2026-31431", map[string]string{"CONFIG_CRYPTO_USER_API_AEAD": "m"}, currency.Open},
		{"without the option", "Debian 6.1.169-1", "6.1.0-40-amd64", "CVE-2026-31431", off, currency.NotApplicable},
		{"at the fix", "Debian 6.1.170-1", "6.1.0-40-amd64", "CVE-2026-31431", off, currency.Fixed},
		{"a backport before the upstream number", "Debian 5.10.92-1", "5.10.0-11-amd64", "CVE-2022-0185", nil, currency.Fixed},
		{"another branch than Debian named", "Debian 6.12.85-1", "6.12.85+deb13-amd64", "CVE-2026-46333", nil, currency.VendorUnknown},
		{"a kernel of one's own", "", "6.18.21-own", "CVE-2026-31431", map[string]string{"CONFIG_CRYPTO_USER_API_AEAD": "y"}, currency.Open},
		{"a kernel of one's own, mended", "", "6.18.22-own", "CVE-2026-31431", nil, currency.Fixed},
		{"a later branch than Debian mended", "", "6.18.44-own", "CVE-2026-89603", nil, currency.Open},
		{"a branch of which nothing is known", "", "4.4.1-own", "CVE-2016-5195", nil, currency.Undecided},
		{"a number that counts builds", "", "5.14.0-427.el9.x86_64", "CVE-2026-31431", nil, currency.Undecided},
	} {
		m := bookworm
		m.build, m.kernel, m.config = "Linux version "+tt.release+" #1 SMP "+tt.build+" (2026-01-01)", tt.release, tt.config
		if got := statusOf(component(t, judge(t, m), known.Kernel), tt.id); got != tt.want {
			t.Errorf("%s: %s is %s, want %s", tt.name, tt.id, got, tt.want)
		}
	}
}

// TestNotWhatIsInstalled: a package says nothing of a process that runs an older
// file, or of a version that it does not hold.
func TestNotWhatIsInstalled(t *testing.T) {
	s := host(t, bookworm)
	s.Host.Software.Running = snapshot.See([]snapshot.RunningProgram{{Name: "dockerd", Path: "/usr/sbin/dockerd", Fate: snapshot.FileReplaced, Count: 1, PIDs: []int{812}}}, snapshot.At("exe", "/proc/812/exe"))
	r := currency.Judge(s, known.BuiltIn())
	if got := statusOf(component(t, r, known.Engine), "CVE-2024-41110"); got != currency.NotApplicable && got != currency.Undecided {
		t.Errorf("of a replaced file: %s", got)
	}
	if got := statusOf(component(t, r, known.Engine), "CVE-2023-28840"); got != currency.Undecided && got != currency.NotApplicable {
		t.Errorf("of a replaced file: %s", got)
	}
	s = host(t, bookworm)
	example.Set(&s.Engines[0].Version, "20.10.25")
	if got := statusOf(component(t, currency.Judge(s, known.BuiltIn()), known.Engine), "CVE-2026-33997"); got != currency.Undecided {
		t.Errorf("of another version than the package's: %s", got)
	}
}

// TestWrapper: a program of no package that runs a distribution's build is not
// taken for an upstream release.
func TestWrapper(t *testing.T) {
	m := bookworm
	m.packages = with(m.packages, "runc", "none")
	c := component(t, judge(t, m), known.Runc)
	if got := statusOf(c, "CVE-2024-21626"); c.Origin.Builder != currency.BuiltUnknown || got != currency.VendorUnknown || len(c.Missing) == 0 {
		t.Errorf("built by %s, %s", c.Origin.Builder, got)
	}
}

// TestUnreadable: without the package, nothing of a distribution's engine is open
// and nothing mended by its vendor.
func TestUnreadable(t *testing.T) {
	s := host(t, bookworm)
	s.Host.Software.Programs.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "refused", Remedy: "run as root"})
	r := currency.Judge(s, known.BuiltIn())
	c := component(t, r, known.Engine)
	if c.Count(currency.Open) != 0 || r.Clear(c) || len(c.Missing) == 0 || c.Origin.Builder != currency.BuiltUnknown {
		t.Errorf("%d open, clear %v, missing %v, by %s", c.Count(currency.Open), r.Clear(c), c.Missing, c.Origin.Builder)
	}
	for i := range s.Engines {
		s.Engines[i].Version.Blind(snapshot.Gap{Reason: snapshot.ReasonTimeout, Detail: "no answer"})
	}
	r = currency.Judge(s, known.BuiltIn())
	if c := component(t, r, known.Engine); len(c.Verdicts) != 0 || r.Clear(c) {
		t.Error("an engine of unknown version is judged")
	}
}

// TestOtherRoot: an engine in a container is judged by the packages of the system that
// it lies in, not by those of the host, which waits for none of its updates.
func TestOtherRoot(t *testing.T) {
	s := host(t, bookworm)
	const path = "/proc/812/root/usr/bin/dockerd"
	s.Engines[0].Daemon.Files = snapshot.See([]snapshot.File{{Role: "dockerd", Path: path}}, snapshot.At("files", "stat"))
	example.Set(&s.Engines[0].Version, "28.3.3")
	example.Add(&s.Host.Software.Programs, snapshot.Program{
		Name: "dockerd", Path: path, Root: "/proc/812/root", System: snapshot.See(snapshot.OS{ID: "alpine", Version: "3.22.1"}, snapshot.At("os-release", "/etc/os-release")),
		Package: snapshot.See(snapshot.Package{Manager: "dpkg", Name: "docker.io", Version: "1", Source: "docker", SourceVersion: "1", Maintainer: "x@debian.org"}, snapshot.At("package", "db")),
	})
	example.Set(&s.Host.Software.Lists, snapshot.PackageLists{UpdatedAt: s.TakenAt, Newest: map[string]string{"docker.io": "20.10.24+dfsg1-1+deb12u1+b6"}})
	r := currency.Judge(s, known.BuiltIn())
	if c := component(t, r, known.Engine); c.Path != path || c.Origin.Package.SourceVersion != "1" || c.Origin.Ecosystem != "" {
		t.Errorf("the engine at %s is judged as %+v", c.Path, c.Origin)
	}
	for _, n := range r.Waiting {
		if n.Kind == currency.UpdateWaiting && n.Known {
			t.Errorf("the host waits for %s", n.Words)
		}
	}
}

// el9 is a host of the kin of Red Hat with docker.com's packages and two kernels.
func el9(t *testing.T) *snapshot.Snapshot {
	t.Helper()
	s := host(t, static)
	example.Set(&s.Host.OS, snapshot.OS{ID: "rocky", Version: "9.5"})
	example.Set(&s.Host.Kernel, "5.14.0-503.14.1.el9_5.x86_64")
	kernel := func(v string) snapshot.Package {
		return snapshot.Package{Manager: "rpm", Name: "kernel-core", Version: v, Source: "kernel", SourceVersion: v, Maintainer: "Rocky Enterprise Software Foundation"}
	}
	k := &s.Host.Software.Kernel
	example.Set(&k.Build, "Linux version 5.14.0-503.14.1.el9_5.x86_64 (mockbuild@iad1-prod-build001.bld.equ.rockylinux.org)")
	example.Set(&k.Package, kernel("5.14.0-503.14.1.el9_5"))
	example.Set(&k.Installed, []snapshot.Package{kernel("5.14.0-503.14.1.el9_5"), kernel("5.14.0-570.12.1.el9_6")})
	programs, _ := s.Host.Software.Programs.Peek()
	for i := range programs {
		p := snapshot.Package{Manager: "rpm", Name: "docker-ce", Version: "3:29.9.0-1.el9", Source: "docker-ce", SourceVersion: "3:29.9.0-1.el9", Maintainer: "Docker"}
		switch programs[i].Name {
		case "runc", "containerd":
			p = snapshot.Package{Manager: "rpm", Name: "containerd.io", Version: "2.4.1-1.el9", Source: "containerd.io", SourceVersion: "2.4.1-1.el9"}
		}
		programs[i].Package = snapshot.See(p, snapshot.At("package", "/usr/lib/sysimage/rpm/rpmdb.sqlite"))
	}
	return s
}

// TestRpmHost: whose packages they are, which kernel waits, and what dnf knows of.
func TestRpmHost(t *testing.T) {
	s := el9(t)
	example.Set(&s.Host.Software.Lists, snapshot.PackageLists{Manager: "dnf", UpdatedAt: s.TakenAt.AddDate(0, 0, -10),
		Newest: map[string]string{"docker-ce": "3:29.10.0-1.el9", "containerd.io": "2.4.1-1.el9", "kernel-core": "5.14.0-570.12.1.el9_6"}})
	r := currency.Judge(s, known.BuiltIn())
	for kind, want := range map[known.Component]currency.Builder{known.Engine: currency.BuiltByDocker, known.Runc: currency.BuiltByDocker, known.Kernel: currency.BuiltByRocky} {
		if c := component(t, r, kind); c.Origin.Builder != want || len(c.Missing) > 0 {
			t.Errorf("%s is built by %s: %+v", kind, c.Origin.Builder, c.Missing)
		}
	}
	if c := component(t, r, known.Kernel); c.Upstream != "" || c.Count(currency.Open) > 0 {
		t.Errorf("a kernel of Rocky Linux is judged as %q", c.Upstream)
	}
	got := []string{}
	for _, n := range r.Waiting {
		if n.Known && n.Kind != currency.NoUnattended {
			got = append(got, string(n.Kind)+": "+n.Words+" ["+n.Fix+"]")
		}
	}
	want := []string{
		"kernel-older: kernel 5.14.0-503.14.1.el9_5.x86_64 (5.14.0-503.14.1.el9_5) runs, and kernel-core 5.14.0-570.12.1.el9_6 is installed [restart the host]",
		"lists-old: dnf last fetched its lists 10 days ago, on 2026-10-10 [dnf makecache]",
		"update-waiting: docker-ce 3:29.9.0-1.el9 is installed, 3:29.10.0-1.el9 is in the lists of 2026-10-10 [dnf upgrade docker-ce]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// Which stream of a module dnf follows is not known.
	programs, _ := s.Host.Software.Programs.Peek()
	programs[0].Package = snapshot.See(snapshot.Package{Manager: "rpm", Name: "runc", Version: "1:1.1.12-1.module+el8.10.0", Maintainer: "Red Hat, Inc."}, snapshot.At("package", "db"))
	for _, n := range currency.Judge(s, known.BuiltIn()).Waiting {
		if n.Kind == currency.UpdateWaiting && !n.Known && strings.Contains(n.Words, "runc") {
			return
		}
	}
	t.Error("of a package of a module it is not said that newer ones are not known")
}

// TestVendors: who built a package of rpm, by the vendor that it names.
func TestVendors(t *testing.T) {
	for vendor, want := range map[string]currency.Builder{
		"Red Hat, Inc.": currency.BuiltByRedHat, "Fedora Project": currency.BuiltByFedora, "CentOS": currency.BuiltByCentOS, "AlmaLinux": currency.BuiltByAlma,
		"SUSE LLC <https://www.suse.com/>": currency.BuiltBySUSE, "Amazon Linux": currency.BuiltByAmazon, "Docker <support@docker.com>": currency.BuiltByDocker,
		"Microsoft Corporation": currency.BuiltByOther, "": currency.BuiltByOther,
	} {
		s := el9(t)
		programs, _ := s.Host.Software.Programs.Peek()
		for i := range programs {
			programs[i].Package = snapshot.See(snapshot.Package{Manager: "rpm", Name: "runc", Version: "4:1.5.2-1.el9", Source: "runc", SourceVersion: "4:1.5.2-1.el9", Maintainer: vendor}, snapshot.At("package", "db"))
		}
		c := component(t, currency.Judge(s, known.BuiltIn()), known.Runc)
		if c.Origin.Builder != want {
			t.Errorf("a package of %q is built by %s, want %s", vendor, c.Origin.Builder, want)
		}
	}
}

// TestRedHatsWord: Red Hat's word decides for its packages, by the minor release where
// that is mended for longer; the ranges of upstream releases are a remark.
func TestRedHatsWord(t *testing.T) {
	const id = "CVE-2025-31133"
	data, err := os.ReadFile("feed/testdata/vex-cve-2025-31133.json")
	if err != nil {
		t.Fatal(err)
	}
	m := feed.Begin(known.BuiltIn())
	if err := m.Add(feed.Document{Kind: feed.VEX, Name: "vex", Flaw: id}, bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	d, err := m.Data()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		system, version string
		want            currency.Status
	}{
		{"9.6", "4:1.3.2-1.el9_6", currency.Open},
		{"9.6", "4:1.3.3-1.el9_6", currency.Fixed},
		{"9.4", "4:1.2.8-1.el9_4", currency.Open},
		{"9.4", "4:1.2.9-1.el9_4", currency.Fixed}, // before the release's own fix
		{"8.10", "1:1.1.12-1.el8", currency.Accepted},
		{"10.0", "4:1.2.4-1.el10", currency.NotAffected},
		{"7.9", "1.0.0-70.rc10.el7_9", currency.VendorUnknown},
	} {
		s := el9(t)
		example.Set(&s.Host.OS, snapshot.OS{ID: "rhel", Version: tt.system})
		release := tt.version[strings.IndexByte(tt.version, ':')+1:]
		release, _, _ = strings.Cut(release, "-")
		example.Set(&s.Engines[0].Components, []snapshot.Component{{Name: "runc", Version: release}})
		programs, _ := s.Host.Software.Programs.Peek()
		for i := range programs {
			programs[i].Package = snapshot.See(snapshot.Package{Manager: "rpm", Name: "runc", Version: tt.version, Source: "runc", SourceVersion: tt.version, Maintainer: "Red Hat, Inc."}, snapshot.At("package", "db"))
		}
		c := component(t, currency.Judge(s, d), known.Runc)
		for _, v := range c.Verdicts {
			if v.Advisory.ID == id && (v.Status != tt.want || v.Upstream == "") {
				t.Errorf("runc %s of RHEL %s: %s is %s (%s; upstream: %q), want %s", tt.version, tt.system, id, v.Status, v.Why, v.Upstream, tt.want)
			}
		}
	}
}

// TestDebianKernelsWord: the tracker's word on a suite is of its own kernel, not of one of
// backports.
func TestDebianKernelsWord(t *testing.T) {
	const id = "CVE-2026-31431"
	data, err := os.ReadFile("feed/testdata/debian-tracker.json")
	if err != nil {
		t.Fatal(err)
	}
	m := feed.Begin(known.BuiltIn())
	if err := m.Add(feed.Document{Kind: feed.Debian, Name: "tracker"}, bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	d, err := m.Data()
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]string{"6.1.179-1": "Debian 12 mends it in 6.1.180-1", "6.1.180-1": "Debian 12 mended it in 6.1.180-1"} {
		k := bookworm
		k.config = map[string]string{"CONFIG_CRYPTO_USER_API_AEAD": "m"}
		k.build = "Linux version 6.1.0-40-amd64 #1 SMP PREEMPT_DYNAMIC Debian " + version + " (2026-02-01)"
		c := component(t, currency.Judge(host(t, k), d), known.Kernel)
		for _, v := range c.Verdicts {
			if v.Advisory.ID == id && !strings.HasPrefix(v.Why, want) {
				t.Errorf("%s: %s (%s), want %s", version, v.Status, v.Why, want)
			}
		}
	}
	k := bookworm
	k.build = "Linux version 6.12.9+bpo-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.9-1~bpo12+1 (2026-02-01)"
	for _, v := range component(t, currency.Judge(host(t, k), d), known.Kernel).Verdicts {
		if v.Advisory.ID == id && strings.Contains(v.Why, "Debian 12 ") {
			t.Errorf("a kernel of backports is judged by the suite's: %s", v.Why)
		}
	}
}
