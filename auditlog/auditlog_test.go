package auditlog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
	"seawall/source/auditrule"
)

// rules are rules as auditctl takes them, each with its path as the kernel
// finds it: /var/run is a link to /run, /etc/link one to /etc/docker.
func rules(t *testing.T, lines ...string) []snapshot.AuditRule {
	t.Helper()
	c := auditrule.NewConfig(false, func(name string) bool { return strings.Count(name, ".") == 0 })
	c.Add("x", strings.Join(lines, "\n"))
	config := c.Rules()
	if len(config.Unread) > 0 {
		t.Fatalf("not understood: %v", config.Unread)
	}
	for i := range config.Rules {
		r := &config.Rules[i]
		r.Where, r.Real = "", r.Target()
		if rest, ok := strings.CutPrefix(r.Real, "/var/run/"); ok {
			r.Real = "/run/" + rest
		}
		if r.Real == "/etc/link" {
			r.LinkTo = "/etc/docker"
		}
	}
	return config.Rules
}

func file(name string) snapshot.AuditPath {
	return snapshot.AuditPath{Path: name, Real: name, Type: "file", Top: "/", FSType: "ext4"}
}

func dir(name string) snapshot.AuditPath {
	p := file(name)
	p.Type = "dir"
	return p
}

func socket(name string) snapshot.AuditPath {
	return snapshot.AuditPath{Path: name, Real: name, Type: "socket", Top: "/run", FSType: "tmpfs"}
}

var (
	daemonJSON = file("/etc/docker/daemon.json")
	etcDocker  = dir("/etc/docker")
	dockerSock = socket("/run/docker.sock")
)

