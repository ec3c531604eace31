package engine

import (
	"slices"

	"seawall/lang"
	"seawall/rule"
	"seawall/rules/internal/audited"
	"seawall/snapshot"
)

func filesNotAudited() *rule.Rule {
	dockerd := exactAudits()[0].example()
	return &rule.Rule{
		ID:       "engine-files-not-audited",
		Title:    "Nothing records who changes the engine's programs and configuration",
		Severity: rule.Low,
		Why: "Whoever replaces the engine's program or edits its configuration controls every container. The kernel's audit log tells who did it and when, also of root, " +
			"but only of files that a rule of its own names.",
		Fix: rule.Fix{
			Text: "Install auditd and give it rules about these files; the evidence of the finding has the lines for this host. Send the log to another machine, for root can change it here.",
			Shell: "sudo apt-get install auditd   # or: dnf install audit\n" +
				"for f in $(command -v dockerd containerd runc); do echo \"-a always,exit -F path=$(readlink -f $f) -F perm=wa -F key=docker\"; done | sudo tee /etc/audit/rules.d/docker.rules\n" +
				"echo '-a always,exit -F dir=/etc/docker -F perm=wa -F key=docker' | sudo tee -a /etc/audit/rules.d/docker.rules\n" +
				"sudo augenrules --load",
			Breaks: "Nothing; an update of the engine writes some lines into the log. Each rule costs a little at every system call: with two in its place, one with -F arch=b64 and one with -F arch=b32, only at those that change files.",
		},
		Refs: rule.Refs{CISRelated: "1.1.3 1.1.6 1.1.7 1.1.10 1.1.11 1.1.12 1.1.13 1.1.14 1.1.17 1.1.18", NIST: "4.5.5", ATTACK: "T1562.012 T1554", Guide: "G21"},
		Bad: []rule.Example{
			{Show: "no auditd", Facts: auditPath(dockerd, nil)},
			{Show: "auditctl -e 0", Facts: auditOff(dockerd)},
		},
		Good: []rule.Example{
			{Show: "-a always,exit -F path=/usr/sbin/dockerd -F perm=wa", Facts: auditPath(dockerd, []string{})},
			{Show: "rules about every file", Facts: func(*snapshot.Snapshot) {}},
		},
		Engine: checkFilesAudited,
	}
}

// checkFilesAudited leaves out what changes all the time: data, state and
// sockets.
func checkFilesAudited(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if e.Kind == "podman" {
		return c.NotApplicable("Podman has no daemon that containers depend on")
	}
	all, _ := e.Daemon.AuditPaths.Look(c)
	changing := []string{snapshot.RoleDataRoot, snapshot.RoleState, snapshot.RoleSocket, snapshot.RoleContainerdSocket}
	paths := slices.DeleteFunc(slices.Clone(all), func(p snapshot.AuditPath) bool { return slices.Contains(changing, p.Role) })
	if len(paths) == 0 {
		return c.NotApplicable("no program and no configuration of the engine was found on the host")
	}
	open := audited.Missing(c, paths)
	if len(open) == 0 {
		return c.Pass("changes of the engine's programs and configuration are recorded")
	}
	var names []string
	for _, o := range open {
		names = append(names, o.Path.Path)
		c.Cite(snapshot.At(lang.Sprintf("rule for %s", o.Path.Real), "/etc/audit/rules.d"), audited.Line(o.Path))
	}
	return c.Fail("changes of %d of %d files are not recorded: %s", len(open), len(paths), lang.Comma(names))
}
