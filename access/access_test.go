package access

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

func file(path, kind string, mode snapshot.Mode, uid, gid int, parents ...snapshot.File) snapshot.File {
	return snapshot.File{Path: path, Type: kind, Mode: mode, UID: uid, GID: gid, Parents: parents}
}

func dir(path string, mode snapshot.Mode, uid, gid int) snapshot.File {
	return file(path, "dir", mode, uid, gid)
}

func named(f snapshot.File, group string) snapshot.File {
	f.Group = group
	return f
}

func owned(f snapshot.File, owner string) snapshot.File {
	f.Owner = owner
	return f
}

var (
	root   = dir("/", 0o755, 0, 0)
	run    = dir("/run", 0o755, 0, 0)
	closed = dir("/run", 0o700, 0, 0)
)

func TestConnectors(t *testing.T) {
	acl := func(f snapshot.File, entries ...snapshot.ACLEntry) snapshot.File {
		f.ACL = entries
		return f
	}
	tests := []struct {
		name string
		file snapshot.File
		want []string
	}{
		{"root only", file("/run/s", "socket", 0o600, 0, 0, run, root), nil},
		{"everyone", file("/run/s", "socket", 0o666, 0, 998, run, root), []string{"every user (mode 0666 of /run/s)"}},
		{"everyone, read is not enough", file("/run/s", "socket", 0o664, 0, 0, run, root), nil},
		{"closed parent", file("/run/s", "socket", 0o666, 0, 0, closed, root), nil},
		{"group", file("/run/s", "socket", 0o660, 0, 998, run, root), []string{"group 998 (mode 0660 of /run/s)"}},
		{"group of the parent reaches what is open to all", file("/d/s", "socket", 0o666, 0, 0, dir("/d", 0o750, 0, 5), root), []string{"group 5 (mode 0666 of /d/s)"}},
		{"both groups are needed", file("/d/s", "socket", 0o660, 0, 6, dir("/d", 0o750, 0, 5), root), []string{"members of both group 6 and group 5 (mode 0660 of /d/s)"}},
		{"group is refused what others have", file("/run/s", "socket", 0o606, 0, 998, run, root), []string{"every user (mode 0606 of /run/s)"}},
		{"owner", file("/run/s", "socket", 0o600, 1000, 0, run, root), []string{"user 1000 (owner of /run/s)"}},
		{"ACL user", acl(file("/run/s", "socket", 0o600, 0, 0, run, root), snapshot.ACLEntry{Kind: "user", ID: 1001, Name: "bob", Perm: 6}), []string{"user bob (ACL entry user:bob of /run/s)"}},
		{"ACL user, masked", acl(file("/run/s", "socket", 0o600, 0, 0, run, root), snapshot.ACLEntry{Kind: "user", ID: 1001, Name: "bob", Perm: 4}), nil},
		{"ACL group", acl(file("/run/s", "socket", 0o600, 0, 0, run, root), snapshot.ACLEntry{Kind: "group", ID: 7, Name: "ops", Perm: 6}), []string{"group ops (ACL entry group:ops of /run/s)"}},
		{"ACL group that may only read", acl(file("/run/s", "socket", 0o600, 0, 0, run, root), snapshot.ACLEntry{Kind: "group", ID: 7, Perm: 4}), nil},
		{"ACL of a user and of the group with the same number", acl(file("/run/s", "socket", 0o600, 0, 0, run, root), snapshot.ACLEntry{Kind: "user", ID: 7, Perm: 6}, snapshot.ACLEntry{Kind: "group", ID: 7, Perm: 6}), []string{"group 7 (ACL entry group:7 of /run/s)", "user 7 (ACL entry user:7 of /run/s)"}},
		{"ACL of a user with the number of the owning group", acl(file("/run/s", "socket", 0o660, 0, 7, run, root), snapshot.ACLEntry{Kind: "user", ID: 7, Perm: 6}), []string{"group 7 (mode 0660 of /run/s)", "user 7 (ACL entry user:7 of /run/s)"}},
		{"ACL of two users", acl(file("/run/s", "socket", 0o600, 0, 0, run, root), snapshot.ACLEntry{Kind: "user", ID: 7, Perm: 6}, snapshot.ACLEntry{Kind: "user", ID: 8, Perm: 6}), []string{"user 7 (ACL entry user:7 of /run/s)", "user 8 (ACL entry user:8 of /run/s)"}},
		{"ACL of two groups", acl(file("/run/s", "socket", 0o600, 0, 0, run, root), snapshot.ACLEntry{Kind: "group", ID: 7, Perm: 6}, snapshot.ACLEntry{Kind: "group", ID: 8, Perm: 6}), []string{"group 7 (ACL entry group:7 of /run/s)", "group 8 (ACL entry group:8 of /run/s)"}},
		{"ACL group is no user of that number", acl(file("/d/s", "socket", 0o600, 0, 0, dir("/d", 0o755, 7, 0), root), snapshot.ACLEntry{Kind: "group", ID: 7, Perm: 6}), []string{"group 7 (ACL entry group:7 of /d/s)"}},
		{"ACL user is no group of that number", acl(file("/d/s", "socket", 0o600, 0, 0, dir("/d", 0o755, 0, 7), root), snapshot.ACLEntry{Kind: "user", ID: 7, Perm: 6}), []string{"user 7 (ACL entry user:7 of /d/s)"}},
		{"a group by the ACL, another by the parent", acl(file("/d/s", "socket", 0o600, 0, 0, dir("/d", 0o750, 0, 6), root), snapshot.ACLEntry{Kind: "group", ID: 5, Perm: 6}, snapshot.ACLEntry{Kind: "group", ID: 6, Perm: 4}), []string{"members of both group 5 and group 6 (ACL entry group:5 of /d/s)"}},
		{"a group by the mode, another by the parent and refused by the ACL", acl(file("/d/s", "socket", 0o660, 0, 6, dir("/d", 0o750, 0, 5), root), snapshot.ACLEntry{Kind: "group", ID: 5, Perm: 4}), []string{"members of both group 6 and group 5 (mode 0660 of /d/s)"}},
		{"ACL shuts one user out", acl(file("/run/s", "socket", 0o666, 0, 0, run, root), snapshot.ACLEntry{Kind: "user", ID: 1001, Perm: 0}), []string{"every user (mode 0666 of /run/s)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, Connectors(tt.file, Trust{}), tt.want)
		})
	}
}