func TestOf(t *testing.T) {
	const all = "-w /etc/docker/daemon.json -p wa"
	tests := []struct {
		name  string
		path  snapshot.AuditPath
		rules []string
		want  string // recorded; limits; doubts
	}{
		{"no rules", daemonJSON, nil, ""},
		{"a rule about another file", daemonJSON, []string{"-w /etc/docker/daemon.json.bak -p wa"}, ""},
		{"a rule about the file", daemonJSON, []string{all}, "wa"},
		{"of all accesses", daemonJSON, []string{"-w /etc/docker/daemon.json"}, "rwxa"},
		{"without kinds of access", daemonJSON, []string{"-a always,exit -F path=/etc/docker/daemon.json"}, "rwxa"},
		{"of reads only", daemonJSON, []string{"-w /etc/docker/daemon.json -p r"}, "r"},
		{"of writes only", daemonJSON, []string{"-w /etc/docker/daemon.json -p w"}, "w"},
		{"two rules", daemonJSON, []string{"-w /etc/docker/daemon.json -p w", "-w /etc/docker/daemon.json -p a"}, "wa"},
		{"the directory above", daemonJSON, []string{"-w /etc/docker -p wa"}, "wa"},
		{"a directory far above", daemonJSON, []string{"-w / -p wa"}, "wa"},
		{"a directory with the same beginning", daemonJSON, []string{"-w /etc/dock -p wa"}, ""},
		{"everything", daemonJSON, []string{"-a always,exit -S all"}, "rwxa"},
		{"the directory itself", etcDocker, []string{"-w /etc/docker -p wa"}, "wa"},
		{"a directory by path", etcDocker, []string{"-a always,exit -F path=/etc/docker -F perm=wa"},
			"; -a always,exit -F path=/etc/docker -F perm=wa watches the directory itself, not the files in it"},
		{"a file below it", etcDocker, []string{all}, ""},
		{"through a link above", dockerSock, []string{"-w /var/run/docker.sock -p wa"}, "wa"},
		{"the link itself", etcDocker, []string{"-w /etc/link -p wa"}, "; -a always,exit -F dir=/etc/link -F perm=wa watches the link itself, not /etc/docker"},
		{"a link to somewhere else", dockerSock, []string{"-w /etc/link -p wa"}, ""},
		{"the file system itself", dockerSock, []string{"-w /run -p wa"}, "wa"},
		{"above a file system", dockerSock, []string{"-w / -p wa"},
			";; -a always,exit -F dir=/ -F perm=wa holds for /run/docker.sock only if the file system at /run was mounted before it was loaded"},
		{"above a file system, and itself", dockerSock, []string{"-w / -p wa", "-w /run/docker.sock -p wa"}, "wa"},
		{"for some users", daemonJSON, []string{"-a always,exit -F path=/etc/docker/daemon.json -F perm=wa -F auid>=1000"},
			"; -a always,exit -F path=/etc/docker/daemon.json -F perm=wa -F auid>=1000 records only what fulfils auid>=1000"},
		{"for some users, then for all", daemonJSON, []string{"-a always,exit -F path=/etc/docker/daemon.json -F perm=wa -F auid>=1000", all}, "wa"},
		{"64-bit programs", daemonJSON, []string{"-a always,exit -F arch=b64 -F path=/etc/docker/daemon.json -F perm=wa"}, "wa"},
		{"32-bit programs", daemonJSON, []string{"-a always,exit -F arch=b32 -F path=/etc/docker/daemon.json -F perm=wa"},
			"; -a always,exit -F arch=b32 -S … -F path=/etc/docker/daemon.json -F perm=wa records only programs of 32 bits"},
		{"some calls", daemonJSON, []string{"-a always,exit -F arch=b64 -S unlink,chmod,adjtimex -F path=/etc/docker/daemon.json"},
			"; -a always,exit -F arch=b64 -S chmod,unlink,… -F path=/etc/docker/daemon.json records only the system calls unlink" +
				"; -a always,exit -F arch=b64 -S chmod,unlink,… -F path=/etc/docker/daemon.json records only the system calls chmod"},
		{"some calls of some users", daemonJSON, []string{"-a always,exit -F arch=b64 -S unlink -F path=/etc/docker/daemon.json -F uid=5"},
			"; -a always,exit -F arch=b64 -S unlink -F path=/etc/docker/daemon.json -F uid=5 records only the system calls unlink, and of it what fulfils uid=5"},
		{"other calls", daemonJSON, []string{"-a always,exit -F arch=b64 -S adjtimex -k time"}, ""},
		{"by the number of a file", daemonJSON, []string{"-a always,exit -F inode=77 -F perm=wa"}, ";; -a always,exit -F perm=wa -F inode=77 may be about /etc/docker/daemon.json, by the number of a file"},

		{"never before", daemonJSON, []string{"-a never,exit -F dir=/etc/docker", all}, "; -a never,exit -F dir=/etc/docker leaves it out"},
		{"never after", daemonJSON, []string{all, "-a never,exit -F dir=/etc/docker"}, "wa"},
		{"never put in front", daemonJSON, []string{all, "-A never,exit -F path=/etc/docker/daemon.json"}, "; -a never,exit -F path=/etc/docker/daemon.json leaves it out"},
		{"never elsewhere", daemonJSON, []string{"-a never,exit -F dir=/home", all}, "wa"},
		{"never of one kind", daemonJSON, []string{"-a never,exit -F path=/etc/docker/daemon.json -F perm=a", all}, "w; -a never,exit -F path=/etc/docker/daemon.json -F perm=a leaves it out"},
		{"never for one program", daemonJSON, []string{"-a never,exit -F exe=/usr/bin/vi", all}, "; -a never,exit -F exe=/usr/bin/vi comes first and leaves out what fulfils exe=/usr/bin/vi"},
		{"never for one program, after", daemonJSON, []string{all, "-a never,exit -F exe=/usr/bin/vi"}, "wa"},
		{"never for a call that touches no file", daemonJSON, []string{"-a never,exit -F arch=b64 -S adjtimex -F auid=unset", all}, "wa"},
		{"never for 32-bit programs", daemonJSON, []string{"-a never,exit -F arch=b32 -S all", all}, "wa"},
		{"never by the number of a file", daemonJSON, []string{"-a never,exit -F inode=77", all}, "wa;; -a never,exit -F inode=77 may be about /etc/docker/daemon.json, by the number of a file"},
		{"never about a link", etcDocker, []string{"-a never,exit -F dir=/etc/link", "-w /etc/docker -p wa"}, "wa"},
		{"never about a directory by path", etcDocker, []string{"-a never,exit -F path=/etc/docker", "-w /etc/docker -p wa"}, "wa"},
		{"never about a link, alone", etcDocker, []string{"-a never,exit -F dir=/etc/link"}, ""},
		{"never about a directory by path, alone", etcDocker, []string{"-a never,exit -F path=/etc/docker"}, ""},
		{"a directory above by path", daemonJSON, []string{"-a always,exit -F path=/etc/docker -F perm=wa"}, ""},
		{"never for one program, above a file system", dockerSock, []string{"-a never,exit -F exe=/usr/bin/vi", "-w / -p wa"}, "; -a never,exit -F exe=/usr/bin/vi comes first and leaves out what fulfils exe=/usr/bin/vi"},

		{"no task", daemonJSON, []string{all, "-a never,task"}, "; -a never,task keeps every new process out of the log"},
		{"not the tasks of a user", daemonJSON, []string{all, "-a never,task -F uid=5"}, "; -a never,task -F uid=5 keeps some processes out of the log"},
		{"every task first", daemonJSON, []string{all, "-a always,task", "-a never,task"}, "wa"},
		{"the tasks of a user first", daemonJSON, []string{all, "-a always,task -F uid=5", "-a never,task"}, "; -a never,task keeps every new process out of the log"},
		{"records thrown away", daemonJSON, []string{all, "-a never,exclude -F msgtype=SYSCALL"}, "; -a never,exclude -F msgtype=SYSCALL throws all records of the type SYSCALL away"},
		{"whatever the action", daemonJSON, []string{all, "-a always,exclude -F msgtype=PATH"}, "; -a always,exclude -F msgtype=PATH throws all records of the type PATH away"},
		{"other records", daemonJSON, []string{all, "-a always,exclude -F msgtype=CWD"}, "wa"},
		{"all but some records", daemonJSON, []string{all, "-a always,exclude -F msgtype!=AVC"}, "; -a always,exclude -F msgtype!=AVC throws all records of the type PATH, SYSCALL away"},
		{"all but these records", daemonJSON, []string{all, "-a always,exclude -F msgtype!=SYSCALL -F msgtype!=PATH"}, "wa"},
		{"records of a user", daemonJSON, []string{all, "-a always,exclude -F msgtype=SYSCALL -F uid=5"}, "; -a always,exclude -F msgtype=SYSCALL -F uid=5 throws records away"},
		{"records by number", daemonJSON, []string{all, "-a always,exclude -F msgtype>=1400"}, "wa"},
		{"a range of records", daemonJSON, []string{all, "-a always,exclude -F msgtype>1200"}, "; -a always,exclude -F msgtype>1200 throws all records of the type PATH, SYSCALL away"},
		{"the bounds of ranges", daemonJSON, []string{all, "-a always,exclude -F msgtype<1300", "-a always,exclude -F msgtype>1302"}, "wa"},
		{"the bounds of ranges, with them", daemonJSON, []string{all, "-a always,exclude -F msgtype<=1300"}, "; -a always,exclude -F msgtype<=SYSCALL throws all records of the type SYSCALL away"},
		{"from a bound on", daemonJSON, []string{all, "-a always,exclude -F msgtype>=1302"}, "; -a always,exclude -F msgtype>=PATH throws all records of the type PATH away"},
		{"below the next number", daemonJSON, []string{all, "-a always,exclude -F msgtype<1301"}, "; -a always,exclude -F msgtype<1301 throws all records of the type SYSCALL away"},
		{"above the number before", daemonJSON, []string{all, "-a always,exclude -F msgtype>1301"}, "; -a always,exclude -F msgtype>1301 throws all records of the type PATH away"},
		{"both between their neighbours", daemonJSON, []string{all, "-a always,exclude -F msgtype>1299 -F msgtype<1303"}, "; -a always,exclude -F msgtype<1303 -F msgtype>1299 throws all records of the type PATH, SYSCALL away"},
		{"all but one of them", daemonJSON, []string{all, "-a always,exclude -F msgtype!=SYSCALL"}, "; -a always,exclude -F msgtype!=SYSCALL throws all records of the type PATH away"},
		{"up to an unknown end", daemonJSON, []string{all, "-a always,exclude -F msgtype<LOGIN"}, "; -a always,exclude -F msgtype<LOGIN throws all records of the type PATH, SYSCALL away"},
		{"up to an unknown end and with it", daemonJSON, []string{all, "-a always,exclude -F msgtype<=LOGIN"}, "; -a always,exclude -F msgtype<=LOGIN throws all records of the type PATH, SYSCALL away"},
		{"by bits", daemonJSON, []string{all, "-a always,exclude -F msgtype&=4"}, "; -a always,exclude -F msgtype&=4 throws all records of the type PATH, SYSCALL away"},
		{"a range with an unknown end", daemonJSON, []string{all, "-a always,exclude -F msgtype>=LOGIN"}, "; -a always,exclude -F msgtype>=LOGIN throws all records of the type PATH, SYSCALL away"},
		{"another file system", daemonJSON, []string{all, "-a never,filesystem -F fstype=tracefs"}, "wa"},
		{"one that is known", daemonJSON, []string{all, "-a never,filesystem -F fstype=0x01021994"}, "wa"},
		{"its file system", dockerSock, []string{"-w /run/docker.sock -p wa", "-a never,filesystem -F fstype=0x01021994"}, "; -a never,filesystem -F fstype=16914836 leaves the file system of /run/docker.sock out"},
		{"one without a name", daemonJSON, []string{all, "-a never,filesystem -F fstype=0x1234"}, "wa"},
		{"all but one", daemonJSON, []string{all, "-a never,filesystem -F fstype!=tracefs"}, "wa;; -a never,filesystem -F fstype!=tracefs may leave the file system of /etc/docker/daemon.json out"},
		{"of a file system that is not known", snapshot.AuditPath{Real: "/x", Type: "file", Top: "/", FSType: "zfs"}, []string{"-w /x -p wa", "-a never,filesystem -F fstype=0x2fc12fc1"}, "wa;; -a never,filesystem -F fstype=801189825 may leave the file system of /x out"},
		{"its file system, for a user", daemonJSON, []string{all, "-a never,filesystem -F fstype=0xef53 -F uid=5"}, "; -a never,filesystem -F fstype=61267 -F uid=5 leaves the file system of /etc/docker/daemon.json out"},
		{"tracefs, beside one that is not known", snapshot.AuditPath{Real: "/x", Type: "file", Top: "/", FSType: "zfs"}, []string{"-w /x -p wa", "-a never,filesystem -F fstype=tracefs", "-a never,filesystem -F fstype=debugfs"}, "wa"},
		{"all but one, of one that is not known", snapshot.AuditPath{Real: "/x", Type: "file", Top: "/", FSType: "zfs"}, []string{"-w /x -p wa", "-a never,filesystem -F fstype!=tracefs"}, "wa;; -a never,filesystem -F fstype!=tracefs may leave the file system of /x out"},
		{"an action that leaves nothing out", daemonJSON, []string{all, "-a always,filesystem -F fstype=0xef53"}, "wa"},
		{"rules of programs and io_uring", daemonJSON, []string{"-a always,user -F uid=5", "-a never,user", "-a always,io_uring -S openat"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := Of(snapshot.Audit{Enabled: 1, Rules: rules(t, tt.rules...)}, tt.path)
			if diff := cmp.Diff(tt.want, words(w)); diff != "" {
				t.Error(diff)
			}
			if off := Of(snapshot.Audit{Rules: rules(t, tt.rules...)}, tt.path); words(off) != "; the kernel's audit log is switched off" {
				t.Errorf("switched off: %+v", off)
			}
		})
	}
}

