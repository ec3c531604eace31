package snapshot

import "strings"

// Audit is the state of the kernel's audit log: whether it records, and by
// which rules (audit(8), include/uapi/linux/audit.h).
type Audit struct {
	// Enabled is 0 where nothing is recorded, 1 where the rules are in force, 2
	// where they are and cannot be changed before the next boot.
	Enabled int `json:"enabled"`
	// Daemon is the process that takes the records; 0 where there is none and
	// they go to the kernel's own log.
	Daemon int `json:"daemon,omitempty"`
	// Lost counts the records that were thrown away since boot.
	Lost uint32 `json:"lost,omitempty"`
	// Rules in the order in which the kernel tries them, of each filter.
	Rules []AuditRule `json:"rules,omitempty"`
}

// AuditConfig are the rules that are loaded at boot, by the files of auditd.
type AuditConfig struct {
	// Files are the files that were read, in their order.
	Files []string `json:"files,omitempty"`
	// Enabled is what the last -e asks for; -1 where none does.
	Enabled int         `json:"enabled"`
	Rules   []AuditRule `json:"rules,omitempty"`
	// Unread are the places of lines that are not understood, as file:line.
	Unread []string `json:"unread,omitempty"`
}

// AuditRule is one rule of the kernel's audit log, in the words of auditctl(8).
type AuditRule struct {
	Filter string `json:"filter"` // "exit", "task", "exclude", "filesystem", "user", "io_uring"
	Action string `json:"action"` // "always" or "never"
	// Path is the one file that the rule is about, Dir the directory with all
	// that is below it; at most one is set.
	Path string `json:"path,omitempty"`
	Dir  string `json:"dir,omitempty"`
	// Real is Path or Dir as the kernel finds it: with the links above the last
	// element followed. The last itself the kernel does not follow: LinkTo is
	// where it leads to if it is a link. Both are empty where there is no such
	// file.
	Real   string `json:"real,omitempty"`
	LinkTo string `json:"linkTo,omitempty"`
	// Perm are the kinds of access, of "rwxa" in this order; "" where the rule
	// does not tell them apart.
	Perm string `json:"perm,omitempty"`
	// Arch is "b64" or "b32" where the rule is for such programs only, or the
	// name of another machine.
	Arch string `json:"arch,omitempty"`
	// AllSyscalls: the rule is about every system call. Otherwise Syscalls are
	// those that act on files by name, sorted, and OtherSyscalls says that there
	// are more. The calls of 32-bit programs are not told apart.
	AllSyscalls   bool     `json:"allSyscalls,omitempty"`
	Syscalls      []string `json:"syscalls,omitempty"`
	OtherSyscalls bool     `json:"otherSyscalls,omitempty"`
	// Conditions are what must hold besides, sorted: "auid>=1000",
	// "exe=/usr/bin/rsync".
	Conditions []string `json:"conditions,omitempty"`
	Key        string   `json:"key,omitempty"`
	// Where is the place of a configured rule, file:line.
	Where string `json:"where,omitempty"`
}

// Target is the file or directory that the rule names, "" if it names none.
func (r AuditRule) Target() string { return r.Path + r.Dir }

// String is the rule as a line of auditctl, without its key.
func (r AuditRule) String() string {
	words := []string{"-a " + r.Action + "," + r.Filter}
	add := func(name, value string) {
		if value != "" {
			words = append(words, name+value)
		}
	}
	add("-F arch=", r.Arch)
	if calls := r.Syscalls; !r.AllSyscalls && (len(calls) > 0 || r.OtherSyscalls) {
		if r.OtherSyscalls {
			calls = append(calls[:len(calls):len(calls)], "…")
		}
		add("-S ", strings.Join(calls, ","))
	}
	add("-F path=", r.Path)
	add("-F dir=", r.Dir)
	add("-F perm=", r.Perm)
	for _, c := range r.Conditions {
		add("-F ", c)
	}
	return strings.Join(words, " ")
}

// AuditPath is a file or directory of an engine that the audit log should
// watch.
type AuditPath struct {
	// Role says what it is: as in [File], or RoleState or RoleSocket.
	Role string `json:"role"`
	// Path is where the engine finds it, Real the same with all links followed.
	Path string `json:"path"`
	Real string `json:"real"`
	Type string `json:"type"` // as in File
	// Top is the highest directory above Real that lies on the same file
	// system without another between them; FSType is the kind of that system.
	Top    string `json:"top"`
	FSType string `json:"fsType,omitempty"`
}

// The roles of paths that are in no list of files.
const (
	RoleState  = "state"  // where containerd keeps the state of what runs
	RoleSocket = "socket" // where the engine's API answers
	// RoleContainerdSocket is where containerd's API answers.
	RoleContainerdSocket = "containerd-socket"
	// RoleContainerdFile is containerd's configuration file.
	RoleContainerdFile = "containerd-file"
)
