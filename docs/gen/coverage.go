package main

import (
	"fmt"
	"strings"
)

// lookedFor is one thing that tools which run inside a container look for.
type lookedFor struct {
	what  string
	tools string // by the letters of [toolNames]
	// steps and rules tell of it here; all that begin so where an id ends in *.
	steps, rules []string
	note         string // what is seen otherwise, or not looked for and why
}

// toolNames are the tools, by their letter.
var toolNames = [...]struct{ letter, name string }{{"C", "CDK"}, {"D", "deepce"}, {"A", "amicontained"}, {"K", "kdigger"}, {"B", "botb"}}

// coverage is what the tools look for (their sources as of 2026), and what tells of
// it here.
var coverage = [...]lookedFor{
	{"user and groups", "CDK", []string{"image-runs-as-root"}, []string{"container-runs-as-root", "image-runs-as-root"}, ""},
	{"setuid files and file capabilities", "CD", []string{"setuid-in-container"}, []string{"image-setid-files", "image-file-capabilities", "container-new-privileges-allowed"}, "with `--deep`"},
	{"capabilities", "CDAK", []string{"cap-*"}, []string{"container-capability-*", "container-capabilities-wide", "container-capabilities-beyond-settings"}, "by the bounding set of the process"},
	{"a privileged container", "CDK", []string{"privileged-container"}, []string{"container-privileged"}, "by the setting and the kernel, not by a guess"},
	{"filter of system calls", "AK", []string{"seccomp-unconfined-userns-surface"}, []string{"container-seccomp-off", "container-without-seccomp"}, "calls are not tried one by one, as that may change the container: the profile tells"},
	{"keyrings of the kernel", "B", []string{"unconfined-keyring-read"}, nil, ""},
	{"AppArmor and SELinux", "AC", nil, []string{"container-apparmor-off", "container-selinux-off", "engine-apparmor-off", "engine-selinux-off"}, "a condition of many steps"},
	{"namespaces of the host", "CAK", []string{"pid-host-*", "ipc-host", "host-network-*", "pid-namespace-shared", "net-namespace-shared", "ipc-namespace-shared"}, []string{"container-host-pid", "container-host-network", "container-host-ipc", "container-host-uts", "container-host-cgroupns", "container-joins-namespace"}, ""},
	{"mounts of the host", "CDAKB", []string{"host-root-mount-*", "etc-mount-rw", "root-home-mount-rw", "user-home-mount-*", "host-keys-mount"}, []string{"container-sensitive-mount", "volume-binds-host-path"}, ""},
	{"the engine's socket", "CDAKB", []string{"docker-sock-mount", "docker-sock-gid-in-container", "containerd-sock-mount"}, []string{"engine-socket-mounted", "containerd-socket-mounted"}, "also by a directory above it, read-only or not"},
	{"the socket of a shim on the host's network", "C", []string{"containerd-shim-socket", "host-network-abstract-sockets", "containerd-shim-sock-mount"}, nil, "no shim has an abstract socket from containerd 1.3.9 and 1.4.3 on"},
	{"devices", "CDK", []string{"device-*", "host-dev-mount"}, []string{"container-device-mapped", "container-host-device-given", "container-device-cgroup-rule"}, ""},
	{"release_agent and devices.allow of control groups", "CDBK", []string{"cap-sys-admin-cgroup-release-agent", "cap-sys-admin-device-cgroup-rewrite", "cgroup-v1-mount-rw"}, []string{"container-writable-cgroups", "host-cgroup-v1"}, ""},
	{"core_pattern", "C", []string{"systempaths-unconfined-core-pattern", "host-proc-mount-core-pattern", "cap-sys-admin-procfs-remount"}, []string{"container-unmasked-paths", "host-core-pattern-in-container"}, ""},
	{"ptrace of processes of the host", "CK", []string{"cap-sys-ptrace-host-pid", "pid-host-into-container"}, []string{"container-capability-sys-ptrace"}, ""},
	{"modules of the kernel", "CD", []string{"cap-sys-module", "lib-modules-mount-rw"}, []string{"container-capability-sys-module"}, ""},
	{"open_by_handle_at", "C", []string{"cap-dac-read-search", "cap-dac-read-search-write"}, []string{"container-capability-dac-read-search"}, ""},
	{"faults of the kernel and of runc", "CDB", []string{"runc-leaked-directory", "runc-redirected-write", "kernel-copy-fail"}, nil, "by the advisories of who built the program, not by the version alone; only those that lead out of a container by themselves. `seawall updates` has all ([updates.md](updates.md))"},
	{"the API over TCP", "CDB", []string{"engine-api-over-network"}, []string{"api-tcp-without-tls", "api-reachable-from-container", "api-on-loopback-reachable"}, "by sockets, packet filters and routes; with `--probe` by connecting"},
	{"open ports of neighbours", "CDB", []string{"container-on-network", "neighbour-breached"}, []string{"default-bridge-icc-enabled", "containers-can-talk-across-projects"}, "[reach.md](reach.md); ports are not scanned"},
	{"route_localnet", "C", []string{"route-localnet-exposure"}, []string{"host-sysctl-route-localnet"}, ""},
	{"metadata of clouds", "CKB", []string{"cloud-metadata-from-container"}, nil, "by packet filters and routes; not asked: an answer may hold credentials, and on some clouds the question is recorded as a use"},
	{"secrets in variables, commands and files", "CDKB", []string{"env-secret", "cmdline-or-label-secret", "swarm-or-compose-secret-file", "registry-credential-in-container", "pid-host-info"}, []string{"container-secret-in-*", "image-secret-in-*", "image-private-key-inside", "image-credentials-inside"}, "the values are not kept; files of volumes are not searched"},
	{"Kubernetes and etcd", "CKB", []string{"kubernetes-token", "kubelet-dir-mount"}, nil, "that there is a token; the cluster is not asked"},
	{"programs of the host that a container may replace", "B", []string{"host-binaries-mount-rw", "bind-source-writable"}, []string{"container-sensitive-mount", "engine-binary-writable"}, ""},
	{"passwords of registries, by trying them", "C", nil, nil, "not done: it is an attack"},
	{"in which runtime it runs", "CDAK", nil, nil, "the engine says it"},
}

