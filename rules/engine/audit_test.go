package engine_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rules/engine"
	"seawall/snapshot"
	"seawall/trial"
)

// audited is the baseline with these paths and audit rules alone, paths by the
// words "role path type".
func audited(t *testing.T, rules []snapshot.AuditRule, lines ...string) *snapshot.Snapshot {
	t.Helper()
	var paths []snapshot.AuditPath
	for _, line := range lines {
		words := strings.Fields(line)
		paths = append(paths, snapshot.AuditPath{Role: words[0], Path: words[1], Real: words[1], Type: words[2], Top: "/", FSType: "ext4"})
	}
	s := trial.Baseline()
	e := &s.Engines[0]
	e.Daemon.AuditPaths = snapshot.See(paths, e.Daemon.AuditPaths.Origin())
	s.Host.Audit = snapshot.See(snapshot.Audit{Enabled: 1, Rules: rules}, s.Host.Audit.Origin())
	return s
}

// aboutAudit are the ids of the rules about the audit log with a verdict.
func aboutAudit(s *snapshot.Snapshot, verdict rule.Verdict) string {
	var ids []string
	for _, r := range rule.Evaluate(s, engine.Rules()) {
		if r.Verdict == verdict && strings.HasSuffix(r.Rule, "-not-audited") {
			ids = append(ids, r.Rule)
		}
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// TestExactAudits: which rules a path breaks that nothing records, by its role
// and place.
func TestExactAudits(t *testing.T) {
	tests := []struct{ path, want string }{
		{"dockerd /usr/local/bin/dockerd file", "engine-dockerd-not-audited engine-files-not-audited"},
		{"containerd /usr/bin/containerd file", "engine-containerd-not-audited engine-files-not-audited"},
		{"containerd-shim /usr/bin/containerd-shim file", "engine-containerd-shim-not-audited engine-files-not-audited"},
		{"containerd-shim-runc-v1 /usr/bin/containerd-shim-runc-v1 file", "engine-containerd-shim-runc-v1-not-audited engine-files-not-audited"},
		{"containerd-shim-runc-v2 /usr/bin/containerd-shim-runc-v2 file", "engine-containerd-shim-runc-v2-not-audited engine-files-not-audited"},
		{"runc /usr/sbin/runc file", "engine-files-not-audited engine-runc-not-audited"},
		{"config /srv/daemon.json file", "engine-config-file-not-audited engine-files-not-audited"},
		{"config-dir /etc/docker dir", "engine-config-directory-not-audited engine-files-not-audited"},
		{"unit /etc/systemd/system/docker.service file", "engine-files-not-audited engine-service-unit-not-audited"},
		{"unit /etc/systemd/system/docker.socket file", "engine-files-not-audited engine-socket-unit-not-audited"},
		{"environment /etc/default/docker file", "engine-default-file-not-audited engine-files-not-audited"},
		{"defaults /etc/default/docker file", "engine-default-file-not-audited engine-files-not-audited"},
		{"defaults /etc/sysconfig/docker file", "engine-files-not-audited engine-sysconfig-file-not-audited"},
		{"environment /etc/default/other file", "engine-files-not-audited"},
		{"containerd-file /etc/containerd/config.toml file", "engine-containerd-config-not-audited engine-files-not-audited"},
		{"data-root /srv/docker dir", "engine-data-root-not-audited"},
		{"state /run/docker/containerd dir", "engine-containerd-state-not-audited"},
		{"socket /run/docker.sock socket", "engine-socket-not-audited"},
		{"containerd-socket /run/containerd/containerd.sock socket", "engine-containerd-socket-not-audited"},
	}
	for _, tt := range tests {
		if got := aboutAudit(audited(t, nil, tt.path), rule.Failed); got != tt.want {
			t.Errorf("%s fails %s, want %s", tt.path, got, tt.want)
		}
	}
	if got := strings.Fields(aboutAudit(audited(t, nil), rule.NotApplicable)); len(got) != 18 {
		t.Errorf("without any path these do not apply: %v", got)
	}
}

// messageOf is what a rule says of a snapshot's engine.
func messageOf(t *testing.T, s *snapshot.Snapshot, id string) rule.Result {
	t.Helper()
	for _, r := range rule.Evaluate(s, engine.Rules()) {
		if r.Rule == id {
			return r
		}
	}
	t.Fatalf("no result of %s", id)
	return rule.Result{}
}

// TestAuditMessages: what is said, and when it is not known.
func TestAuditMessages(t *testing.T) {
	const dockerd, runc = "dockerd /usr/sbin/dockerd file", "runc /usr/sbin/runc file"
	watch := func(dir string) []snapshot.AuditRule {
		return []snapshot.AuditRule{{Filter: "exit", Action: "always", Dir: dir, Real: dir, Perm: "wa", AllSyscalls: true}}
	}
	crond := snapshot.AuditRule{Filter: "exit", Action: "never", AllSyscalls: true, Conditions: []string{"subj_type=crond_t"}}
	at := snapshot.At("x", "y")
	denied := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "refused"}
	tests := []struct {
		name, rule string
		snapshot   *snapshot.Snapshot
		change     func(*snapshot.Snapshot)
		want       rule.Verdict
		says       string
	}{
		{"no rule", "engine-dockerd-not-audited", audited(t, nil, dockerd), nil, rule.Failed, "changes are not recorded: /usr/sbin/dockerd (no rule is about it)"},
		{"one of two", "engine-files-not-audited", audited(t, []snapshot.AuditRule{{Filter: "exit", Action: "always", Path: "/usr/sbin/runc", AllSyscalls: true}}, dockerd, runc), nil,
			rule.Failed, "changes of 1 of 2 files are not recorded: /usr/sbin/dockerd"},
		{"no audit log in the kernel", "engine-dockerd-not-audited", audited(t, nil, dockerd), func(s *snapshot.Snapshot) { s.Host.Audit = snapshot.None[snapshot.Audit](at) },
			rule.Failed, "changes are not recorded: /usr/sbin/dockerd (the kernel has no audit log)"},
		{"not told, configured", "engine-dockerd-not-audited", audited(t, nil, dockerd), func(s *snapshot.Snapshot) { s.Host.Audit.Blind(denied) },
			rule.Unknown, "could not read audit rules: refused; by the rules configured in /etc/audit the changes would be recorded"},
		{"not told, not configured", "engine-files-not-audited", audited(t, nil, dockerd, runc), func(s *snapshot.Snapshot) { s.Host.Audit.Blind(denied) },
			rule.Unknown, "could not read audit rules: refused; the rules configured in /etc/audit leave out /usr/sbin/runc"},
		{"not told, no files", "engine-dockerd-not-audited", audited(t, nil, dockerd), func(s *snapshot.Snapshot) {
			s.Host.Audit.Blind(denied)
			s.Host.AuditConfig = snapshot.None[snapshot.AuditConfig](at)
		}, rule.Unknown, "could not read audit rules: refused; no rules are configured in /etc/audit"},
		{"neither told", "engine-dockerd-not-audited", audited(t, nil, dockerd), func(s *snapshot.Snapshot) {
			s.Host.Audit.Blind(denied)
			s.Host.AuditConfig.Blind(denied)
		}, rule.Unknown, "could not read audit rules: refused"},
		{"another file system", "engine-dockerd-not-audited", audited(t, watch("/"), dockerd), func(s *snapshot.Snapshot) {
			paths, _ := s.Engines[0].Daemon.AuditPaths.Peek()
			paths[0].Top = "/usr"
		}, rule.Unknown, "could not read audit rules: -a always,exit -F dir=/ -F perm=wa holds for /usr/sbin/dockerd only if the file system at /usr was mounted before it was loaded"},
		{"a label, without SELinux", "engine-dockerd-not-audited", audited(t, append([]snapshot.AuditRule{crond}, watch("/usr")...), dockerd), nil, rule.Passed, "changes are recorded (the engine's program)"},
		{"a label, with SELinux", "engine-dockerd-not-audited", audited(t, append([]snapshot.AuditRule{crond}, watch("/usr")...), dockerd), func(s *snapshot.Snapshot) {
			s.Host.SELinux = snapshot.See(snapshot.SELinux{Enabled: true}, at)
		}, rule.Failed, "changes are not recorded: /usr/sbin/dockerd (-a never,exit -F subj_type=crond_t comes first and leaves out what fulfils subj_type=crond_t)"},
		{"a label, SELinux not known", "engine-dockerd-not-audited", audited(t, append([]snapshot.AuditRule{crond}, watch("/usr")...), dockerd), func(s *snapshot.Snapshot) { s.Host.SELinux.Blind(denied) },
			rule.Unknown, "could not read selinux: refused"},
		{"no label, SELinux not known", "engine-dockerd-not-audited", audited(t, watch("/usr"), dockerd), func(s *snapshot.Snapshot) { s.Host.SELinux.Blind(denied) },
			rule.Passed, "changes are recorded (the engine's program)"},
		{"Podman", "engine-files-not-audited", audited(t, nil, dockerd), func(s *snapshot.Snapshot) { s.Engines[0].Kind = "podman" }, rule.NotApplicable, "Podman has no daemon that containers depend on"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.change != nil {
				tt.change(tt.snapshot)
			}
			if r := messageOf(t, tt.snapshot, tt.rule); r.Verdict != tt.want || r.Message != tt.says {
				t.Errorf("%s: %s", r.Verdict, r.Message)
			}
		})
	}
}

// TestAuditLines: the evidence of the finding holds the lines to add.
func TestAuditLines(t *testing.T) {
	r := messageOf(t, audited(t, nil, "dockerd /usr/sbin/dockerd file", "config-dir /etc/docker dir"), "engine-files-not-audited")
	var lines []string
	for _, e := range r.Evidence {
		if line, ok := e.Value.(string); ok && strings.HasPrefix(line, "-a") {
			lines = append(lines, line)
		}
	}
	want := []string{"-a always,exit -F path=/usr/sbin/dockerd -F perm=wa -F key=docker", "-a always,exit -F dir=/etc/docker -F perm=wa -F key=docker"}
	if !slices.Equal(lines, want) {
		t.Errorf("lines %q", lines)
	}
}
