package access

import "seawall/snapshot"

// Granted are the permission bits of a file as ls shows them: where there is an
// ACL, the group's bits are what any of its entries grants.
func Granted(f snapshot.File) snapshot.Mode {
	mode := f.Mode & 0o777
	for _, e := range f.ACL {
		mode |= snapshot.Mode(e.Perm) << 3 & 0o070
	}
	return mode
}
