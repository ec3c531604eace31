package advice_test

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/advice"
	"seawall/observation"
	"seawall/snapshot"
)

// parsed has the parser of AppArmor compile a profile, for no kernel in particular.
func parsed(t *testing.T, profile string) {
	t.Helper()
	cmd := exec.Command("apparmor_parser", "--skip-kernel-load", "--skip-cache")
	cmd.Stdin = strings.NewReader(profile)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("apparmor_parser (scripts/setup-lab.sh installs it): %v\n%s\n%s", err, out, profile)
	}
}

// writes has the container seen to write in directories, in every run.
func writes(directories ...string) func(*advice.Input) {
	return func(in *advice.Input) {
		in.Seen.Watched.Recorded = 1
		for _, d := range directories {
			in.Seen.Written = append(in.Seen.Written, observation.Written{Directory: d, Session: observation.Workload})
		}
	}
}

func TestAppArmor(t *testing.T) {
	const everywhere, some = "file,", "/{,**} rmkix,"
	tests := []struct {
		name, line string
		change     func(*advice.Input)
		writable   []string
		has, lacks []string
		reason     string
	}{
		{"as the engine's own", "docker run x", nil, nil,
			[]string{everywhere, "capability chown,", "deny mount,", "network inet,", "network unix,", "unix,", "signal (receive) peer=unconfined,", "signal (send, receive) peer=seawall-web,"},
			[]string{"capability,", "network,", "capability setuid,", "umount,", "network packet,", some}, "not recorded in each run"},
		{"written directories", "docker run -v d:/data -v e:/conf:ro x", writes("/run", "/srv/a b", "/data/in", "/var/log"), []string{"/data", "/run", "/srv/a b", "/tmp", "/var/log"},
			[]string{some, `"/srv/a b/{,**}" rwlk,`, "/data/{,**} rwlk,", "/dev/{,**} rwlk,"}, []string{everywhere, "/conf/"}, ""},
		{"the root directory", "docker run x", writes("/"), nil, []string{everywhere}, nil, "writes in the root directory"},
		{"a name that no profile can hold", "docker run x", writes("/srv/a\nb"), nil, []string{everywhere}, nil, `"/srv/a\nb"`},
		{"names that mean something", "docker run x", writes(`/a*[b]{c}"^\,d`), []string{`/a*[b]{c}"^\,d`, "/tmp"}, []string{`"/a\*\[b\]\{c\}\"\^\\,d/{,**}" rwlk,`}, nil, ""},
		{"a read-only root file system", "docker run --read-only --tmpfs /run x", nil, []string{"/run"}, []string{some, "/run/{,**} rwlk,"}, []string{everywhere, "/tmp/"}, ""},
		{"no start seen", "docker run x", func(in *advice.Input) {
			writes("/run")(in)
			in.Seen.Watched.Starts, in.Seen.Watched.Joined = 0, 1
		}, nil, []string{everywhere}, nil, "no start was seen"},
		{"no sockets", "docker run x", func(in *advice.Input) { in.Seen.Syscalls[0].Names = []string{"read"} }, nil,
			[]string{"network unix,"}, []string{"network inet,"}, "was not seen to open a socket"},
		{"raw sockets", "docker run x", func(in *advice.Input) {
			in.Seen.Capabilities = append(in.Seen.Capabilities, used("NET_RAW", "socket", "AF_INET, SOCK_RAW"))
		}, nil, []string{"network packet,", "capability net_raw,"}, nil, ""},
		{"confined by nothing now", "docker run --security-opt apparmor=unconfined x", nil, nil, []string{everywhere}, nil, "no profile confines it now"},
		{"the snap's daemon", "docker run x", func(in *advice.Input) {
			in.Engine.Daemon.Process = fact(snapshot.DaemonProcess{Start: "snap"})
		}, nil, []string{"signal (receive) peer=snap.docker.dockerd,"}, nil, ""},
		{"a host without AppArmor", "docker run x", func(in *advice.Input) {
			in.Engine.Settings.AppArmor, in.Host.AppArmor = fact(false), fact(snapshot.AppArmor{})
		}, nil, []string{everywhere}, nil, "this host has no AppArmor, or has it switched off: it does nothing here"},
		{"a rootless engine", "docker run x", func(in *advice.Input) { in.Engine.Settings.Rootless = fact(true) }, nil, []string{everywhere}, nil, "its engine is rootless"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := input(t, test.line, used("CHOWN", "chown", "/data"))
			in.Container.Name, in.Host = "web", &snapshot.Host{AppArmor: fact(snapshot.AppArmor{Enabled: true})}
			in.Engine.Settings.AppArmor = fact(true)
			if test.change != nil {
				test.change(&in)
			}
			got := advice.For(in).AppArmor
			if got.Verdict != advice.Tentative || got.Name != "seawall-web" {
				t.Fatalf("%+v", got)
			}
			parsed(t, got.Profile)
			if diff := cmp.Diff(test.writable, got.Writable); diff != "" {
				t.Errorf("writable: %s", diff)
			}
			var lines []string
			for line := range strings.Lines(got.Profile) {
				lines = append(lines, strings.TrimSpace(line))
			}
			for _, want := range test.has {
				if !slices.Contains(lines, want) {
					t.Errorf("no line %q in\n%s", want, got.Profile)
				}
			}
			for _, no := range test.lacks {
				if slices.ContainsFunc(lines, func(l string) bool { return l == no || strings.HasSuffix(no, "/") && strings.Contains(l, no) }) {
					t.Errorf("%q is in\n%s", no, got.Profile)
				}
			}
			if reasons := strings.Join(got.Reasons, "; "); !strings.Contains(reasons, test.reason) {
				t.Errorf("reasons: %s, want %q", reasons, test.reason)
			}
		})
	}
}

