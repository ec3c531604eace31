package livehost

import (
	"testing"

	"seawall/lab"
	"seawall/snapshot"
)

// TestUsedListener: who may not look into root's daemon still learns about the
// socket at hand, and that there may be others.
func TestUsedListener(t *testing.T) {
	h := lab.New(t, lab.Options{Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375", "--tls=false"}})
	copyIn(t, h)
	h.AddUser("alice", "docker")
	h.AddUser("mallory")
	root := only(t, collectAs(t, h, "all"))
	if !value(t, root.AllListeners) {
		t.Error("root does not know all listeners")
	}
	for _, tt := range []struct{ user, endpoint, listener string }{
		{"alice", "all", "unix:///run/docker.sock"},
		{"alice", "unix:///var/run/docker.sock", "unix:///run/docker.sock"},
		{"mallory", "all", "unix:///run/docker.sock"}, // may not even connect
		{"mallory", "tcp://127.0.0.1:2375", "tcp://127.0.0.1:2375"},
		{"mallory", "tcp://localhost:2375", "tcp://127.0.0.1:2375"},
	} {
		t.Run(tt.user+" at "+tt.endpoint, func(t *testing.T) {
			e := only(t, collectAs(t, h, tt.endpoint, "runuser", "-u", tt.user, "--"))
			if got := listenerNames(t, e); len(got) != 1 {
				t.Fatalf("listeners %v, want one", got)
			}
			if g := e.AllListeners.Gap(); e.AllListeners.State() != snapshot.Unreadable || g.Reason != snapshot.ReasonPermission {
				t.Errorf("all listeners: %s, %+v", show(e.AllListeners), g)
			}
			l, full := findListener(t, e, tt.listener), findListener(t, root, tt.listener)
			if g := l.Holders.Gap(); g.Reason != snapshot.ReasonPermission {
				t.Errorf("holders %s", show(l.Holders))
			}
			if got, want := show(l.Socket)+show(l.GroupMembers)+show(l.Copies)+show(l.Handshake), show(full.Socket)+show(full.GroupMembers)+show(full.Copies)+show(full.Handshake); got != want {
				t.Errorf("got  %s\nroot %s", got, want)
			}
		})
	}
}
