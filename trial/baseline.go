// Package trial makes the snapshots that rules are tried on: a well-configured
// host, and laid on it what an example declares.
package trial

import (
	"time"

	"seawall/snapshot"
)

// Endpoint is the name of the engine of a baseline snapshot.
const Endpoint = "unix:///run/docker.sock"

// Baseline is a snapshot of a well-configured host with one engine, on which
// examples are laid. Every fact that a rule may read has been seen.
func Baseline() *snapshot.Snapshot {
	s := &snapshot.Snapshot{
		Format:  snapshot.Format,
		Tool:    "test",
		TakenAt: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC),
		Host:    host(),
		Engines: []snapshot.Engine{engine()}, AllEngines: fact("engines", "/proc", true),
		Clients: snapshot.See([]snapshot.Client{Client(snapshot.ClientConfig{})}, snapshot.At("users", "/etc/passwd")),
		Net:     []snapshot.NetSpace{hostNet()},
	}
	s.Net[0].Stack = wiredBaseline(s)
	return s
}

func fact[T any](path, source string, v T) snapshot.Fact[T] {
	return snapshot.See(v, snapshot.At(path, source))
}

func host() snapshot.Host {
	sysctl := func(name, value string) snapshot.Fact[string] {
		return fact(name, "/proc/sys", value)
	}
	return snapshot.Host{
		Name:           fact("hostname", "/proc/sys/kernel/hostname", "example"),
		Hardware:       fact("dmi", "/sys/class/dmi/id", snapshot.Hardware{Vendor: "QEMU", Product: "Standard PC"}),
		OS:             fact("os-release", "/etc/os-release", snapshot.OS{ID: "debian", Version: "13", Name: "Debian GNU/Linux 13 (trixie)"}),
		Kernel:         fact("release", "/proc/sys/kernel/osrelease", "6.18.60"),
		LSMs:           fact("lsm", "/sys/kernel/security/lsm", []string{"capability", "landlock", "yama", "apparmor"}),
		Lockdown:       fact("lockdown", "/sys/kernel/security/lockdown", "none"),
		AppArmor:       fact("apparmor", "/sys/kernel/security/apparmor/profiles", snapshot.AppArmor{Enabled: true, Profiles: map[string]int{"enforce": 20}, DockerDefault: fact("docker-default", "/sys/kernel/security/apparmor/profiles", "enforce")}),
		SELinux:        fact("selinux", "/sys/fs/selinux", snapshot.SELinux{}),
		SeccompFilter:  fact("actions_avail", "/proc/sys/kernel/seccomp/actions_avail", true),
		UserNamespaces: fact("max_user_namespaces", "/proc/sys/user/max_user_namespaces", snapshot.UserNS{Supported: true, Unprivileged: true}),
		CgroupVersion:  fact("cgroup", "/proc/self/mountinfo", 2),
		Sysctls: map[string]snapshot.Fact[string]{
			"kernel.dmesg_restrict":                            sysctl("kernel.dmesg_restrict", "1"),
			"kernel.kptr_restrict":                             sysctl("kernel.kptr_restrict", "1"),
			"kernel.unprivileged_bpf_disabled":                 sysctl("kernel.unprivileged_bpf_disabled", "2"),
			"kernel.yama.ptrace_scope":                         sysctl("kernel.yama.ptrace_scope", "1"),
			"kernel.randomize_va_space":                        sysctl("kernel.randomize_va_space", "2"),
			"kernel.perf_event_paranoid":                       sysctl("kernel.perf_event_paranoid", "3"),
			"kernel.kexec_load_disabled":                       sysctl("kernel.kexec_load_disabled", "1"),
			"kernel.core_pattern":                              sysctl("kernel.core_pattern", "core"),
			"kernel.sysrq":                                     sysctl("kernel.sysrq", "0"),
			"kernel.modules_disabled":                          sysctl("kernel.modules_disabled", "0"),
			"kernel.tainted":                                   sysctl("kernel.tainted", "0"),
			"vm.unprivileged_userfaultfd":                      sysctl("vm.unprivileged_userfaultfd", "0"),
			"vm.mmap_min_addr":                                 sysctl("vm.mmap_min_addr", "65536"),
			"fs.protected_hardlinks":                           sysctl("fs.protected_hardlinks", "1"),
			"fs.protected_symlinks":                            sysctl("fs.protected_symlinks", "1"),
			"fs.suid_dumpable":                                 sysctl("fs.suid_dumpable", "0"),
			"net.ipv4.ip_forward":                              sysctl("net.ipv4.ip_forward", "1"),
			"net.ipv4.conf.all.route_localnet":                 sysctl("net.ipv4.conf.all.route_localnet", "0"),
			"dev.tty.legacy_tiocsti":                           sysctl("dev.tty.legacy_tiocsti", "0"),
			"fs.protected_fifos":                               sysctl("fs.protected_fifos", "2"),
			"fs.protected_regular":                             sysctl("fs.protected_regular", "2"),
			"kernel.io_uring_disabled":                         sysctl("kernel.io_uring_disabled", "2"),
			"kernel.unprivileged_userns_clone":                 sysctl("kernel.unprivileged_userns_clone", "0"),
			"kernel.apparmor_restrict_unprivileged_userns":     sysctl("kernel.apparmor_restrict_unprivileged_userns", "1"),
			"kernel.apparmor_restrict_unprivileged_unconfined": sysctl("kernel.apparmor_restrict_unprivileged_unconfined", "1"),
			"kernel.usermodehelper.bset":                       sysctl("kernel.usermodehelper.bset", "4294967295\t511"),
			"kernel.usermodehelper.inheritable":                sysctl("kernel.usermodehelper.inheritable", "4294967295\t511"),
			"net.core.bpf_jit_harden":                          sysctl("net.core.bpf_jit_harden", "2"),
			"user.max_user_namespaces":                         sysctl("user.max_user_namespaces", "15000"),
			"dev.tty.ldisc_autoload":                           sysctl("dev.tty.ldisc_autoload", "0"),
			"net.bridge.bridge-nf-call-ip6tables":              sysctl("net.bridge.bridge-nf-call-ip6tables", "1"),
			"net.ipv4.conf.all.rp_filter":                      sysctl("net.ipv4.conf.all.rp_filter", "1"),
			"net.ipv6.conf.all.forwarding":                     sysctl("net.ipv6.conf.all.forwarding", "0"),
			"net.bridge.bridge-nf-call-iptables":               sysctl("net.bridge.bridge-nf-call-iptables", "1"),
		},
		CPUVulnerabilities: fact("vulnerabilities", "/sys/devices/system/cpu/vulnerabilities", map[string]string{"meltdown": "Mitigation: PTI"}),
		BootOptions:        fact("cmdline", "/proc/cmdline", []string(nil)),
		ModuleSignatures:   fact("sig_enforce", "/sys/module/module/parameters/sig_enforce", "Y"),
		Users: fact("users", "/etc/passwd", []snapshot.User{{
			Name: "alice", UID: 1000, GID: 1000, Home: "/home/alice", Shell: "/bin/bash", Groups: []string{"alice"},
			SudoDocker: fact("sudoers", "/etc/sudoers", []snapshot.SudoRule(nil)),
		}}),
		EmptyGroups: fact("groups", "/etc/group", []string{"docker", "staff"}),
		Tools:       fact("tools", "files in PATH", []snapshot.Tool(nil)),
		Services:    fact("listeners", "sock_diag", []snapshot.Service{{Address: "0.0.0.0:22", Program: "/usr/sbin/sshd", PID: 500, Unit: "ssh.service", Users: []string{"root"}}}),
		Audit:       auditLog(),
		AuditConfig: auditConfig(),
		Software:    software(),
	}
}

