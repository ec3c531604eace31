package livehost

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/engineapi"
)

// inside is the variable that makes the test binary take a snapshot instead of
// running tests: copied into a mini host, it sees that host as its own. Its
// value is an endpoint, or "all"; "deep" is all with the files of images in use,
// "deep=all" of all images; "usage of NAME" is what a container uses.
const inside = "SEAWALL_TEST_COLLECT"

func TestMain(m *testing.M) {
	if what := os.Getenv(inside); what != "" {
		os.Exit(collectInside(what))
	}
	if path := os.Getenv(activator); path != "" {
		os.Exit(actAsManager(path, os.Args[1:]))
	}
	os.Exit(m.Run())
}

func collectInside(what string) int {
	o := Options{Tool: "test"}
	if name, ok := strings.CutPrefix(what, "usage of "); ok {
		return usageInside(name)
	}
	switch what {
	case "all":
	case "deep":
		o.Deep = DeepUsed
	case "deep=all":
		o.Deep = DeepAll
	default:
		o.Endpoint = &engineapi.Endpoint{Host: what, FoundBy: "--host", Explicit: true}
	}
	s, err := Collect(context.Background(), o)
	if err == nil {
		err = s.Encode(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// activator is the variable that makes the test binary a service manager: it
// listens on the unix socket it names and hands it to the command in its
// arguments. Without a command it notes each connection in PATH.connected and
// passes it on to PATH.to, as a program that forwards would.
const activator = "SEAWALL_TEST_LISTEN"

func actAsManager(path string, command []string) int {
	_ = os.Remove(path)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if len(command) == 0 {
		return forward(l, path)
	}
	file, err := l.File()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"`, "sh"}, command...)...)
	cmd.ExtraFiles = []*os.File{file}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

func forward(l net.Listener, path string) int {
	for {
		in, err := l.Accept()
		if err != nil {
			return 1
		}
		_ = os.WriteFile(path+".connected", nil, 0o644)
		out, err := net.Dial("unix", path+".to")
		if err != nil {
			in.Close()
			continue
		}
		go func() { _, _ = io.Copy(out, in) }()
		go func() { _, _ = io.Copy(in, out); in.Close() }()
	}
}

// copyIn puts the test binary into a mini host.
func copyIn(t testing.TB, h *lab.TestHost) {
	t.Helper()
	h.CopyIn(lab.Self(t), "/usr/local/bin/collect", 0o755)
}

// collectAs takes a snapshot inside a mini host. The words come before the
// program: "runuser", "-u", "nobody", "--".
func collectAs(t testing.TB, h *lab.TestHost, what string, words ...string) *snapshot.Snapshot {
	t.Helper()
	cmd := h.Command(t.Context(), append(words, "/usr/local/bin/collect")...)
	cmd.Env = append(cmd.Env, inside+"="+what)
	return decode(t, cmd)
}

func decode(t testing.TB, cmd *exec.Cmd) *snapshot.Snapshot {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		t.Fatalf("collect: %v\n%s", err, errOut.String())
	}
	s, err := snapshot.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
