package engineapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// requests remembers what was sent.
type requests struct {
	mu   sync.Mutex
	sent []string
	next http.RoundTripper
}

func (r *requests) wrap(next http.RoundTripper) http.RoundTripper { r.next = next; return r }

func (r *requests) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	r.sent = append(r.sent, req.Method+" "+req.URL.RequestURI())
	r.mu.Unlock()
	return r.next.RoundTrip(req)
}

// collect reads a lab engine and returns what it is and what was sent to it.
func collect(t *testing.T, sock string) (snapshot.Engine, []string) {
	t.Helper()
	seen := &requests{}
	c, err := engineapi.Connect(t.Context(), engineapi.Endpoint{Host: "unix://" + sock, FoundBy: "test"}, engineapi.WithTransport(seen.wrap))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.Collect(t.Context()), seen.sent
}

func value[T any](t *testing.T, name string, f snapshot.Fact[T]) T {
	t.Helper()
	v, ok := f.Peek()
	if !ok {
		t.Errorf("%s: %s, gap %+v", name, stateName(f.State()), f.Gap())
	}
	return v
}

func stateName(s snapshot.State) string {
	return []string{"not collected", "seen", "absent", "unreadable"}[s]
}

func check[T comparable](t *testing.T, name string, f snapshot.Fact[T], want T) {
	t.Helper()
	if got := value(t, name, f); got != want {
		t.Errorf("%s is %v, want %v", name, got, want)
	}
}

func TestCollectReadsRealEngines(t *testing.T) {
	for _, version := range lab.Versions() {
		t.Run(string(version), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: version, DaemonJSON: `{"icc": false, "live-restore": true, "debug": true,
				"insecure-registries": ["10.0.0.5:5000"], "registry-mirrors": ["https://mirror.example/"],
				"no-new-privileges": true}`})
			image := h.ImportSleep()
			h.Docker("network", "create", "--label", "com.docker.compose.project=shop", "back")
			h.Docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=/etc", "etc")
			h.Docker("volume", "create", "-o", "type=cifs", "-o", "o=username=a,password=hunter2", "-o", "device=//h/s", "share")
			h.Run("--name", "web", "--network", "back", "--privileged=false", "--cap-add", "net_admin", "--security-opt", "no-new-privileges",
				"-e", "DB_PASSWORD=hunter2", "-v", "etc:/e", "-v", "/run/docker.sock:/s:ro", "-p", "127.0.0.1:8080:80",
				"--read-only", "--memory", "64m", "--pids-limit", "50", "--restart", "on-failure:3", image)
			h.Docker("create", "--name", "idle", image, "--token=hunter2")
			h.WriteFile("/srv/plugin/config.json", pluginConfig, 0o644)
			h.Exec("mkdir", "-p", "/srv/plugin/rootfs")
			h.Docker("plugin", "create", "p", "/srv/plugin")

			e, sent := collect(t, h.Sock())
			checkReadOnly(t, sent)
			checkSettings(t, version, &e)
			checkWeb(t, &e, image)
			checkObjects(t, &e)

			var encoded bytes.Buffer
			s := snapshot.Snapshot{Format: snapshot.Format, Engines: []snapshot.Engine{e}}
			if err := s.Encode(&encoded); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(encoded.String(), "hunter2") {
				t.Error("a secret is in the snapshot")
			}
			again, _ := collect(t, h.Sock())
			if a, b := mustJSON(t, e), mustJSON(t, again); a != b {
				t.Errorf("two collections of an idle engine differ:\n%s\n%s", a, b)
			}
		})
	}
}

