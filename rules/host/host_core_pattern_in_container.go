package host

import (
	"strings"

	"seawall/hostpath"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func corePatternInContainer() *rule.Rule {
	return &rule.Rule{
		ID:       "host-core-pattern-in-container",
		Title:    "The host runs a program of a container when something crashes",
		Severity: rule.Critical,
		Why: "kernel.core_pattern names a program that the kernel starts as root on the host at every crash. It lies below the engine's data directory, where a container can write it, or below /proc, by which the kernel comes to the files of the process that crashed. " +
			"This is how escapes by a writable /proc work, so it may be the trace of one.",
		Fix: rule.Fix{
			Text:   "Set the pattern back and find out who changed it: look for privileged containers and mounts of /proc, and treat the host as taken over until it is explained.",
			Shell:  "sysctl kernel.core_pattern\nsudo sysctl -w kernel.core_pattern=core",
			Breaks: "Crash reports by that program.",
		},
		Refs: rule.Refs{NIST: "4.4.3 4.5.5", ATTACK: "T1611", Guide: "G2 G25"},
		Bad: []rule.Example{
			{Show: "|/var/lib/docker/overlay2/…/merged/x", Facts: example.Sysctl("kernel.core_pattern", "|/var/lib/docker/overlay2/abc/diff/tmp/x %p")},
			{Show: "|/proc/%P/root/x", Facts: example.Sysctl("kernel.core_pattern", "|/proc/%P/root/x")},
		},
		Good: []rule.Example{
			{Show: "core", Facts: example.Sysctl("kernel.core_pattern", "core")},
			{Show: "systemd-coredump", Facts: example.Sysctl("kernel.core_pattern", "|/usr/lib/systemd/systemd-coredump %P %u")},
		},
		Host: checkCorePattern,
	}
}

func checkCorePattern(c *rule.Context, h *snapshot.Host) rule.Answer {
	pattern := h.Sysctls["kernel.core_pattern"].Read(c)
	program, piped := strings.CutPrefix(strings.TrimSpace(pattern), "|")
	if !piped {
		return c.Pass("crashes start no program")
	}
	program, _, _ = strings.Cut(strings.TrimSpace(program), " ")
	program = hostpath.Clean(program)
	c.Snapshot.AllEngines.Try(c)
	roots := []string{"/proc", "/var/lib/docker", "/var/lib/containerd", "/var/lib/containers", "/run/containerd"}
	for i := range c.Snapshot.Engines {
		if e := &c.Snapshot.Engines[i]; e.Local {
			root, _ := e.Settings.DataRoot.Try(c)
			roots = append(roots, root)
		}
	}
	for _, root := range roots {
		if hostpath.Within(program, hostpath.Clean(root)) {
			return c.Fail("crashes start %s, which is below %s, as root on the host", program, root)
		}
	}
	return c.Pass("crashes start %s, which is not in the data of an engine", program)
}
