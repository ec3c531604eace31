package engineapi_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// connectError connects and returns why it failed.
func connectError(t *testing.T, e engineapi.Endpoint, options ...engineapi.Option) *engineapi.ConnectError {
	t.Helper()
	c, err := engineapi.Connect(t.Context(), e, options...)
	if err == nil {
		c.Close()
		t.Fatalf("%s: connected", e.Host)
	}
	var known *engineapi.ConnectError
	if !errors.As(err, &known) {
		t.Fatalf("%s: error of another type: %v", e.Host, err)
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error of more than one line: %v", err)
	}
	return known
}

func wantKind(t *testing.T, e engineapi.Endpoint, kind engineapi.Kind, text string, options ...engineapi.Option) {
	t.Helper()
	err := connectError(t, e, options...)
	if err.Kind != kind || !strings.Contains(err.Error(), text) {
		t.Errorf("%s: kind %s: %v; want %s with %q", e.Host, err.Kind, err, kind, text)
	}
}

func TestConnectErrors(t *testing.T) {
	dir := t.TempDir()
	wantKind(t, engineapi.Endpoint{Host: "unix://" + filepath.Join(dir, "none")}, engineapi.NoEngine, "no such socket")

	dead := filepath.Join(dir, "dead")
	listener, err := net.Listen("unix", dead)
	if err != nil {
		t.Fatal(err)
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	listener.Close() //nolint:errcheck
	wantKind(t, engineapi.Endpoint{Host: "unix://" + dead}, engineapi.NoEngine, "nothing listens")

	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close() //nolint:errcheck
	short := engineapi.WithTimeout(50 * time.Millisecond)
	wantKind(t, engineapi.Endpoint{Host: "tcp://" + silent.Addr().String()}, engineapi.TimedOut, "no answer", short)
	wantKind(t, engineapi.Endpoint{Host: "tcp://" + silent.Addr().String(), TLS: &engineapi.TLS{}}, engineapi.TimedOut, "no answer", short)
	wantKind(t, engineapi.Endpoint{Host: "tcp://name.invalid:2375"}, engineapi.NoEngine, "name.invalid")
	wantKind(t, engineapi.Endpoint{Host: "tcp://127.0.0.1:1", TLS: &engineapi.TLS{CA: filepath.Join(dir, "ca.pem")}}, engineapi.Broken, "ca.pem")
}

func TestConnectToSomethingElse(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"a web server": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, //nolint:errcheck
		"a redirect":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusFound) },
		"a broken version": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Api-Version", "x")
			io.WriteString(w, "OK")
		}, //nolint:errcheck
	} {
		server := httptest.NewServer(answer)
		err := connectError(t, engineapi.Endpoint{Host: "tcp://" + server.Listener.Addr().String()})
		if err.Kind != engineapi.NotDocker {
			t.Errorf("%s: kind %s: %v", name, err.Kind, err)
		}
		server.Close()
	}
	old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.39") }))
	defer old.Close()
	wantKind(t, engineapi.Endpoint{Host: "tcp://" + old.Listener.Addr().String()}, engineapi.TooOld, "1.39")

	engine := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Api-Version", "1.51") }))
	defer engine.Close()
	for _, version := range []string{"1.52", "1.39", "latest"} {
		wantKind(t, engineapi.Endpoint{Host: "tcp://" + engine.Listener.Addr().String(), APIVersion: version}, engineapi.Broken, "DOCKER_API_VERSION")
	}

	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	wantKind(t, engineapi.Endpoint{Host: "tcp://" + plain.Listener.Addr().String(), TLS: &engineapi.TLS{}}, engineapi.NoTLS, "does not speak TLS")
}

func TestConnectWithoutPermission(t *testing.T) {
	sock := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", sock)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck
	if err := os.Chmod(sock, 0o660); err != nil {
		t.Fatal(err)
	}
	refuse := engineapi.WithTransport(func(http.RoundTripper) http.RoundTripper { return refusing{} })
	wantKind(t, engineapi.Endpoint{Host: "unix://" + sock}, engineapi.NotPermitted, "member of the group", refuse)
	err2 := connectError(t, engineapi.Endpoint{Host: "unix://" + sock}, refuse)
	if err2.Gap().Reason != snapshot.ReasonPermission {
		t.Errorf("gap %+v, want permission", err2.Gap())
	}
}

// refusing answers as the kernel does to a user who may not connect.
type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "unix", Err: os.NewSyscallError("connect", syscall.EACCES)}
}

// stalling lets requests for some paths through and never answers the rest.
type stalling struct {
	next http.RoundTripper
	open []string
}

func (s stalling) RoundTrip(r *http.Request) (*http.Response, error) {
	for _, path := range s.open {
		if strings.HasSuffix(r.URL.Path, path) {
			return s.next.RoundTrip(r)
		}
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestAnEngineThatStopsAnsweringLeavesGaps(t *testing.T) {
	h := lab.New(t, lab.Options{})
	image := h.ImportSleep()
	for _, name := range []string{"c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"} {
		h.Docker("create", "--name", name, image)
	}
	stall := func(next http.RoundTripper) http.RoundTripper {
		return stalling{next: next, open: []string{"/_ping", "/version", "/containers/json", "/networks"}}
	}
	c, err := engineapi.Connect(t.Context(), engineapi.Endpoint{Host: "unix://" + h.Sock()},
		engineapi.WithTransport(stall), engineapi.WithTimeout(300*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	e := c.Collect(t.Context())
	value(t, "version", e.Version)
	containers := value(t, "containers", e.Containers)
	if len(containers) != 8 {
		t.Errorf("%d containers, want 8", len(containers))
	}
	for i := range containers {
		if gap := containers[i].Privileged.Gap(); gap.Reason != snapshot.ReasonTimeout {
			t.Errorf("%s: privileged: gap %+v, want a timeout", containers[i].Name, gap)
		}
	}
	for name, gap := range map[string]snapshot.Gap{
		"images": e.Images.Gap(), "volumes": e.Volumes.Gap(), "live-restore": e.Settings.LiveRestore.Gap(), "swarm": e.Swarm.Gap(),
	} {
		if gap.Reason != snapshot.ReasonTimeout {
			t.Errorf("%s: gap %+v, want a timeout", name, gap)
		}
	}
}

func TestAnUnreachableEngineIsAllGaps(t *testing.T) {
	e := engineapi.Endpoint{Host: "unix:///nonexistent/engine.sock"}
	var out snapshot.Engine
	engineapi.Blind(&out, connectError(t, e).Gap())
	for name, f := range map[string]snapshot.AnyFact{
		"api": &out.API, "version": &out.Version, "containers": &out.Containers, "swarm": &out.Swarm,
		"live-restore": &out.Settings.LiveRestore, "networks": &out.Networks,
	} {
		if f.State() != snapshot.Unreadable || !strings.Contains(f.Gap().Detail, "no such socket") || f.Gap().Remedy == "" {
			t.Errorf("%s: %s, gap %+v", name, stateName(f.State()), f.Gap())
		}
	}
}
