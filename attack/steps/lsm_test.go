package steps_test

import (
	"slices"
	"testing"

	"seawall/attack"
	"seawall/attack/steps/scene"
	"seawall/attack/steptest"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// TestSecurityModules: what an SELinux label, a profile of AppArmor or a runtime makes of a step:
// what policies deny whatever their settings is not there, and what nobody read may be.
func TestSecurityModules(t *testing.T) {
	permissive := example.Together(scene.Labelled, example.Host(func(h *snapshot.Host) {
		example.Set(&h.SELinux, snapshot.SELinux{Enabled: true})
	}))
	for _, tt := range []struct {
		step, run string
		facts     func(*snapshot.Snapshot)
		want      attack.Truth
	}{
		{"device-node-proc-root", "docker run alpine", nil, attack.Yes},
		{"device-node-proc-root", "docker run alpine", scene.Labelled, attack.Unknown},
		{"device-node-proc-root", "docker run alpine", permissive, attack.Yes},
		{"device-node-proc-root", "docker run --security-opt label=disable alpine", scene.Labelled, attack.Yes},
		{"device-node-proc-root", "docker run --privileged alpine", scene.Labelled, attack.Yes},
		{"device-node-proc-root", "docker run --security-opt apparmor=mine alpine", nil, attack.Unknown},
		{"cap-sys-module", "docker run --cap-add SYS_MODULE alpine", scene.Labelled, attack.No},
		{"cap-sys-module", "docker run --cap-add SYS_MODULE --security-opt label=type:mine_t alpine", scene.Labelled, attack.Unknown},
		{"cap-sys-time", "docker run --cap-add SYS_TIME alpine", scene.Labelled, attack.Unknown},
		{"cap-bpf-perfmon-kernel-read", "docker run --cap-add BPF --cap-add PERFMON alpine", scene.Labelled, attack.No},
		{"cap-bpf-perfmon-kernel-read", "docker run --cap-add BPF --cap-add PERFMON --security-opt label=type:mine_t alpine", scene.Labelled, attack.Unknown},
		{"cap-dac-read-search-write", "docker run --cap-add DAC_READ_SEARCH alpine", permissive, attack.Yes},
		{"host-network-abstract-sockets", "docker run --network host alpine", scene.Labelled, attack.Unknown},
		{"device-block-rw", "docker run --device /dev/sda alpine", scene.Labelled, attack.Yes},
		{"device-block-rw", "docker run --device-cgroup-rule 'b 8:* rw' alpine", scene.Labelled, attack.Unknown},
		{"host-root-mount-rw", "docker run -v /:/x alpine", permissive, attack.Yes},
		{"privileged-container", "docker run --privileged --runtime runc alpine", nil, attack.Yes},
		{"privileged-container", "docker run --privileged --runtime runsc alpine", nil, attack.Unknown},
	} {
		s, err := trial.Load(rule.Example{Run: tt.run, Facts: tt.facts})
		if err != nil {
			t.Fatal(err)
		}
		said := attack.No
		moves := steptest.Model(s, alone(t, tt.step)).Moves()
		for i := range moves {
			switch {
			case moves[i].Step.ID != tt.step:
			case moves[i].Possible:
				said = max(said, attack.Unknown)
			default:
				said = attack.Yes
			}
		}
		if said != tt.want {
			t.Errorf("%s with %s: %v, want %v", tt.step, tt.run, said, tt.want)
		}
	}
}

// TestTwiceHeld: a privileged container has its default capabilities twice over, so
// that it takes both changes: each ends a move of its own.
func TestTwiceHeld(t *testing.T) {
	for run, want := range map[string][]string{
		"docker run alpine": {"drop-capability"}, "docker run --privileged alpine": {"drop-capability", "unprivileged"},
		"docker run --privileged --cap-drop SETUID alpine": {"unprivileged"},
	} {
		var got []string
		for _, move := range movesOf(t, alone(t, "device-node-proc-root"), rule.Example{Run: run}) {
			var kinds []string
			for _, c := range move.Ends {
				if id := c.Kind.ID; id == "drop-capability" || id == "unprivileged" {
					kinds = append(kinds, id)
				}
			}
			if kinds = slices.Compact(kinds); len(kinds) != 1 {
				t.Errorf("%s: a move is ended by %q", run, kinds)
			}
			got = append(got, kinds...)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: ended by %q, want %q", run, got, want)
		}
	}
}
