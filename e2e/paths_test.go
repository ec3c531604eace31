package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/report"
)

var updatePaths = flag.Bool("update-paths", false, "write the paths that TestPaths finds to testdata/paths")

// pathHost is a host of TestPaths: its engine, its accounts with their groups, and
// its containers with the options that make them.
type pathHost struct {
	name       string
	options    lab.Options
	users      map[string]string
	prepare    func(*testing.T, *lab.TestHost)
	containers map[string]string
	// images are names for the image of some containers, as products have them.
	images   map[string]string
	networks []string
	// as runs seawall as an account; "" for root.
	as string
	// keep are changes that the test cannot make.
	keep []string
}

// pathHosts are hosts from a clean one to a terrible one. What is expected of each
// is in testdata/paths.
func pathHosts() []pathHost {
	return []pathHost{
		{name: "clean", networks: []string{"shop"}, users: map[string]string{"alice": ""}, containers: map[string]string{
			"web": "--network shop --user 1000 --cap-drop ALL --security-opt no-new-privileges -p 127.0.0.1:8080:80",
			"db":  "--network shop --user 999 --cap-drop ALL --security-opt no-new-privileges -v data:/data",
		}},
		{name: "ordinary", options: lab.Options{LAN: true}, networks: []string{"shop"}, users: map[string]string{"alice": "docker"}, containers: map[string]string{
			"web": "--network shop -p 8080:80", "db": "--network shop -v data:/data", "backup": "-v data:/data:ro",
		}},
		{name: "terrible", options: lab.Options{LAN: true, Flags: []string{"--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375"}},
			users: map[string]string{"alice": "docker", "bob": ""},
			prepare: func(_ *testing.T, h *lab.TestHost) {
				h.Exec("chmod", "666", "/run/docker.sock")
			},
			containers: map[string]string{
				"ci": "--privileged -v /var/run/docker.sock:/var/run/docker.sock", "agent": "--pid host --cap-add SYS_PTRACE -v /:/host:ro", "proxy": "--network host",
				"web": "-p 8080:80 -v /etc:/host/etc",
			}, keep: []string{"sysctl:*"}}, // they are the machine's
		{name: "rootless", options: lab.Options{NoEngine: true}, users: map[string]string{"rita": ""},
			prepare: func(_ *testing.T, h *lab.TestHost) { h.StartRootless("rita") }},
		{name: "userns-remap", options: lab.Options{Flags: []string{"--userns-remap", "default"}, Prepare: dockremap}, containers: map[string]string{
			"caps": "--cap-add SYS_ADMIN --cap-add SYS_PTRACE", "out": "--userns host --privileged",
		}},
		{name: "socket mounted", containers: map[string]string{
			"portainer": "-v /var/run/docker.sock:/var/run/docker.sock:ro", "plain": "--network none", "user": "--user 1000 --security-opt no-new-privileges -v /var/run/docker.sock:/s",
		}},
		{name: "socket proxy", networks: []string{"back", "front"}, images: map[string]string{"proxy": "tecnativa/docker-socket-proxy:lab", "narrow": "tecnativa/docker-socket-proxy:lab"},
			containers: map[string]string{
				"app":    "--network back --user 1000 --cap-drop ALL --security-opt no-new-privileges",
				"proxy":  "--network back --cap-drop ALL -e CONTAINERS=1 -e POST=1 -v /var/run/docker.sock:/var/run/docker.sock:ro",
				"look":   "--network front --user 1000 --cap-drop ALL --security-opt no-new-privileges",
				"narrow": "--network front --cap-drop ALL -e VERSION=1 -v /var/run/docker.sock:/var/run/docker.sock:ro",
			}},
		{name: "swarm manager", prepare: func(_ *testing.T, h *lab.TestHost) { h.Docker("swarm", "init", "--advertise-addr", "127.0.0.1") },
			containers: map[string]string{"ci": "-v /run:/hostrun"}},
		{name: "shared volumes", containers: map[string]string{
			"web": "-v uploads:/up --user 1000 --security-opt no-new-privileges", "worker": "--privileged -v uploads:/up", "reader": "-v uploads:/up:ro",
		}},
		{name: "docker group", users: map[string]string{"alice": "docker", "bob": "docker", "carol": "disk"}},
		{name: "API on loopback", options: lab.Options{Flags: []string{"--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375"}}, containers: map[string]string{
			"proxy": "--network host", "web": "",
		}},
		{name: "capabilities", containers: map[string]string{
			"ptrace": "--network none --pid host --cap-add SYS_PTRACE", "read": "--network none --cap-add DAC_READ_SEARCH", "plain": "--network none --pid host", "none": "--network none --cap-drop ALL",
		}},
		{name: "writable files", users: map[string]string{"ops": ""}, prepare: func(_ *testing.T, h *lab.TestHost) {
			h.Exec("sh", "-ec", "echo '{}' > /etc/docker/daemon.json; chgrp ops /etc/docker/daemon.json; chmod 664 /etc/docker/daemon.json; mkdir -p /root/.docker; echo '{\"auths\":{\"registry.example\":{\"auth\":\"YTpi\"}}}' > /root/.docker/config.json; chmod 755 /root /root/.docker; chmod 644 /root/.docker/config.json")
		}},
		{name: "seen by a user", users: map[string]string{"alice": "docker"}, as: "alice", containers: map[string]string{"ci": "--privileged", "plain": "--user 1000"}},
	}
}

