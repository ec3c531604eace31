package snapshot

import "path"

// Host is the machine the engines run on. For an engine on another machine
// every fact is a gap.
type Host struct {
	Name Fact[string] `json:"name,omitzero"`
	// Hardware is what the firmware says of the machine (DMI); absent where it says
	// nothing.
	Hardware Fact[Hardware] `json:"hardware,omitzero"`
	OS       Fact[OS]       `json:"os,omitzero"`
	Kernel   Fact[string]   `json:"kernel,omitzero"` // release, as uname -r

	LSMs Fact[[]string] `json:"lsms,omitzero"` // active, as /sys/kernel/security/lsm lists them
	// Lockdown is how far the kernel keeps root from itself: "none", "integrity" or
	// "confidentiality"; absent where the kernel has no lockdown.
	Lockdown       Fact[string]   `json:"lockdown,omitzero"`
	AppArmor       Fact[AppArmor] `json:"appArmor,omitzero"`
	SELinux        Fact[SELinux]  `json:"seLinux,omitzero"`
	SeccompFilter  Fact[bool]     `json:"seccompFilter,omitzero"` // the kernel can filter system calls
	UserNamespaces Fact[UserNS]   `json:"userNamespaces,omitzero"`
	CgroupVersion  Fact[int]      `json:"cgroupVersion,omitzero"` // 1 (also hybrid) or 2

	// Sysctls are the kernel settings that matter to container isolation, by
	// their dotted names. One this kernel does not have is absent.
	Sysctls map[string]Fact[string] `json:"sysctls,omitempty"`
	// CPUVulnerabilities maps each name below
	// /sys/devices/system/cpu/vulnerabilities to what the kernel says of it.
	CPUVulnerabilities Fact[map[string]string] `json:"cpuVulnerabilities,omitzero"`

	// BootOptions are those of the kernel's command line that are named in
	// [BootOptions], as they stand there: "mitigations=off".
	BootOptions Fact[[]string] `json:"bootOptions,omitzero"`
	// ModuleSignatures is "Y" where the kernel loads no module without a valid
	// signature; absent where it knows no signatures.
	ModuleSignatures Fact[string] `json:"moduleSignatures,omitzero"`

	// Users are the host's accounts that can log in or belong to a group that
	// controls an engine.
	Users Fact[[]User] `json:"users,omitzero"`
	// EmptyGroups are the names of the groups that have no members but root, in
	// the order of group(5). It is a gap where accounts also come from a
	// directory service.
	EmptyGroups Fact[[]string] `json:"emptyGroups,omitzero"`
	// Services are the programs that listen on the network and are not part of
	// an engine.
	Services Fact[[]Service] `json:"services,omitzero"`
	// Tools are the compilers and tools of attackers on the usual paths.
	Tools Fact[[]Tool] `json:"tools,omitzero"`

	// Audit is the kernel's audit log; absent where the kernel has none.
	Audit Fact[Audit] `json:"audit,omitzero"`
	// AuditConfig are the rules that auditd's files hold; absent where there are
	// no such files.
	AuditConfig Fact[AuditConfig] `json:"auditConfig,omitzero"`

	Software Software `json:"software,omitzero"`
}

// BootOptions are the options of the kernel's command line that switch its guards
// (Documentation/admin-guide/kernel-parameters), with underscores.
var BootOptions = []string{
	"apparmor", "gather_data_sampling", "init_on_alloc", "init_on_free", "iommu", "kpti", "kvm.nx_huge_pages", "l1tf", "lockdown", "lsm", "mds", "mitigations",
	"mmio_stale_data", "module.sig_enforce", "noexec", "nokaslr", "nopti", "nosmap", "nosmep", "nospec_store_bypass_disable", "nospectre_v1", "nospectre_v2",
	"page_alloc.shuffle", "pti", "randomize_kstack_offset", "reg_file_data_sampling", "retbleed", "security", "selinux", "slab_nomerge", "spec_rstack_overflow",
	"spec_store_bypass_disable", "spectre_v2", "spectre_v2_user", "srbds", "systemd.unified_cgroup_hierarchy", "tsx", "tsx_async_abort", "vsyscall",
}

// OS is the distribution, from os-release(5).
type OS struct {
	ID      string `json:"id"`
	Version string `json:"version,omitempty"`
	Name    string `json:"name,omitempty"` // PRETTY_NAME
}

// AppArmor is the state of the AppArmor security module.
type AppArmor struct {
	Enabled bool `json:"enabled"`
	// Profiles counts the loaded profiles by mode: enforce, complain, …
	// It is empty where the list could not be read.
	Profiles map[string]int `json:"profiles,omitempty"`
	// DockerDefault is the mode of the profile docker-default; absent if it is
	// not loaded. Only root may read the list of profiles.
	DockerDefault Fact[string] `json:"dockerDefault,omitzero"`
}

// SELinux is the state of the SELinux security module.
type SELinux struct {
	Enabled   bool `json:"enabled"`
	Enforcing bool `json:"enforcing"`
}

// UserNS says whether user namespaces can be made.
type UserNS struct {
	// Supported: the kernel has user namespaces and user.max_user_namespaces
	// is not 0.
	Supported bool `json:"supported"`
	// Unprivileged: ordinary users may make them.
	Unprivileged bool `json:"unprivileged"`
}

// User is an account of the host.
type User struct {
	Name  string `json:"name"`
	UID   int    `json:"uid"`
	GID   int    `json:"gid"`
	Home  string `json:"home,omitempty"`
	Shell string `json:"shell,omitempty"`
	// Groups are the names of all groups, the primary one first.
	Groups []string `json:"groups"`
	// SudoDocker are the sudo rules that let the user run docker, containerd
	// or their like as root, each with file and line. A rule for ALL commands
	// is not among them: such a user is root anyway.
	SudoDocker Fact[[]SudoRule] `json:"sudoDocker,omitzero"`
}

// SudoRule is one rule of a sudoers file.
type SudoRule struct {
	Where    string `json:"where"` // file:line
	Command  string `json:"command"`
	NoPasswd bool   `json:"noPasswd,omitempty"`
}

// Service is a program that listens on the network.
type Service struct {
	Address string `json:"address"` // "0.0.0.0:22"
	Program string `json:"program,omitempty"`
	PID     int    `json:"pid,omitempty"`
	Unit    string `json:"unit,omitempty"` // systemd unit, from its cgroup
	// Package is the package that the program's file is of; "" where it is of none or
	// that is not known.
	Package string `json:"package,omitempty"`
	// Users are the accounts that the processes run as which hold the socket, each
	// once, by name or else by number.
	Users []string `json:"users,omitempty"`
}

// ToolNames are the programs that are listed among a host's tools: compilers, and what
// looks for other hosts, passwords and flaws.
var ToolNames = []string{
	"cc", "clang", "g++", "gcc", "go", "ghc", "rustc", "tcc",
	"hashcat", "hydra", "john", "masscan", "msfconsole", "nikto", "nmap", "sqlmap", "zmap",
}

// Tool is a program that a host for containers has no use for.
type Tool struct {
	Name string `json:"name"`
	Path string `json:"path"`
}

// String is the path.
func (t Tool) String() string { return t.Path }

// String is the address, with the program in brackets: "0.0.0.0:5432 (postgres)".
func (s Service) String() string {
	if s.Program == "" {
		return s.Address
	}
	return s.Address + " (" + path.Base(s.Program) + ")"
}

// Any reports whether the service listens on all addresses.
func (s Service) Any() bool { return anyAddress(s.Address) }