func engine() snapshot.Engine {
	return snapshot.Engine{
		Name: Endpoint, Kind: "docker", Local: true, FoundBy: "socket /run/docker.sock",
		API:          fact("API-Version", "GET /_ping", snapshot.API{Version: "1.51", MinVersion: "1.24", Used: "1.51"}),
		Version:      fact("Version", "GET /version", "29.8.2"),
		Components:   fact("Components", "GET /version", []snapshot.Component{{Name: "Engine", Version: "29.8.2"}, {Name: "containerd", Version: "2.4.1"}, {Name: "runc", Version: "1.5.2"}}),
		Settings:     settings(),
		Daemon:       daemon(),
		Listeners:    fact("sockets", "/proc/812/net/unix", []snapshot.Listener{EngineSocket(), ContainerdSocket()}),
		AllListeners: fact("sockets", "/proc/812/fd", true),
		Containers:   fact("containers", "GET /containers/json", []snapshot.Container(nil)),
		Images:       fact("images", "GET /images/json", []snapshot.Image(nil)),
		Networks:     fact("networks", "GET /networks", []snapshot.Network{bridge()}),
		Volumes:      fact("volumes", "GET /volumes", []snapshot.Volume(nil)),
		Plugins:      fact("plugins", "GET /plugins", []snapshot.Plugin(nil)),
		Swarm:        snapshot.None[snapshot.Swarm](snapshot.At("Swarm.LocalNodeState", "GET /info")),
		SwarmPorts:   fact("sockets", "/proc/812/net/tcp", []string(nil)),
		Projects:     fact("files of Compose projects", "labels of containers", []snapshot.Project(nil)),
	}
}

