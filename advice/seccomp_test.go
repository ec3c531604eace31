package advice_test

import (
	"slices"
	"testing"

	"github.com/opencontainers/runtime-spec/specs-go"

	"seawall/advice"
	"seawall/observation"
	"seawall/snapshot"
)

// answer is what a profile does with a call.
func answer(p *advice.Profile, call string) string {
	for _, r := range p.Syscalls {
		if slices.Contains(r.Names, call) {
			if r.ErrnoRet != nil && *r.ErrnoRet == 38 {
				return "ENOSYS"
			}
			if len(r.Args) > 0 {
				return "conditions"
			}
			return string(r.Action)
		}
	}
	return string(p.DefaultAction)
}

func TestSeccomp(t *testing.T) {
	allow, deny := string(specs.ActAllow), string(specs.ActErrno)
	with := func(names ...string) func(*advice.Input) {
		return func(in *advice.Input) {
			in.Seen.Syscalls = []observation.Syscalls{
				{Session: observation.Workload, Names: names, Runtime: []string{"getppid"}},
				{Session: observation.Exec, Names: []string{"symlink"}},
			}
		}
	}
	tests := []struct {
		name, line string
		calls      []string
		caps       []string
		want       map[string]string
	}{
		{"own calls", "docker run x", []string{"rename"}, nil, map[string]string{
			"rename": allow, "symlink": allow, // an exec session's
			"execve": allow, "openat2": allow, "rt_sigreturn": allow, // of the runtime
			"link": deny, "ptrace": deny, "mount": deny, "clone3": "ENOSYS", "io_uring_setup": "ENOSYS",
		}},
		{"with conditions", "docker run x", []string{"socket", "personality", "clone"}, nil, map[string]string{
			"socket": "conditions", "personality": "conditions", "clone": "conditions",
		}},
		{"of a capability", "docker run x", []string{"mount", "chroot"}, []string{"SYS_ADMIN"}, map[string]string{"mount": allow, "chroot": deny, "clone": allow}},
		{"denied by the default", "docker run x", []string{"keyctl"}, nil, map[string]string{"keyctl": deny}},
		{"denied by the default, which is off", "docker run --security-opt seccomp=unconfined x", []string{"keyctl"}, nil, map[string]string{"keyctl": allow}},
		{"clone3 without a filter", "docker run --security-opt seccomp=unconfined x", []string{"clone3"}, []string{"SYS_ADMIN"}, map[string]string{"clone3": allow}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var checks []observation.Capability
			for _, c := range test.caps {
				checks = append(checks, used(c, "", ""))
			}
			got := advice.For(changed(input(t, test.line, checks...), with(test.calls...))).Seccomp
			if got.Profile == nil || got.Verdict != advice.Tentative || got.Allowed >= got.Default {
				t.Fatalf("%+v", got)
			}
			for call, want := range test.want {
				if is := answer(got.Profile, call); is != want {
					t.Errorf("%s: %s, want %s", call, is, want)
				}
			}
		})
	}
}

// TestNoSeccomp: where something essential was not seen there is no profile.
func TestNoSeccomp(t *testing.T) {
	for name, change := range map[string]func(*advice.Input){
		"not watched":    func(in *advice.Input) { in.Seen = nil },
		"not recorded":   func(in *advice.Input) { in.Seen.Syscalls = nil },
		"arm64":          func(in *advice.Input) { in.Machine = "aarch64" },
		"32-bit":         func(in *advice.Input) { in.Seen.Syscalls[0].Compat = 1 },
		"lost":           func(in *advice.Input) { in.Seen.Lost = observation.Lost{Syscalls: 1} },
		"no start":       func(in *advice.Input) { in.Seen.Watched.Starts = 0 },
		"nothing at all": func(in *advice.Input) { in.Seen, in.Usage = nil, snapshot.Usage{} },
	} {
		got := advice.For(changed(input(t, "docker run x"), change)).Seccomp
		if got.Profile != nil || got.Verdict != advice.Unknown || len(got.Reasons) == 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
