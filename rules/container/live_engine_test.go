package container

import (
	"context"
	"testing"

	"seawall/lab"
	"seawall/rule"
)

// TestRootless: the same faults are worth less where the engine is an ordinary
// user's.
func TestRootless(t *testing.T) {
	lab.RequireRootless(t)
	h := lab.New(t, lab.Options{})
	h.AddUser("alice")
	e := h.StartRootless("alice")
	image, err := e.ImportSleep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Run(t.Context(), "--name", "inner", "--cap-add", "SYS_ADMIN", "--pid", "host", "-v", "/run/user:/u", image); err != nil {
		t.Fatal(err)
	}
	got := verdicts(audited(t, h))["inner"]
	for _, id := range []string{"container-capability-sys-admin", "container-host-pid", "container-runs-as-root"} {
		if r := got[id]; r.Verdict != rule.Failed || r.Severity > rule.Medium || r.SeverityReason == "" {
			t.Errorf("%s is %s, severity %d, because %q (%s); want a fail of at most medium", id, r.Verdict, r.Severity, r.SeverityReason, r.Message)
		}
	}
	for _, id := range []string{"container-host-userns", "container-in-host-userns"} {
		if r := got[id]; r.Verdict != rule.Passed {
			t.Errorf("%s is %s (%s), want pass", id, r.Verdict, r.Message)
		}
	}
	if r := got["engine-socket-mounted"]; r.Verdict != rule.Failed {
		t.Errorf("engine-socket-mounted is %s (%s), want fail: alice's socket is below /run/user", r.Verdict, r.Message)
	}
}

// liveDefaults are engines set up in some way, and what must be said of a
// container started on them.
var liveDefaults = []struct {
	name, daemon string
	prepare      []string
	flags        []string
	fails, not   []string
}{
	{
		name: "a profile that filters nothing, no new privileges", daemon: `{"seccomp-profile": "/etc/docker/all.json", "no-new-privileges": true}`,
		fails: []string{"container-seccomp-off"}, not: []string{"container-new-privileges-allowed"},
	},
	{
		name: "logs of limited size, and a container with another driver", daemon: `{"log-driver": "local"}`, flags: []string{"--log-driver", "json-file"},
		fails: []string{"container-log-unbounded"}, not: []string{"container-log-may-drop", "container-logging-off"},
	},
	{
		name: "logs of limited size, and a container with a driver of the same kind", daemon: `{"log-opts": {"max-size": "10m"}}`,
		not: []string{"container-log-unbounded", "container-log-may-drop"},
	},
	{
		name: "remapped users", daemon: `{"userns-remap": "remap"}`, prepare: remapUser,
		fails: []string{"container-runs-as-root", "container-new-privileges-allowed"}, not: []string{"container-host-userns", "container-in-host-userns", "container-seccomp-off"},
	},
	{
		name: "remapped users, and a container that opts out", daemon: `{"userns-remap": "remap"}`, prepare: remapUser, flags: []string{"--userns", "host"},
		fails: []string{"container-host-userns", "container-in-host-userns", "container-runs-as-root"}, not: []string{"container-seccomp-off"},
	},
}

var remapUser = []string{"sh", "-c", "useradd --system remap; echo remap:100000:65536 | tee /etc/subuid > /etc/subgid"}

// TestEngineDefaults: what the engine gives to containers that ask for nothing,
// and what one gets that asks to be excepted.
func TestEngineDefaults(t *testing.T) {
	const allowAll = `{"defaultAction": "SCMP_ACT_ALLOW"}`
	for _, tt := range liveDefaults {
		t.Run(tt.name, func(t *testing.T) {
			h := lab.New(t, lab.Options{
				DaemonJSON: tt.daemon,
				Files:      map[string]string{"/etc/docker/all.json": allowAll},
				Prepare: func(ctx context.Context, h *lab.Host) error {
					if tt.prepare == nil {
						return nil
					}
					_, err := h.Exec(ctx, tt.prepare...)
					return err
				},
			})
			h.Run(append(tt.flags[:len(tt.flags):len(tt.flags)], "--name", "plain", h.ImportSleep())...)
			got := verdicts(audited(t, h))["plain"]
			for _, id := range tt.fails {
				if r := got[id]; r.Verdict != rule.Failed {
					t.Errorf("%s is %s (%s), want fail", id, r.Verdict, r.Message)
				}
			}
			for _, id := range tt.not {
				if r := got[id]; r.Verdict != rule.Passed {
					t.Errorf("%s is %s (%s), want pass", id, r.Verdict, r.Message)
				}
			}
		})
	}
}
