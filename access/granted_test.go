package access_test

import (
	"testing"

	"seawall/access"
	"seawall/snapshot"
)

// TestGranted: what ls shows of a mode and an ACL; more than permissions is in
// neither.
func TestGranted(t *testing.T) {
	entry := func(perm uint8) []snapshot.ACLEntry { return []snapshot.ACLEntry{{Kind: "user", ID: 1001, Perm: perm}} }
	tests := []struct {
		mode snapshot.Mode
		acl  []snapshot.ACLEntry
		want snapshot.Mode
	}{
		{0o640, nil, 0o640}, {0o7777, nil, 0o777}, {0o2755, nil, 0o755},
		{0o600, entry(6), 0o660}, {0o640, entry(0), 0o640}, {0o600, entry(7), 0o670}, {0o604, entry(1), 0o614},
		{0o600, append(entry(4), entry(2)...), 0o660},
	}
	for _, tt := range tests {
		if got := access.Granted(snapshot.File{Mode: tt.mode, ACL: tt.acl}); got != tt.want {
			t.Errorf("%s with %v grants %s, want %s", tt.mode, tt.acl, got, tt.want)
		}
	}
}
