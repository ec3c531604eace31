package engineapi_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

func TestSettingsOfRealEngines(t *testing.T) {
	tests := []struct {
		name    string
		options lab.Options
		check   func(t *testing.T, e *snapshot.Engine)
	}{
		{"seccomp profile of one's own", lab.Options{
			DaemonJSON: `{"seccomp-profile": "/etc/docker/s.json"}`,
			Files:      map[string]string{"/etc/docker/s.json": `{"defaultAction":"SCMP_ACT_ALLOW"}`},
		}, func(t *testing.T, e *snapshot.Engine) {
			check(t, "seccomp", e.Settings.SeccompProfile, "/etc/docker/s.json")
			check(t, "no-new-privileges", e.Settings.NoNewPrivileges, false)
		}},
		{"seccomp off", lab.Options{Version: lab.V26, DaemonJSON: `{"seccomp-profile": "unconfined"}`}, func(t *testing.T, e *snapshot.Engine) {
			check(t, "seccomp", e.Settings.SeccompProfile, "unconfined")
		}},
		{"no default bridge", lab.Options{DaemonJSON: `{"bridge": "none"}`}, func(t *testing.T, e *snapshot.Engine) {
			if e.Settings.ICC.State() != snapshot.NotCollected {
				t.Errorf("icc is %s without a bridge", stateName(e.Settings.ICC.State()))
			}
		}},
		{"user namespaces", lab.Options{Version: lab.V26, DaemonJSON: `{"userns-remap": "default"}`}, func(t *testing.T, e *snapshot.Engine) {
			check(t, "userns", e.Settings.UserNSRemap, true)
			check(t, "rootless", e.Settings.Rootless, false)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := lab.New(t, test.options)
			e, _ := collect(t, h.Sock())
			test.check(t, &e)
		})
	}
}

func TestRootlessEngine(t *testing.T) {
	h := lab.New(t, lab.Options{NoEngine: true})
	h.AddUser("alice")
	engine := h.StartRootless("alice")
	e, _ := collect(t, engine.Sock())
	check(t, "rootless", e.Settings.Rootless, true)
	check(t, "userns", e.Settings.UserNSRemap, false)
	components := value(t, "components", e.Components)
	if !slices.ContainsFunc(components, func(c snapshot.Component) bool { return c.Name == "rootlesskit" && len(c.Details) > 0 }) {
		t.Errorf("components %+v, want rootlesskit with details", components)
	}
}

// TestOverSSH has a program named ssh in the PATH that does what the remote
// docker would: connect its standard input and output with the engine.
func TestOverSSH(t *testing.T) {
	docker := lab.DockerCLI(t, lab.V28)
	h := lab.New(t, lab.Options{})
	dir := t.TempDir()
	script := "#!/bin/sh\necho \"$@\" >> " + dir + "/args\nexec " + docker + " --host unix://" + h.Sock() + " system dial-stdio\n"
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	c, err := engineapi.Connect(t.Context(), engineapi.Endpoint{Host: "ssh://ops@build1:2222/run/docker.sock"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	e := c.Collect(t.Context())
	value(t, "version", e.Version)
	value(t, "containers", e.Containers)
	if e.Local {
		t.Error("an engine over ssh counts as local")
	}
	args, err := os.ReadFile(filepath.Join(dir, "args"))
	if err != nil {
		t.Fatal(err)
	}
	want := "-o ConnectTimeout=30 -T -l ops -p 2222 -- build1 docker --host unix:///run/docker.sock system dial-stdio"
	if got, _, _ := strings.Cut(string(args), "\n"); got != want {
		t.Errorf("ssh was called with %q, want %q", got, want)
	}
	failing := "#!/bin/sh\necho 'Permission denied (publickey).' >&2\nexit 255\n"
	if err := os.WriteFile(filepath.Join(dir, "ssh"), []byte(failing), 0o755); err != nil {
		t.Fatal(err)
	}
	wantKind(t, engineapi.Endpoint{Host: "ssh://build1"}, engineapi.NotPermitted, "ssh was not let in")
}
