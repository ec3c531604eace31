package currency_test

import (
	"testing"

	"seawall/currency"
	"seawall/currency/known"
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
