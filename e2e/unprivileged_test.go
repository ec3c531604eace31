package e2e

import (
	"encoding/json"
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
	for name, flags := range map[string][]string{
		"in a container with the socket":                        {"-v", "/run/docker.sock:/var/run/docker.sock"},
		"in a container with the socket and the host's files":   {"-v", "/run/docker.sock:/run/docker.sock", "-v", "/:/host:ro"},
		"in a container with the host's processes":              {"-v", "/run/docker.sock:/run/docker.sock", "--pid", "host"},
		"in a container with the processes of another":          {"-v", "/run/docker.sock:/run/docker.sock", "--pid", "container:secret", "--cap-add", "SYS_PTRACE"},
		"in a container with the host's processes and files":    {"-v", "/run/docker.sock:/run/docker.sock", "-v", "/:/host:ro", "--pid", "host"},
		"in a container that may trace the host's processes":    {"--pid", "host", "--cap-add", "SYS_PTRACE"},
		"in a container with the socket and the host's network": {"-v", "/run/docker.sock:/run/docker.sock", "--network", "host"},
	} {
		t.Run(name, func(t *testing.T) { compare(t, root, inContainer(t, h, image, flags...)) })
	}
	t.Run("from another machine", func(t *testing.T) {
		r := parse(t, neighbour(t, h, "audit", "--exit-zero", "--format", "json", "--host", "tcp://"+lab.HostAddr+":2375"))
		if r.Engines[0].Local {
			t.Error("an engine on another machine is said to be local")
		}
		for _, x := range r.Results {
			if x.Subject.Kind == rule.KindHost && x.Verdict != rule.Unknown {
				t.Errorf("%s says %s of the host of an engine on another machine", x.Rule, x.Verdict)
			}
		}
		compare(t, root, r)
	})
}

// inContainer audits from a container with these flags of docker run.
func inContainer(t *testing.T, h *lab.TestHost, image string, flags ...string) *report.Report {
	t.Helper()
	args := append([]string{"run", "--rm", "--name", "auditor", "-v", programInside + ":/seawall:ro"}, flags...)
	return parse(t, outcome{stdout: h.Docker(append(args, image, "/seawall", "audit", "--exit-zero", "--format", "json")...)})
}

// neighbour runs the program on the host's neighbour.
func neighbour(t *testing.T, h *lab.TestHost, args ...string) outcome {
	t.Helper()
	return finish(t, h.Neighbour(t.Context(), append([]string{programInside}, args...)...))
}

// TestContainerSeesWhatTheHostSees: with the flags of the README an audit from a
// container gives every verdict that one on the host gives, but those that need
// the packet filters, and says which container it ran in.
func TestContainerSeesWhatTheHostSees(t *testing.T) {
	lab.RequireRootless(t)
	h, image := badHost(t)
	h.StartRootless("rita")
	root := audit(t, h)
	r := inContainer(t, h, image, readmeFlags...)
	for _, x := range r.Results {
		if x.Verdict == rule.Unknown && !asksAuditLog(x.Rule) && !asksFilters(x.Rule) && !asksVendors(x.Rule) {
			t.Errorf("%s on %s: %s", x.Rule, x.Subject.Name, x.Message)
		}
	}
	if got, want := engineNames(r), engineNames(root); !slices.Equal(got, want) {
		t.Errorf("engines %v, on the host %v", got, want)
	}
	if r.Engines[0].Auditor != "auditor" || root.Engines[0].Auditor != "" {
		t.Errorf("the audit is said to have run in %q, on the host in %q", r.Engines[0].Auditor, root.Engines[0].Auditor)
	}
	type key struct {
		id      string
		subject rule.Subject
	}
	verdicts := map[key]rule.Verdict{}
	for _, x := range r.Results {
		verdicts[key{x.Rule, x.Subject}] = x.Verdict
	}
	for _, x := range root.Results {
		if got := verdicts[key{x.Rule, x.Subject}]; got != x.Verdict && !(got == rule.Unknown && asksFilters(x.Rule)) {
			t.Errorf("%s on %s: %q from a container, %s on the host (%s)", x.Rule, x.Subject.Name, got, x.Verdict, x.Message)
		}
	}
	if verdicts[key{"container-host-pid", rule.Subject{Kind: rule.KindContainer, Name: "auditor", Engine: root.Engines[0].Name}}] != rule.Failed {
		t.Error("the container of the audit is not judged like the others")
	}
}

// readmeFlags are those that the README gives for an audit from a container.
var readmeFlags = []string{"--pid", "host", "--network", "host", "--read-only", "--cap-drop", "ALL", "--cap-add", "SYS_PTRACE", "--cap-add", "DAC_OVERRIDE",
	"--cap-add", "AUDIT_CONTROL", "--security-opt", "no-new-privileges", "--security-opt", "apparmor=unconfined"}

// compare reports every result that passes, or says not applicable, in the
// audit that saw less and fails in the one that saw all.
// The host may have another name from there, and so may its engine if there is
// only one.
func compare(t *testing.T, full, less *report.Report) {
	t.Helper()
	type key struct {
		id      string
		subject rule.Subject
	}
	of := func(x *rule.Result) key {
		k := key{x.Rule, x.Subject}
		switch k.subject.Kind {
		case rule.KindHost:
			k.subject.Name = ""
		case rule.KindEngine, rule.KindSwarm:
			k.subject.Engine, k.subject.Name = k.subject.Name, ""
		}
		if len(full.Engines) == 1 {
			k.subject.Engine = ""
		}
		return k
	}
	failing := map[key]string{}
	for i := range full.Results {
		if x := &full.Results[i]; x.Verdict == rule.Failed {
			failing[of(x)] = x.Message
		}
	}
	met, unknown := 0, 0
	for i := range less.Results {
		x := &less.Results[i]
		message, failed := failing[of(x)]
		if failed {
			met++
		}
		if failed && (x.Verdict == rule.Passed || x.Verdict == rule.NotApplicable) {
			t.Errorf("%s on %s: %s (%s), but root sees: %s\nevidence: %s", x.Rule, x.Subject.Name, x.Verdict, x.Message, message, marshal(x.Evidence))
		}
		if x.Verdict == rule.Unknown {
			unknown++
			if slices.ContainsFunc(x.Gaps, func(g rule.MissingFact) bool { return g.Reason == snapshot.ReasonNotCollected && g.Remedy == "" }) {
				t.Errorf("%s on %s: unknown without a reason: %s", x.Rule, x.Subject.Name, marshal(x.Gaps))
			}
		}
	}
	if met == 0 {
		t.Error("no finding of root's was judged: nothing is proved")
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
