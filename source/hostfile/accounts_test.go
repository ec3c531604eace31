package hostfile

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGroupMembers(t *testing.T) {
	passwd := "root:x:0:998::/:\nalice:x:1000:1000::/:\nbob:x:1001:998::/:\n"
	tests := []struct {
		name  string
		files map[string]string
		want  []string
		err   error
	}{
		{"supplementary and primary, without root",
			map[string]string{"etc/passwd": passwd, "etc/group": "docker:x:998:alice,root\n"}, []string{"alice", "bob"}, nil},
		{"empty", map[string]string{"etc/group": "docker:x:998:\n"}, nil, nil},
		{"no account files", map[string]string{"f": ""}, nil, nil},
		{"LDAP may have more", map[string]string{"etc/group": "docker:x:998:\n", "etc/nsswitch.conf": "group: files ldap\n"}, nil, ErrDirectoryService},
		{"LDAP, but one is known", map[string]string{"etc/group": "docker:x:998:alice\n", "etc/nsswitch.conf": "group: files ldap\n"}, []string{"alice"}, nil},
		{"sss without SSSD", map[string]string{"etc/nsswitch.conf": "passwd: sss files systemd\nhosts: ldap\n"}, nil, nil},
		{"sss", map[string]string{"etc/nsswitch.conf": "passwd: files sss # x\n", "etc/sssd/sssd.conf": ""}, nil, ErrDirectoryService},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := New(tree(t, tt.files)).GroupMembers(998)
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" && len(got)+len(tt.want) > 0 {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParseAccounts(f *testing.F) {
	f.Add([]byte("root:x:0:0:root:/root:/bin/sh\n"), false)
	f.Add([]byte("docker:x:998:alice, bob,\n"), true)
	f.Fuzz(func(t *testing.T, data []byte, group bool) {
		for _, a := range parseAccounts(data, group) {
			if a.name == "" || a.id < 0 {
				t.Errorf("account %+v", a)
			}
		}
	})
}