// TestPaths finds the paths of each host that are expected there, makes the changes
// of the cut for real and looks again: no path is left, and leaving out any one of
// them leaves one.
func TestPaths(t *testing.T) {
	for _, tt := range pathHosts() {
		t.Run(tt.name, func(t *testing.T) {
			h := newPathHost(t, tt)
			p := h.paths(t)
			h.expect(t, p)
			if tt.as == "" {
				h.cut(t, p)
			}
		})
	}
}

// livePaths is such a host that runs.
type livePaths struct {
	pathHost
	*lab.TestHost
	image string
	made  map[string]bool // by the ids of changes
	runs  map[string]string
}

func newPathHost(t *testing.T, spec pathHost) *livePaths {
	t.Helper()
	h := &livePaths{pathHost: spec, TestHost: newHost(t, spec.options), made: map[string]bool{}, runs: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(spec.users)) {
		var groups []string
		if g := spec.users[name]; g != "" {
			groups = append(groups, g)
		}
		h.AddUser(name, groups...)
	}
	if spec.prepare != nil {
		spec.prepare(t, h.TestHost)
	}
	if !spec.options.NoEngine {
		h.image = h.ImportBusybox()
	}
	for _, n := range spec.networks {
		h.Docker("network", "create", n)
	}
	h.start()
	return h
}

// start makes the containers as the changes that were made leave them.
func (h *livePaths) start() {
	for _, name := range slices.Sorted(maps.Keys(h.containers)) {
		options := h.containers[name]
		for _, id := range slices.Sorted(maps.Keys(h.made)) {
			options = edit(options, id, name)
		}
		if have, runs := h.runs[name]; runs && have == options {
			continue
		} else if runs {
			h.Docker("rm", "-f", name)
		}
		h.runs[name] = options
		image := h.image
		if named, has := h.images[name]; has {
			h.Docker("tag", image, named)
			image = named
		}
		h.Run(append(append([]string{"--name", name}, strings.Fields(options)...), image)...)
	}
}

