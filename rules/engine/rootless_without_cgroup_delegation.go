package engine

import (
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func withoutCgroupDelegation() *rule.Rule {
	return &rule.Rule{
		ID:       "rootless-without-cgroup-delegation",
		Title:    "The rootless engine cannot limit its containers",
		Severity: rule.Medium,
		Why: "A rootless engine limits memory, CPU and processes only where systemd delegates those controllers of cgroup v2 to the user. " +
			"Without that, docker run --memory is accepted and has no effect: one container can starve the host.",
		Fix: rule.Fix{
			Text:   "Boot with cgroup v2 and let systemd delegate the controllers to users, then restart the user's engine.",
			Shell:  "sudo mkdir -p /etc/systemd/system/user@.service.d\nprintf '[Service]\\nDelegate=cpu cpuset io memory pids\\n' | sudo tee /etc/systemd/system/user@.service.d/delegate.conf\nsudo systemctl daemon-reload",
			Breaks: "Programs that know only cgroup v1 (old Java runtimes, Docker before 20.10); users must log in again.",
		},
		Refs: rule.Refs{CISRelated: "5.11 5.12 5.29", NIST: "4.4.3", ATTACK: "T1499", Guide: "G8", Docs: "Rootless mode"},
		Bad: []rule.Example{
			{Show: "a rootless engine on cgroup v1", Facts: example.Engine(func(e *snapshot.Engine) {
				example.Rootless(e)
				example.Set(&e.Settings.CgroupDriver, "none")
			})},
			{Show: "only memory and pids delegated", Facts: example.Engine(func(e *snapshot.Engine) {
				example.Rootless(e)
				example.Set(&e.Settings.Warnings, []string{"WARNING: No cpu cfs quota support"})
			})},
		},
		Good:   []rule.Example{{Show: "Delegate=cpu cpuset io memory pids", Facts: example.Engine(example.Rootless)}},
		Engine: checkCgroupDelegation,
	}
}

// checkCgroupDelegation reads the engine's own warnings, of which there is none
// about a limit of processes (moby, daemon/info_unix.go).
func checkCgroupDelegation(c *rule.Context, e *snapshot.Engine) rule.Answer {
	if !e.Settings.Rootless.Read(c) {
		return c.NotApplicable("the engine is not rootless")
	}
	if e.Settings.CgroupDriver.Read(c) == "none" {
		return c.Fail("the rootless engine runs without cgroups: no limit on memory, CPU or processes has an effect")
	}
	var missing []string
	for _, w := range e.Settings.Warnings.Read(c) {
		for _, what := range []string{lang.N("memory limit"), lang.N("cpu cfs quota")} {
			if strings.Contains(strings.ToLower(w), "no "+what+" support") {
				missing = append(missing, lang.T(what))
			}
		}
	}
	if len(missing) > 0 {
		return c.FailAs(rule.Low, "the other limits work", "the rootless engine cannot set: %s", lang.Comma(missing))
	}
	return c.Pass("the engine can limit memory and CPU")
}
