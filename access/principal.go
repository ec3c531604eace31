package access

import (
	"cmp"
	"slices"
	"strconv"

	"seawall/lang"
	"seawall/snapshot"
)

// perm is a set of permissions as one octal digit of a mode holds them.
type perm uint8

const (
	search perm = 1 << iota
	write
	read
)

const sticky snapshot.Mode = 0o1000

// principal is somebody who might have access: an account, or whoever is in
// none, one or two of the groups that a file and its directories name.
type principal struct {
	uid    int // -1: any ordinary account
	gids   []int
	groups []string // the names of gids
	name   string
	anyone bool
}

// principals lists those whom the file or the directories above it treat
// differently from others, the widest first. Trusted ones are left out.
func principals(f snapshot.File, parents []snapshot.File, t Trust) []principal {
	list := []principal{{uid: -1, name: lang.T("every user"), anyone: true}}
	var users, groups []principal
	for _, o := range append([]snapshot.File{f}, parents...) {
		users = collect(users, t, "user", o.UID, o.Owner)
		groups = collect(groups, t, "group", o.GID, o.Group)
		for _, e := range o.ACL {
			if e.Kind == "user" {
				users = collect(users, t, e.Kind, e.ID, e.Name)
			} else {
				groups = collect(groups, t, e.Kind, e.ID, e.Name)
			}
		}
	}
	list = append(append(list, groups...), users...)
	for i, a := range groups {
		for _, b := range groups[i+1:] {
			list = append(list, principal{uid: -1, gids: []int{a.gids[0], b.gids[0]}, groups: []string{a.groups[0], b.groups[0]}, name: lang.Sprintf("members of both %s and %s", a.name, b.name)})
		}
	}
	return list
}

func collect(list []principal, t Trust, kind string, id int, name string) []principal {
	if id == 0 || kind == "user" && t.trustsUser(id, name) || kind == "group" && t.trustsGroup(id, name) {
		return list
	}
	p := principal{uid: id, name: lang.Sprintf("user %s", cmp.Or(name, strconv.Itoa(id)))}
	if kind == "group" {
		p.name = lang.Sprintf("group %s", cmp.Or(name, strconv.Itoa(id)))
		p.uid, p.gids, p.groups = -1, []int{id}, []string{name}
	}
	if slices.ContainsFunc(list, func(q principal) bool { return q.uid == p.uid && slices.Equal(q.gids, p.gids) }) {
		return list
	}
	return append(list, p)
}

// may reports whether the principal has all the permissions, by the access
// check of acl(5): owner, named user, groups, others, the first that matches
// decides; among groups any may grant. An owner can change the mode and so has
// them all.
func (p principal) may(f snapshot.File, want perm) bool {
	if p.owns(f) {
		return true
	}
	for _, e := range f.ACL {
		if e.Kind == "user" && e.ID == p.uid {
			return perm(e.Perm)&want == want
		}
	}
	if granted, member := p.asMember(f, want); member {
		return granted
	}
	return perm(f.Mode)&want == want
}

// asMember looks at the owning group and the groups of the ACL. The group bits
// of the mode are what the owning group has (see [snapshot.File]).
func (p principal) asMember(f snapshot.File, want perm) (granted, member bool) {
	if slices.Contains(p.gids, f.GID) {
		member = true
		granted = perm(f.Mode>>3)&want == want
	}
	for _, e := range f.ACL {
		if e.Kind == "group" && slices.Contains(p.gids, e.ID) {
			member = true
			granted = granted || perm(e.Perm)&want == want
		}
	}
	return granted, member
}

// owns reports whether the principal is the file's owner.
func (p principal) owns(f snapshot.File) bool { return p.uid == f.UID }

// includes reports whether the principal is a circle that another one is in:
// everybody, or one of two groups.
func (p principal) includes(q principal) bool {
	return p.anyone || len(p.gids) == 1 && slices.Contains(q.gids, p.gids[0])
}

// grant says by what permission the principal got there.
func (p principal) grant(f snapshot.File, want perm) Grant {
	g := Grant{Who: p.name, Everyone: p.anyone, Path: f.Path, How: lang.Sprintf("mode %s", f.Mode), who: p}
	if p.owns(f) {
		g.How, g.Owner = lang.T("owner"), true
		return g
	}
	for _, e := range f.ACL {
		if perm(e.Perm)&want == want && (e.Kind == "user" && e.ID == p.uid || e.Kind == "group" && slices.Contains(p.gids, e.ID)) {
			g.How, g.ACL = lang.Sprintf("ACL entry %s:%s", e.Kind, cmp.Or(e.Name, strconv.Itoa(e.ID))), true
		}
	}
	return g
}
