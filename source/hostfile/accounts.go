package hostfile

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
)

// maxAccounts bounds /etc/passwd and /etc/group: 16 MiB, some 200,000 lines.
const maxAccounts = 16 << 20

// accounts are the users and groups of /etc/passwd and /etc/group. They are
// read as files, not through the C library, so that the answer is that of the
// root being looked at.
type accounts struct {
	users  []account
	groups []account
}

type account struct {
	name    string
	id      int
	primary int      // users: their group
	members []string // groups: supplementary members
}

func readAccounts(f *FS) (*accounts, error) {
	passwd, err := readOptional(f, "/etc/passwd")
	if err != nil {
		return nil, err
	}
	group, err := readOptional(f, "/etc/group")
	if err != nil {
		return nil, err
	}
	return &accounts{users: parseAccounts(passwd, false), groups: parseAccounts(group, true)}, nil
}

// readOptional reads a file that small containers may lack.
func readOptional(f *FS, path string) ([]byte, error) {
	data, err := f.ReadFile(path, maxAccounts)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// parseAccounts reads the lines of passwd(5) or group(5). Lines that are
// neither are left out, as the C library does.
func parseAccounts(data []byte, group bool) []account {
	var out []account
	for line := range bytes.Lines(data) {
		f := strings.Split(strings.TrimSpace(string(line)), ":")
		if len(f) < 4 || f[0] == "" || strings.HasPrefix(f[0], "#") {
			continue
		}
		id, err := strconv.ParseUint(f[2], 10, 32)
		if err != nil {
			continue
		}
		a := account{name: f[0], id: int(id)}
		if group {
			a.members = splitMembers(f[3])
		} else if a.primary, err = strconv.Atoi(f[3]); err != nil {
			continue
		}
		out = append(out, a)
	}
	return out
}

func splitMembers(s string) []string {
	var out []string
	for m := range strings.SplitSeq(s, ",") {
		if m = strings.TrimSpace(m); m != "" {
			out = append(out, m)
		}
	}
	return out
}

// UserName returns the name of a user, "" if it has none or the names cannot
// be read.
func (f *FS) UserName(uid int) string {
	a, err := f.names()
	if err != nil {
		return ""
	}
	return nameOf(a.users, uid)
}

// GroupName returns the name of a group, "" if it has none or the names cannot
// be read.
func (f *FS) GroupName(gid int) string {
	a, err := f.names()
	if err != nil {
		return ""
	}
	return nameOf(a.groups, gid)
}

func nameOf(list []account, id int) string {
	for _, a := range list {
		if a.id == id {
			return a.name
		}
	}
	return ""
}

// GroupID returns the number of a group, given by name or number as dockerd's
// --group takes it.
func (f *FS) GroupID(name string) (int, bool) {
	a, err := f.names()
	if err != nil {
		return 0, false
	}
	for _, g := range a.groups {
		if g.name == name {
			return g.id, true
		}
	}
	id, err := strconv.Atoi(name)
	return id, err == nil
}

// GroupMembers returns the users in a group, by supplementary or primary
// membership, sorted; users with the number 0 are root anyway and left out. If none are found, and the machine also asks a directory
// service for its accounts (nsswitch.conf), the answer is not known and
// [ErrDirectoryService] is returned.
func (f *FS) GroupMembers(gid int) ([]string, error) {
	a, err := f.names()
	if err != nil {
		return nil, lang.RecordErrorf("members of group %d: %w", gid, err)
	}
	var out []string
	for _, g := range a.groups {
		if g.id == gid {
			out = append(out, g.members...)
		}
	}
	for _, u := range a.users {
		if u.primary == gid {
			out = append(out, u.name)
		}
	}
	slices.Sort(out)
	out = slices.DeleteFunc(slices.Compact(out), a.isRoot)
	if len(out) == 0 {
		if err := f.directoryService(); err != nil {
			return nil, lang.RecordErrorf("members of group %d: %w", gid, err)
		}
	}
	return out, nil
}

func (a *accounts) isRoot(name string) bool {
	for _, u := range a.users {
		if u.name == name {
			return u.id == 0
		}
	}
	return false
}

// ErrDirectoryService says that accounts also come from elsewhere than the
// account files.
var ErrDirectoryService = errors.New(lang.N("accounts also come from a directory service, which is not asked"))

// directoryService looks whether nsswitch.conf(5) sends questions for groups
// beyond the files. "sss" is set by default on some distributions and counts
// only where SSSD is configured; "systemd" holds only its own dynamic users.
func (f *FS) directoryService() error {
	data, err := readOptional(f, "/etc/nsswitch.conf")
	if err != nil {
		return err
	}
	for line := range bytes.Lines(data) {
		text, _, _ := strings.Cut(string(line), "#")
		db, services, ok := strings.Cut(text, ":")
		if !ok || strings.TrimSpace(db) != "group" && strings.TrimSpace(db) != "passwd" {
			continue
		}
		for _, service := range strings.Fields(services) {
			if f.asks(service) {
				return lang.RecordErrorf("%w: %s in nsswitch.conf", ErrDirectoryService, service)
			}
		}
	}
	return nil
}

func (f *FS) asks(service string) bool {
	switch service {
	case "ldap", "nis", "nisplus", "winbind", "hesiod", "extrausers":
		return true
	case "sss":
		if _, err := f.Info("/etc/sssd/sssd.conf"); !errors.Is(err, fs.ErrNotExist) {
			return true
		}
		names, err := f.ReadDir("/etc/sssd/conf.d")
		return err != nil && !errors.Is(err, fs.ErrNotExist) || len(names) > 0
	}
	return false
}
