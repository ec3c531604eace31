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
		{"symbolic link", file("/run/f", "symlink", 0o777, 0, 0, run, root), Trust{}, nil},
		{"unreachable world-writable parent", file("/run/d/f", "file", 0o644, 0, 0, dir("/run/d", 0o777, 0, 0), closed, root), Trust{}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check(t, Writers(tt.file, tt.trust), tt.want)
		})
	}
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
