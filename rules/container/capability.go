package container

import (
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// capability is a capability beyond the engine's defaults that matters.
type capability struct {
	name     string
	severity rule.Severity
	confined rule.Severity // where root in the container is not root on the host
	allows   string        // what it lets a container do, for Why
	attack   string
	breaks   string
}

// dangerous lists the capabilities that are judged by name. What they allow
// inside a container also depends on the filters: the engine's seccomp profile
// opens the system calls that belong to an added capability.
func dangerous() []capability {
	return []capability{
		{"SYS_ADMIN", rule.High, rule.Medium, "It lets root mount file systems, enter namespaces and change much of the kernel's state: without AppArmor or SELinux a fresh /proc is enough to run a program of one's own as root on the host.", "T1611", "Mounting inside the container, FUSE, nested containers."},
		{"SYS_MODULE", rule.Critical, rule.Low, "It loads code into the host's kernel: one command, and the host is taken, invisibly.", "T1547.006", "Loading kernel modules: load them on the host instead."},
		{"SYS_RAWIO", rule.High, rule.Low, "It opens I/O ports and raw commands to disks, past file permissions and, with a device node, into memory.", "T1611", "Firmware and disk tools."},
		{"SYS_PTRACE", rule.Medium, rule.Low, "It reads and changes any process that the container sees; with the host's or another container's processes in view that takes them over, root ones too.", "T1055.008", "Debuggers and profilers."},
		{"DAC_READ_SEARCH", rule.High, rule.Low, "It opens files by handle, past every directory: all files on the file system that holds the container's data, the host's password hashes and keys as a rule.", "T1611", "Backup programs and NFS servers."},
		{"NET_ADMIN", rule.Medium, rule.Low, "It changes interfaces, routes and packet filters of the container's network, and opens the kernel's packet filter code, where many flaws were found. On the host's network it changes the host's.", "T1557", "VPN, DHCP and firewall programs."},
		{"BPF", rule.Medium, rule.Low, "It loads programs into the kernel; with PERFMON they read the host's memory, and flaws of the verifier give the rest.", "T1611", "Tracing and eBPF networking."},
		{"PERFMON", rule.Medium, rule.Low, "It watches the kernel and all processes of the host by performance events and tracing programs, keys in use included.", "T1611", "Profilers."},
		{"SYSLOG", rule.Low, rule.Low, "It reads and clears the kernel's log, and addresses in it tell an exploit where to aim.", "T1082", "Programs that read the kernel's log: read it on the host."},
		{"SYS_BOOT", rule.Medium, rule.Low, "It asks for reboot and for another kernel to be loaded.", "T1529", "Programs that reboot the host."},
		{"SYS_TIME", rule.Medium, rule.Low, "It sets the clock of the host and so of all containers: certificates, logs and tokens are judged by it.", "T1565.001", "NTP servers: run them on the host."},
		{"MAC_ADMIN", rule.Medium, rule.Low, "It changes the policy of security modules such as AppArmor and Smack, which confines this and other containers.", "T1562.001", "Programs that load security policies."},
		{"MAC_OVERRIDE", rule.Medium, rule.Low, "It is exempt from security modules that ask for it, such as Smack.", "T1562.001", "Hardly anything."},
		{"LINUX_IMMUTABLE", rule.Low, rule.Low, "It sets and removes the immutable and append-only marks of files, on mounted host directories too, and with them the protection of logs.", "T1222.002", "Backup and installation programs that keep file attributes."},
		{"AUDIT_CONTROL", rule.Medium, rule.Low, "It switches the host's audit log off and changes its rules.", "T1562.001", "auditd: run it on the host."},
		{"CHECKPOINT_RESTORE", rule.Low, rule.Low, "It chooses process ids and reads other processes' memory maps.", "T1057", "CRIU."},
		{"IPC_OWNER", rule.Low, rule.Low, "It reads and writes all shared memory and message queues that the container sees, whoever owns them; the host's with --ipc host.", "T1611", "Hardly anything."},
		{"SYS_RESOURCE", rule.Low, rule.Low, "It lifts limits of processes, files and disk quotas, so that one container can starve the others.", "T1499", "Programs that raise their own limits: set --ulimit instead."},
		{"SYS_NICE", rule.Low, rule.Low, "It raises priorities and uses real-time scheduling, so that one container can take the processors from the others.", "T1499", "Databases and audio programs that set priorities."},
	}
}

// capabilityPeers are the rules of other tools about some capabilities.
var capabilityPeers = map[string]string{
	"SYS_ADMIN": "CL-0024 docksec:dangerous-capabilities", "SYS_MODULE": "CL-0024 docksec:dangerous-capabilities", "SYS_RAWIO": "CL-0024",
	"NET_ADMIN": "CL-0011 docksec:dangerous-capabilities", "BPF": "CL-0011", "SYS_BOOT": "CL-0011",
	"PERFMON": "CL-0028", "SYS_TIME": "CL-0028", "SYS_NICE": "CL-0029", "SYSLOG": "CL-0030",
	"SYS_PTRACE": "CL-0027 docksec:dangerous-capabilities", "DAC_READ_SEARCH": "CL-0027",
}

// capabilityRules makes a rule of each dangerous capability.
func capabilityRules() []*rule.Rule {
	var rules []*rule.Rule
	for _, k := range dangerous() {
		rules = append(rules, k.rule())
	}
	return rules
}

func (k capability) rule() *rule.Rule {
	dashed := strings.ToLower(strings.ReplaceAll(k.name, "_", "-"))
	set := snapshot.Caps(k.name)
	return &rule.Rule{
		ID:       "container-capability-" + dashed,
		Title:    "A container has the capability " + k.name,
		Severity: k.severity,
		Confined: k.confined,
		Why:      k.allows,
		Fix: rule.Fix{
			Text:    "Do not add the capability; drop all, and add those that the workload is seen to use.",
			Run:     "remove: --cap-add " + k.name,
			Compose: "services:\n  web:\n    cap_drop: [ALL]\n    cap_add: []   # without " + k.name,
			Breaks:  k.breaks,
			Edits:   rule.Edits{Do: []rule.Edit{dropCapability(k.name)}},
		},
		Refs: rule.Refs{CIS: "5.4", NIST: "4.4.3", ATTACK: k.attack, Guide: "G17 G19", Docs: "Running containers", Peers: capabilityPeers[k.name]},
		Bad: []rule.Example{
			{Run: "docker run --cap-add " + k.name + " alpine"},
			{Run: "docker run --cap-drop ALL --cap-add cap_" + strings.ToLower(k.name) + " --user 1000 alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run alpine"},
			{Run: "docker run --cap-drop ALL --cap-add CHOWN alpine"},
			{Run: "docker run --cap-drop " + k.name + " alpine"},
		},
		Container: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
			return k.check(c, ctr, set)
		},
	}
}

