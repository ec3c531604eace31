package livehost

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
	"seawall/source/hostfile"
)

// hostTreeOf writes files below a new root and returns it as a machine.
func hostTreeOf(t testing.TB, files map[string]string) Machine {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Machine{Proc: "/proc", Sys: "/sys", Root: root, Files: hostfile.New(root)}
}

func TestSudoDocker(t *testing.T) {
	alice := snapshot.User{Name: "alice", UID: 1000, GID: 1000, Groups: []string{"alice", "ops"}}
	tests := []struct {
		name, sudoers string
		want          []string // "file:line command", with ! for NOPASSWD
	}{
		{"plain", "alice ALL=/usr/bin/docker", []string{"1 /usr/bin/docker"}},
		{"someone else's", "bob ALL=/usr/bin/docker", nil},
		{"group, runas, tag", "# rules\n%ops ALL=(root) NOPASSWD: /usr/bin/docker, /bin/ls, /usr/bin/podman", []string{"2! /usr/bin/docker", "2! /usr/bin/podman"}},
		{"tag taken back", "alice ALL=NOPASSWD: /bin/ls, PASSWD: /usr/sbin/dockerd", []string{"1 /usr/sbin/dockerd"}},
		{"ALL is root anyway", "alice ALL=(ALL:ALL) NOPASSWD: ALL", nil},
		{"as another user", "alice ALL=(postgres) /usr/bin/docker", nil},
		{"as any user", "alice ALL=(ALL) /usr/bin/docker", []string{"1 /usr/bin/docker"}},
		{"in the group docker", "alice ALL=(:docker) /usr/bin/docker", []string{"1 /usr/bin/docker"}},
		{"aliases", "User_Alias DEVS = bob, alice : ADMINS = carol\nCmnd_Alias SHIP = /bin/ls, BOX\nCmnd_Alias BOX = /usr/local/bin/docker-compose\nRunas_Alias R = root\nHost_Alias H = labhost\nDEVS H = (R) SHIP",
			[]string{"6 /usr/local/bin/docker-compose"}},
		{"alias that excepts", "User_Alias ALMOST = ALL, !alice\nALMOST ALL=/usr/bin/docker", nil},
		{"another host", "alice web1,web2 = /usr/bin/docker", nil},
		{"this host, then others", "alice labhost = /usr/bin/docker : web1 = /usr/bin/ctr", []string{"1 /usr/bin/docker"}},
		{"continued", "alice \\\n  ALL = \\\n  /usr/bin/docker", []string{"1 /usr/bin/docker"}},
		{"number", "#1000 ALL=/usr/bin/docker # why", []string{"1 /usr/bin/docker"}},
		{"group number", "%#1000 ALL=/usr/bin/docker", []string{"1 /usr/bin/docker"}},
		{"quoted group", "\"%ops\" ALL=/usr/bin/docker", []string{"1 /usr/bin/docker"}},
		{"forbidden later", "alice ALL=/usr/bin/docker\nalice ALL=!/usr/bin/docker", nil},
		{"forbidden with arguments only", "alice ALL=/usr/bin/docker, !/usr/bin/docker run*", []string{"1 /usr/bin/docker"}},
		{"only looks", "alice ALL=/usr/bin/docker ps, /usr/bin/docker logs *, /usr/bin/docker container ls, /usr/bin/docker \"\"", nil},
		{"arguments that do more", "alice ALL=/usr/bin/docker exec -it web *, /usr/bin/docker compose up", []string{"1 /usr/bin/docker exec …", "1 /usr/bin/docker compose up"}},
		{"ctr images is no looking", "alice ALL=/usr/bin/ctr images mount *", []string{"1 /usr/bin/ctr images mount *"}},
		{"patterns", "alice ALL=/usr/bin/, /usr/bin/dock*, /opt/*, ^/usr/bin/pod[a-z]+$", []string{"1 /usr/bin/", "1 /usr/bin/dock*", "1 ^/usr/bin/pod[a-z]+$"}},
		{"digest and options", "alice ALL=CWD=/srv sha256:0123abcd /usr/bin/docker", []string{"1 /usr/bin/docker"}},
		{"other programs", "alice ALL=/usr/bin/systemctl restart docker, /usr/bin/dockerize", nil},
		{"no authentication", "Defaults !authenticate\nalice ALL=/usr/bin/docker", []string{"2! /usr/bin/docker"}},
		{"tabs", "User_Alias\tDEVS\t=\talice\nDEVS\tALL\t=\t/usr/bin/docker", []string{"2 /usr/bin/docker"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newSudoFile("labhost")
			f.parse("s", tt.sudoers, func(string, bool) { t.Error("include") })
			if len(f.broken) > 0 {
				t.Errorf("not understood: %v", f.broken)
			}
			var got []string
			for _, r := range f.dockerRules(&alice) {
				mark := ""
				if r.NoPasswd {
					mark = "!"
				}
				got = append(got, strings.TrimPrefix(r.Where, "s:")+mark+" "+r.Command)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSudoersFiles(t *testing.T) {
	alice := snapshot.User{Name: "alice", UID: 1000, Groups: []string{"alice"}}
	files := map[string]string{
		"etc/sudoers":            "Defaults env_reset\n@include local\n#includedir /etc/sudoers.d\n@include /etc/none\n",
		"etc/local":              "alice ALL=/usr/bin/ctr\n",
		"etc/sudoers.d/10-a":     "\nalice ALL=/usr/bin/docker\n",
		"etc/sudoers.d/20-b.rpm": "alice ALL=/usr/bin/podman\n",
		"etc/sudoers.d/30-c~":    "alice ALL=/usr/bin/podman\n",
	}
	v := vantage{m: hostTreeOf(t, files), first: "self"}
	sudo := v.sudoers()
	got, _ := sudo.of(&alice).Peek()
	want := []snapshot.SudoRule{{Where: "/etc/local:1", Command: "/usr/bin/ctr"}, {Where: "/etc/sudoers.d/10-a:2", Command: "/usr/bin/docker"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	v = vantage{m: hostTreeOf(t, map[string]string{"etc/passwd": ""}), first: "self"}
	if sudo = v.sudoers(); sudo.of(&alice).State() != snapshot.Absent {
		t.Errorf("no sudoers: %+v", sudo.of(&alice))
	}
	v = vantage{m: hostTreeOf(t, map[string]string{"etc/sudoers": "alice ALL\n"}), first: "self"}
	sudo = v.sudoers()
	if g := sudo.of(&alice).Gap(); g.Reason != snapshot.ReasonMalformed || !strings.Contains(g.Detail, "/etc/sudoers:1") {
		t.Errorf("broken line: %+v", g)
	}
	v = vantage{m: hostTreeOf(t, map[string]string{"etc/sudoers": "@include sudoers\n"}), first: "self"}
	sudo = v.sudoers()
	if g := sudo.of(&alice).Gap(); g.Reason != snapshot.ReasonFailed {
		t.Errorf("endless include: %+v", g)
	}
}

func FuzzSudoers(f *testing.F) {
	f.Add("alice ALL=(root) NOPASSWD: /usr/bin/docker, !/bin/ls \"\" \\\n : web = ALL")
	f.Add("User_Alias A = B : B = A, !A\nA ALL=A\nCmnd_Alias C = C, !C\nALL ALL=C")
	f.Add("#include x\n@includedir \"a b\"\nDefaults:x !authenticate\n%#1 ! ALL = sha256 : x /a")
	alice := snapshot.User{Name: "alice", UID: 1000, Groups: []string{"alice"}}
	f.Fuzz(func(t *testing.T, text string) {
		s := newSudoFile("h")
		s.parse("s", text, func(string, bool) {})
		for _, r := range s.dockerRules(&alice) {
			if r.Command == "" || r.Where == "" {
				t.Errorf("rule %+v", r)
			}
		}
	})
}