func TestNoAppArmor(t *testing.T) {
	mounting := func(in *advice.Input) { in.Seen.Syscalls[0].Names = []string{"mount", "socket"} }
	tests := []struct {
		name, line string
		change     func(*advice.Input)
		verdict    advice.Verdict
	}{
		{"not watched", "docker run x", func(in *advice.Input) { in.Seen = nil }, advice.Unknown},
		{"it mounts, confined by nothing", "docker run --privileged x", mounting, advice.Fails},
		{"it mounts, which its profile lets it not", "docker run --security-opt apparmor=docker-default x", mounting, advice.Tentative},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := changed(input(t, test.line), test.change)
			in.Engine.Settings.AppArmor = fact(true)
			got := advice.For(in).AppArmor
			if got.Verdict != test.verdict || (got.Profile == "") == got.Verdict.Advised() {
				t.Errorf("%+v, want %s", got, test.verdict)
			}
		})
	}
}

// TestAppArmorFollows: a capability that a copy turned out to need is in the profile, and
// what rests on a setting that a copy did not work with is not.
func TestAppArmorFollows(t *testing.T) {
	in := changed(input(t, "docker run x"), writes("/srv"))
	in.Seen.Syscalls[0].Names = []string{"read"}
	tests := []struct {
		name       string
		change     func(*advice.Advice)
		has, lacks []string
	}{
		{"nothing", func(*advice.Advice) {}, []string{"/srv/{,**} rwlk,"}, []string{"network inet,", "file,"}},
		{"a capability", func(a *advice.Advice) { a.Capabilities.AddTried(snapshot.Caps("SYS_ADMIN")) }, []string{"capability sys_admin,", "umount,"}, nil},
		{"no seccomp profile", func(a *advice.Advice) { a.Seccomp.Verdict = advice.Fails }, []string{"network inet,", "/srv/{,**} rwlk,"}, []string{"network packet,"}},
		{"no read-only root file system", func(a *advice.Advice) { a.ReadOnly.Verdict = advice.Fails }, []string{"file,"}, []string{"network inet,", "/srv/{,**} rwlk,"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := advice.For(in)
			test.change(a)
			a.Settle()
			parsed(t, a.AppArmor.Profile)
			for _, want := range test.has {
				if !strings.Contains(a.AppArmor.Profile, "  "+want+"\n") {
					t.Errorf("no %q in\n%s", want, a.AppArmor.Profile)
				}
			}
			for _, no := range test.lacks {
				if strings.Contains(a.AppArmor.Profile, "  "+no+"\n") {
					t.Errorf("%q is in\n%s", no, a.AppArmor.Profile)
				}
			}
		})
	}
}

// profileLine is a line that a profile may have: what it was seen to write stands quoted.
var profileLine = regexp.MustCompile(`^(#.*|abi <abi/3\.0>,|profile seawall-[A-Za-z0-9_-]+ flags=\(attach_disconnected,mediate_deleted\) \{|\}|` +
	`  (#.*|capability [a-z_]+,|network [a-z0-9]+,|unix,|umount,|file,|deny mount,|deny /[^"]+ (w|r?wklx),|(signal|ptrace) \([a-z, ]+\) peer=[A-Za-z0-9._-]+,|` +
	`/[^" ]* [a-z]+,|"([^"\\]|\\.)*" [a-z]+,))?$`)
