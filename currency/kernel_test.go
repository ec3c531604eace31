package currency_test

import (
	"strings"
	"testing"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// verdictOn is what becomes of one flaw of the kernel on a host.
func verdictOn(t *testing.T, s *snapshot.Snapshot, id string) (currency.Component, currency.Verdict) {
	t.Helper()
	c := component(t, currency.Judge(s, known.BuiltIn()), known.Kernel)
	for _, v := range c.Verdicts {
		if v.Advisory.ID == id {
			return *c, v
		}
	}
	t.Fatalf("nothing is said of %s", id)
	return *c, currency.Verdict{}
}

// ubuntuHost runs a kernel of Ubuntu.
func ubuntuHost(t *testing.T, system, release, counted, source string) *snapshot.Snapshot {
	s := host(t, static)
	example.Set(&s.Host.OS, snapshot.OS{ID: "ubuntu", Version: system})
	example.Set(&s.Host.Kernel, release)
	k := &s.Host.Software.Kernel
	example.Set(&k.Build, "Linux version "+release+" (buildd@lcy02-amd64-115) (x86_64-linux-gnu-gcc) #"+counted+"-Ubuntu SMP PREEMPT_DYNAMIC")
	example.Set(&k.Config, map[string]string{"CONFIG_OVERLAY_FS": "m"})
	example.Set(&k.Package, snapshot.Package{Manager: "dpkg", Name: "linux-image-" + release, Version: "0", Source: source, SourceVersion: "0", Maintainer: "Canonical Kernel Team <kernel-team@lists.ubuntu.com>"})
	return s
}

// TestUbuntuKernels: Ubuntu's word decides by what the running kernel says of itself,
// not by the package on disk, which may be a newer one.
func TestUbuntuKernels(t *testing.T) {
	const setAttributes, copyUp = "CVE-2023-2640", "CVE-2023-32629"
	for _, tt := range []struct {
		system, release, counted, source, flaw string
		want                                   currency.Status
		version, fixed                         string
	}{
		{"22.04", "6.2.0-25-generic", "25~22.04.2", "linux-signed-hwe-6.2", setAttributes, currency.Open, "6.2.0-25-generic (Ubuntu 6.2.0-25.25~22.04.2)", "6.2.0-26.26~22.04.1"},
		{"22.04", "6.2.0-26-generic", "26~22.04.1", "linux-signed-hwe-6.2", setAttributes, currency.Fixed, "6.2.0-26-generic (Ubuntu 6.2.0-26.26~22.04.1)", ""},
		{"22.04", "5.19.0-49-generic", "49", "linux-hwe-5.19", setAttributes, currency.Open, "5.19.0-49-generic (Ubuntu 5.19.0-49.49)", "5.19.0-50.50"},
		{"22.04", "5.15.0-78-generic", "85", "linux-signed", setAttributes, currency.NotAffected, "5.15.0-78-generic (Ubuntu 5.15.0-78.85)", ""},
		{"22.04", "6.2.0-1007-aws", "7~22.04.1", "linux-signed-aws-6.2", setAttributes, currency.Open, "6.2.0-1007-aws (Ubuntu 6.2.0-1007.7~22.04.1)", "6.2.0-1008.8~22.04.1"},
		{"24.04", "6.8.0-45-generic", "45", "linux-signed", setAttributes, currency.Fixed, "6.8.0-45-generic (Ubuntu 6.8.0-45.45)", ""},
		{"20.04", "5.4.0-153-generic", "170", "linux-signed", copyUp, currency.Open, "5.4.0-153-generic (Ubuntu 5.4.0-153.170)", "5.4.0-155.172"},
		{"20.04", "5.4.0-155-generic", "172", "linux-signed", copyUp, currency.Fixed, "5.4.0-155-generic (Ubuntu 5.4.0-155.172)", ""},
		// What Ubuntu says of this one was not read.
		{"22.04", "6.2.0-25-generic", "25~22.04.2", "linux-signed-hwe-6.2", copyUp, currency.Undecided, "6.2.0-25-generic (Ubuntu 6.2.0-25.25~22.04.2)", ""},
		{"22.04", "6.2.0-25-generic", "25~22.04.2", "linux-signed-oem-6.2", setAttributes, currency.Undecided, "6.2.0-25-generic (Ubuntu 6.2.0-25.25~22.04.2)", ""},
		// A release that is not of this form names no version.
		{"22.04", "6.2-odd", "25", "linux-signed", setAttributes, currency.Undecided, "6.2-odd", ""},
	} {
		c, v := verdictOn(t, ubuntuHost(t, tt.system, tt.release, tt.counted, tt.source), tt.flaw)
		if v.Status != tt.want || c.Version != tt.version || v.FixedIn != tt.fixed {
			t.Errorf("%s of %s on %s: %s (%s), mended in %q; want %s as %q, mended in %q", tt.flaw, c.Version, tt.system, v.Status, v.Why, v.FixedIn, tt.want, tt.version, tt.fixed)
		}
	}
}

// TestUbuntuKernelElsewhere: whose the kernel is counts, not whose the system is.
func TestUbuntuKernelElsewhere(t *testing.T) {
	mint := ubuntuHost(t, "22.04", "6.2.0-25-generic", "25~22.04.2", "linux-signed-hwe-6.2")
	example.Set(&mint.Host.OS, snapshot.OS{ID: "linuxmint", Version: "21.2"})
	if _, v := verdictOn(t, mint, "CVE-2023-2640"); v.Status != currency.Undecided {
		t.Errorf("Ubuntu's kernel on another system: %s (%s)", v.Status, v.Why)
	}
	own := ubuntuHost(t, "22.04", "6.2.0", "1", "")
	own.Host.Software.Kernel.Package = snapshot.None[snapshot.Package](own.Host.Software.Kernel.Package.Origin())
	example.Set(&own.Host.Software.Kernel.Build, "Linux version 6.2.0 (me@host) (gcc (Ubuntu 13.2.0-23ubuntu4) 13.2.0) #1 SMP")
	if _, v := verdictOn(t, own, "CVE-2023-2640"); v.Status != currency.NotAffected {
		t.Errorf("another kernel on Ubuntu: %s (%s)", v.Status, v.Why)
	}
	// Ubuntu's names are no proof of Ubuntu's build, and no release has the flaw.
	example.Set(&own.Host.Kernel, "6.2.0-25-generic")
	if c, v := verdictOn(t, own, "CVE-2023-2640"); v.Status == currency.Open || strings.Contains(c.Version, "Ubuntu") {
		t.Errorf("another kernel under a name of Ubuntu's: %s, %s (%s)", c.Version, v.Status, v.Why)
	}
	if _, v := verdictOn(t, host(t, bookworm), "CVE-2023-2640"); v.Status != currency.NotAffected || v.Upstream != v.Why || !strings.Contains(v.Why, "no release") {
		t.Errorf("a kernel of Debian: %s (%s), upstream: %s", v.Status, v.Why, v.Upstream)
	}
	own.Host.Software.Kernel.Build.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission})
	if _, v := verdictOn(t, own, "CVE-2023-2640"); v.Status != currency.Undecided {
		t.Errorf("a kernel whose builder could not be read: %s (%s)", v.Status, v.Why)
	}
}

