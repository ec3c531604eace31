package engine

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func seccompOff() *rule.Rule {
	return &rule.Rule{
		ID:       "engine-seccomp-off",
		Title:    "The engine starts containers without a system call filter",
		Severity: rule.High,
		Confined: rule.Medium,
		Why: "The default seccomp profile keeps containers from some forty system calls that have served in most escapes by kernel flaws. " +
			"An engine set to unconfined takes that barrier from every container that does not bring a profile of its own.",
		Fix: rule.Fix{
			Text:   "Remove seccomp-profile: unconfined, so that the built-in profile counts, and restart the engine. Give a container that needs more a profile of its own.",
			Daemon: `{"seccomp-profile": "builtin"}`,
			Run:    "--security-opt seccomp=/path/to/profile.json",
			Breaks: "Containers that use the filtered calls: debuggers of kernels, some sandboxes and file systems. They get EPERM or ENOSYS.",
		},
		Refs: rule.Refs{CIS: "2.18", CISRelated: "5.22", NIST: "4.4.3 4.5.2", ATTACK: "T1611 T1562.001", Guide: "G20", Docs: "Seccomp security profiles for Docker"},
		Bad: []rule.Example{
			{Daemon: `{"seccomp-profile": "unconfined"}`},
			{Show: "dockerd --seccomp-profile=unconfined", Facts: seccomp("unconfined")},
		},
		Good:   []rule.Example{{Daemon: `{}`}, {Show: "dockerd", Facts: seccomp("builtin")}},
		Engine: checkSeccomp,
	}
}

func seccomp(profile string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.SeccompProfile, profile) })
}

func checkSeccomp(c *rule.Context, e *snapshot.Engine) rule.Answer {
	switch profile := e.Settings.SeccompProfile.Read(c); profile {
	case "unconfined":
		return c.Fail("the engine's default seccomp profile is unconfined: containers may make every system call")
	case "":
		return c.Fail("the engine has no seccomp support: containers may make every system call")
	case "builtin", "default":
		return c.Pass("the engine filters system calls with its built-in profile")
	default:
		return c.Pass("the engine filters system calls with the profile %s", profile)
	}
}