// pluginConfig is that of a managed plugin with mounts and devices, of which one
// each is left without a path.
const pluginConfig = `{"description": "p", "entrypoint": ["/p"], "network": {"type": "host"},
	"interface": {"types": ["docker.volumedriver/1.0"], "socket": "p.sock"},
	"linux": {"capabilities": ["CAP_SYS_ADMIN"], "devices": [{"path": "/dev/fuse"}, {"name": "own", "settable": ["path"], "path": ""}]},
	"mounts": [{"type": "bind", "source": "/etc", "destination": "/e", "options": ["rbind"]},
		{"type": "bind", "source": "/lib/modules", "destination": "/m", "options": ["rbind", "ro"]},
		{"name": "own", "type": "bind", "settable": ["source"], "source": "", "destination": "/o", "options": ["rbind"]}]}`

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func checkReadOnly(t *testing.T, sent []string) {
	t.Helper()
	if len(sent) == 0 {
		t.Error("no request was seen")
	}
	for _, s := range sent {
		if !strings.HasPrefix(s, "GET ") {
			t.Errorf("sent %s", s)
		}
		if strings.Contains(s, "size=") || strings.HasSuffix(s, "/swarm") {
			t.Errorf("asked %s", s)
		}
	}
}

func checkSettings(t *testing.T, version lab.Version, e *snapshot.Engine) {
	t.Helper()
	s := &e.Settings
	if e.Kind != "docker" || !e.Local {
		t.Errorf("kind %q, local %v", e.Kind, e.Local)
	}
	if v := value(t, "version", e.Version); !strings.HasPrefix(v, string(version)) {
		t.Errorf("version %q, want %s", v, version)
	}
	if api := value(t, "api", e.API); api.Version == "" || api.MinVersion == "" || api.Used == "" {
		t.Errorf("api %+v", api)
	}
	components := value(t, "components", e.Components)
	for _, want := range []string{"Engine", "containerd", "runc"} {
		if !slices.ContainsFunc(components, func(c snapshot.Component) bool { return c.Name == want && c.Version != "" }) {
			t.Errorf("component %s is not in %+v", want, components)
		}
	}
	check(t, "icc", s.ICC, false)
	check(t, "live-restore", s.LiveRestore, true)
	check(t, "debug", s.Debug, true)
	check(t, "log driver", s.LogDriver, "json-file")
	check(t, "rootless", s.Rootless, false)
	check(t, "userns", s.UserNSRemap, false)
	check(t, "seccomp", s.SeccompProfile, "builtin")
	check(t, "data root", s.DataRoot, "/var/lib/docker")
	check(t, "runtime", s.DefaultRuntime, "runc")
	check(t, "OS", s.OSType, "linux")
	check(t, "bridge", s.Bridge, "docker0")
	if got := value(t, "insecure registries", s.InsecureRegistries); !slices.Equal(got, []string{"10.0.0.5:5000"}) {
		t.Errorf("insecure registries %q", got)
	}
	if version == lab.V20 {
		if s.NoNewPrivileges.State() != snapshot.NotCollected {
			t.Errorf("no-new-privileges is %s on 20.10, which does not tell", stateName(s.NoNewPrivileges.State()))
		}
	} else {
		check(t, "no-new-privileges", s.NoNewPrivileges, true)
	}
	if e.Swarm.State() != snapshot.Absent {
		t.Errorf("swarm is %s, want absent", stateName(e.Swarm.State()))
	}
}

func checkWeb(t *testing.T, e *snapshot.Engine, image string) {
	t.Helper()
	containers := value(t, "containers", e.Containers)
	if len(containers) != 2 || containers[0].Name != "idle" || containers[1].Name != "web" {
		t.Fatalf("containers: %d, want idle and web", len(containers))
	}
	web := &containers[1]
	check(t, "image", web.Image, image)
	check(t, "state", web.State, "running")
	check(t, "privileged", web.Privileged, false)
	check(t, "cap add", web.CapAdd, snapshot.Caps("NET_ADMIN"))
	check(t, "no-new-privileges", web.NoNewPrivileges, true)
	check(t, "read-only", web.ReadonlyRootfs, true)
	check(t, "memory", web.Memory, 64<<20)
	check(t, "pids", web.PidsLimit, 50)
	check(t, "restart", web.RestartPolicy, "on-failure:3")
	check(t, "unmasked", web.UnmaskedPaths, false)
	check(t, "network mode", web.NetworkMode, "back")
	if p := value(t, "process", web.Process); p.PID == 0 {
		t.Error("no process id")
	}
	ports := value(t, "ports", web.Ports)
	if len(ports) != 1 || ports[0] != (snapshot.Port{HostIP: "127.0.0.1", HostPort: "8080", Port: 80, Protocol: "tcp"}) {
		t.Errorf("ports %+v", ports)
	}
	mounts := value(t, "mounts", web.Mounts)
	if len(mounts) != 2 || mounts[0].Volume != "etc" || mounts[1].Source != "/run/docker.sock" || !mounts[1].ReadOnly {
		t.Errorf("mounts %+v", mounts)
	}
	env := value(t, "env", web.Env)
	if !slices.Contains(env, snapshot.EnvVar{Name: "DB_PASSWORD", Kind: snapshot.EnvNamed}) {
		t.Errorf("env %+v", env)
	}
	if idle := &containers[0]; idle.Process.State() != snapshot.Absent || idle.Started.State() != snapshot.Absent {
		t.Error("a container that never ran has a process or a start")
	}
}