// TestSoundDevice: a flaw of the calls for sound cards is of no use to a container that
// has none of them.
func TestSoundDevice(t *testing.T) {
	const flaw = "CVE-2023-0266"
	type container = snapshot.Container
	lost := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "a test"}
	for name, tt := range map[string]struct {
		change func(*container)
		want   currency.Status
	}{
		"none":               {func(*container) {}, currency.NotApplicable},
		"another device":     {func(c *container) { example.Set(&c.Devices, []snapshot.Device{{Host: "/dev/sndx"}}) }, currency.NotApplicable},
		"all sound devices":  {func(c *container) { example.Set(&c.Devices, []snapshot.Device{{Host: "/dev/snd"}}) }, currency.Open},
		"one of them":        {func(c *container) { example.Set(&c.Devices, []snapshot.Device{{Host: "/dev/snd/controlC0"}}) }, currency.Open},
		"privileged":         {func(c *container) { example.Set(&c.Privileged, true) }, currency.Open},
		"a rule":             {func(c *container) { example.Set(&c.DeviceCgroupRules, []string{"c 10:* r", "c 116:* rwm"}) }, currency.Open},
		"a rule for all":     {func(c *container) { example.Set(&c.DeviceCgroupRules, []string{"a *:* rwm"}) }, currency.Open},
		"another rule":       {func(c *container) { example.Set(&c.DeviceCgroupRules, []string{"c 1160:* rwm", "b 116:* r"}) }, currency.NotApplicable},
		"a GPU":              {func(c *container) { example.Set(&c.DeviceRequests, []string{"nvidia: gpu"}) }, currency.NotApplicable},
		"a device of CDI":    {func(c *container) { example.Set(&c.DeviceRequests, []string{"cdi: vendor.com/x=all"}) }, currency.Undecided},
		"devices not read":   {func(c *container) { c.Devices.Blind(lost) }, currency.Undecided},
		"rules not read":     {func(c *container) { c.DeviceCgroupRules.Blind(lost) }, currency.Undecided},
		"requests not read":  {func(c *container) { c.DeviceRequests.Blind(lost) }, currency.Undecided},
		"privilege not read": {func(c *container) { c.Privileged.Blind(lost) }, currency.Undecided},
	} {
		s := soundHost(t)
		containers, _ := s.Engines[0].Containers.Peek()
		tt.change(&containers[0])
		if _, v := verdictOn(t, s, flaw); v.Status != tt.want {
			t.Errorf("%s: %s (%s), want %s", name, v.Status, v.Why, tt.want)
		}
	}
	s := soundHost(t)
	s.Engines[0].Containers.Blind(lost)
	if _, v := verdictOn(t, s, flaw); v.Status != currency.Undecided {
		t.Errorf("containers not read: %s (%s)", v.Status, v.Why)
	}
	s.AllEngines.Blind(lost)
	if _, v := verdictOn(t, s, flaw); v.Status != currency.Undecided || !strings.Contains(v.Why, s.AllEngines.Origin().Path) {
		t.Errorf("neither engines nor containers: %s (%s), want what is missing first", v.Status, v.Why)
	}
	s = soundHost(t)
	s.AllEngines.Blind(lost)
	if _, v := verdictOn(t, s, flaw); v.Status != currency.Undecided {
		t.Errorf("engines not found: %s (%s)", v.Status, v.Why)
	}
}

