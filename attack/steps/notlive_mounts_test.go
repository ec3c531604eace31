package steps_test

import "maps"

func init() {
	maps.Copy(notLive, map[string]string{
		"run-dir-mount":           "no systemd runs in a lab host",
		"cgroup-v1-mount-rw":      "a lab host has a control group namespace of its own, so that the root of the hierarchy is not in it",
		"debugfs-tracefs-mount":   "the kernel has lockdown, whose mode is not read: the step stays possible",
		"host-dev-mount":          "a terminal of the machine would have to be opened",
		"cmdline-or-label-secret": "labels and health checks show to who asks the engine, not inside",
	})
}
