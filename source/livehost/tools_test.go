package livehost

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// TestTools: what is on the usual paths, each file once, and nothing that cannot run.
func TestTools(t *testing.T) {
	v := tree(t, map[string]string{
		"usr/bin/x86_64-linux-gnu-gcc-12": "#!", "usr/bin/gcc": "->x86_64-linux-gnu-gcc-12", "usr/bin/cc": "->gcc", "usr/local/bin/nmap": "#!",
		"usr/bin/nmap.txt": "text", "usr/bin/go": "no program", "opt/bin/clang": "#!",
	})
	tools, ok := v.tools().Peek()
	if diff := cmp.Diff([]snapshot.Tool{{Name: "cc", Path: "/usr/bin/cc"}, {Name: "nmap", Path: "/usr/local/bin/nmap"}}, tools); diff != "" || !ok {
		t.Error(diff)
	}
}

// TestPackagesOfServices: a service is told with the package of its program.
func TestPackagesOfServices(t *testing.T) {
	v := tree(t, map[string]string{
		"usr/sbin/nginx": "#!", "opt/own": "#!", "var/lib/dpkg/status": stanza("nginx", "1", ""), "var/lib/dpkg/info/nginx.list": "/usr/sbin/nginx\n",
	})
	o := snapshot.At("listeners", "/proc/1/net/tcp")
	got, _ := newOwners(v.m.Files).packagesOf(snapshot.See([]snapshot.Service{{Address: "0.0.0.0:80", Program: "/usr/sbin/nginx"}, {Address: "0.0.0.0:81", Program: "/opt/own"}, {Address: "0.0.0.0:82"}}, o)).Peek()
	for i, want := range []string{"nginx", "", ""} {
		if got[i].Package != want {
			t.Errorf("%s is of %q, want %q", got[i], got[i].Package, want)
		}
	}
	gap := snapshot.Lost[[]snapshot.Service](snapshot.Gap{Reason: snapshot.ReasonPermission}, o)
	if f := newOwners(v.m.Files).packagesOf(gap); f.State() != snapshot.Unreadable {
		t.Errorf("services that were not read are %v", f)
	}
}

// TestBootOptions: options that switch guards are kept, all others are not.
func TestBootOptions(t *testing.T) {
	for text, want := range map[string][]string{
		"BOOT_IMAGE=/vmlinuz root=/dev/sda1 quiet mitigations=off rd.luks.key=secret apparmor=0\n": {"mitigations=off", "apparmor=0"},
		"nokaslr spec-store-bypass-disable=off -- mitigations=off":                                 {"nokaslr", "spec-store-bypass-disable=off"},
		"": {},
	} {
		v := tree(t, nil)
		v.m.Proc = t.TempDir()
		if err := os.WriteFile(filepath.Join(v.m.Proc, "cmdline"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, ok := v.bootOptions().Peek(); !ok || !cmp.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	v := tree(t, nil)
	v.m.Sys = t.TempDir()
	if f := v.moduleSignatures(); f.State() != snapshot.Absent {
		t.Errorf("a kernel without signatures is %v", f)
	}
}
