package trial

import (
	"fmt"

	"seawall/snapshot"
)

// daemonDetails are those of a daemon that systemd started, with no plugins and
// no registries of its own.
func daemonDetails() snapshot.DaemonDetails {
	return snapshot.DaemonDetails{
		OOMScore:       fact("oom_score_adj", "/proc/812/oom_score_adj", -500),
		ProxyPasswords: fact("proxies", "the daemon's configuration", []snapshot.ProxyPassword(nil)),
		PluginSpecs:    fact("plugin specifications", "/etc/docker/plugins", []snapshot.PluginSpec(nil)),
		RegistryFiles:  fact("certs.d", "/etc/docker/certs.d", []snapshot.RegistryFile(nil)),
		Rootlesskit:    snapshot.None[snapshot.Rootlesskit](snapshot.At("rootlesskit", "/proc/812")),
		AuditPaths: fact("paths to audit", "stat", []snapshot.AuditPath{
			{Role: "dockerd", Path: "/usr/sbin/dockerd", Real: "/usr/sbin/dockerd", Type: "file", Top: "/", FSType: "ext4"},
			{Role: snapshot.RoleUnit, Path: "/usr/lib/systemd/system/docker.service", Real: "/usr/lib/systemd/system/docker.service", Type: "file", Top: "/", FSType: "ext4"},
			{Role: snapshot.RoleConfig, Path: "/etc/docker/daemon.json", Real: "/etc/docker/daemon.json", Type: "file", Top: "/", FSType: "ext4"},
			{Role: snapshot.RoleDataRoot, Path: "/var/lib/docker", Real: "/var/lib/docker", Type: "dir", Top: "/var/lib/docker", FSType: "ext4"},
			{Role: snapshot.RoleSocket, Path: "/run/docker.sock", Real: "/run/docker.sock", Type: "socket", Top: "/run", FSType: "tmpfs"},
		}),
	}
}

// bridgeOptions are those of docker0 with --ip 127.0.0.1.
func bridgeOptions() snapshot.NetworkOptions {
	const source = "GET /networks/bridge"
	return snapshot.NetworkOptions{
		GatewayMode4:      fact("Options.com.docker.network.bridge.gateway_mode_ipv4", source, ""),
		GatewayMode6:      fact("Options.com.docker.network.bridge.gateway_mode_ipv6", source, ""),
		HostBinding:       fact("Options.com.docker.network.bridge.host_binding_ipv4", source, "127.0.0.1"),
		TrustedInterfaces: fact("Options.com.docker.network.bridge.trusted_host_interfaces", source, []string(nil)),
		Parent:            snapshot.None[string](snapshot.At("Options.parent", source)),
		LinkMode:          snapshot.None[string](snapshot.At("Options.mode", source)),
	}
}

// auditRules are rules about all paths of the baseline's engine.
func auditRules() []snapshot.AuditRule {
	rule := func(path, dir string) snapshot.AuditRule {
		return snapshot.AuditRule{Filter: "exit", Action: "always", Path: path, Dir: dir, Real: path + dir, Perm: "wa", AllSyscalls: true, Key: "docker"}
	}
	return []snapshot.AuditRule{
		rule("/usr/sbin/dockerd", ""), rule("/usr/lib/systemd/system/docker.service", ""), rule("/run/docker.sock", ""), rule("", "/etc/docker"), rule("", "/var/lib/docker"),
	}
}

func auditLog() snapshot.Fact[snapshot.Audit] {
	return fact("audit rules", "AUDIT_LIST_RULES", snapshot.Audit{Enabled: 1, Daemon: 430, Rules: auditRules()})
}

func auditConfig() snapshot.Fact[snapshot.AuditConfig] {
	rules := auditRules()
	for i := range rules {
		rules[i].Where = fmt.Sprintf("/etc/audit/rules.d/docker.rules:%d", i+1)
	}
	return fact("audit.rules", "/etc/audit/rules.d", snapshot.AuditConfig{Files: []string{"/etc/audit/rules.d/docker.rules"}, Enabled: -1, Rules: rules})
}