// coveragePage is the table of what tools look for inside a container.
func coveragePage() string {
	var b strings.Builder
	b.WriteString(`# What tools inside a container look for

Generated by ` + "`make docs`" + `. CDK, deepce, amicontained, kdigger and botb run in a container
and tell what an intruder there could use. Seawall looks from the host and runs nothing
inside; this is where it tells the same. ` + "[steps.md](steps.md)" + ` has the steps, with those that no
such tool looks for; ` + "[rules](rules/README.md)" + ` has the rules.

| looked for | by | steps | rules | |
| --- | --- | --- | --- | --- |
`)
	for _, row := range coverage {
		var tools []string
		for _, t := range toolNames {
			if strings.Contains(row.tools, t.letter) {
				tools = append(tools, t.name)
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", row.what, strings.Join(tools, ", "), ticked(row.steps), ticked(row.rules), row.note)
	}
	b.WriteString(notStepsIntro)
	for _, row := range notSteps {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", row.what, ticked(row.rules), row.note)
	}
	return b.String()
}

const notStepsIntro = `
## What is no step of an attack path

These are known to help an attacker, and lead nowhere by themselves, or cannot be told
from a host. Where a rule tells of one, it is named.

| what | rules | why no step |
| --- | --- | --- |
`

// notSteps are what attackers use and no step tells.
var notSteps = [...]struct {
	what  string
	rules []string
	note  string
}{
	{"capabilities such as SYSLOG, MAC_ADMIN, AUDIT_CONTROL, CHECKPOINT_RESTORE, IPC_OWNER", []string{"container-capabilities-wide", "container-capability-*"}, "each leads further only with something else, which has its own step"},
	{"devices such as /dev/fuse and /dev/net/tun", []string{"container-device-mapped"}, "they open parts of the kernel in the container's own namespaces"},
	{"the host's UTS or cgroup namespace", []string{"container-host-uts", "container-host-cgroupns"}, "names and paths of control groups are told; nothing more can be done than without"},
	{"metrics of the engine, its diagnostic port", []string{"engine-metrics-exposed", "engine-network-diagnostic-port"}, "they tell, and the port can disturb the networks of a swarm; neither gives the engine"},
	{"services that ask for no password, such as databases", nil, "they are not asked, and a configuration file is not read: `neighbour-breached` and `service-breached` take a fault as given, at the cost of one that is assumed"},
	{"flaws of the kernel, runc, containerd, BuildKit and the engine", []string{"kernel-has-known-container-escape", "runc-has-open-advisory", "containerd-has-open-advisory", "engine-has-open-advisory"}, "those that lead out of a running container by themselves are steps; the others need a build, a pull or a copy that somebody else makes"},
	{"secrets in files of images", []string{"image-private-key-inside", "image-credentials-inside"}, "what they open is not known; read with `--deep` only"},
	{"keys of ssh, histories of shells", nil, "files of users are not read"},
	{"sudo rules that keep HOME or DOCKER_CONFIG", nil, "`sudo-docker` takes every rule for docker as good as root"},
	{"processes that keep a group their user has lost", nil, "they end with the login"},
	{"jobs of root that follow links in volumes: backups, log shippers", nil, "which files they open is not known; `var-log-mount-rw` tells of the logs"},
	{"overlapping ranges of user namespaces", nil, "which files and processes of another range a container gets at, its mounts tell: they have steps"},
	{"overlay networks across hosts, forged VXLAN frames", []string{"overlay-not-encrypted"}, "the other hosts are not read"},
	{"router advertisements and answers of DNS for others", nil, "`arp-spoof-bridge` stands for what a neighbour can answer in place of others"},
	{"what a container sends out", nil, "no target of the paths: [reach.md](reach.md) tells who reaches what"},
}

func ticked(ids []string) string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = "`" + id + "`"
	}
	return strings.Join(out, ", ")
}
