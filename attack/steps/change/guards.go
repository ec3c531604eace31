package change

import "seawall/attack"

// The changes to guards and limits of containers, and to control groups.
var (
	MaskPaths = &attack.ChangeKind{
		ID: "mask-paths", Text: "Mask /proc and /sys in {subject}",
		Weight: 1, Disruption: attack.Recreate, Breaks: "Nested containers, and programs that change kernel settings.",
		Run: "remove: --security-opt systempaths=unconfined", Compose: "services:\n  {subject}:\n    security_opt: []   # without systempaths=unconfined",
	}
	ReadOnlyCgroups = &attack.ChangeKind{
		ID: "read-only-cgroups", Text: "Mount the control groups of {subject} read-only",
		Weight: 1, Disruption: attack.Recreate, Breaks: "Programs that make control groups, such as systemd inside.",
		Run: "remove: --security-opt writable-cgroups=true", Compose: "services:\n  {subject}:\n    security_opt: []   # without writable-cgroups=true",
	}
	NoNewPrivileges = &attack.ChangeKind{
		ID: "no-new-privileges", Text: "Run {subject} without new privileges",
		Weight: 1, Disruption: attack.Recreate, Breaks: "sudo, su and ping where it needs a file capability.",
		Run: "--security-opt no-new-privileges", Compose: "services:\n  {subject}:\n    security_opt: [no-new-privileges]",
	}
	ReadOnlyRoot = &attack.ChangeKind{
		ID: "read-only-root", Text: "Run {subject} with a read-only root file system",
		Weight: 2, Disruption: attack.Recreate, Breaks: "What it writes outside of volumes: mount a tmpfs there.",
		Run: "--read-only --tmpfs /tmp", Compose: "services:\n  {subject}:\n    read_only: true\n    tmpfs: [/tmp]",
	}
	LimitMemory = &attack.ChangeKind{
		ID: "limit-memory", Text: "Limit the memory of {subject}",
		Weight: 1, Breaks: "A limit that is too low ends its processes.",
		Run: "--memory 512m", Compose: "services:\n  {subject}:\n    mem_limit: 512m", Shell: "docker update --memory 512m --memory-swap 512m {subject}",
	}
	LimitPids = &attack.ChangeKind{
		ID: "limit-pids", Text: "Limit the number of processes of {subject}",
		Weight: 1, Breaks: "A limit that is too low keeps it from starting processes.",
		Run: "--pids-limit 200", Compose: "services:\n  {subject}:\n    pids_limit: 200", Shell: "docker update --pids-limit 200 {subject}",
	}
	CgroupV2 = &attack.ChangeKind{
		ID: "cgroup-v2", Text: "Start the host with control groups of version 2",
		Weight: 4, Disruption: attack.Reboot, Breaks: "Programs that know version 1 only, engines before 20.10 included.",
		Shell: "add systemd.unified_cgroup_hierarchy=1 to the kernel's command line",
	}
	LockDown = &attack.ChangeKind{
		ID: "kernel-lockdown", Text: "Start the kernel with lockdown={detail}",
		Weight: 4, Disruption: attack.Reboot, Breaks: "Modules that are not signed, hibernation, kexec, and tools that read or change the kernel.",
		Shell: "add lockdown={detail} to the kernel's command line",
	}
	RemoveSetIDFile = &attack.ChangeKind{
		ID: "plain-file", Text: "Build the image of {subject} with {detail} without setuid bit and file capabilities",
		Weight: 2, Disruption: attack.Redeploy, Breaks: "Programs that run it as another user.",
		Shell: "RUN chmod a-s {detail} && setcap -r {detail}",
	}
	CloseFile = &attack.ChangeKind{
		ID: "close-file", Text: "Build the image of {subject} with {detail} writable by root only",
		Weight: 1, Disruption: attack.Redeploy, Breaks: "Programs of other users that write it.",
		Shell: "RUN chmod go-w {detail}",
	}
	SeparateNamespace = &attack.ChangeKind{
		ID: "separate-namespace", Text: "Run {subject} with a {detail} namespace of its own",
		Weight: 2, Disruption: attack.Recreate, Breaks: "What the two do with each other's processes, addresses or memory.",
		Run: "remove: --{detail} container:NAME", Compose: "services:\n  {subject}:\n    # remove: {detail}: service:NAME (network_mode, pid, ipc)",
	}
	SeparateDataRoot = &attack.ChangeKind{
		ID: "separate-data-root", Text: "Put the data of the engine {engine} on a file system of its own",
		Weight: 4, Disruption: attack.Restart, Breaks: "Nothing; images and containers move.",
		Daemon: `{"data-root": "/srv/docker"}`,
	}
	LeaveNetwork = &attack.ChangeKind{
		ID: "leave-network", Text: "Run {subject} on another network than {detail}, with those only that it talks to",
		Weight: 2, Disruption: attack.Recreate, Breaks: "What it uses on the network.",
		Run: "--network NAME", Compose: "services:\n  {subject}:\n    networks: [NAME]",
	}
	ICCOff = &attack.ChangeKind{
		ID: "icc-off", Text: "Let containers on the default network of {engine} not talk to each other",
		Weight: 3, Disruption: attack.Restart, Breaks: "Services on the default network that use each other.",
		Daemon: `{"icc": false}`,
	}
	NoICC = &attack.ChangeKind{
		ID: "no-icc", Text: "Let containers on network {subject} not talk to each other",
		Weight: 3, Disruption: attack.Redeploy, Breaks: "Services on it that use each other.",
		Shell: "docker network create -o com.docker.network.bridge.enable_icc=false {subject}",
	}
)

// Sysctl is the change to a setting of the kernel.
var Sysctl = &attack.ChangeKind{
	ID: "sysctl", Text: "Set {subject} to {detail}", Weight: 2,
	Breaks: "What needs the setting as it is.",
	Shell:  "echo '{subject} = {detail}' | sudo tee /etc/sysctl.d/60-{subject}.conf && sudo sysctl -w {subject}={detail}",
}
