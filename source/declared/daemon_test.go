package declared_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"seawall/snapshot"
	"seawall/source/daemonconfig"
	"seawall/source/declared"
)

// TestListeners: where a daemon.json has the engine listen, and how it will answer there.
func TestListeners(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string // with plain, tls or verified
		partly     bool
	}{
		{"nothing", `{}`, []string{"unix:///var/run/docker.sock"}, false},
		{"plain", `{"hosts": ["unix:///x.sock", "tcp://0.0.0.0:2375"]}`, []string{"unix:///x.sock", "tcp://0.0.0.0:2375 plain"}, false},
		{"TLS for everybody", `{"hosts": ["tcp://0.0.0.0:2376"], "tls": true, "tlsverify": false}`, []string{"tcp://0.0.0.0:2376 tls"}, false},
		{"TLS with certificates of clients", `{"hosts": ["tcp://0.0.0.0:2376"], "tlsverify": true}`, []string{"tcp://0.0.0.0:2376 verified"}, false},
		{"of systemd", `{"hosts": ["fd://", "tcp://10.0.0.1:2375"]}`, []string{"tcp://10.0.0.1:2375 plain"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := declared.ReadDaemon("daemon.json", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			list, known := d.Listeners.Peek()
			var got []string
			for _, l := range list {
				text := l.Name
				h, greets := l.Handshake.Peek()
				switch {
				case l.Network != "tcp":
				case !greets:
					text += " ?"
				case h.Plaintext:
					text += " plain"
				case h.Anonymous:
					text += " tls"
				default:
					text += " verified"
				}
				got = append(got, text)
			}
			if !known || !slices.Equal(got, tt.want) || (d.Listeners.Gap().Reason != "") != tt.partly {
				t.Errorf("%v, %+v; want %v", got, d.Listeners.Gap(), tt.want)
			}
		})
	}
}

// TestDaemonOfProject: the settings count for what a project declares, and what no
// daemon.json tells is a gap.
func TestDaemonOfProject(t *testing.T) {
	d, err := declared.ReadDaemon("daemon.json", []byte(`{"icc": false, "iccc": 1}`))
	if !errors.Is(err, daemonconfig.ErrUnknownKey) {
		t.Errorf("error %v", err)
	}
	s := declared.Snapshot([]declared.Project{{Name: "compose.yaml", Daemon: &d}, {Name: "other.yaml"}}, "test", time.Now())
	if icc, known := s.Engines[0].Settings.ICC.Peek(); !known || icc {
		t.Errorf("icc %t, known %t", icc, known)
	}
	for i, e := range s.Engines {
		if e.Daemon.Files.State() != snapshot.Unreadable || (e.Settings.ICC.State() == snapshot.Unreadable) != (i == 1) {
			t.Errorf("engine %d: files %v, icc %v", i, e.Daemon.Files.State(), e.Settings.ICC.State())
		}
	}
}
