package livehost

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/source/procfs"
)

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestProfiles(t *testing.T) {
	tests := []struct {
		name, data string
		want       map[string]int
		mode       string
	}{
		{"Debian 13", string(recorded(t, "apparmor-profiles")), map[string]int{"enforce": 1}, "enforce"},
		{"names with spaces and brackets", "Xorg (x) (complain)\ndocker-default (complain)\n", map[string]int{"complain": 2}, "complain"},
		{"none loaded", "", map[string]int{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, mode := parseProfiles([]byte(tt.data))
			if diff := cmp.Diff(tt.want, got); diff != "" || mode != tt.mode {
				t.Errorf("mode %q, want %q; profiles (-want +got):\n%s", mode, tt.mode, diff)
			}
		})
	}
}

func TestLockdown(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"off", map[string]string{"lsm": "lockdown", "lockdown": "[none] integrity confidentiality\n"}, "none"},
		{"on", map[string]string{"lsm": "lockdown", "lockdown": "none [integrity] confidentiality\n"}, "integrity"},
		{"kernel without it", map[string]string{"lsm": "capability"}, "absent"},
		{"securityfs not mounted", nil, "not read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sys := t.TempDir()
			dir := filepath.Join(sys, "kernel/security")
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			for name, text := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if got := (vantage{m: Machine{Sys: sys}}).lockdown().String(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestLabels(t *testing.T) {
	tests := []struct{ file, want string }{
		{"label-apparmor", "docker-default (enforce)"},
		{"label-apparmor-privileged", "unconfined"},
		{"label-selinux", "system_u:system_r:container_t:s0:c639,c757"},
		{"label-selinux-privileged", "system_u:system_r:spc_t:s0"},
		{"label-selinux-engine-off", "system_u:system_r:spc_t:s0"},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			const pid = 812
			proc := t.TempDir()
			attr := filepath.Join(proc, strconv.Itoa(pid), "attr")
			if err := os.MkdirAll(attr, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(attr, "current"), recorded(t, tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			dir, err := procfs.OpenDir(proc, pid)
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			var r processReader
			if got := value(t, r.label(dir)); got != tt.want {
				t.Errorf("label %q, want %q", got, tt.want)
			}
		})
	}
}
