package auditlog

import (
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// reach says whether a rule is about a path.
type reach int

const (
	no reach = iota
	maybe
	yes
)

// reaches tells whether a rule is about a path and, where it only looks like
// it or cannot be told, why.
func reaches(r snapshot.AuditRule, p snapshot.AuditPath) (reach, string) {
	target := where(r)
	if r.Target() == "" {
		if slices.ContainsFunc(r.Conditions, byInode) {
			return maybe, lang.Sprintf("%s may be about %s, by the number of a file", r, p.Real)
		}
		return yes, ""
	}
	switch {
	case within(p.Real, r.LinkTo):
		return no, lang.Sprintf("%s watches the link itself, not %s", r, r.LinkTo)
	case r.Path != "" && target == p.Real && p.Type == "dir":
		return no, lang.Sprintf("%s watches the directory itself, not the files in it", r)
	case target == p.Real:
		return yes, ""
	case r.Path != "" || !within(p.Real, target):
		return no, ""
	case !within(target, p.Top):
		return maybe, lang.Sprintf("%s holds for %s only if the file system at %s was mounted before it was loaded", r, p.Real, p.Top)
	}
	return yes, ""
}

// byInode reports whether a condition is about a file by its number.
func byInode(c string) bool { return strings.HasPrefix(c, "inode=") }

// within reports whether a path is the directory or below it.
func within(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, strings.TrimSuffix(path.Clean(dir), "/")+"/")
}

// callsOf are the system calls that the kernel counts as a kind of access, by
// the names that rules give them.
var callsOf = map[rune][]string{
	'r': {"open", "openat", "openat2"},
	'x': {"execve", "execveat"},
	'w': {"bind", "creat", "fallocate", "ftruncate", "link", "linkat", "mkdir", "mkdirat", "mknod", "mknodat", "open", "openat", "openat2",
		"rename", "renameat", "renameat2", "rmdir", "symlink", "symlinkat", "truncate", "unlink", "unlinkat"},
	'a': {"chmod", "chown", "fchmod", "fchmodat", "fchmodat2", "fchown", "fchownat", "fremovexattr", "fsetxattr", "lchown", "lremovexattr", "lsetxattr",
		"removexattr", "setxattr"},
}

// partial tells which accesses of a kind a rule is about: "" all of them,
// "nothing" none, else in words. Programs of 32 bits do not count.
func partial(r snapshot.AuditRule, kind rune) string {
	var words []string
	if r.Arch == "b32" {
		if r.Action == "never" {
			return "nothing"
		}
		words = append(words, lang.T("programs of 32 bits"))
	} else if !r.AllSyscalls {
		calls := slices.DeleteFunc(slices.Clone(r.Syscalls), func(c string) bool { return !slices.Contains(callsOf[kind], c) })
		if len(calls) == 0 {
			return "nothing"
		}
		words = append(words, lang.Sprintf("the system calls %s", lang.Comma(calls)))
	}
	if len(r.Conditions) > 0 {
		words = append(words, lang.Sprintf("what fulfils %s", strings.Join(r.Conditions, lang.T(" and "))))
	}
	return strings.Join(words, lang.T(", and of it "))
}
