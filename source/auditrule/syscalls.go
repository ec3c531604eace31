package auditrule

import (
	"runtime"
	"slices"
	"strconv"

	"seawall/snapshot"
)

// fileCalls are the system calls that reach files by name or descriptor and
// that the kernel counts as writing, changing attributes, or starting a program
// (include/asm-generic/audit_{dir_write,write,change_attr}.h; open and its like
// by their flags), with their numbers on amd64 and on the machines that share
// the generic table (arm64, riscv64, loong64); -1 where there is none.
var fileCalls = map[string][2]int{
	"open": {2, -1}, "openat": {257, 56}, "openat2": {437, 437}, "open_by_handle_at": {304, 265}, "creat": {85, -1},
	"truncate": {76, 45}, "ftruncate": {77, 46}, "fallocate": {285, 47}, "bind": {49, 200},
	"rename": {82, -1}, "renameat": {264, 38}, "renameat2": {316, 276},
	"mkdir": {83, -1}, "mkdirat": {258, 34}, "rmdir": {84, -1}, "unlink": {87, -1}, "unlinkat": {263, 35},
	"link": {86, -1}, "linkat": {265, 37}, "symlink": {88, -1}, "symlinkat": {266, 36}, "mknod": {133, -1}, "mknodat": {259, 33},
	"chmod": {90, -1}, "fchmod": {91, 52}, "fchmodat": {268, 53}, "fchmodat2": {452, 452},
	"chown": {92, -1}, "fchown": {93, 55}, "lchown": {94, -1}, "fchownat": {260, 54},
	"setxattr": {188, 5}, "lsetxattr": {189, 6}, "fsetxattr": {190, 7}, "removexattr": {197, 14}, "lremovexattr": {198, 15}, "fremovexattr": {199, 16},
	"execve": {59, 221}, "execveat": {322, 281},
}

// table is the column of fileCalls for this machine.
func table() int {
	if runtime.GOARCH == "amd64" {
		return 0
	}
	return 1
}

// neededBy are the calls without which a kind of access would slip by. auditctl
// since 3.1 puts these and rarer ones in place of all calls where a rule names
// the machine and the access.
var neededBy = map[rune][]string{
	'r': {"open", "openat"},
	'x': {"execve"},
	'w': {"open", "openat", "creat", "truncate", "ftruncate", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat",
		"link", "linkat", "symlink", "symlinkat", "mknod", "mknodat"},
	'a': {"chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat",
		"setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"},
}

// setCalls notes which system calls a rule is about, out of count. Those of
// 32-bit programs have other numbers and are not told apart.
func setCalls(r *snapshot.AuditRule, has func(name string, number int) bool, count int) {
	r.AllSyscalls, r.OtherSyscalls = false, true
	if r.Arch == "b32" {
		return
	}
	for name, numbers := range fileCalls {
		if n := numbers[table()]; n >= 0 && has(name, n) {
			r.Syscalls = append(r.Syscalls, name)
		}
	}
	slices.Sort(r.Syscalls)
	r.OtherSyscalls = count > len(r.Syscalls)
	if r.Perm != "" && hasNeeded(r) {
		setAll(r)
	}
}

// setAll makes a rule one about every call.
func setAll(r *snapshot.AuditRule) {
	r.AllSyscalls, r.OtherSyscalls, r.Syscalls = r.Arch != "b32", r.Arch == "b32", nil
}

// hasNeeded reports whether a rule is about all calls that its accesses take.
func hasNeeded(r *snapshot.AuditRule) bool {
	for _, kind := range r.Perm {
		for _, name := range neededBy[kind] {
			if fileCalls[name][table()] >= 0 && !slices.Contains(r.Syscalls, name) {
				return false
			}
		}
	}
	return true
}

// named is setCalls for calls by name or number, as auditctl takes them.
func named(r *snapshot.AuditRule, calls []string) {
	seen := map[string]bool{}
	for _, call := range calls {
		seen[call] = true
	}
	setCalls(r, func(name string, number int) bool { return seen[name] || seen[strconv.Itoa(number)] }, len(seen))
}
