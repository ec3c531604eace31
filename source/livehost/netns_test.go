package livehost

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// TestDialInside: connecting from another network namespace leaves this process
// in its own: /proc shows it by its main thread.
func TestDialInside(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Fatal("this test makes a network namespace: run it as root")
	}
	cmd := exec.Command("cat")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	lifeline, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { lifeline.Close(); _ = cmd.Wait() }()
	before, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range 200 {
		if conn, err := dialInside(ctx, ThisMachine(), cmd.Process.Pid, "127.0.0.1:9"); err == nil {
			conn.Close()
			t.Fatal("connected to nobody")
		}
	}
	if after, err := os.Readlink("/proc/self/ns/net"); err != nil || after != before {
		t.Errorf("in %s, before in %s, %v", after, before, err)
	}
}
