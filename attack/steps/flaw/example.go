package flaw

import (
	"slices"

	"seawall/rule/example"
	"seawall/snapshot"
)

// This file has the hosts of the examples, with programs of docker.com and where the
// engine finds them.

// parts gives the example's engine versions of its parts.
func parts(versions map[string]string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		components, _ := e.Components.Peek()
		changed := slices.Clone(components)
		for i := range changed {
			if v, is := versions[changed[i].Name]; is {
				changed[i].Version = v
			}
		}
		example.Set(&e.Components, changed)
		example.Add(&e.Daemon.Files, example.File("containerd", "/usr/bin/containerd", "file", 0o755), example.File("runc", "/usr/bin/runc", "file", 0o755))
	})
}

// guarded gives the example's engine a version, and plugins that judge requests.
func guarded(version string, plugins ...string) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		example.Set(&e.Version, version)
		example.Set(&e.Settings.AuthorizationPlugins, plugins)
	})
}

// kernel gives the example's host a kernel that somebody built from a release.
func kernel(release string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		example.Set(&h.Kernel, release)
		example.Set(&h.Software.Kernel.Build, "Linux version "+release+" (builder) #1 SMP")
	})
}
