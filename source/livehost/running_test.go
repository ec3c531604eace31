package livehost

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seawall/snapshot"
	"seawall/source/hostfile"
)

// TestShimContainers: of shims whose file was replaced, the containers that they keep.
func TestShimContainers(t *testing.T) {
	shell, err := os.ReadFile("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	shim := filepath.Join(t.TempDir(), "containerd-shim-runc-v2")
	place := func() {
		if err := os.WriteFile(shim+".new", shell, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(shim+".new", shim); err != nil {
			t.Fatal(err)
		}
	}
	place()
	var want []string
	for _, c := range []string{"a", "b"} {
		id := strings.Repeat(c, 64)
		want = append(want, id)
		run := exec.CommandContext(t.Context(), shim, "-c", "read x; :", "-namespace", "moby", "-id", id)
		held, err := run.StdinPipe() // it reads until the test closes this
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { held.Close(); _ = run.Wait() })
	}
	v := vantage{m: Machine{Proc: "/proc", Sys: "/sys", Root: "/", Files: hostfile.New("/")}, first: "self"}
	read := func() snapshot.RunningProgram {
		programs, _ := v.running(t.Context()).Peek()
		for _, p := range programs {
			if p.Path == shim {
				slices.Sort(p.Containers)
				return p
			}
		}
		t.Fatalf("%s is not among %+v", shim, programs)
		return snapshot.RunningProgram{}
	}
	if p := read(); p.Fate != snapshot.FileCurrent || p.Count != 2 || p.Containers != nil {
		t.Errorf("of the file that is there: %+v", p)
	}
	place()
	if p := read(); p.Fate != snapshot.FileReplaced || p.Count != 2 || !slices.Equal(p.Containers, want) {
		t.Errorf("of a replaced file: %+v", p)
	}
}
