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
	if r := got["container-host-userns"]; r.Verdict != rule.Passed {
		t.Errorf("container-host-userns is %s (%s), want pass", r.Verdict, r.Message)
	}
	if r := got["engine-socket-mounted"]; r.Verdict != rule.Failed {
		t.Errorf("engine-socket-mounted is %s (%s), want fail: alice's socket is below /run/user", r.Verdict, r.Message)
	}
}

// TestEngineDefaults: what the engine gives to containers that ask for nothing.
func TestEngineDefaults(t *testing.T) {
	const allowAll = `{"defaultAction": "SCMP_ACT_ALLOW"}`
	tests := []struct {
		name, daemon string
		prepare      []string
		fails, not   []string
	}{
		{
			name: "a profile that filters nothing, no new privileges", daemon: `{"seccomp-profile": "/etc/docker/all.json", "no-new-privileges": true}`,
			fails: []string{"container-seccomp-off"}, not: []string{"container-new-privileges-allowed"},
		},
		{
			name: "remapped users", daemon: `{"userns-remap": "remap"}`,
			prepare: []string{"sh", "-c", "useradd --system remap; echo remap:100000:65536 | tee /etc/subuid > /etc/subgid"},
			fails:   []string{"container-runs-as-root", "container-new-privileges-allowed"}, not: []string{"container-host-userns", "container-seccomp-off"},
		},
	}
	for _, tt := range tests {
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
			h.Run("--name", "plain", h.ImportSleep())
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