func TestWriters(t *testing.T) {
	tmp := dir("/tmp", 0o1777, 0, 0)
	tests := []struct {
		name  string
		file  snapshot.File
		trust Trust
		want  []string
	}{
		{"root's own", file("/run/f", "file", 0o644, 0, 0, run, root), Trust{}, nil},
		{"group 0", file("/run/f", "file", 0o664, 0, 0, run, root), Trust{}, nil},
		{"world-writable parent", file("/d/f", "file", 0o644, 0, 0, dir("/d", 0o777, 0, 0), root), Trust{}, []string{"every user (mode 0777 of /d)"}},
		{"world-writable grandparent", file("/d/e/f", "file", 0o644, 0, 0, dir("/d/e", 0o755, 0, 0), dir("/d", 0o777, 0, 0), root), Trust{}, []string{"every user (mode 0777 of /d)"}},
		{"write without search", file("/d/f", "file", 0o644, 0, 0, dir("/d", 0o772, 0, 0), root), Trust{}, nil},
		{"sticky parent", file("/tmp/f", "file", 0o644, 0, 0, tmp, root), Trust{}, nil},
		{"sticky parent, own file", file("/tmp/f", "file", 0o644, 1000, 0, tmp, root), Trust{}, []string{"user 1000 (owner of /tmp/f)"}},
		{"owner of a parent", file("/home/a/f", "file", 0o644, 0, 0, dir("/home/a", 0o700, 1000, 1000), root), Trust{}, []string{"user 1000 (owner of /home/a)"}},
		{"trusted owner", file("/home/a/f", "file", 0o644, 0, 0, dir("/home/a", 0o700, 1000, 1000), root), Trust{UIDs: []int{1000}, GIDs: []int{1000}}, nil},
		{"group without members", named(file("/d/f", "file", 0o664, 0, 50, dir("/d", 0o755, 0, 0), root), "staff"), Trust{EmptyGroups: []string{"staff"}}, nil},
		{"group with members", named(file("/d/f", "file", 0o664, 0, 50, dir("/d", 0o755, 0, 0), root), "staff"), Trust{EmptyGroups: []string{"games"}}, []string{"group staff (mode 0664 of /d/f)"}},
		{"group without a name", file("/d/f", "file", 0o664, 0, 50, dir("/d", 0o755, 0, 0), root), Trust{EmptyGroups: []string{""}}, []string{"group 50 (mode 0664 of /d/f)"}},
		{"user's own group", named(file("/d/f", "file", 0o664, 0, 50, dir("/d", 0o755, 0, 0), root), "alice"), Trust{Users: []string{"alice"}}, nil},
		{"trusted owner by name", owned(file("/d/f", "file", 0o644, 50, 0, dir("/d", 0o755, 0, 0), root), "alice"), Trust{Users: []string{"alice"}}, nil},
		{"owner of another name", owned(file("/d/f", "file", 0o644, 50, 0, dir("/d", 0o755, 0, 0), root), "bob"), Trust{Users: []string{"alice"}}, []string{"user bob (owner of /d/f)"}},
		{"no group counts", file("/d/f", "file", 0o664, 0, 50, dir("/d", 0o755, 0, 0), root), Trust{NoGroups: true}, nil},
		{"no group counts, but everybody may", file("/d/f", "file", 0o666, 0, 50, dir("/d", 0o755, 0, 0), root), Trust{NoGroups: true}, []string{"every user (mode 0666 of /d/f)"}},
		{"group by number", file("/d/f", "file", 0o664, 0, 50, dir("/d", 0o755, 0, 0), root), Trust{GIDs: []int{50}}, nil},
		{"group with the number of a trusted user", file("/d/f", "file", 0o664, 0, 50, dir("/d", 0o755, 0, 0), root), Trust{UIDs: []int{50}}, []string{"group 50 (mode 0664 of /d/f)"}},
		{"user with the number of a trusted group", file("/d/f", "file", 0o644, 50, 0, dir("/d", 0o755, 0, 0), root), Trust{GIDs: []int{50}}, []string{"user 50 (owner of /d/f)"}},
		{"user without a name", file("/d/f", "file", 0o644, 50, 0, dir("/d", 0o755, 0, 0), root), Trust{Users: []string{""}}, []string{"user 50 (owner of /d/f)"}},
		{"two owners", file("/d/f", "file", 0o644, 50, 0, dir("/d", 0o755, 51, 0), dir("/", 0o755, 51, 0)), Trust{}, []string{"user 50 (owner of /d/f)", "user 51 (owner of /d)", "user 51 (owner of /)"}},
		{"two world-writable directories", file("/d/e/f", "file", 0o644, 0, 0, dir("/d/e", 0o777, 0, 0), dir("/d", 0o777, 0, 0), root), Trust{}, []string{"every user (mode 0777 of /d/e)", "every user (mode 0777 of /d)"}},
		{"both groups beside one whose number begins alike", withACL(file("/d/f", "file", 0o660, 0, 50, dir("/d", 0o750, 0, 6), root), snapshot.ACLEntry{Kind: "group", ID: 5, Perm: 6}, "/d"), Trust{}, []string{"group 5 (ACL entry group:5 of /d/f)", "members of both group 50 and group 6 (mode 0660 of /d/f)"}},
		{"owner of a sticky parent", file("/d/f", "file", 0o644, 0, 0, dir("/d", 0o1777, 1000, 0), root), Trust{}, []string{"user 1000 (owner of /d)"}},
		{"own symbolic link in a sticky parent", file("/tmp/f", "symlink", 0o777, 1000, 0, tmp, root), Trust{}, []string{"user 1000 (mode 1777 of /tmp)"}},
		{"own symbolic link in root's directory", file("/run/f", "symlink", 0o777, 1000, 0, run, root), Trust{}, nil},
		{"directory whose ACL lets a group in, beside one that may write", withACL(file("/d/f", "file", 0o644, 0, 0, dir("/d", 0o770, 0, 6), dir("/", 0o750, 0, 5)), snapshot.ACLEntry{Kind: "group", ID: 5, Perm: 5}, "/d"), Trust{}, []string{"members of both group 6 and group 5 (mode 0770 of /d)"}},
		{"symbolic link", file("/run/f", "symlink", 0o777, 0, 0, run, root), Trust{}, nil},
		{"unreachable world-writable parent", file("/run/d/f", "file", 0o644, 0, 0, dir("/run/d", 0o777, 0, 0), closed, root), Trust{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, Writers(tt.file, tt.trust), tt.want)
		})
	}
}

