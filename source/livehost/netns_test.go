package livehost

import (
	"context"
	"os"
	"testing"
	"time"

	"seawall/lab"
)

// TestDialInside: connecting from another network namespace leaves this process
// in its own: /proc shows it by its main thread.
func TestDialInside(t *testing.T) {
	pid, _ := lab.NetNS(t)
	before, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for range 200 {
		if conn, err := dialInside(ctx, ThisMachine(), pid, "127.0.0.1:9"); err == nil {
			conn.Close()
			t.Fatal("connected to nobody")
		}
	}
	if after, err := os.Readlink("/proc/self/ns/net"); err != nil || after != before {
		t.Errorf("in %s, before in %s, %v", after, before, err)
	}
}
