package engine

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/audited"
	"seawall/snapshot"
)

// exactAudit is a path whose changes the CIS Docker Benchmark wants in the
// kernel's audit log.
type exactAudit struct {
	slug, what, number string
	role               string
	path               string // for examples
	ends               string // of the role, only paths with this end are meant
}

func exactAudits() []exactAudit {
	return []exactAudit{
		{"dockerd", lang.N("the engine's program"), "1.1.3", "dockerd", "/usr/sbin/dockerd", ""},
		{"containerd-state", lang.N("the directory of containerd's state"), "1.1.4", snapshot.RoleState, "/run/containerd", ""},
		{"data-root", lang.N("the engine's data directory"), "1.1.5", snapshot.RoleDataRoot, "/var/lib/docker", ""},
		{"config-directory", lang.N("the engine's configuration directory"), "1.1.6", snapshot.RoleConfigDir, "/etc/docker", ""},
		{"service-unit", lang.N("the engine's service unit"), "1.1.7", snapshot.RoleUnit, "/usr/lib/systemd/system/docker.service", ".service"},
		{"containerd-socket", lang.N("containerd's socket"), "1.1.8", snapshot.RoleContainerdSocket, "/run/containerd/containerd.sock", ""},
		{"socket", lang.N("the engine's socket"), "1.1.9", snapshot.RoleSocket, "/run/docker.sock", ""},
		{"socket-unit", lang.N("the engine's socket unit"), "1.6:1.1.9", snapshot.RoleUnit, "/usr/lib/systemd/system/docker.socket", ".socket"},
		{"default-file", "/etc/default/docker", "1.1.10", snapshot.RoleEnvironment, "/etc/default/docker", "/etc/default/docker"},
		{"config-file", lang.N("the engine's configuration file"), "1.1.11", snapshot.RoleConfig, "/etc/docker/daemon.json", ""},
		{"containerd-config", lang.N("containerd's configuration file"), "1.1.12", snapshot.RoleContainerdFile, "/etc/containerd/config.toml", ""},
		{"sysconfig-file", "/etc/sysconfig/docker", "1.1.13", snapshot.RoleEnvironment, "/etc/sysconfig/docker", "/etc/sysconfig/docker"},
		{"containerd", lang.N("containerd's program"), "1.1.14", "containerd", "/usr/bin/containerd", ""},
		{"containerd-shim", lang.N("the program containerd-shim"), "1.1.15", "containerd-shim", "/usr/bin/containerd-shim", ""},
		{"containerd-shim-runc-v1", lang.N("the program containerd-shim-runc-v1"), "1.1.16", "containerd-shim-runc-v1", "/usr/bin/containerd-shim-runc-v1", ""},
		{"containerd-shim-runc-v2", lang.N("the program containerd-shim-runc-v2"), "1.1.17", "containerd-shim-runc-v2", "/usr/bin/containerd-shim-runc-v2", ""},
		{"runc", lang.N("the program runc"), "1.1.18", "runc", "/usr/sbin/runc", ""},
	}
}

// exactAuditRules makes a rule of each path.
func exactAuditRules() []*rule.Rule {
	var rules []*rule.Rule
	for _, k := range exactAudits() {
		rules = append(rules, k.rule())
	}
	return rules
}

