package daemonconfig

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func args(line string) snapshot.Fact[Config] {
	return snapshot.See(ParseArgs("/proc/812/cmdline", strings.Fields(line)), snapshot.At("cmdline", "/proc/812/cmdline"))
}

func file(t *testing.T, data string) snapshot.Fact[Config] {
	t.Helper()
	c, err := ParseFile("/etc/docker/daemon.json", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return snapshot.See(c, snapshot.At("config-file", "/etc/docker/daemon.json"))
}

var (
	noFile   = snapshot.None[Config](snapshot.At("config-file", "/etc/docker/daemon.json"))
	lostFile = snapshot.Lost[Config](snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "denied"}, snapshot.At("config-file", "/etc/docker/daemon.json"))
)

func version(v string) snapshot.Fact[string] {
	return snapshot.See(v, snapshot.At("Version", "GET /version"))
}

// show is a fact in one line: value and origin, or the reason of its gap.
func show[T any](f snapshot.Fact[T]) string {
	if v, ok := f.Peek(); ok {
		return strings.TrimSpace(strings.Join([]string{cmpString(v), f.Origin().Path, f.Origin().Source}, " | "))
	}
	return "gap: " + string(f.Gap().Reason)
}

func cmpString(v any) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.Trim(fmt.Sprint(v), "[]"), " ", ","))
}

func TestEffective(t *testing.T) {
	told := func(v bool) snapshot.Settings {
		return snapshot.Settings{ICC: snapshot.See(v, snapshot.At("enable_icc", "GET /networks/bridge"))}
	}
	tests := []struct {
		name  string
		given Given
		want  string
	}{
		{"flag", Given{Flags: args("--icc=false"), File: noFile}, "false | icc | /proc/812/cmdline"},
		{"file", Given{Flags: args(""), File: file(t, "{\n\"icc\": false}")}, "false | icc | /etc/docker/daemon.json:2"},
		{"default", Given{Flags: args(""), File: noFile}, "true | icc | default: set neither in /proc/812/cmdline nor in /etc/docker/daemon.json"},
		{"flag, file unreadable", Given{Flags: args("--icc=false"), File: lostFile}, "false | icc | /proc/812/cmdline"},
		{"file unreadable", Given{Flags: args(""), File: lostFile}, "gap: permission"},
		{"flags unreadable", Given{Flags: lostFile, File: file(t, `{"icc":false}`)}, "gap: permission"},
		{"nothing collected", Given{}, "gap: not-collected"},
		{"API alone", Given{API: told(false), Flags: lostFile, File: lostFile}, "false | enable_icc | GET /networks/bridge"},
		{"API confirms", Given{API: told(false), Flags: args("--icc=false"), File: noFile}, "false | icc | /proc/812/cmdline, confirmed by GET /networks/bridge"},
		{"API contradicts", Given{API: told(true), Flags: args(""), File: file(t, `{"icc":false}`)}, "true | enable_icc | GET /networks/bridge"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(Effective(tt.given).ICC); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	got, _ := Effective(tests[len(tests)-1].given).Conflicts.Peek()
	want := []snapshot.Conflict{{Setting: "icc", Used: "true", UsedSource: "GET /networks/bridge", Other: "false", OtherSource: "/etc/docker/daemon.json:1"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conflicts (-want +got):\n%s", diff)
	}
}

func TestChangedFileDecidesNothing(t *testing.T) {
	f := file(t, `{"userland-proxy": false}`)
	c, _ := f.Peek()
	c.Changed = true
	s := Effective(Given{Flags: args("--ip 127.0.0.1"), File: snapshot.See(c, f.Origin())})
	for name, got := range map[string]string{"set there": show(s.UserlandProxy), "not set there": show(s.IPForward)} {
		if got != "gap: unresolved" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := show(s.IP); got != "127.0.0.1 | ip | /proc/812/cmdline" {
		t.Errorf("given by flag: %s", got)
	}
}

func TestTLSAndHosts(t *testing.T) {
	for line, want := range map[string]string{
		"":                              "false false unix:///var/run/docker.sock",
		"--tls":                         "true true tcp://localhost:2376",
		"--tlsverify":                   "true true tcp://localhost:2376",
		"--tlsverify=false -H tcp://:1": "true false tcp://:1",
		"--tls --tlsverify=false -H x":  "true false x",
	} {
		s := Effective(Given{Flags: args(line), File: noFile})
		tls, _ := s.TLS.Peek()
		verify, _ := s.TLSVerify.Peek()
		hosts, _ := s.Hosts.Peek()
		if got := fmt.Sprint(tls) + " " + fmt.Sprint(verify) + " " + strings.Join(hosts, ","); got != want {
			t.Errorf("%q: got %s, want %s", line, got, want)
		}
	}
	if got := show(Effective(Given{Flags: lostFile, File: lostFile}).TLS); got != "gap: permission" {
		t.Errorf("TLS of unreadable flags: %s", got)
	}
}

func TestDefaultsByVersion(t *testing.T) {
	for v, want := range map[string]string{"20.10.24": "false", "26.1.5": "false", "27.0.1": "true", "28.5.2": "true"} {
		got := Effective(Given{Version: version(v), Flags: args(""), File: noFile}).IP6Tables
		if value, ok := got.Peek(); !ok || fmt.Sprint(value) != want {
			t.Errorf("%s: ip6tables %s, want %s", v, show(got), want)
		}
	}
	if got := show(Effective(Given{Flags: args(""), File: noFile}).IP6Tables); got != "gap: unresolved" {
		t.Errorf("version not known: %s", got)
	}
}

func TestDeclared(t *testing.T) {
	s, err := Declared("daemon.json", []byte(`{"icc": false, "userns-remap": "default", "log-opts": {"max-size": "1m"}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{show(s.ICC), show(s.UserNSRemap), show(s.LogOptNames), show(s.LiveRestore), show(s.IP6Tables), show(s.AppArmor), show(s.StorageDriver)}
	want := []string{
		"false | icc | daemon.json:1", "true | userns-remap | daemon.json:1", "max-size | log-opts | daemon.json:1",
		"false | live-restore | default", "true | ip6tables | default", "gap: unresolved", "gap: unresolved",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	missed := 0
	snapshot.Walk(&s, func(path string, f snapshot.AnyFact) {
		if f.State() == snapshot.NotCollected {
			t.Errorf("%s is neither decided nor a gap", path)
		}
		if f.State() == snapshot.Unreadable {
			missed++
		}
	})
	if missed != 11 {
		t.Errorf("%d gaps, want 11: what depends on the host", missed)
	}
	if _, err := Declared("d", []byte(`{"iccc": true}`)); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("unknown key: error %v", err)
	}
}
