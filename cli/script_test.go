package cli_test

import (
	"archive/zip"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"seawall/cli"
	"seawall/datafile"
	"seawall/lab/recorded"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

var update = flag.Bool("update", false, "write the expected output into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"seawall":        func() { os.Exit(cli.Main(cli.Process())) },
		"docker-seawall": func() { os.Exit(cli.Main(cli.Process())) },
	})
}

// TestScripts runs the transcripts in testdata/script: what a person types, and
// what comes back. They need no engine.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup:         writeSnapshots,
	})
}

// writeSnapshots puts snapshots into the script's directory: good.json of a
// well-configured host, and bad.json of one with a container that holds the
// engine's socket; paths.json of one with a privileged container and an account in
// the engine's group, and hidden.json of one whose socket was not read; shop.json and plain.json, recorded with and without the
// networks of containers, and nonet.json with no network at all; ran.json of one with containers
// that Compose made; db-1.json, web-1.json, web-3.json and web-9.json of two hosts, a number of days
// later.
func writeSnapshots(env *testscript.Env) error {
	env.Setenv(datafile.DirVariable, env.WorkDir+"/data") // none of this machine's
	mirror := httptest.NewServer(http.HandlerFunc(serveDocuments))
	env.Defer(mirror.Close)
	env.Setenv("MIRROR", mirror.URL)
	for _, name := range []string{"shop.json", "plain.json"} {
		data, err := recorded.Read("../reach/matrix/testdata/" + name + ".gz")
		if err != nil {
			return err
		}
		if err := os.WriteFile(env.WorkDir+"/"+name, data, 0o644); err != nil {
			return err
		}
	}
	none := trial.Baseline()
	none.Net = nil
	if err := save(env.WorkDir+"/nonet.json", none); err != nil {
		return err
	}
	for name, ex := range map[string]rule.Example{
		"good.json": {Run: "docker run -d --name web --cap-drop ALL nginx"},
		"bad.json":  {Run: "docker run -d --name ci -v /var/run/docker.sock:/var/run/docker.sock ci/agent"},
		"ran.json": {Run: strings.Join([]string{
			"docker run --name shop-web-1 --label com.docker.compose.project=shop --label com.docker.compose.service=web --network shop_default --privileged -v /etc:/host -p 127.0.0.1:8080:80 nginx:1.27",
			"docker run --name shop-old-1 --label com.docker.compose.project=shop --label com.docker.compose.service=old --network shop_default alpine",
			"docker run --name other-app-1 --label com.docker.compose.project=other --label com.docker.compose.service=app --network other_default --cap-drop ALL alpine",
			"docker run --name other-app-run-1 --label com.docker.compose.project=other --label com.docker.compose.service=app --label com.docker.compose.oneoff=True alpine",
		}, "\n")},
		"paths.json":  {Run: "docker run -d --name ci --privileged ci/agent", Facts: example.Host(inDockerGroup)},
		"hidden.json": {Facts: example.Engine(hideSocket)},
		// Audits of two hosts, on days of their own.
		"db-1.json":  {Run: "docker run -d --name db --cap-drop ALL postgres", Facts: audited("db", 1)},
		"web-1.json": {Run: "docker run -d --name web --privileged nginx", Facts: audited("web", 1)},
		"web-3.json": {Run: "docker run -d --name web --cap-drop ALL nginx\ndocker run -d --name ci -v /var/run/docker.sock:/var/run/docker.sock ci/agent", Facts: audited("web", 3)},
		"web-9.json": {Run: "docker run -d --name web --cap-drop ALL nginx", Facts: audited("web", 9)},
	} {
		s, err := trial.Load(ex)
		if err != nil {
			return err
		}
		if err := save(env.WorkDir+"/"+name, s); err != nil {
			return err
		}
	}
	return nil
}

// audited makes a snapshot that of a host on a day.
func audited(host string, day int) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		s.Host.Name = snapshot.See(host, s.Host.Name.Origin())
		s.TakenAt = s.TakenAt.AddDate(0, 0, day)
	}
}

// serveDocuments is a mirror of the documents that data is made of, as far as the tests of
// package feed have them: below /whole as they are, below /cut, /wrong and /refused with
// something the matter with one of Red Hat's.
func serveDocuments(w http.ResponseWriter, r *http.Request) {
	state, name := path.Split(strings.TrimPrefix(r.URL.Path, "/"))
	if name == "vex-cve-2025-31133.json" {
		switch state {
		case "cut/":
			w.Header().Set("Content-Length", "9000")
			io.WriteString(w, "{")
			return
		case "wrong/":
			name = "kev.json"
		case "refused/":
			w.WriteHeader(http.StatusForbidden)
			return
		}
	}
	const dir = "../currency/feed/testdata/"
	switch {
	case strings.HasSuffix(name, ".zip"):
		z := zip.NewWriter(w)
		record, err := os.ReadFile(dir + "GO-2025-4096.json")
		if f, err2 := z.Create("GO-2025-4096.json"); err == nil && err2 == nil {
			f.Write(record)
		}
		z.Close()
	case strings.HasPrefix(name, "eol-"):
		http.ServeFile(w, r, dir+"eol-docker-engine.json")
	default:
		http.ServeFile(w, r, dir+name)
	}
}

// inDockerGroup puts all accounts into the group of the engine's socket.
func inDockerGroup(h *snapshot.Host) {
	users, _ := h.Users.Peek()
	for i := range users {
		users[i].Groups = append(users[i].Groups, "docker")
	}
	example.Set(&h.EmptyGroups, nil)
}

// hideSocket makes it unknown who may open the engine's socket.
func hideSocket(e *snapshot.Engine) {
	listeners, _ := e.Listeners.Peek()
	listeners[0].Socket.Blind(snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "not permitted", Remedy: "run as root"})
}

func save(name string, s *snapshot.Snapshot) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := s.Encode(file); err != nil {
		return err
	}
	return file.Close()
}
