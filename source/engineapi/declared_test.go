package engineapi_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/runline"
)

// TestDeclaredIsWhatTheEngineMakes has real engines make the containers of
// docker run lines, and compares what was declared with what is inspected.
func TestDeclaredIsWhatTheEngineMakes(t *testing.T) {
	data, err := os.ReadFile("../runline/testdata/accepted.txt")
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		t.Skip("NOT RUN: makes hundreds of containers (-short)")
	}
	for _, version := range lab.Versions() {
		t.Run(string(version), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: version})
			image := h.ImportSleep()
			h.Docker("tag", image, "nginx")
			h.Docker("tag", image, "nginx:1.27")
			h.Docker("network", "create", "--subnet", "172.20.0.0/24", "backend")
			for _, name := range []string{"web", "db", "cache"} {
				h.Docker("create", "--name", name, image)
			}
			lines := createAll(t, h, string(data))
			if len(lines) < 100 {
				t.Errorf("the engine made %d of the lines, want at least 100", len(lines))
			}
			e, _ := collect(t, h.Sock())
			for _, inspected := range value(t, "containers", e.Containers) {
				line, ok := lines[inspected.ID]
				if !ok {
					continue
				}
				declared, err := runline.ParseIn(line, runline.Environment{Dir: "/tmp", Lookup: shellOf(h)})
				if err != nil {
					t.Errorf("%s: %v", line, err)
					continue
				}
				if diff := cmp.Diff(decided(t, declared), decided(t, inspected)); diff != "" {
					t.Errorf("%s (-declared +inspected):\n%s", line, diff)
				}
			}
		})
	}
}

// createAll has the host's own docker make a container of each line, several
// at a time, and returns the lines by the container's id.
func createAll(t *testing.T, h *lab.TestHost, accepted string) map[string]string {
	t.Helper()
	var script strings.Builder
	for line := range strings.Lines(accepted) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "docker run ") && !strings.Contains(line, "--name") {
			script.WriteString(strings.Replace(line, "docker run ", "docker create ", 1) + "\n")
		}
	}
	h.WriteFile("/tmp/lines", script.String(), 0o644)
	out := h.Exec("sh", "-c", `cd /tmp && xargs -a lines -d '\n' -P 4 -I LINE sh -c 'id=$(eval "$1" 2>/dev/null) && printf "%s %s\n" "$id" "$1"; true' sh LINE`)
	lines := map[string]string{}
	for made := range strings.Lines(out) {
		if id, line, found := strings.Cut(strings.TrimSpace(made), " "); found && len(id) == 64 {
			lines[id] = line
		}
	}
	return lines
}

// shellOf knows what the shell inside the host knows: nothing is set but HOME.
func shellOf(h *lab.TestHost) func(string) (string, bool) {
	home := strings.TrimSpace(h.Exec("sh", "-c", "echo $HOME"))
	return func(name string) (string, bool) {
		if name == "HOME" {
			return home, true
		}
		return "", true
	}
}

// decided keeps of a container what a declaration decides. The engine fills
// in its own defaults (log driver, runtime, IPC and cgroup namespace), the
// image's settings, and the names and places of volumes.
func decided(t *testing.T, c snapshot.Container) map[string]any {
	t.Helper()
	mounts, _ := c.Mounts.Peek()
	mounts = slices.Clone(mounts)
	for i := range mounts {
		if mounts[i].Type == "volume" || mounts[i].Type == "image" {
			mounts[i].Source, mounts[i].Volume = "", ""
		}
	}
	c.Mounts = snapshot.See(mounts, c.Mounts.Origin())
	networks, _ := c.Networks.Peek()
	networks = slices.Clone(networks)
	for i := range networks {
		networks[i].IPv4, networks[i].IPv6 = "", ""
	}
	c.Networks = snapshot.See(networks, c.Networks.Origin())

	var out map[string]struct{ Value any }
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatal(err)
	}
	for _, engines := range []string{"id", "name", "project", "service", "imageId", "imageLocal", "state", "started", "process", "processLabel", "user", "health", "env", "command"} {
		delete(raw, engines)
	}
	trimmed, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(trimmed, &out); err != nil {
		t.Fatal(err)
	}
	values := map[string]any{}
	for name, fact := range out {
		values[name] = fact.Value
	}
	for name, filled := range map[string]any{"logDriver": "json-file", "runtime": "runc", "ipcMode": "private", "cgroupnsMode": "host"} {
		if values[name] == filled {
			values[name] = ""
		}
	}
	// The engine puts the id in place of the name.
	for _, mode := range []string{"networkMode", "pidMode", "ipcMode"} {
		if text, _ := values[mode].(string); strings.HasPrefix(text, "container:") {
			values[mode] = "container:"
		}
	}
	return values
}