// TestReachers: reading asks for the bit r and reaching for the bit x, and it is
// said when no membership is needed.
func TestReachers(t *testing.T) {
	tests := []struct {
		name     string
		find     func(snapshot.File, Trust) []Grant
		mode     snapshot.Mode
		want     []string
		everyone bool
	}{
		{"a secret", Readers, 0o600, nil, false},
		{"a secret that may be run", Readers, 0o733, nil, false},
		{"readable by its group", Readers, 0o640, []string{"group 50 (mode 0640 of /d/f)"}, false},
		{"readable by all", Readers, 0o604, []string{"every user (mode 0604 of /d/f)"}, true},
		{"closed", Searchers, 0o766, nil, false},
		{"open to its group", Searchers, 0o710, []string{"group 50 (mode 0710 of /d/f)"}, false},
		{"open to all", Searchers, 0o701, []string{"every user (mode 0701 of /d/f)"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.find(file("/d/f", "file", tt.mode, 0, 50, dir("/d", 0o755, 0, 0), root), Trust{})
			check(t, got, tt.want)
			for _, g := range got {
				if g.Everyone != tt.everyone {
					t.Errorf("%s: everyone is %t", g, g.Everyone)
				}
			}
		})
	}
}

// withACL adds an entry to the file, and to the directory above it of that path
// one that lets through.
func withACL(f snapshot.File, e snapshot.ACLEntry, parent string) snapshot.File {
	f.ACL = append(f.ACL, e)
	for i := range f.Parents {
		if f.Parents[i].Path == parent {
			through := e
			through.Perm = 5
			f.Parents[i].ACL = append(f.Parents[i].ACL, through)
		}
	}
	return f
}

