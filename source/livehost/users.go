package livehost

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
)

// maxAccountFile bounds /etc/passwd and /etc/group, in bytes.
const maxAccountFile = 16 << 20

// users reads the accounts that can log in, and those that belong to a group
// besides their own, from /etc/passwd and /etc/group. Accounts of a directory
// service (LDAP, SSSD) are not among them.
func (v vantage) users() snapshot.Fact[[]snapshot.User] {
	o := snapshot.At("users", "/etc/passwd")
	return hostFact(v.files, o, func() snapshot.Fact[[]snapshot.User] {
		users, err := v.accounts()
		if err != nil {
			return snapshot.Lost[[]snapshot.User](source.GapFrom(err), o)
		}
		users = slices.DeleteFunc(users, func(u snapshot.User) bool { return !canLogIn(u) && onlyOwnGroup(u) })
		sudo := v.sudoers()
		for i := range users {
			users[i].SudoDocker = sudo.of(&users[i])
		}
		return snapshot.See(users, o)
	})
}

// emptyGroups lists the groups without members, root's own group apart.
func (v vantage) emptyGroups() snapshot.Fact[[]string] {
	o := snapshot.At("groups", "/etc/group")
	return hostFact(v.files, o, func() snapshot.Fact[[]string] {
		group, err := v.m.Files.ReadFile("/etc/group", maxAccountFile)
		if err != nil {
			return snapshot.Lost[[]string](source.GapFrom(err), o)
		}
		empty := []string{}
		for line := range strings.Lines(string(group)) {
			f := strings.Split(strings.TrimSpace(line), ":")
			gid, ok := accountID(f, 4)
			if !ok || gid == 0 {
				continue
			}
			members, err := v.m.Files.GroupMembers(gid)
			if err != nil {
				return snapshot.Lost[[]string](source.GapFrom(err), o)
			}
			if len(members) == 0 {
				empty = append(empty, f[0])
			}
		}
		return snapshot.See(empty, o)
	})
}

// accounts reads all accounts with their groups, in the order of passwd.
func (v vantage) accounts() ([]snapshot.User, error) {
	passwd, err := v.m.Files.ReadFile("/etc/passwd", maxAccountFile)
	if err != nil {
		return nil, lang.RecordErrorf("accounts: %w", err)
	}
	group, err := v.m.Files.ReadFile("/etc/group", maxAccountFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, lang.RecordErrorf("groups: %w", err)
	}
	return parseUsers(string(passwd), string(group)), nil
}

// parseUsers reads passwd(5) and group(5). Lines that are neither are left
// out, as the C library does. A group without a name is given as its number.
func parseUsers(passwd, group string) []snapshot.User {
	names := map[int]string{}
	member := map[string][]string{}
	for line := range strings.Lines(group) {
		f := strings.Split(strings.TrimSpace(line), ":")
		gid, ok := accountID(f, 4)
		if !ok {
			continue
		}
		if _, known := names[gid]; !known {
			names[gid] = f[0]
		}
		for user := range strings.SplitSeq(f[3], ",") {
			member[strings.TrimSpace(user)] = append(member[strings.TrimSpace(user)], f[0])
		}
	}
	var out []snapshot.User
	for line := range strings.Lines(passwd) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), ":")
		uid, ok := accountID(f, 7)
		gid, err := strconv.ParseUint(field4(f), 10, 32)
		if !ok || err != nil {
			continue
		}
		primary := names[int(gid)]
		if primary == "" {
			primary = strconv.FormatUint(gid, 10)
		}
		groups := []string{primary}
		for _, g := range member[f[0]] {
			if !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
		out = append(out, snapshot.User{Name: f[0], UID: uid, GID: int(gid), Home: f[5], Shell: f[6], Groups: groups})
	}
	return out
}

func field4(f []string) string {
	if len(f) < 4 {
		return ""
	}
	return f[3]
}

// accountID is the number of an account line of at least so many fields.
// Lines that begin with + or - belong to the old NIS compatibility.
func accountID(f []string, fields int) (int, bool) {
	if len(f) < fields || f[0] == "" || strings.ContainsRune("#+-", rune(f[0][0])) {
		return 0, false
	}
	id, err := strconv.ParseUint(f[2], 10, 32)
	return int(id), err == nil
}

// nobodyGroup is the group of those who shall have no rights (nogroup, nobody).
const nobodyGroup = 65534

// onlyOwnGroup reports whether an account is in no group but that of its own
// name, or nogroup.
func onlyOwnGroup(u snapshot.User) bool {
	return len(u.Groups) == 1 && (u.Groups[0] == u.Name || u.GID == nobodyGroup)
}

// canLogIn reports whether an account's shell lets anyone work with it. An
// empty shell is /bin/sh (passwd(5)).
func canLogIn(u snapshot.User) bool {
	switch path.Base(u.Shell) {
	case "nologin", "false", "true", "sync", "shutdown", "halt":
		return false
	}
	return true
}

// Users reads the accounts of a machine, as a snapshot has them.
func Users(m Machine) snapshot.Fact[[]snapshot.User] { return look(m).users() }
