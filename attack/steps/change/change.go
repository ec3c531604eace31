package change

import "seawall/attack"

// The changes to containers.
var (
	Unprivileged = &attack.ChangeKind{
		ID: "unprivileged", Text: "Run {subject} without --privileged, with the capabilities and devices that it uses",
		Weight: 3, Disruption: attack.Recreate, Breaks: "What it does with devices, mounts and kernel settings.",
		Run:     "instead of --privileged: --cap-add NAME --device /dev/NAME",
		Compose: "services:\n  {subject}:\n    privileged: false\n    cap_add: [NAME]\n    devices: [/dev/NAME]",
	}
	DropCapability = &attack.ChangeKind{
		ID: "drop-capability", Text: "Run {subject} without CAP_{detail}",
		Weight: 1, Disruption: attack.Recreate, Breaks: "What it does with the capability: test it.",
		Run:     "--cap-drop {detail}",
		Compose: "services:\n  {subject}:\n    cap_drop: [{detail}]",
	}
	NonRootUser = &attack.ChangeKind{
		ID: "non-root-user", Text: "Run {subject} as a user who is not root",
		Weight: 4, Disruption: attack.Recreate, Breaks: "Files that its user may not write, and ports below 1024 on engines before 20.10.",
		Run:     "--user 1000:1000 --security-opt no-new-privileges",
		Compose: "services:\n  {subject}:\n    user: \"1000:1000\"\n    security_opt: [no-new-privileges]",
	}
	OwnUserNamespace = &attack.ChangeKind{
		ID: "own-user-namespace", Text: "Run {subject} in the engine's user namespace",
		Weight: 1, Disruption: attack.Recreate, Breaks: "What it does as root of the host.",
		Run: "remove: --userns host", Compose: "services:\n  {subject}:\n    # remove: userns_mode: host",
	}
	OwnNamespace = &attack.ChangeKind{
		ID: "own-namespace", Text: "Run {subject} without --{detail} host",
		Weight: 1, Disruption: attack.Recreate, Breaks: "What it does with the host's processes or network.",
		Run: "remove: --{detail} host", Compose: "services:\n  {subject}:\n    # remove: {detail}: host (network_mode, pid, ipc)",
	}
	SeccompDefault = &attack.ChangeKind{
		ID: "seccomp-default", Text: "Filter the system calls of {subject} by the engine's profile",
		Weight: 1, Disruption: attack.Recreate, Breaks: "Programs that use rare system calls.",
		Run: "remove: --security-opt seccomp=unconfined", Compose: "services:\n  {subject}:\n    security_opt: []   # without seccomp:unconfined",
	}
	AppArmorDefault = &attack.ChangeKind{
		ID: "apparmor-default", Text: "Confine {subject} by the AppArmor profile docker-default",
		Weight: 1, Disruption: attack.Recreate, Breaks: "Mounts, and writes below /proc and /sys.",
		Run: "remove: --security-opt apparmor=unconfined", Compose: "services:\n  {subject}:\n    security_opt: []   # without apparmor:unconfined",
	}
	SELinuxLabel = &attack.ChangeKind{
		ID: "selinux-label", Text: "Confine {subject} by an SELinux label",
		Weight: 2, Disruption: attack.Recreate, Breaks: "Bind mounts that are not relabelled (:z, :Z).",
		Run: "remove: --security-opt label=disable", Compose: "services:\n  {subject}:\n    security_opt: []   # without label:disable",
	}
	RemoveMount = &attack.ChangeKind{
		ID: "remove-mount", Text: "Run {subject} without the mount of {detail}",
		Weight: 2, Disruption: attack.Recreate, Breaks: "What it does with these files: mount the few that it needs.",
		Run: "remove: -v {detail}:…", Compose: "services:\n  {subject}:\n    volumes: []   # without {detail}",
	}
	ReadOnlyMount = &attack.ChangeKind{
		ID: "read-only-mount", Text: "Mount {detail} read-only in {subject}",
		Weight: 1, Disruption: attack.Recreate, Breaks: "What it writes there.",
		Run: "-v {detail}:…:ro", Compose: "services:\n  {subject}:\n    volumes:\n      - type: bind\n        source: {detail}\n        target: …\n        read_only: true",
	}
)

// The changes to engines.
var (
	UsernsRemap = &attack.ChangeKind{
		ID: "userns-remap", Text: "Remap user namespaces in {engine}",
		Weight: 6, Disruption: attack.Rebuild, Breaks: "Containers with --privileged, --pid host or --network host, and the ownership of files in bind mounts.",
		Daemon: `{"userns-remap": "default"}`,
	}
	RootlessEngine = &attack.ChangeKind{
		ID: "rootless-engine", Text: "Run {engine} rootless",
		Weight: 8, Disruption: attack.Rebuild, Breaks: "Ports below 1024, some storage and network drivers, limits without cgroup v2.",
		Shell: "dockerd-rootless-setuptool.sh install",
	}
	RemoveFromGroup = &attack.ChangeKind{
		ID: "remove-from-group", Text: "Take {subject} out of group {detail}",
		Weight: 1, Disruption: attack.Relogin, Breaks: "{subject} can no longer use docker without sudo.",
		Shell: "sudo gpasswd -d {subject} {detail}",
	}
	SocketMode = &attack.ChangeKind{
		ID: "socket-mode", Text: "Give {detail} back to root:docker with mode 0660",
		Weight: 1, Breaks: "Users who are not in the group.",
		Shell: "sudo chown root:docker {detail} && sudo chmod 0660 {detail} && sudo setfacl -b {detail}",
	}
)

// The changes to what listens.
var (
	DemoteManager = &attack.ChangeKind{
		ID: "demote-manager", Text: "Make the node of {engine} a worker, and keep managers free of other workloads",
		Weight: 4, Disruption: attack.Nothing, Breaks: "The swarm, if too few managers are left.",
		Shell: "docker node demote $(hostname)",
	}
	RemoveListener = &attack.ChangeKind{
		ID: "remove-listener", Text: "Remove the listener {detail}; use the API over ssh",
		Weight: 2, Disruption: attack.Restart, Breaks: "Clients that use the API by this address.",
		Daemon: `{"hosts": ["unix:///run/docker.sock"]}`,
	}
	DemandCertificates = &attack.ChangeKind{
		ID: "demand-certificates", Text: "Let {detail} answer to clients with a certificate only",
		Weight: 3, Disruption: attack.Restart, Breaks: "Clients without a certificate.",
		Daemon: `{"tlsverify": true, "tlscacert": "/etc/docker/ca.pem", "tlscert": "/etc/docker/cert.pem", "tlskey": "/etc/docker/key.pem"}`,
	}
)

// Autolock is the change to a swarm.
var Autolock = &attack.ChangeKind{
	ID: "autolock", Text: "Lock the managers of the swarm of {engine} when they start",
	Weight: 2, Breaks: "After each restart of a manager somebody must enter the key (docker swarm unlock).",
	Shell: "docker swarm update --autolock=true",
}
