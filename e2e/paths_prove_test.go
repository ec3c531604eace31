package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/report"
)

// proveHost is a host with paths of many kinds: containers that are privileged or
// have files and the socket of the host inside, accounts in the engine's group and
// not, and an API over TCP.
func proveHost(t *testing.T) *lab.TestHost {
	t.Helper()
	h := newHost(t, lab.Options{Flags: []string{"-D", "--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375"}})
	image := h.ImportBusybox()
	h.AddUser("alice", "docker")
	h.AddUser("bob")
	for name, options := range map[string]string{
		"privileged": "--privileged", "etc-rw": "-v /etc:/host/etc", "etc-ro": "-v /etc:/host/etc:ro", "socket": "-v /run/docker.sock:/run/docker.sock:ro",
		"socket-user": "--user 1000 --security-opt no-new-privileges -v /run/docker.sock:/s", "socket-group": "--user 1000:" + dockerGroup(h) + " --security-opt no-new-privileges -v /run:/r",
	} {
		h.Run(append(append([]string{"--name", name}, strings.Fields(options)...), image)...)
	}
	return h
}

func dockerGroup(h *lab.TestHost) string {
	return strings.TrimSpace(h.Exec("stat", "-c", "%g", "/run/docker.sock"))
}

// proved is the answer of paths with --prove, by hop: "step from".
func proved(t *testing.T, h *lab.TestHost, flag string, more ...string) map[string]*report.PathProof {
	t.Helper()
	return hopsOf(t, seawall(t, h, append(slices.Clone(proveArguments), append(more, flag)...)...))
}

var proveArguments = []string{"paths", "--format", "json", "--fail-on", "none", "--ways", "20"}