func (k capability) check(c *rule.Context, ctr *snapshot.Container, set snapshot.CapSet) rule.Answer {
	caps := confinement.CapabilitiesOf(c, ctr)
	if a, covered := coveredByAll(c, ctr); covered {
		return a
	}
	switch {
	case caps.Holds(set) && (caps.Asked.Has(set) || !caps.Complete):
		k.cite(c, ctr, caps, set)
		return k.fail(c, ctr)
	case caps.Holds(set):
		return c.NotApplicable("the kernel shows %s although nobody asked for it, which container-capabilities-beyond-settings reports", k.name)
	case caps.Asked.Has(set):
		return c.Pass("%s was asked for, and the kernel shows the process without it", k.name)
	}
	return c.Pass("it does not have %s", k.name)
}

// cite names what shows the capability: that it was added, and the kernel's set.
func (k capability) cite(c *rule.Context, ctr *snapshot.Container, caps confinement.Capabilities, set snapshot.CapSet) {
	if added, _ := ctr.CapAdd.Peek(); added.Has(set) {
		c.Cite(ctr.CapAdd.Origin(), added)
	}
	if p, ok := ctr.Process.Peek(); ok && caps.Kernel {
		c.Cite(p.CapBounding.Origin(), caps.Bounding)
	}
}

// fail weighs the capability: less where container root is not host root, and
// less for a process that is not root, which has it in its bounding set only.
func (k capability) fail(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	s, reason := k.severity, ""
	if user := confinement.NotRoot(c.Engine, ctr); user != "" {
		s, reason = max(s-1, rule.Low), lang.Sprintf("the process is no root (user %s): it can use the capability only through a setuid program or one with file capabilities", user)
	}
	if why := confinement.Confined(c.Engine, ctr); why != "" {
		s, reason = min(s, k.confined), why
	}
	return c.FailAs(s, reason, "it has the capability %s%s", k.name, life(ctr))
}
