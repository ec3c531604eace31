package auditrule

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// shown are the rules of a configuration as auditctl would list them, each with
// its key.
func shown(merged bool, text string) string {
	c := NewConfig(merged, isDir)
	c.Add("f", text)
	config := c.Rules()
	var out []string
	for _, r := range config.Rules {
		line := r.String()
		if r.Key != "" {
			line += " -k " + r.Key
		}
		out = append(out, line)
	}
	if len(config.Unread) > 0 {
		out = append(out, fmt.Sprint("unread ", config.Unread))
	}
	if config.Enabled >= 0 {
		out = append(out, fmt.Sprint("-e ", config.Enabled))
	}
	return strings.Join(out, "\n")
}

const watchEtc = "-a always,exit -F dir=/etc/docker -F perm=rwxa"

func TestText(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"comments and settings", "# a\n\n  ## b\n-b 8192\n-f 1\n-r 100\n--backlog_wait_time 60000\n--loginuid-immutable\n-c\n-i\n", ""},
		{"watch of a directory", "-w /etc/docker", watchEtc},
		{"with a slash at the end", "-w /etc/docker/", watchEtc},
		{"watch of a file", "-w /etc/x -p aw -k docker", "-a always,exit -F path=/etc/x -F perm=wa -k docker"},
		{"options without a blank", "-w/etc/x -pwa -kdocker", "-a always,exit -F path=/etc/x -F perm=wa -k docker"},
		{"quotes and tabs", "-w\t\"/etc/a b\"  -p 'w'", "-a always,exit -F path=/etc/a b -F perm=w"},
		{"several keys", "-w /etc/x -k a -k b", "-a always,exit -F path=/etc/x -F perm=rwxa -k a,b"},
		{"lists in either order", "-a exit,always -F path=/x\n-a never,task", "-a always,exit -F path=/x\n-a never,task"},
		{"in front", "-a always,exit -F path=/x\n-A never,exit -F dir=/y", "-a never,exit -F dir=/y\n-a always,exit -F path=/x"},
		{"calls", "-a always,exit -F arch=b64 -S open,openat -S chmod -S adjtimex", "-a always,exit -F arch=b64 -S chmod,open,openat,…"},
		{"all calls", "-a always,exit -S all -F path=/x", "-a always,exit -F path=/x"},
		{"all that writing takes", "-a always,exit -F arch=b64 -S open,openat,openat2,creat,truncate,ftruncate,rename,renameat,renameat2,mkdir,mkdirat,rmdir,unlink,unlinkat,link,linkat,symlink,symlinkat,mknod,mknodat -F path=/x -F perm=w", "-a always,exit -F arch=b64 -F path=/x -F perm=w"},
		{"not all of it", "-a always,exit -F arch=b64 -S open,openat -F path=/x -F perm=w", "-a always,exit -F arch=b64 -S open,openat -F path=/x -F perm=w"},
		{"conditions", "-a always,exit -F auid>=1000 -F auid!=4294967295 -F loginuid!=unset -F exit=-13 -F success=no -C obj_uid!=uid", "-a always,exit -F auid!=unset -F auid!=unset -F auid>=1000 -F exit=-EACCES -F success=0 -F uid!=obj_uid"},
		{"machines", "-a always,exit -F arch=aarch64 -F path=/x\n-a always,exit -F arch=i686 -F path=/x\n-a always,exit -F arch!=b32 -F path=/x", "-a always,exit -F arch=b64 -F path=/x\n-a always,exit -F arch=b32 -S … -F path=/x\n-a always,exit -F path=/x -F arch!=b32"},
		{"deleted", "-w /etc/x -p wa -k a\n-w /etc/y\n-W /etc/x -p wa -k a\n-d always,exit -F path=/z", "-a always,exit -F path=/etc/y -F perm=rwxa"},
		{"not deleted under another key", "-w /etc/x -k a\n-W /etc/x -k b", "-a always,exit -F path=/etc/x -F perm=rwxa -k a"},
		{"all deleted", "-w /etc/x\n-D\n-w /etc/y", "-a always,exit -F path=/etc/y -F perm=rwxa"},
		{"all of a key deleted", "-w /etc/x -k a\n-w /etc/y -k b\n-D -k a", "-a always,exit -F path=/etc/y -F perm=rwxa -k b"},
		{"locked", "-w /etc/x\n-e 2\n-w /etc/y", "-a always,exit -F path=/etc/x -F perm=rwxa\n-e 2"},
		{"not understood", "-w etc/x\n-w\n-w /x -p q\n-a always\n-a always,entry\n-a always,exit,never\n-S open\n-Z\nhello\n-F path=/x\n-w /x -S open\n-a always,exit -F path=x\n-a always,exit -F path=/x -F dir=/y\n-a always,exit -F colour=red\n-a always,exit -F path!=/x\n-a always,exit -C uid=colour\n-e 3\n-a always,exit -w /x\n-a always,exit -F uid", "unread [f:1 f:2 f:3 f:4 f:5 f:6 f:7 f:8 f:9 f:10 f:11 f:12 f:13 f:14 f:15 f:16 f:17 f:18 f:19]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, shown(false, tt.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMerged: augenrules puts the deletion of all rules first and the last
// switch last, wherever they stand.
func TestMerged(t *testing.T) {
	const text = "-e 2\n-w /etc/x\n-D\n-w /etc/y\n-e 1"
	const want = "-a always,exit -F path=/etc/x -F perm=rwxa\n-a always,exit -F path=/etc/y -F perm=rwxa\n-e 1"
	if diff := cmp.Diff(want, shown(true, text)); diff != "" {
		t.Error(diff)
	}
}

// TestWhere: rules know their file and line.
func TestWhere(t *testing.T) {
	c := NewConfig(true, nil)
	c.Add("a.rules", "# x\n-w /a\n")
	c.Add("b.rules", "\n\n-w /b\nwhat\n")
	config := c.Rules()
	if len(config.Rules) != 2 || config.Rules[0].Where != "a.rules:2" || config.Rules[1].Where != "b.rules:3" {
		t.Errorf("rules %+v", config.Rules)
	}
	if diff := cmp.Diff([]string{"b.rules:4"}, config.Unread); diff != "" {
		t.Error(diff)
	}
}

// TestCallNumbers compares the table with the kernel's headers of this machine.
func TestCallNumbers(t *testing.T) {
	for name, want := range map[string]int{"openat": unix.SYS_OPENAT, "renameat2": unix.SYS_RENAMEAT2, "fchownat": unix.SYS_FCHOWNAT, "truncate": unix.SYS_TRUNCATE,
		"ftruncate": unix.SYS_FTRUNCATE, "fallocate": unix.SYS_FALLOCATE, "bind": unix.SYS_BIND, "mkdirat": unix.SYS_MKDIRAT, "unlinkat": unix.SYS_UNLINKAT,
		"linkat": unix.SYS_LINKAT, "symlinkat": unix.SYS_SYMLINKAT, "mknodat": unix.SYS_MKNODAT, "fchmod": unix.SYS_FCHMOD, "fchmodat": unix.SYS_FCHMODAT,
		"fchmodat2": unix.SYS_FCHMODAT2, "fchown": unix.SYS_FCHOWN, "setxattr": unix.SYS_SETXATTR, "lsetxattr": unix.SYS_LSETXATTR, "fsetxattr": unix.SYS_FSETXATTR,
		"removexattr": unix.SYS_REMOVEXATTR, "lremovexattr": unix.SYS_LREMOVEXATTR, "fremovexattr": unix.SYS_FREMOVEXATTR,
		"execve": unix.SYS_EXECVE, "execveat": unix.SYS_EXECVEAT, "openat2": unix.SYS_OPENAT2, "open_by_handle_at": unix.SYS_OPEN_BY_HANDLE_AT} {
		if got := fileCalls[name][table()]; got != want {
			t.Errorf("%s is %d, want %d", name, got, want)
		}
	}
}

// TestVersionSort compares with ls -v, which augenrules uses.
func TestVersionSort(t *testing.T) {
	names := strings.Fields("9-a.rules 10-b.rules audit.rules docker.rules 99-finalize.rules 10-base.rules a1.rules a01.rules a1b.rules a_1.rules a-1.rules A.rules a.1.rules a1~.rules a10.rules a9.rules 30-stig.rules 010-x.rules a1.2.rules a.rules a1.old.rules")
	dir := t.TempDir()
	for _, name := range names {
		if err := unix.Mkdir(dir+"/"+name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("ls", "-1v", dir)
	cmd.Env = []string{"LC_ALL=C"}
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Fields(string(want)), VersionSort(names)); diff != "" {
		t.Error(diff)
	}
}

// FuzzRules: no text makes the parser fall over; what it took is written in a
// way that it takes again.
func FuzzRules(f *testing.F) {
	for i, line := range recorded(f, "one-by-one.gz") {
		if i%3 == 0 {
			f.Add(line)
		}
	}
	f.Add("-D\n-b 1\n-W /x\n-A never,exit -F dir=/etc/docker -k a\n-e 2\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		c := NewConfig(true, isDir)
		c.Add("f", text)
		for _, r := range c.Rules().Rules {
			if r.Filter == "" || r.Where == "" || r.Path != "" && r.Dir != "" {
				t.Errorf("%q gives %+v", text, r)
			}
		}
	})
}
