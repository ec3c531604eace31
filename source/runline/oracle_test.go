package runline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/apimodel"
	"seawall/source/runline"
)

// sent is the create request that a CLI sent.
type sent struct {
	name string
	body []byte
}

// oracle is a real Docker CLI that talks to a socket which records what it
// asks for and makes nothing.
type oracle struct {
	cli, dir string
	requests chan sent
}

// shellEnv are the variables that lines may use.
var shellEnv = map[string]string{"TAG": "1.27", "FLAGS": "--privileged  --read-only", "HOME_DIR": "/root"}

// oracles starts one for the oldest and for the newest docker CLI.
func oracles(t *testing.T) []*oracle {
	t.Helper()
	var out []*oracle
	for _, version := range []lab.Version{lab.V20, lab.V28} {
		out = append(out, newOracle(t, lab.DockerCLI(t, version)))
	}
	return out
}

func newOracle(t *testing.T, cli string) *oracle {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"env.list": "FROM_FILE=1\n", "labels.list": "a=b\n",
		"profile.json": `{"defaultAction":"SCMP_ACT_ERRNO"}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(cli, filepath.Join(dir, "docker")); err != nil {
		t.Fatal(err)
	}
	o := &oracle{cli: cli, dir: dir, requests: make(chan sent, 1)}
	listener, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: o, ReadHeaderTimeout: time.Minute}
	go server.Serve(listener) //nolint:errcheck // ends when the listener closes
	t.Cleanup(func() { server.Close() })
	return o
}

// ServeHTTP records create requests and refuses everything that follows them.
func (o *oracle) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Api-Version", "1.51")
	w.Header().Set("Ostype", "linux")
	switch {
	case strings.HasSuffix(r.URL.Path, "/_ping"):
		io.WriteString(w, "OK") //nolint:errcheck
	case strings.HasSuffix(r.URL.Path, "/containers/create"):
		body, _ := io.ReadAll(r.Body)
		o.requests <- sent{name: r.URL.Query().Get("name"), body: body}
		http.Error(w, `{"message":"recorded"}`, http.StatusTeapot)
	case strings.HasSuffix(r.URL.Path, "/info"):
		io.WriteString(w, `{"OSType":"linux"}`) //nolint:errcheck
	default:
		http.Error(w, `{"message":"not here"}`, http.StatusTeapot)
	}
}

// ask runs a line in a shell. It returns nil and the CLI's complaint if the
// CLI refused it.
func (o *oracle) ask(t *testing.T, line string) (*sent, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	cmd.Dir = o.dir
	cmd.Env = []string{"PATH=" + o.dir + ":/usr/bin:/bin", "HOME=/home/alice", "DOCKER_HOST=unix://" + filepath.Join(o.dir, "s")}
	for name, value := range shellEnv {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	out, _ := cmd.CombinedOutput()
	select {
	case s := <-o.requests:
		return &s, string(out)
	default:
		return nil, string(out)
	}
}

// environment is what the oracle's shell knows.
func (o *oracle) environment() runline.Environment {
	return runline.Environment{Dir: o.dir, Lookup: func(name string) (string, bool) {
		if name == "HOME" {
			return "/home/alice", true
		}
		v, ok := shellEnv[name]
		return v, ok
	}}
}

func (s *sent) container(t *testing.T, fallback string) snapshot.Container {
	t.Helper()
	var req container.CreateRequest
	if err := json.Unmarshal(s.body, &req); err != nil {
		t.Fatalf("the CLI sent %s: %v", s.body, err)
	}
	name := s.name
	if name == "" {
		name = fallback
	}
	return apimodel.FromCreate(name, req.Config, req.HostConfig, req.NetworkingConfig, runline.Source)
}

func lines(t testing.TB, file string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.ReplaceAll(line, `\\n`, "\\\n"))
		}
	}
	return out
}

func TestAcceptedLinesMakeWhatTheCLISends(t *testing.T) {
	accepted := lines(t, "accepted.txt")
	if len(accepted) < 150 {
		t.Errorf("%d lines, want at least 150", len(accepted))
	}
	compared := map[string]bool{}
	for _, o := range oracles(t) {
		for _, line := range accepted {
			request, complaint := o.ask(t, line)
			if request == nil {
				t.Logf("%s does not accept %q: %s", o.cli, line, strings.TrimSpace(complaint))
				continue
			}
			compared[line] = true
			got, err := runline.ParseIn(line, o.environment())
			if err != nil {
				t.Errorf("%q: %v", line, err)
				continue
			}
			image, _ := got.Image.Peek()
			want := request.container(t, image)
			if refusedByEngine(&want) {
				continue
			}
			if diff := cmp.Diff(o.encode(t, want), o.encode(t, got)); diff != "" {
				t.Errorf("%s: %q (-sent +got):\n%s", o.cli, line, diff)
			}
		}
	}
	for _, line := range accepted {
		if !compared[line] {
			t.Errorf("no CLI here accepts %q", line)
		}
	}
}

func TestRefusedLinesAreErrors(t *testing.T) {
	all := oracles(t)
	for _, line := range lines(t, "refused.txt") {
		refused := false
		for _, o := range all {
			request, _ := o.ask(t, line)
			refused = refused || request == nil
		}
		if !refused {
			t.Errorf("every CLI here accepts %q", line)
		}
		if c, err := runline.ParseIn(line, all[0].environment()); err == nil {
			t.Errorf("%q made %s, want an error", line, c.Name)
		} else if strings.Contains(err.Error(), "\ue000") {
			t.Errorf("%q: error shows its inner encoding: %v", line, err)
		}
	}
}

// refusedByEngine: the CLI of 20.10 passes relative paths on; no engine takes
// them for the name of a volume.
func refusedByEngine(c *snapshot.Container) bool {
	mounts, _ := c.Mounts.Peek()
	return slices.ContainsFunc(mounts, func(m snapshot.Mount) bool {
		return strings.HasPrefix(m.Volume, ".") || m.Type == "bind" && strings.HasPrefix(m.Source, ".")
	})
}

// encode makes facts comparable. The CLI sends variables in a random order,
// and version 28.2 mounts the socket it talks to itself for --use-api-socket.
func (o *oracle) encode(t *testing.T, c snapshot.Container) map[string]any {
	t.Helper()
	env, _ := c.Env.Peek()
	slices.SortFunc(env, func(a, b snapshot.EnvVar) int { return strings.Compare(a.Name, b.Name) })
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.ReplaceAll(data, []byte(filepath.Join(o.dir, "s")+`"`), []byte(`/var/run/docker.sock"`))
	var out map[string]any
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