func words(w Watch) string {
	out := w.Recorded
	for _, l := range w.Limits {
		out += "; " + l
	}
	for _, d := range w.Doubts {
		out += ";; " + d
	}
	return out
}

// TestBy: the rules that record are named once each.
func TestBy(t *testing.T) {
	w := Of(snapshot.Audit{Enabled: 2, Rules: rules(t, "-w /etc/docker -p wa", "-w /etc -p wa")}, daemonJSON)
	if len(w.By) != 1 || w.By[0].Dir != "/etc/docker" || !w.Changes() {
		t.Errorf("%+v", w)
	}
	w = Of(snapshot.Audit{Enabled: 2, Rules: rules(t, "-w /etc/docker -p w", "-w /etc/docker -p a")}, daemonJSON)
	if len(w.By) != 2 || !w.Changes() {
		t.Errorf("two rules, one a kind of access: %+v", w)
	}
}

func TestHas(t *testing.T) {
	tests := []struct {
		have, want string
		same       bool
	}{
		{"-w /run/docker.sock -p wa -k a", "-w /var/run/docker.sock -p wa -k b", true},
		{"-w /run/docker.sock", "-w /run/docker.sock -p wa", true},
		{"-w /run/docker.sock -p wa", "-w /run/docker.sock", false},
		{"-a always,exit -F path=/run/docker.sock", "-w /run/docker.sock", true},
		{"-w /run/docker.sock", "-a always,exit -F path=/run/docker.sock", false},
		{"-w /run/docker.sock -p wa", "-w /run/podman.sock -p wa", false},
		{"-a never,exit -F path=/x", "-a always,exit -F path=/x", false},
		{"-a always,exit -F path=/x -F uid=0", "-a always,exit -F path=/x -F uid=root", true},
		{"-a always,exit -F path=/x -F uid!=0", "-a always,exit -F path=/x -F uid=root", false},
		{"-a always,exit -F path=/x", "-a always,exit -F path=/x -F uid=0", false},
		{"-a always,exit -F arch=b64 -F path=/x", "-a always,exit -F path=/x", false},
		{"-a always,exit -F path=/x", "-a always,exit -F arch=b64 -F path=/x", true},
		{"-a always,exit -F arch=b64 -F path=/x", "-a always,exit -F arch=b64 -F path=/x", true},
		{"-a always,exit -F arch=b32 -F path=/x", "-a always,exit -F arch=b64 -F path=/x", false},
	}
	for _, tt := range tests {
		if got := Has(rules(t, tt.have), rules(t, tt.want)[0]); got != tt.same {
			t.Errorf("%s for %s: %v", tt.have, tt.want, got)
		}
	}
}