func (k exactAudit) rule() *rule.Rule {
	p := k.example()
	return &rule.Rule{
		ID: "engine-" + k.slug + "-not-audited", Title: "The audit log does not record changes of a path (" + k.what + ")",
		Severity: rule.Low, Exact: true,
		Why: "The CIS Docker Benchmark asks for a rule of the kernel's audit log about each path of the engine. What counts is what the kernel has loaded, and that it records writes and changes of attributes by everyone; reads need not be recorded. " +
			"Whether the engine's files as a whole are watched is judged by engine-files-not-audited.",
		Fix: rule.Fix{
			Text:   "Add a rule for it to those of auditd, and load them.",
			Shell:  fmt.Sprintf("echo '%s' | sudo tee -a /etc/audit/rules.d/docker.rules\nsudo augenrules --load", audited.Line(p)),
			Breaks: "Nothing; every change of the path writes a few lines into the log. The rules about directories with data of containers write many.",
		},
		Refs: rule.Refs{CIS: k.number, NIST: "4.5.5", ATTACK: "T1562.012"},
		Bad: []rule.Example{
			{Show: "no rule about " + k.path, Facts: auditPath(p, nil)},
			{Show: "-a always,exit -F perm=wa -F auid>=1000: what services do is not recorded", Facts: auditPath(p, []string{"auid>=1000"})},
			{Show: "auditctl -e 0", Facts: auditOff(p)},
		},
		Good: []rule.Example{
			{Show: audited.Line(p), Facts: auditPath(p, []string{})},
			{Show: "-w " + path.Dir(k.path) + " -p wa", Facts: auditDir(p)},
		},
		Engine: dockerd(k.check),
	}
}

// example is the path as a host has it.
func (k exactAudit) example() snapshot.AuditPath {
	kind := "file"
	switch k.role {
	case snapshot.RoleState, snapshot.RoleDataRoot, snapshot.RoleConfigDir:
		kind = "dir"
	case snapshot.RoleSocket, snapshot.RoleContainerdSocket:
		kind = "socket"
	}
	return snapshot.AuditPath{Role: k.role, Path: k.path, Real: k.path, Type: kind, Top: "/", FSType: "ext4"}
}

func (k exactAudit) check(c *rule.Context, e *snapshot.Engine) rule.Answer {
	paths := k.paths(c, e)
	if len(paths) == 0 {
		return c.NotApplicable("the engine does not use such a file (%s)", lang.T(k.what))
	}
	if missing := audited.Missing(c, paths); len(missing) > 0 {
		words := make([]string, len(missing))
		for i, open := range missing {
			words[i] = open.String()
		}
		return c.Fail("changes are not recorded: %s", lang.Semicolon(words))
	}
	return c.Pass("changes are recorded (%s)", lang.T(k.what))
}

// paths are those of the kind. Units are among them only where it is known
// which unit runs the engine.
func (k exactAudit) paths(c *rule.Context, e *snapshot.Engine) []snapshot.AuditPath {
	all, _ := e.Daemon.AuditPaths.Look(c)
	if k.role == snapshot.RoleUnit {
		e.Daemon.Unit.Read(c)
	}
	return slices.DeleteFunc(slices.Clone(all), func(p snapshot.AuditPath) bool {
		role := p.Role
		if role == snapshot.RoleDefaults {
			role = snapshot.RoleEnvironment
		}
		return role != k.role || !strings.HasSuffix(p.Path, k.ends)
	})
}

// auditPath leaves one path to the engine, and one rule about it under
// conditions; none where they are nil.
func auditPath(p snapshot.AuditPath, conditions []string) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		example.Set(&s.Engines[0].Daemon.AuditPaths, []snapshot.AuditPath{p})
		var rules []snapshot.AuditRule
		if conditions != nil {
			r := snapshot.AuditRule{Filter: "exit", Action: "always", Path: p.Real, Real: p.Real, Perm: "wa", AllSyscalls: true, Conditions: conditions}
			if p.Type == "dir" {
				r.Path, r.Dir = "", p.Real
			}
			rules = append(rules, r)
		}
		example.Set(&s.Host.Audit, snapshot.Audit{Enabled: 1, Rules: rules})
	}
}

// auditOff leaves one path with a rule, and the log switched off.
func auditOff(p snapshot.AuditPath) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		auditPath(p, []string{})(s)
		a, _ := s.Host.Audit.Peek()
		a.Enabled = 0
		example.Set(&s.Host.Audit, a)
	}
}

// auditDir leaves one path with a rule about the directory above.
func auditDir(p snapshot.AuditPath) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		auditPath(p, nil)(s)
		dir := path.Dir(p.Real)
		example.Set(&s.Host.Audit, snapshot.Audit{Enabled: 1, Rules: []snapshot.AuditRule{
			{Filter: "exit", Action: "always", Dir: dir, Real: dir, Perm: "wa", AllSyscalls: true},
		}})
	}
}