func settings() snapshot.Settings {
	info, cmd := "GET /info", "/proc/812/cmdline and /etc/docker/daemon.json"
	return snapshot.Settings{
		Rootless:              fact("SecurityOptions[name=rootless]", info, false),
		UserNSRemap:           fact("SecurityOptions[name=userns]", info, false),
		SecurityOptions:       fact("SecurityOptions", info, []string{"name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"}),
		SeccompProfile:        fact("SecurityOptions[name=seccomp]", info, "builtin"),
		AppArmor:              fact("SecurityOptions[name=apparmor]", info, true),
		SELinux:               fact("selinux-enabled", cmd, false),
		NoNewPrivileges:       fact("no-new-privileges", cmd, true),
		ICC:                   fact("icc", cmd, false),
		Bridge:                fact("bridge", cmd, "docker0"),
		IP:                    fact("ip", cmd, "127.0.0.1"),
		IPTables:              fact("iptables", cmd, true),
		IP6Tables:             fact("ip6tables", cmd, true),
		IPForward:             fact("ip-forward", cmd, true),
		UserlandProxy:         fact("userland-proxy", cmd, false),
		LiveRestore:           fact("LiveRestoreEnabled", info, true),
		LogDriver:             fact("LoggingDriver", info, "journald"),
		LogOptNames:           fact("log-opts", cmd, []string(nil)),
		LogLevel:              fact("log-level", cmd, "info"),
		Debug:                 fact("Debug", info, false),
		Experimental:          fact("ExperimentalBuild", info, false),
		InsecureRegistries:    fact("RegistryConfig.InsecureRegistryCIDRs", info, []string(nil)),
		RegistryMirrors:       fact("RegistryConfig.Mirrors", info, []string(nil)),
		AuthorizationPlugins:  fact("Plugins.Authorization", info, []string(nil)),
		Hosts:                 fact("hosts", cmd, []string{Endpoint}),
		TLS:                   fact("tls", cmd, false),
		TLSVerify:             fact("tlsverify", cmd, false),
		Group:                 fact("group", cmd, "docker"),
		StorageDriver:         fact("Driver", info, "overlay2"),
		StorageOptions:        fact("storage-opts", cmd, []string(nil)),
		DataRoot:              fact("DockerRootDir", info, "/var/lib/docker"),
		DataRootOwnFilesystem: fact("st_dev", "/var/lib/docker", true),
		DataRootNoSUID:        fact("nosuid", "/proc/4711/mountinfo", false),
		CgroupDriver:          fact("CgroupDriver", info, "systemd"),
		CgroupVersion:         fact("CgroupVersion", info, "2"),
		CgroupParent:          fact("cgroup-parent", cmd, ""),
		DefaultRuntime:        fact("DefaultRuntime", info, "runc"),
		Runtimes:              fact("Runtimes", info, []string{"io.containerd.runc.v2", "runc"}),
		DefaultUlimits:        fact("default-ulimits", cmd, []string{"nofile=1024:4096"}),
		MetricsAddress:        fact("metrics-addr", cmd, ""),
		Warnings:              fact("Warnings", info, []string(nil)),
		AllowDirectRouting:    fact("allow-direct-routing", cmd, false),
		IPForwardNoDrop:       fact("ip-forward-no-drop", cmd, false),
		NetworkDiagnosticPort: fact("network-diagnostic-port", cmd, ""),
		CORSHeader:            fact("api-cors-header", cmd, ""),
		Builder:               fact("builder", cmd, []string(nil)),
		RuntimePaths:          fact("Runtimes", info, map[string]string{"io.containerd.runc.v2": "runc", "runc": "runc"}),
		Conflicts:             fact("settings", info+", "+cmd, []snapshot.Conflict(nil)),
		OSType:                fact("OSType", info, "linux"),
		ServerName:            fact("Name", info, "example"),
	}
}