func TestAbout(t *testing.T) {
	for line, want := range map[string]bool{
		"-w /etc/docker -p wa": true, "-w /etc/docker/daemon.json -p r": true, "-w /etc -p wa": true,
		"-w / -p wa": false, "-w /etc/dock -p wa": false, "-a always,exit -S all": false, "-a always,exit -F path=/etc/docker": false,
		"-a always,user -F path=/etc/docker/daemon.json": false,
	} {
		if got := About(rules(t, line)[0], daemonJSON); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

// TestLabels: which rules fit nothing without SELinux.
func TestLabels(t *testing.T) {
	for line, want := range map[string]bool{
		"-a never,exit -F subj_type=crond_t": true, "-a never,exit -F obj_type!=x": true, "-a never,exit -F uid=0 -F obj_lev_low=s0": true,
		"-a never,exit -F subj_role=docker-default": false, "-a never,exit -F obj_uid=0": false, "-a never,exit -F obj_gid=0": false,
		"-a never,exit -F uid=0": false, "-w /etc/docker": false,
	} {
		a := snapshot.Audit{Enabled: 1, Rules: rules(t, line, "-w /etc")}
		if AsksLabels(a) != want || len(WithoutLabels(a).Rules) == 2 == want {
			t.Errorf("%s: asks for labels %v, left %v", line, AsksLabels(a), WithoutLabels(a).Rules)
		}
	}
}

// TestCalls: each call that the kernel counts as an access is one, by a rule
// that leaves it out.
func TestCalls(t *testing.T) {
	for kind, calls := range map[string]string{
		"r": "open openat openat2",
		"x": "execve execveat",
		"w": "bind creat fallocate ftruncate link linkat mkdir mkdirat mknod mknodat open openat openat2 rename renameat renameat2 rmdir symlink symlinkat truncate unlink unlinkat",
		"a": "chmod chown fchmod fchmodat fchmodat2 fchown fchownat fremovexattr fsetxattr lchown lremovexattr lsetxattr removexattr setxattr",
	} {
		for call := range strings.FieldsSeq(calls) {
			never := snapshot.AuditRule{Filter: "exit", Action: "never", Arch: "b64", Syscalls: []string{call}}
			w := Of(snapshot.Audit{Enabled: 1, Rules: append([]snapshot.AuditRule{never}, rules(t, "-w /etc/docker")...)}, daemonJSON)
			if strings.Contains(w.Recorded, kind) || (kind == "w" || kind == "a") && !strings.Contains(words(w), "leaves out the system calls "+call) {
				t.Errorf("%s, without %s: %s", kind, call, words(w))
			}
		}
	}
}

// TestFileSystems: the numbers of those that engines lie on.
func TestFileSystems(t *testing.T) {
	for name, number := range map[string]string{"tmpfs": "0x01021994", "ext4": "0xef53", "xfs": "0x58465342", "btrfs": "0x9123683e", "overlay": "0x794c7630"} {
		p := daemonJSON
		p.FSType = name
		w := Of(snapshot.Audit{Enabled: 1, Rules: rules(t, "-w /etc/docker", "-a never,filesystem -F fstype="+number)}, p)
		if len(w.Limits) != 1 || w.Recorded != "" {
			t.Errorf("%s: %s", name, words(w))
		}
	}
}

// TestNotResolved: a rule about a path that leads nowhere here is taken by its
// name.
func TestNotResolved(t *testing.T) {
	r := snapshot.AuditRule{Filter: "exit", Action: "always", Path: "/etc/docker/daemon.json", AllSyscalls: true}
	if w := Of(snapshot.Audit{Enabled: 1, Rules: []snapshot.AuditRule{r}}, daemonJSON); w.Recorded != "rwxa" {
		t.Error(words(w))
	}
	if !Has([]snapshot.AuditRule{r}, rules(t, "-w /etc/docker/daemon.json")[0]) {
		t.Error("not the same")
	}
	loaded := r
	loaded.Filter = "io_uring"
	if Has([]snapshot.AuditRule{loaded}, r) {
		t.Error("a rule of another filter is the same")
	}
	if (Watch{Recorded: "a"}).Changes() || (Watch{Recorded: "w"}).Changes() || !(Watch{Recorded: "wa"}).Changes() {
		t.Error("changes are writes and attributes")
	}
}