func checkObjects(t *testing.T, e *snapshot.Engine) {
	t.Helper()
	networks := value(t, "networks", e.Networks)
	i := slices.IndexFunc(networks, func(n snapshot.Network) bool { return n.Name == "back" })
	if i < 0 {
		t.Fatalf("networks %+v", networks)
	}
	back := networks[i]
	if back.Project != "shop" || len(back.Subnets) != 1 {
		t.Errorf("network %+v", back)
	}
	check(t, "icc of a user's network", back.ICC, true)
	if got := value(t, "attached", back.Containers); !slices.Equal(got, []string{"web"}) {
		t.Errorf("attached to back: %q", got)
	}
	volumes := value(t, "volumes", e.Volumes)
	if len(volumes) != 2 || volumes[0].BindSource() != "/etc" || strings.Contains(volumes[1].Options["o"], "hunter2") {
		t.Errorf("volumes %+v", volumes)
	}
	images := value(t, "images", e.Images)
	if len(images) != 1 || !slices.Equal(images[0].UsedBy, []string{"idle", "web"}) {
		t.Errorf("images %+v", images)
	}
	check(t, "user of the image", images[0].User, "")
	plugins := []snapshot.Plugin{{
		Name: "p:latest", Types: []string{"docker.volumedriver/1.0"}, HostNetwork: true, Capabilities: snapshot.Caps("SYS_ADMIN"),
		Mounts: []string{"/etc"}, ReadOnlyMounts: []string{"/lib/modules"}, Devices: []string{"/dev/fuse"},
	}}
	if diff := cmp.Diff(plugins, value(t, "plugins", e.Plugins)); diff != "" {
		t.Errorf("plugins (-want +got):\n%s", diff)
	}
}

func TestSwarmOfARealEngine(t *testing.T) {
	h := lab.New(t, lab.Options{})
	h.Docker("swarm", "init", "--autolock", "--advertise-addr", "127.0.0.1")
	h.Docker("service", "create", "--detach", "--name", "api", "--replicas", "0", "--no-resolve-image", "-e", "API_TOKEN=hunter2", "x:1")
	h.Docker("network", "create", "-d", "overlay", "-o", "encrypted", "safe")
	h.Exec("sh", "-c", "echo hunter2 | docker secret create db -")
	e, sent := collect(t, h.Sock())
	checkReadOnly(t, sent)
	s := value(t, "swarm", e.Swarm)
	check(t, "autolock", s.AutoLock, true)
	if d := value(t, "expiry", s.CertificateExpiry); d.Hours() != 24*90 {
		t.Errorf("certificate expiry %v, want 90 days", d)
	}
	if secrets := value(t, "secrets", s.Secrets); !slices.Equal(secrets, []string{"db"}) {
		t.Errorf("secrets %q, want db", secrets)
	}
	services := value(t, "services", s.Services)
	if len(services) != 1 || services[0].Name != "api" || len(services[0].Env) != 1 || !services[0].Env[0].Secret() {
		t.Errorf("services %+v", services)
	}
	if text := mustJSON(t, e); strings.Contains(text, "hunter2") || strings.Contains(text, "SWMTKN") {
		t.Error("a secret is in the snapshot")
	}
	networks := value(t, "networks", e.Networks)
	for _, n := range networks {
		if n.Driver == "overlay" {
			check(t, "encrypted "+n.Name, n.Encrypted, n.Name == "safe")
		}
	}
}
