package lab

import (
	"debug/elf"
	"os"
	"slices"
	"testing"
)

// Self is the running test binary, to be copied into a host or a container. It
// must be static: CGO_ENABLED=0, as `make test` sets it.
func Self(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Fatal("the test binary is linked dynamically and would not start elsewhere: run with CGO_ENABLED=0")
	}
	return path
}
