package lab

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// await waits until the engine answers.
func (e *Engine) await(ctx context.Context) error {
	for {
		select {
		case <-e.done:
			return fmt.Errorf("it ended: %w", e.err)
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
		if !e.answers(ctx) && !strings.Contains(e.Log(), "API listen on") {
			continue
		}
		if e.pid = descendant(e.cmd.Process.Pid, "dockerd"); e.pid != 0 {
			return nil
		}
	}
}

// answers says whether anything speaks HTTP on the engine's socket.
func (e *Engine) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	client := http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", e.Sock())
		},
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine/_ping", nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err == nil
}
