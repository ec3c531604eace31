package hostfile

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"strconv"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
)

// describe turns an opened file into the model's form. Where the file has an
// ACL, the group bits of the mode are the mask, not what the group is granted;
// they are replaced by the grant.
func (f *FS) describe(n *node, path string) (snapshot.File, error) {
	acl, err := readACL(n)
	if err != nil {
		return snapshot.File{}, &fs.PathError{Op: "read ACL of", Path: f.Where(path), Err: err}
	}
	mode := n.st.Mode & 0o7777
	if acl.present {
		mode = mode&^0o070 | uint32(acl.group)<<3
	}
	file := snapshot.File{
		Path: path, Type: typeName(n.st.Mode), Mode: snapshot.Mode(mode),
		UID: int(n.st.Uid), GID: int(n.st.Gid), ACL: acl.entries,
	}
	file.Owner, file.Group = f.UserName(file.UID), f.GroupName(file.GID)
	for i := range file.ACL {
		file.ACL[i].Name = f.aclName(file.ACL[i])
	}
	return file, nil
}

func (f *FS) aclName(e snapshot.ACLEntry) string {
	if e.Kind == "user" {
		return f.UserName(e.ID)
	}
	return f.GroupName(e.ID)
}

func typeName(mode uint32) string {
	switch mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return "dir"
	case unix.S_IFSOCK:
		return "socket"
	case unix.S_IFLNK:
		return "symlink"
	case unix.S_IFREG:
		return "file"
	}
	return "device"
}

// acl is a POSIX access ACL, the mask applied.
type acl struct {
	present bool
	group   uint8 // what the owning group is granted
	entries []snapshot.ACLEntry
}

// readACL reads the ACL of an opened file. It goes through /proc/self/fd:
// descriptors opened with O_PATH cannot be asked for attributes.
func readACL(n *node) (acl, error) {
	if n.st.Mode&unix.S_IFMT == unix.S_IFLNK {
		return acl{}, nil // links have no ACL
	}
	buf := make([]byte, 4096)
	size, err := unix.Getxattr("/proc/self/fd/"+strconv.Itoa(n.fd), "system.posix_acl_access", buf)
	if errors.Is(err, unix.ERANGE) {
		buf = make([]byte, 65536) // XATTR_SIZE_MAX
		size, err = unix.Getxattr("/proc/self/fd/"+strconv.Itoa(n.fd), "system.posix_acl_access", buf)
	}
	switch {
	case errors.Is(err, unix.ENODATA), errors.Is(err, unix.EOPNOTSUPP):
		return acl{}, nil
	case err != nil:
		return acl{}, err
	}
	return parseACL(buf[:size])
}

// Tags of ACL entries (include/uapi/linux/posix_acl.h).
const (
	tagUser     = 0x02
	tagGroupObj = 0x04
	tagGroup    = 0x08
	tagMask     = 0x10
)

// parseACL reads the attribute system.posix_acl_access: a version number (2)
// and entries of tag, permission and id
// (include/uapi/linux/posix_acl_xattr.h).
func parseACL(data []byte) (acl, error) {
	if len(data) < 4 || (len(data)-4)%8 != 0 {
		return acl{}, lang.RecordErrorf("ACL of %d bytes", len(data))
	}
	if v := binary.LittleEndian.Uint32(data); v != 2 {
		return acl{}, lang.RecordErrorf("ACL of version %d", v)
	}
	out, mask := acl{present: true}, uint8(7)
	for e := data[4:]; len(e) > 0; e = e[8:] {
		perm := uint8(binary.LittleEndian.Uint16(e[2:]) & 7)
		id := int(binary.LittleEndian.Uint32(e[4:]))
		switch binary.LittleEndian.Uint16(e) {
		case tagUser:
			out.entries = append(out.entries, snapshot.ACLEntry{Kind: "user", ID: id, Perm: perm})
		case tagGroup:
			out.entries = append(out.entries, snapshot.ACLEntry{Kind: "group", ID: id, Perm: perm})
		case tagGroupObj:
			out.group = perm
		case tagMask:
			mask = perm
		}
	}
	out.group &= mask
	for i := range out.entries {
		out.entries[i].Perm &= mask
	}
	return out, nil
}
