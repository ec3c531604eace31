package steps_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/lab"
)

// traceProof is a container in the host's pid namespace and another whose processes
// it may trace, or may not.
type traceProof struct {
	agent, db string // the options of the two
	as        string // user and group of the other's process on the host; "" for root
	want      attack.Truth
}

// TestLiveTrace proves {step: "pid-host-into-container"} and {step: "processes-of-container"}.
func TestLiveTrace(t *testing.T) {
	proveTraces(t, lab.Options{}, []traceProof{
		{agent: "--pid host", want: attack.Yes},
		{agent: "--pid host", db: "--user 999:998", as: "999:998", want: attack.Yes},
		{agent: "--pid host", db: "--user 999 --cap-add SYS_NICE", as: "999:0", want: attack.Yes},
		{agent: "--pid host --cap-drop SETGID", db: "--user 999:0", as: "999:0", want: attack.Yes},
		{agent: "--pid host --cap-drop ALL --cap-add SYS_PTRACE", db: "--privileged", want: attack.Yes},
		{agent: "--pid host --cap-drop ALL", db: "--cap-drop ALL", want: attack.Yes},
		{agent: "", want: attack.No},
		{agent: "--pid host", db: "--cap-add SYS_NICE", want: attack.No},
		{agent: "--pid host --cap-drop NET_RAW", want: attack.No},
		{agent: "--pid host --cap-drop SETUID", db: "--user 999", as: "999:0", want: attack.No},
		{agent: "--pid host --cap-drop SETGID", db: "--user 999:998", as: "999:998", want: attack.No},
	})
}

// TestLiveTraceRemapped: root of the host owns the user namespaces of containers,
// and so has all rights in them, but for what users' files are in its way.
func TestLiveTraceRemapped(t *testing.T) {
	for _, version := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(version), func(t *testing.T) {
			proveTraces(t, remapped(version), []traceProof{
				{agent: "--userns host --pid host", want: attack.Yes},
				{agent: "--userns host --pid host", db: "--user 999", want: attack.Yes},
				{agent: "--userns host --pid host --cap-drop ALL --cap-add DAC_OVERRIDE", want: attack.Yes},
				{agent: "--userns host --pid host --cap-drop ALL", want: attack.Unknown},
			})
		})
	}
}

func remapped(version lab.Version) lab.Options {
	return lab.Options{Version: version, DaemonJSON: `{"userns-remap": "remap"}`, Prepare: func(ctx context.Context, h *lab.Host) error {
		_, err := h.Exec(ctx, "sh", "-c", "useradd --system remap; echo remap:100000:65536 | tee /etc/subuid > /etc/subgid")
		return err
	}}
}

func proveTraces(t *testing.T, opts lab.Options, proofs []traceProof) {
	h := lab.New(t, opts)
	image := attemptImage(t, h)
	name := func(who string, i int) string { return fmt.Sprintf("%s-%d", who, i) }
	for i, p := range proofs {
		(&proof{}).start(h, image, name("agent", i), p.agent)
		(&proof{}).start(h, image, name("db", i), p.db)
		h.Docker("exec", "--user", "0", name("db", i), "sh", "-c", "echo x >/tmp/"+name("db", i)+"; chmod 644 /tmp/"+name("db", i))
	}
	m := steptest.Model(collect(t, h), steps.All())
	for i, p := range proofs {
		said := traced(m, name("agent", i), name("db", i))
		if said != p.want {
			t.Errorf("from %q to %q: the model says %v, want %v", p.agent, p.db, said, p.want)
		}
		out, err := h.Command(t.Context(), "docker", "exec", name("agent", i), "attempt", "trace", "/tmp/"+name("db", i), cmp.Or(p.as, "0:0")).CombinedOutput()
		if (err == nil) != (p.want == attack.Yes) {
			t.Errorf("from %q to %q: the attempt gives %v, want %v\n%s", p.agent, p.db, err, p.want, strings.TrimSpace(string(out)))
		}
	}
}

// traced says whether the model has the way from a container to another's processes.
func traced(m *attack.Model, agent, db string) attack.Truth {
	moves := m.Moves()
	processes := map[attack.State]bool{}
	for _, move := range moves {
		if move.Step.ID == "processes-of-container" && move.To.Name == db {
			processes[move.From[0]] = true
		}
	}
	for _, move := range moves {
		if move.Step.ID == "pid-host-into-container" && move.From[0].Name == agent && processes[move.To] {
			if move.Possible {
				return attack.Unknown
			}
			return attack.Yes
		}
	}
	return attack.No
}
