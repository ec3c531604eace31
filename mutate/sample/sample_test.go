package sample

import "testing"

func TestPort(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "unnamed", 22: "ssh", 65535: "unnamed", 65536: ""} {
		if got, ok := Port(n); got != want || ok != (want != "") {
			t.Errorf("%d: %q, %t", n, got, ok)
		}
	}
}

func TestKnown(t *testing.T) {
	if !Known("ssh") || Known("gopher") {
		t.Error("ssh is known, gopher is not")
	}
}

func TestReason(t *testing.T) {
	if Reason("/etc") == "" || Reason("/srv") != "" {
		t.Error("/etc matters, /srv does not")
	}
}