func daemon() snapshot.Daemon {
	return snapshot.Daemon{
		Process: fact("process", "/proc/812", snapshot.DaemonProcess{
			PID: 812, UID: 0, User: "root", Executable: "/usr/sbin/dockerd",
			Args:       []string{"/usr/sbin/dockerd", "-H", "fd://"},
			Namespaces: map[string]uint64{"mnt": 4026531841, "net": hostNamespace, "pid": 4026531836, "user": 4026531837},
			Start:      "systemd", StartedAt: time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC),
		}),
		Unit:   fact("unit", "/proc/812/cgroup", snapshot.Unit{Name: "docker.service", Files: []string{"/usr/lib/systemd/system/docker.service"}, KillMode: "process"}),
		Config: fact("config-file", "/proc/812/cmdline", snapshot.ConfigFile{Path: "/etc/docker/daemon.json"}),
		Files: fact("files", "stat", []snapshot.File{
			RootFile("config", "/etc/docker/daemon.json", "file", 0o644),
			RootFile("unit", "/usr/lib/systemd/system/docker.service", "file", 0o644),
			RootFile("dockerd", "/usr/sbin/dockerd", "file", 0o755),
			RootFile("containerd", "/usr/bin/containerd", "file", 0o755),
			RootFile("runc", "/usr/bin/runc", "file", 0o755),
			RootFile(snapshot.RoleDataRoot, "/var/lib/docker", "dir", 0o710),
		}),
		DaemonDetails: daemonDetails(),
	}
}

// RootFile is a file that belongs to root:root, in directories of mode 0755.
func RootFile(role, path, kind string, mode snapshot.Mode) snapshot.File {
	return snapshot.File{Role: role, Path: path, Type: kind, Mode: mode, Owner: "root", Group: "root",
		Parents: []snapshot.File{{Path: "/", Type: "dir", Mode: 0o755, Owner: "root", Group: "root"}}}
}

// EngineSocket is the engine's unix socket, for root and an empty group.
func EngineSocket() snapshot.Listener {
	socket := RootFile("", "/run/docker.sock", "socket", 0o660)
	socket.GID, socket.Group = 998, "docker"
	return snapshot.Listener{
		Name: Endpoint, Service: "engine", Network: "unix", Address: "/run/docker.sock", SocketActivated: true,
		Holders:      fact("holders", "/proc/*/fd", []snapshot.Holder{{PID: 1, Executable: "/usr/lib/systemd/systemd"}, {PID: 812, Executable: "/usr/sbin/dockerd"}}),
		Socket:       fact("stat", "/run/docker.sock", socket),
		GroupMembers: fact("group docker", "/etc/group", []string(nil)),
		Copies:       fact("copies", "/proc/self/mountinfo", []string(nil)),
		Handshake:    snapshot.None[snapshot.Handshake](snapshot.At("handshake", "unix socket")),
	}
}