func check(t *testing.T, grants []Grant, want []string) {
	t.Helper()
	var got []string
	for _, g := range grants {
		got = append(got, g.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestGives: which accounts are among those who have a grant.
func TestGives(t *testing.T) {
	group := named(file("/run/s", "socket", 0o660, 0, 998, run, root), "docker")
	both := named(file("/d/s", "socket", 0o660, 0, 6, named(dir("/d", 0o750, 0, 5), "ops"), root), "docker")
	tests := []struct {
		name string
		file snapshot.File
		user snapshot.User
		want bool
	}{
		{"everyone", file("/run/s", "socket", 0o666, 0, 0, run, root), snapshot.User{UID: 1000, GID: 1000}, true},
		{"owner", file("/run/s", "socket", 0o600, 1000, 0, run, root), snapshot.User{UID: 1000, GID: 1000}, true},
		{"another than the owner", file("/run/s", "socket", 0o600, 1000, 0, run, root), snapshot.User{UID: 1001, GID: 1000}, false},
		{"in the group", group, snapshot.User{UID: 1000, GID: 1000, Groups: []string{"alice", "docker"}}, true},
		{"by the primary group", group, snapshot.User{UID: 1000, GID: 998}, true},
		{"in no such group", group, snapshot.User{UID: 1000, GID: 1000, Groups: []string{"alice"}}, false},
		{"in both groups", both, snapshot.User{UID: 1000, GID: 1000, Groups: []string{"docker", "ops"}}, true},
		{"in one of both groups", both, snapshot.User{UID: 1000, GID: 1000, Groups: []string{"docker"}}, false},
	}
	for _, tt := range tests {
		got := false
		for _, g := range Connectors(tt.file, Trust{}) {
			got = got || g.Gives(&tt.user)
		}
		if got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
}
