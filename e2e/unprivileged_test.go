package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"slices"
	"testing"

	"seawall/lab"
	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
)

// badHost is a host with as many faults as fit on one, so that many rules have
// something to miss.
func badHost(t *testing.T) (h *lab.TestHost, image string) {
	t.Helper()
	h = newHost(t, lab.Options{
		Version: lab.V28, LAN: true,
		Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375", "--tls=false", "--seccomp-profile", "unconfined"},
		DaemonJSON: `{"userland-proxy": true, "insecure-registries": ["registry.example:5000"], "debug": true,
			"experimental": true, "metrics-addr": "0.0.0.0:9323", "log-driver": "none", "no-new-privileges": false}`,
		Files: map[string]string{
			"/root/.docker/config.json": `{"auths": {"registry.example": {"auth": "dTpw"}}}`,
			"/etc/sudoers.d/ops":        "alice ALL=(root) NOPASSWD: /usr/bin/docker\n",
			"/root/.profile":            "export DOCKER_HOST=tcp://10.0.0.1:2375\n",
		},
	})
	h.AddUser("alice", "docker")
	h.AddUser("mallory")
	h.Exec("chmod", "0666", "/etc/docker/daemon.json")
	h.Exec("chmod", "0777", "/etc/docker")
	image = h.ImportSleep()
	h.Docker("volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", "device=/run", "hidden")
	for _, flags := range [][]string{
		{"privileged", "--privileged"},
		{"socket", "-v", "/run:/hostrun:ro"},
		{"volume", "-v", "hidden:/data"},
		{"root", "-v", "/:/host:rslave"},
		{"host", "--network", "host", "--pid", "host", "--ipc", "host", "--uts", "host", "--cgroupns", "host"},
		{"joined", "--network", "container:host", "--pid", "container:host"},
		{"caps", "--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE", "--cap-add", "DAC_READ_SEARCH", "--cap-add", "NET_ADMIN"},
		{"secret", "-e", "DB_PASSWORD=x", "-p", "5432:5432"},
		{"device", "--device", "/dev/full", "--device-cgroup-rule", "a *:* rwm"},
		{"containerd", "-v", "/run/docker/containerd:/c"},
	} {
		h.Run(append(append([]string{"--name"}, flags...), image)...)
	}
	return h, image
}

// TestNothingPassesThatRootWouldFail audits one bad host with full sight and
// with less and less of it: what root sees failing never passes.
func TestNothingPassesThatRootWouldFail(t *testing.T) {
	h, image := badHost(t)
	root := audit(t, h)
	if n := root.Coverage.Results.Fail; n < 60 {
		t.Fatalf("only %d findings: nothing would be proved", n)
	}
	t.Run("member of the socket's group", func(t *testing.T) {
		o := execute(t, h, "setpriv", "--reuid", "alice", "--regid", "alice", "--init-groups", programInside, "audit", "--exit-zero", "--format", "json")
		compare(t, root, parse(t, o))
	})
	t.Run("ordinary user", func(t *testing.T) {
		o := execute(t, h, "setpriv", "--reuid", "mallory", "--regid", "mallory", "--init-groups", programInside, "audit", "--format", "json")
		if o.code != 1 && o.code != 3 {
			t.Fatalf("exit code %d: %s", o.code, o.stderr)
		}
		o.code = 0
		compare(t, root, parse(t, o))
	})
	t.Run("root in a container", func(t *testing.T) {
		out := h.Docker("run", "--rm", "--name", "auditor", "-v", programInside+":/seawall:ro", "-v", "/run/docker.sock:/var/run/docker.sock",
			image, "/seawall", "audit", "--exit-zero", "--format", "json")
		compare(t, root, parse(t, outcome{stdout: out}))
	})
	t.Run("from another machine", func(t *testing.T) {
		var out, errOut bytes.Buffer
		cmd := h.Neighbour(t.Context(), programInside, "audit", "--exit-zero", "--format", "json", "--host", "tcp://"+lab.HostAddr+":2375")
		cmd.Stdout, cmd.Stderr = &out, &errOut
		err := cmd.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		r := parse(t, outcome{cmd.ProcessState.ExitCode(), out.String(), errOut.String()})
		if r.Engines[0].Local {
			t.Error("an engine on another machine is said to be local")
		}
		for _, x := range r.Results {
			if x.Subject.Kind == rule.KindHost && x.Verdict != rule.Unknown {
				t.Errorf("%s says %s of the host of an engine on another machine", x.Rule, x.Verdict)
			}
		}
		// The endpoint has another name from there.
		for i := range r.Results {
			if r.Results[i].Subject.Engine != "" {
				r.Results[i].Subject.Engine = root.Engines[0].Name
			}
			if r.Results[i].Subject.Kind == rule.KindEngine || r.Results[i].Subject.Kind == rule.KindSwarm {
				r.Results[i].Subject.Name = root.Engines[0].Name
			}
		}
		compare(t, root, r)
	})
}

// compare reports every result that passes, or says not applicable, in the
// audit that saw less and fails in the one that saw all.
func compare(t *testing.T, full, less *report.Report) {
	t.Helper()
	type key struct {
		id      string
		subject rule.Subject
	}
	failing := map[key]string{}
	for _, x := range full.Results {
		if x.Verdict == rule.Failed {
			failing[key{x.Rule, x.Subject}] = x.Message
		}
	}
	unknown := 0
	for _, x := range less.Results {
		message, failed := failing[key{x.Rule, x.Subject}]
		if failed && (x.Verdict == rule.Passed || x.Verdict == rule.NotApplicable) {
			t.Errorf("%s on %s: %s (%s), but root sees: %s\nevidence: %s", x.Rule, x.Subject.Name, x.Verdict, x.Message, message, marshal(x.Evidence))
		}
		if x.Verdict == rule.Unknown {
			unknown++
			if slices.ContainsFunc(x.Gaps, func(g rule.MissingFact) bool { return g.Reason == snapshot.ReasonNotCollected }) {
				t.Errorf("%s on %s: unknown without a reason: %s", x.Rule, x.Subject.Name, marshal(x.Gaps))
			}
		}
	}
	t.Logf("%d findings of %d, %d unknown", less.Coverage.Results.Fail, full.Coverage.Results.Fail, unknown)
}

func marshal(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}
