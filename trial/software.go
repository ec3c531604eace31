package trial

import (
	"time"

	"seawall/snapshot"
)

// software is that of a host with Docker's own packages, all of which run as they
// are installed.
func software() snapshot.Software {
	const dpkg = "/var/lib/dpkg/status"
	program := func(name, path, pkg, version, source string) snapshot.Program {
		return snapshot.Program{
			Name: name, Path: path, First: true,
			Package: fact("package", dpkg, snapshot.Package{Manager: "dpkg", Name: pkg, Version: version, Source: source, SourceVersion: version, Maintainer: "Docker <support@docker.com>"}),
			Build:   fact("build information", path, snapshot.GoBuild{Go: "go1.24.9"}),
			System:  snapshot.None[snapshot.OS](snapshot.At("system of another root", path)),
		}
	}
	const engine, containerd = "5:29.8.2-1~debian.13~trixie", "2.4.1-1~debian.13~trixie"
	config := map[string]string{}
	for _, name := range snapshot.KernelOptions {
		config[name] = "m"
	}
	config["CONFIG_STATIC_USERMODEHELPER"], config["CONFIG_STATIC_USERMODEHELPER_PATH"] = "n", "n"
	return snapshot.Software{
		Programs: fact("programs", "files in PATH", []snapshot.Program{
			program("containerd", "/usr/bin/containerd", "containerd.io", containerd, "containerd.io"),
			program("docker", "/usr/bin/docker", "docker-ce-cli", engine, "docker-ce"),
			program("dockerd", "/usr/sbin/dockerd", "docker-ce", engine, "docker-ce"),
			program("runc", "/usr/bin/runc", "containerd.io", containerd, "containerd.io"),
		}),
		Running: fact("exe", "/proc/*/exe", []snapshot.RunningProgram{
			{Name: "containerd", Path: "/usr/bin/containerd", Fate: snapshot.FileCurrent, Count: 1, PIDs: []int{800}},
			{Name: "dockerd", Path: "/usr/sbin/dockerd", Fate: snapshot.FileCurrent, Count: 1, PIDs: []int{812}},
		}),
		Kernel: snapshot.KernelSoftware{
			Build:       fact("version", "/proc/version", "Linux version 6.18.60 (builder) #1 SMP"),
			Package:     snapshot.None[snapshot.Package](snapshot.At("kernel package", dpkg)),
			Installed:   fact("kernel packages", dpkg, []snapshot.Package(nil)),
			Config:      fact("config", "/proc/config.gz", config),
			LivePatches: fact("livepatch", "/sys/kernel/livepatch", []string(nil)),
		},
		RebootRequired: snapshot.None[[]string](snapshot.At("reboot-required", "/run/reboot-required")),
		Unattended:     fact("APT::Periodic::Unattended-Upgrade", "/etc/apt/apt.conf.d", snapshot.Unattended{Installed: true, Enabled: "1"}),
		Lists:          fact("lists", "/var/lib/apt/lists", snapshot.PackageLists{UpdatedAt: time.Date(2026, 10, 31, 6, 0, 0, 0, time.UTC), Newest: map[string]string{}}),
	}
}
