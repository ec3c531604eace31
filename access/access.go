// Package access tells who may read, change or connect to a file: from its
// mode, owner and POSIX ACL, and from those of the directories above it. It
// looks at [snapshot.File] values only and does no I/O.
//
// Capabilities and security modules are left out: root is trusted anyway, and
// a module that refuses what the mode allows is a second barrier, not the
// first.
package access

import (
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// Grant is one way in which somebody who is not trusted gets at a file.
type Grant struct {
	// Who is "every user", "group docker", "user bob", or "members of both
	// group a and group b".
	Who string
	// Everyone: no membership is needed.
	Everyone bool
	// Path is the file or directory whose permissions grant it.
	Path string
	// How names the permission: "mode 0666", "ACL entry user:bob", "owner".
	How string
	// Owner: it is the owner's, ACL: that of an entry of the access control list.
	Owner, ACL bool

	who principal
}

// Gives reports whether an account is among those who have the grant.
func (g Grant) Gives(u *snapshot.User) bool {
	if g.Everyone {
		return true
	}
	if len(g.who.gids) == 0 {
		return g.who.uid == u.UID
	}
	for i, id := range g.who.gids {
		if id != u.GID && !slices.Contains(u.Groups, g.who.groups[i]) {
			return false
		}
	}
	return true
}

// String is the grant in words: "every user (mode 0666 of /run/docker.sock)".
func (g Grant) String() string { return lang.Sprintf("%s (%s of %s)", g.Who, g.How, g.Path) }

// Describe joins grants for a message.
func Describe(grants []Grant) string {
	words := make([]string, len(grants))
	for i, g := range grants {
		words[i] = g.String()
	}
	return lang.Comma(words)
}

// Trust is the set of accounts that may have access. Root is always trusted;
// so is the group with number 0, which holds nobody else by convention.
type Trust struct {
	UIDs []int
	GIDs []int
	// Users are names. The group of the same name is trusted too: by the
	// convention of user-private groups it holds that user only.
	Users []string
	// EmptyGroups are groups without members, by name: they give nobody access.
	EmptyGroups []string
	// NoGroups: no group gives access, as if all were empty.
	NoGroups bool
}

// trustsGroup reports whether a group may have access, or has nobody to use it.
func (t Trust) trustsGroup(id int, name string) bool {
	return t.NoGroups || slices.Contains(t.GIDs, id) || name != "" && (slices.Contains(t.Users, name) || slices.Contains(t.EmptyGroups, name))
}

func (t Trust) trustsUser(id int, name string) bool {
	return slices.Contains(t.UIDs, id) || name != "" && slices.Contains(t.Users, name)
}

// Readers lists who can read the file.
func Readers(f snapshot.File, t Trust) []Grant { return direct(f, t, read) }

// Connectors lists who can connect to the socket. The kernel asks for write
// permission on the socket file and search permission on every directory above
// (unix(7)).
func Connectors(f snapshot.File, t Trust) []Grant { return direct(f, t, write) }

// Searchers lists who can reach what is in the directory.
func Searchers(f snapshot.File, t Trust) []Grant { return direct(f, t, search) }

// Writers lists who can change the file: write it, change its mode as its
// owner, or put another one in its place by writing a directory above it.
func Writers(f snapshot.File, t Trust) []Grant {
	var grants []Grant
	if f.Type != "symlink" { // the mode of a symbolic link means nothing
		grants = direct(f, t, write)
	}
	return append(grants, Replacers(f, t)...)
}

// Replacers lists who can put another file in the file's place: by write
// permission on a directory above it. In a sticky directory only the owners of
// the entry and of the directory can (unlink(2)).
func Replacers(f snapshot.File, t Trust) []Grant {
	var found gathered
	entry := f
	for i, dir := range f.Parents {
		near := f.Parents[i:]
		if entry.Type == "symlink" { // nothing else asks for the owner of a link
			near = append([]snapshot.File{entry}, near...)
		}
		for _, p := range principals(dir, near, t) {
			if !reaches(f.Parents[i+1:], p) || !p.may(dir, write|search) {
				continue
			}
			if dir.Mode&sticky != 0 && !p.owns(dir) && !p.owns(entry) {
				continue
			}
			found.add(p, p.grant(dir, write))
		}
		entry = dir
	}
	return found.grants
}

// direct lists who has a permission on the file itself and can reach it.
func direct(f snapshot.File, t Trust, want perm) []Grant {
	var found gathered
	for _, p := range principals(f, f.Parents, t) {
		if p.may(f, want) && reaches(f.Parents, p) {
			found.add(p, p.grant(f, want))
		}
	}
	return found.grants
}

// reaches reports whether somebody can search all the directories.
func reaches(dirs []snapshot.File, p principal) bool {
	for _, dir := range dirs {
		if !p.may(dir, search) {
			return false
		}
	}
	return true
}

// gathered are grants and who has each.
type gathered struct {
	grants []Grant
	who    []principal
}

// add takes up a grant unless a wider circle has it already.
func (g *gathered) add(p principal, grant Grant) {
	for i, have := range g.who {
		if g.grants[i].Path == grant.Path && have.includes(p) {
			return
		}
	}
	g.grants, g.who = append(g.grants, grant), append(g.who, p)
}