// paths is the answer of the program, with many ways.
func (h *livePaths) paths(t *testing.T) *report.Paths {
	t.Helper()
	args := []string{programInside, "paths", "--format", "json", "--fail-on", "none", "--ways", "8"}
	for _, k := range h.keep {
		args = append(args, "--keep", k)
	}
	if h.as != "" {
		args = append([]string{"runuser", "-u", h.as, "--"}, args...)
	}
	o := execute(t, h.TestHost, args...)
	if o.code != 0 {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	var p report.Paths
	if err := json.Unmarshal([]byte(o.stdout), &p); err != nil {
		t.Fatal(err)
	}
	return &p
}

// expect compares the paths with those that are expected.
func (h *livePaths) expect(t *testing.T, p *report.Paths) {
	t.Helper()
	got := pathList(p)
	file := filepath.Join("testdata", "paths", strings.ReplaceAll(h.name, " ", "-")+".golden")
	if *updatePaths {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("paths, -want +got (go test ./e2e -run TestPaths -update-paths):\n%s", diff)
	}
}

// pathList is a table of pairs, paths and the cut for people to read.
func pathList(p *report.Paths) string {
	var b strings.Builder
	sure := map[bool]string{false: "certain", true: "possible"}
	for _, pair := range p.Pairs {
		if !pair.Implied {
			fmt.Fprintf(&b, "%s %s -> %s, effort %d\n", sure[pair.Possible], strings.Join(append([]string{pair.From}, pair.With...), " and "), pair.To, pair.Cost)
		}
	}
	for i := range p.Paths {
		path := &p.Paths[i]
		var hops []string
		for _, hop := range path.Hops {
			hops = append(hops, hop.Step)
		}
		fmt.Fprintf(&b, "%s path from %s to %s: %s\n", sure[path.Possible], strings.Join(path.From, " and "), path.To, strings.Join(hops, ", "))
	}
	for _, c := range p.Cut.Changes {
		fmt.Fprintf(&b, "change %s\n", c.ID)
	}
	for _, g := range p.Gaps {
		fmt.Fprintf(&b, "not read: %s\n", g.Fact)
	}
	return b.String()
}

// cut makes the changes of the cut, and tries each without which it should not do.
func (h *livePaths) cut(t *testing.T, p *report.Paths) {
	t.Helper()
	for _, c := range p.Cut.Changes {
		h.make(t, c.ID)
	}
	h.start()
	if left := h.paths(t); left.Certain() > 0 {
		t.Errorf("after all changes paths are left:\n%s", pathList(left))
	}
	for _, c := range p.Cut.Changes {
		h.unmake(t, c.ID)
		h.start()
		if h.paths(t).Certain() == 0 {
			t.Errorf("without %s no path is left", c.ID)
		}
		h.make(t, c.ID)
	}
}

// make makes a change; the containers follow with start.
func (h *livePaths) make(t *testing.T, id string) {
	t.Helper()
	h.made[id] = true
	kind, rest, _ := strings.Cut(id, ":")
	switch kind {
	case "remove-from-group":
		user, group, _ := strings.Cut(rest, ":")
		h.Exec("gpasswd", "-d", user, group)
	case "socket-mode":
		h.Exec("sh", "-ec", "chown root:docker "+rest+"; chmod 660 "+rest)
	case "close-path":
		h.Exec("sh", "-ec", "stat -c '%a %g' "+rest+" > /tmp/closed-$(echo "+rest+" | tr / -); chown root:root "+rest+"; chmod go-rwx "+rest)
	case "remove-listener", "icc-off":
		h.restart()
	default:
		if !edits(kind) {
			t.Fatalf("the test does not know how to make the change %s", id)
		}
	}
}

// unmake takes a change back.
func (h *livePaths) unmake(t *testing.T, id string) {
	t.Helper()
	delete(h.made, id)
	kind, rest, _ := strings.Cut(id, ":")
	switch kind {
	case "remove-from-group":
		user, group, _ := strings.Cut(rest, ":")
		h.Exec("gpasswd", "-a", user, group)
	case "socket-mode":
		h.Exec("chmod", "666", rest)
	case "close-path":
		h.Exec("sh", "-ec", "read mode group < /tmp/closed-$(echo "+rest+" | tr / -); chgrp $group "+rest+"; chmod $mode "+rest)
	case "remove-listener", "icc-off":
		h.restart()
	}
}

// restart starts the engine as the changes that were made leave it. Its containers
// end with it and are made anew.
func (h *livePaths) restart() {
	flags := h.options.Flags
	for id := range h.made {
		if strings.HasPrefix(id, "remove-listener:") {
			flags = []string{"-H", "unix:///run/docker.sock"}
		}
	}
	if h.made["icc-off"] {
		flags = append(slices.Clone(flags), "--icc=false")
	}
	if len(flags) == 0 {
		flags = []string{"--icc=true"} // none would leave those that it has
	}
	h.RestartDaemon(flags...)
	for name := range h.runs {
		h.Docker("rm", "-f", name)
	}
	clear(h.runs)
}

// edits reports whether a kind of change is one to the options of a container.
func edits(kind string) bool {
	return slices.Contains([]string{"unprivileged", "drop-capability", "remove-mount", "read-only-mount", "non-root-user", "own-namespace", "own-user-namespace", "leave-network", "remove-socket"}, kind)
}

// edit makes a change to the options of a container, if it is about it.
func edit(options, id, name string) string {
	parts := strings.Split(id, ":")
	if !edits(parts[0]) || len(parts) < 2 || parts[1] != name {
		return options
	}
	detail := strings.Join(parts[2:], ":")
	fields := strings.Fields(options)
	switch parts[0] {
	case "unprivileged":
		fields = slices.DeleteFunc(fields, func(f string) bool { return f == "--privileged" })
	case "drop-capability":
		if without := withoutOption(fields, "--cap-add", detail); len(without) < len(fields) {
			return strings.Join(without, " ") // the engine adds after it drops
		}
		return options + " --cap-drop " + detail
	case "non-root-user":
		return options + " --user 1000 --security-opt no-new-privileges"
	case "own-namespace":
		if fields = withoutOption(fields, "--"+detail, "host"); detail == "network" {
			fields = append(fields, "--network", "none")
		}
	case "leave-network":
		fields = append(withoutOption(fields, "--network", detail), "--network", "none")
	case "own-user-namespace":
		fields = withoutOption(fields, "--userns", "host")
	case "remove-mount", "read-only-mount", "remove-socket":
		for i := 0; i+1 < len(fields); i++ {
			source, _, _ := strings.Cut(fields[i+1], ":")
			if fields[i] != "-v" || source != detail && (parts[0] != "remove-socket" || !brings(source, detail)) {
				continue
			}
			if parts[0] == "read-only-mount" {
				fields[i+1] += ":ro"
			} else {
				fields = slices.Delete(fields, i, i+2)
			}
			break
		}
	}
	return strings.Join(fields, " ")
}

// withoutOption leaves out an option with its value.
func withoutOption(fields []string, option, value string) []string {
	for i := 0; i+1 < len(fields); i++ {
		if fields[i] == option && fields[i+1] == value {
			return slices.Delete(fields, i, i+2)
		}
	}
	return fields
}

// brings reports whether a mount of the source has the path inside. /var/run is a
// link to /run.
func brings(source, path string) bool {
	source, path = strings.TrimPrefix(source, "/var"), strings.TrimPrefix(path, "/var")
	return path == source || strings.HasPrefix(path, strings.TrimSuffix(source, "/")+"/")
}