// hopsOf are the proofs of an answer in JSON.
func hopsOf(t *testing.T, o outcome) map[string]*report.PathProof {
	t.Helper()
	if o.code != 0 {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	var p report.Paths
	if err := json.Unmarshal([]byte(o.stdout), &p); err != nil {
		t.Fatal(err)
	}
	out := map[string]*report.PathProof{}
	for i := range p.Paths {
		for _, hop := range p.Paths[i].Hops {
			out[hop.Step+" "+hop.From[0]] = hop.Proof
		}
	}
	return out
}

// verdictsOf are the verdicts of hops, with the detail of what is not proven.
func verdictsOf(hops map[string]*report.PathProof) []string {
	var out []string
	for hop, p := range hops {
		line := hop + ": none"
		if p != nil {
			line = hop + ": " + string(p.Verdict)
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

// TestProve proves the hops of a host that are there, by looks alone and with
// connections, and changes nothing.
func TestProve(t *testing.T) {
	h := proveHost(t)
	for _, flag := range []string{"--prove", "--prove=connect"} {
		t.Run(flag, func(t *testing.T) {
			time.Sleep(time.Second) // let what the engine still writes be written
			start, logged := h.Docker("info", "--format", "{{.SystemTime}}"), len(h.Engine().Log())
			filesBefore, processesBefore := tree(t, h), h.Exec("ps", "-e", "-o", "pid,args")
			hops := proved(t, h, flag)
			filesAfter, processesAfter := tree(t, h), h.Exec("ps", "-e", "-o", "pid,args")
			for _, r := range requestLine.FindAllStringSubmatch(h.Engine().Log()[logged:], -1) {
				if method := r[1] + r[2]; method != "GET" && method != "HEAD" {
					t.Errorf("it sent a %s", method)
				}
			}
			if events := h.Docker("events", "--since", start, "--until", h.Docker("info", "--format", "{{.SystemTime}}")); events != "" {
				t.Errorf("the engine reports events:\n%s", events)
			}
			if diff := cmp.Diff(lines(filesBefore), lines(filesAfter)); diff != "" {
				t.Errorf("files changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(without(processesBefore, "ps -e"), without(processesAfter, "ps -e")); diff != "" {
				t.Errorf("processes (-before +after):\n%s", diff)
			}
			expectProven(t, hops, flag == "--prove=connect")
		})
	}
}

// open are the steps of such a host that nothing harmless shows in full. Of the API
// over TCP a connection shows it.
var open = []string{"arp-spoof-bridge", "container-on-network", "engine-enters-container", "neighbour-breached", "seccomp-unconfined-userns-surface"}

// lockable is the step that is proven only where the machine shows whether its kernel
// is locked down.
const lockable = "cap-bpf-perfmon-kernel-read"

// expectProven checks that all hops are proven but those that cannot be.
func expectProven(t *testing.T, hops map[string]*report.PathProof, connected bool) {
	t.Helper()
	for hop, p := range hops {
		step, from, _ := strings.Cut(hop, " ")
		want := report.Proven
		if slices.Contains(open, step) || step == "engine-api-over-network" && !connected {
			want = report.NotProvable
		}
		if step == lockable && p != nil && p.Verdict == report.NotProvable {
			want = report.NotProvable
		}
		if p == nil || p.Verdict != want {
			t.Errorf("%s: %+v, want %s", hop, p, want)
		}
		if from == "container:socket-user" {
			t.Errorf("%s: its user may not connect to the socket", hop)
		}
	}
	for _, hop := range []string{
		"privileged-container container-root:privileged", "etc-mount-rw container-root:etc-rw", "host-keys-mount container-root:etc-ro",
		"docker-sock-mount container-root:socket", "docker-sock-gid-in-container container:socket-group", "engine-socket-group user:alice",
		"engine-api-over-network user", "engine-starts-privileged-container engine", "image-runs-as-root container:socket",
	} {
		if hops[hop] == nil {
			t.Errorf("there is no hop %s among\n%s", hop, strings.Join(verdictsOf(hops), "\n"))
		}
	}
	connects := map[string]string{"docker-sock-mount container-root:socket": "connect(/run/docker.sock)", "engine-socket-group user:alice": "connect(/run/docker.sock)"}
	for hop, call := range connects {
		if p := hops[hop]; p != nil && strings.Contains(strings.Join(p.Tried, "; "), call) != connected {
			t.Errorf("%s: tried %q", hop, p.Tried)
		}
	}
}

// TestProveUnprivileged: who may not look proves little and refutes nothing.
func TestProveUnprivileged(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	h.AddUser("alice", "docker")
	h.Run("--name", "ci", "--privileged", "-v", "/etc:/host/etc", image)
	hops := hopsOf(t, execute(t, h, append(append([]string{"runuser", "-u", "alice", "--", programInside}, proveArguments...), "--prove=connect")...))
	for hop, p := range hops {
		if p == nil || p.Verdict == report.Refuted {
			t.Errorf("%s: %+v", hop, p)
		}
	}
	if p := hops["engine-socket-group user:alice"]; p == nil || p.Verdict != report.NotProvable {
		t.Errorf("an account's access, which takes root to try: %+v", p)
	}
}

// TestProveRefutes: the model does not know that a file system as a whole is
// read-only where the mount is not. The look finds it, and the text says what that
// means.
func TestProveRefutes(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	h.Exec("sh", "-ec", "mkdir -p /etc/cron.d; mount -t tmpfs cron /etc/cron.d")
	h.Run("--name", "web", "-v", "/etc/cron.d:/jobs", image)
	const hop = "cron-dir-mount-rw container-root:web"
	if p := proved(t, h, "--prove")[hop]; p == nil || p.Verdict != report.Proven {
		t.Errorf("while it can be written: %+v", p)
	}
	h.Exec("mount", "-o", "remount,ro", "/etc/cron.d")
	hops := proved(t, h, "--prove")
	if p := hops[hop]; p == nil || p.Verdict != report.Refuted || !strings.Contains(p.Detail, "EROFS") {
		t.Errorf("read-only: %+v", p)
	}
	text := seawall(t, h, "paths", "--prove", "--from", "web").stdout
	for _, want := range []string{"refuted: faccessat2(/jobs, W_OK)", "EROFS", "either Seawall is mistaken", "1 refuted"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
}