// soundHost runs a container, and a kernel that has the flaw of sound cards.
func soundHost(t *testing.T) *snapshot.Snapshot {
	s := host(t, static)
	run, err := trial.Load(rule.Example{Run: "docker run nginx"})
	if err != nil {
		t.Fatal(err)
	}
	s.Engines[0].Containers = run.Engines[0].Containers
	example.Set(&s.Host.Kernel, "6.1.5")
	example.Set(&s.Host.Software.Kernel.Build, "Linux version 6.1.5")
	example.Set(&s.Host.Software.Kernel.Config, map[string]string{"CONFIG_SND": "m"})
	return s
}

// TestLivePatch: the version of a kernel that was mended as it runs does not tell what is
// open; what is mended in its version stays so.
func TestLivePatch(t *testing.T) {
	s := soundHost(t)
	example.Set(&s.Host.Kernel, "6.18.44")
	example.Set(&s.Host.Software.Kernel.Build, "Linux version 6.18.44")
	for _, tt := range []struct {
		patches      []string
		open, mended currency.Status
	}{
		{nil, currency.Open, currency.Fixed},
		{[]string{"lkp_one", "lkp_two"}, currency.Undecided, currency.Fixed},
	} {
		example.Set(&s.Host.Software.Kernel.LivePatches, tt.patches)
		_, open := verdictOn(t, s, "CVE-2026-89603")
		_, mended := verdictOn(t, s, "CVE-2026-31431")
		if open.Status != tt.open || mended.Status != tt.mended {
			t.Errorf("with %q: %s (%s) and %s, want %s and %s", tt.patches, open.Status, open.Why, mended.Status, tt.open, tt.mended)
		}
		if tt.patches != nil && (open.FixedIn == "" || len(open.Evidence) != 1 || open.Evidence[0].Value != "lkp_one, lkp_two") {
			t.Errorf("mended in %q, by %v", open.FixedIn, open.Evidence)
		}
	}
	// What was undecided before is so for its own reason.
	ubuntu := ubuntuHost(t, "22.04", "6.2.0-25-generic", "25~22.04.2", "linux-signed-hwe-6.2")
	_, before := verdictOn(t, ubuntu, "CVE-2023-32629")
	example.Set(&ubuntu.Host.Software.Kernel.LivePatches, []string{"lkp_one"})
	if _, after := verdictOn(t, ubuntu, "CVE-2023-32629"); after.Status != currency.Undecided || after.Why != before.Why {
		t.Errorf("undecided because %q became %s because %q", before.Why, after.Status, after.Why)
	}
	// Of programs they say nothing.
	s = host(t, bookworm)
	example.Set(&s.Host.Software.Kernel.LivePatches, []string{"lkp_one"})
	if component(t, currency.Judge(s, known.BuiltIn()), known.Runc).Count(currency.Open) == 0 {
		t.Error("a patch of the kernel made flaws of runc doubtful")
	}
}

// TestUbuntuOlder: what runs is told by the running kernel, and held against what is
// installed.
func TestUbuntuOlder(t *testing.T) {
	for version, want := range map[string]int{"6.2.0-25.25~22.04.2": 0, "6.2.0-26.26~22.04.1": 1} {
		s := ubuntuHost(t, "22.04", "6.2.0-25-generic", "25~22.04.2", "linux-signed-hwe-6.2")
		release := version[:len("6.2.0-25")] + "-generic"
		example.Set(&s.Host.Software.Kernel.Installed, []snapshot.Package{{Manager: "dpkg", Name: "linux-image-" + release, Version: version, Source: "linux-signed-hwe-6.2", SourceVersion: version}})
		if got := notices(s, currency.KernelOlder); len(got) != want {
			t.Errorf("with %s installed: %q, want %d", version, got, want)
		}
	}
}
