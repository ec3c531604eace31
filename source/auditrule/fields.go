package auditrule

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// filters are the kernel's lists of rules by number (include/uapi/linux/audit.h,
// AUDIT_FILTER_*), under the names of auditctl(8).
var filters = map[uint32]string{
	0: "user", 1: "task", 2: "entry", 3: "watch", 4: "exit", 5: "exclude", 6: "filesystem", 7: "io_uring",
}

// Numbers of fields that are treated in a way of their own.
const (
	fieldPers       = 10
	fieldArch       = 11
	fieldMsgType    = 12
	fieldFSType     = 26
	fieldWatch      = 105
	fieldPerm       = 106
	fieldDir        = 107
	fieldFileType   = 108
	fieldCompare    = 111
	fieldExe        = 112
	fieldKey        = 210
	fieldFirstLabel = 13 // subj_user … subj_clr, obj_user … obj_lev_high are text
	fieldLastLabel  = 23
	fieldPPID       = 18
)

// fields are the names that auditctl(8) gives to the kernel's fields.
var fields = map[uint32]string{
	0: "pid", 1: "uid", 2: "euid", 3: "suid", 4: "fsuid", 5: "gid", 6: "egid", 7: "sgid", 8: "fsgid", 9: "auid",
	fieldPers: "pers", fieldArch: "arch", fieldMsgType: "msgtype", 13: "subj_user", 14: "subj_role", 15: "subj_type", 16: "subj_sen", 17: "subj_clr",
	fieldPPID: "ppid", 19: "obj_user", 20: "obj_role", 21: "obj_type", 22: "obj_lev_low", 23: "obj_lev_high", 25: "sessionid", fieldFSType: "fstype",
	100: "devmajor", 101: "devminor", 102: "inode", 103: "exit", 104: "success", fieldWatch: "path", fieldPerm: "perm", fieldDir: "dir", fieldFileType: "filetype",
	109: "obj_uid", 110: "obj_gid", fieldExe: "exe", 113: "saddr_fam", 200: "a0", 201: "a1", 202: "a2", 203: "a3", fieldKey: "key",
}

// aliases are other names that auditctl takes.
var aliases = map[string]string{"loginuid": "auid"}

// fieldNumbers are the fields by name.
var fieldNumbers = func() map[string]uint32 {
	out := map[string]uint32{}
	for number, name := range fields {
		out[name] = number
	}
	return out
}()

// fieldName names a field, also one that is newer than this list.
func fieldName(number uint32) string {
	if name, ok := fields[number]; ok {
		return name
	}
	return "field" + strconv.FormatUint(uint64(number), 10)
}

// operators are the kernel's by their bits (AUDIT_EQUAL and so on).
var operators = map[uint32]string{
	0x40000000: "=", 0x30000000: "!=", 0x10000000: "<", 0x20000000: ">", 0x50000000: "<=", 0x60000000: ">=", 0x08000000: "&", 0x48000000: "&=",
}

// comparisons are what the two sides of -C may be (AUDIT_COMPARE_*), by number
// from 1 on.
var comparisons = [...]string{
	"uid obj_uid", "gid obj_gid", "euid obj_uid", "egid obj_gid", "auid obj_uid", "suid obj_uid", "sgid obj_gid", "fsuid obj_uid", "fsgid obj_gid",
	"uid auid", "uid euid", "uid fsuid", "uid suid", "auid fsuid", "auid suid", "auid euid", "euid suid", "euid fsuid", "suid fsuid",
	"gid egid", "gid fsgid", "gid sgid", "egid fsgid", "egid sgid", "sgid fsgid",
}

// isText reports whether the kernel keeps a field's value as text.
func isText(number uint32) bool {
	if number >= fieldFirstLabel && number <= fieldLastLabel && number != fieldPPID {
		return true
	}
	return slices.Contains([]uint32{fieldWatch, fieldDir, fieldExe, fieldKey}, number)
}

// Kinds of files by the bits of a mode, as the field filetype has them.
var fileTypes = map[uint32]string{0o140000: "socket", 0o120000: "link", 0o100000: "file", 0o060000: "block", 0o040000: "dir", 0o020000: "character", 0o010000: "fifo"}

// fileSystems are the two that auditctl knows by name.
var fileSystems = map[uint32]string{0x64626720: "debugfs", 0x74726163: "tracefs"}

// messages are the types of records without which a change is not told.
var messages = map[uint32]string{1300: "SYSCALL", 1302: "PATH", 1307: "CWD", 1309: "EXECVE", 1327: "PROCTITLE"}

// number writes the value of a field that the kernel keeps as a number.
func number(field, value uint32) string {
	var names map[uint32]string
	switch field {
	case fieldFileType:
		names = fileTypes
	case fieldFSType:
		names = fileSystems
	case fieldMsgType:
		names = messages
	case 103: // exit: an error is negative
		n := int32(value)
		if name := unix.ErrnoName(unix.Errno(-n)); n < 0 && n > -4096 && name != "" {
			return "-" + name
		}
		return strconv.Itoa(int(n))
	case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, fieldPPID, 25, 109, 110:
		names = map[uint32]string{1<<32 - 1: "unset"}
	}
	if name, ok := names[value]; ok {
		return name
	}
	return strconv.FormatUint(uint64(value), 10)
}

// permBits are the bits of AUDIT_PERM in the order in which they are written.
var permBits = [...]struct {
	bit    uint32
	letter byte
}{{4, 'r'}, {2, 'w'}, {1, 'x'}, {8, 'a'}}

func perms(bits uint32) string {
	var out []byte
	for _, p := range permBits {
		if bits&p.bit != 0 {
			out = append(out, p.letter)
		}
	}
	return string(out)
}

// sortedPerms puts letters of "rwxa" in order; false if there are others.
func sortedPerms(letters string) (string, bool) {
	out := ""
	for _, p := range permBits {
		if strings.IndexByte(letters, p.letter) >= 0 {
			out += string(p.letter)
		}
	}
	return out, letters != "" && strings.Trim(letters, "rwxa") == ""
}

// archName is the machine of a rule: of the kernel's numbers only the bit that
// says 64 counts, for a rule about another machine never matches.
func archName(value uint32) string {
	if value&0x80000000 != 0 {
		return "b64"
	}
	return "b32"
}