// ContainerdSocket is containerd's socket, for root only.
func ContainerdSocket() snapshot.Listener {
	l := EngineSocket()
	l.Name, l.Service, l.Address, l.SocketActivated = "unix:///run/containerd/containerd.sock", "containerd", "/run/containerd/containerd.sock", false
	l.Socket = fact("stat", l.Address, RootFile("", l.Address, "socket", 0o660))
	l.GroupMembers = fact("group root", "/etc/group", []string(nil))
	return l
}

// TCPListener is an engine's TCP listener that serves only clients with a
// certificate of its CA.
func TCPListener(address string) snapshot.Listener {
	return snapshot.Listener{
		Name: "tcp://" + address, Service: "engine", Network: "tcp", Address: address,
		Holders:      fact("holders", "/proc/*/fd", []snapshot.Holder{{PID: 812, Executable: "/usr/sbin/dockerd"}}),
		Socket:       snapshot.None[snapshot.File](snapshot.At("stat", "tcp")),
		GroupMembers: snapshot.None[[]string](snapshot.At("group", "tcp")),
		Copies:       snapshot.None[[]string](snapshot.At("copies", "tcp")),
		Handshake: fact("handshake", "tcp://"+address, snapshot.Handshake{
			TLS: true, Versions: []string{"1.2", "1.3"}, ClientCAs: []string{"CN=example CA"},
			Certificate: &snapshot.Certificate{
				Subject: "CN=example", Issuer: "CN=example CA",
				NotBefore: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC),
				KeyType: "ECDSA", KeyBits: 256, Signature: "ECDSA-SHA256", Names: []string{"example"},
			},
		}),
	}
}

func bridge() snapshot.Network {
	return snapshot.Network{
		ID: "b0", Name: "bridge", Driver: "bridge", Scope: "local", Subnets: []string{"172.17.0.0/16"},
		Bridge:    fact("Options.com.docker.network.bridge.name", "GET /networks/bridge", "docker0"),
		ICC:       fact("Options.com.docker.network.bridge.enable_icc", "GET /networks/bridge", false),
		Encrypted: snapshot.None[bool](snapshot.At("Options.encrypted", "GET /networks/bridge")),

		NetworkOptions: bridgeOptions(),

		Labels: fact("Labels", "GET /networks/bridge", map[string]string(nil)),

		Containers: fact("Containers", "GET /networks/bridge", []string(nil)),
	}
}

// Client is root's CLI configuration with the given config.json.
func Client(config snapshot.ClientConfig) snapshot.Client {
	return snapshot.Client{
		User: "root", Dir: "/root/.docker",
		Files:           fact("files", "/root/.docker", []snapshot.File{RootFile("config", "/root/.docker/config.json", "file", 0o600)}),
		Config:          fact("config.json", "/root/.docker/config.json", config),
		Contexts:        fact("contexts", "/root/.docker/contexts", []snapshot.Context(nil)),
		DockerHost:      snapshot.None[string](snapshot.At("DOCKER_HOST", "profile files")),
		DockerTLSVerify: snapshot.None[bool](snapshot.At("DOCKER_TLS_VERIFY", "profile files")),
		PluginDirs:      fact("cli-plugins", "/usr/libexec/docker/cli-plugins", []snapshot.File{RootFile("plugin-dir", "/usr/libexec/docker/cli-plugins", "dir", 0o755)}),
		HelperFiles:     fact("credential helpers", "/usr/bin", []snapshot.File(nil)),
	}
}
