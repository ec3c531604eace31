package hostpath_test

import (
	"slices"
	"testing"

	"seawall/hostpath"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// missing is a witness that keeps the paths of what was missed.
type missing []string

func (*missing) Saw(snapshot.Origin, any)                   {}
func (m *missing) Missed(o snapshot.Origin, _ snapshot.Gap) { *m = append(*m, o.Path) }
func (*missing) Stop()                                      {}

// declared is the snapshot of a run line, with its container.
func declared(t *testing.T, run string) (*snapshot.Snapshot, *snapshot.Engine, *snapshot.Container) {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run})
	if err != nil {
		t.Fatal(err)
	}
	list, _ := s.Engines[0].Containers.Peek()
	return s, &s.Engines[0], &list[len(list)-1]
}

// process is one of which the kernel shows these mounts and sockets.
func process(mounts snapshot.Fact[[]snapshot.HostMount], sockets ...snapshot.ControlSocket) snapshot.Fact[snapshot.Process] {
	return snapshot.See(snapshot.Process{HostMounts: mounts, ControlSockets: snapshot.See(sockets, snapshot.At("mounts", "mountinfo"))}, snapshot.At("State.Pid", "inspect"))
}

var (
	shown  = snapshot.See([]snapshot.HostMount{{Source: "/var/run", Destination: "/r", ReadOnly: true, NoSUID: true}}, snapshot.At("mounts", "mountinfo"))
	hidden = snapshot.Lost[[]snapshot.HostMount](snapshot.Gap{Reason: snapshot.ReasonPermission}, snapshot.At("mounts", "mountinfo"))
)

// TestInside: the kernel's view decides, else the settings count, and what a bind
// mount may lead to is missed where the kernel could not be asked.
func TestInside(t *testing.T) {
	tests := []struct {
		name, run string
		process   snapshot.Fact[snapshot.Process]
		want      []string
		missed    int
	}{
		{"not running", "docker run -v /etc:/x:ro -v data:/d alpine", snapshot.None[snapshot.Process](snapshot.Origin{}), []string{"/etc at /x (bind mount, read-only)"}, 0},
		{"the kernel decides", "docker run -v /etc:/x alpine", process(shown), []string{"/run at /r (as the kernel shows it, read-only)"}, 0},
		{"not seen, with a bind mount", "docker run -v /etc:/x alpine", process(hidden), []string{"/etc at /x (bind mount)"}, 1},
		{"not seen, without one", "docker run -v data:/x alpine", process(hidden), nil, 0},
		{"no process seen", "docker run -v /etc:/x alpine", snapshot.Lost[snapshot.Process](snapshot.Gap{}, snapshot.At("State.Pid", "inspect")), []string{"/etc at /x (bind mount)"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, e, c := declared(t, tt.run)
			c.Process = tt.process
			var w missing
			var got []string
			hostpath.Inside(&w, e, c, func(m hostpath.Mounted) { got = append(got, m.String()) })
			if !slices.Equal(got, tt.want) || len(w) != tt.missed {
				t.Errorf("%v, missed %v; want %v, %d missed", got, w, tt.want, tt.missed)
			}
		})
	}
}

// TestEachSocket: sockets are found by the kernel or in what the settings mount,
// with the engine that they are of and the mount that brings them in.
func TestEachSocket(t *testing.T) {
	tests := []struct {
		name, run string
		process   snapshot.Fact[snapshot.Process]
		want      []string // service, path, source
	}{
		{"the socket itself", "docker run -v /var/run/docker.sock:/s alpine", snapshot.None[snapshot.Process](snapshot.Origin{}), []string{"engine /run/docker.sock by /run/docker.sock"}},
		{"a directory", "docker run -v /run:/x alpine", snapshot.None[snapshot.Process](snapshot.Origin{}),
			[]string{"engine /run/docker.sock by /run", "containerd /run/containerd/containerd.sock by /run"}},
		{"neither", "docker run -v /srv/docker.sock:/s alpine", snapshot.None[snapshot.Process](snapshot.Origin{}), nil},
		{"the kernel shows none", "docker run -v /run:/x alpine", process(shown), nil},
		{"the kernel shows one", "docker run alpine", process(shown, snapshot.ControlSocket{Path: "/r/docker.sock", Host: "/run/docker.sock", Service: "engine"}),
			[]string{"engine /run/docker.sock by /run"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, e, c := declared(t, tt.run)
			c.Process = tt.process
			var w missing
			var got []string
			hostpath.EachSocket(&w, s, e, c, func(s hostpath.Socket) {
				if s.Engine != e || s.Listener == nil {
					t.Errorf("%s is of engine %v, listener %v", s.Host, s.Engine, s.Listener)
				}
				got = append(got, s.Service+" "+s.Host+" by "+s.Source)
			})
			if !slices.Equal(got, tt.want) || len(w) > 0 {
				t.Errorf("%v, missed %v; want %v", got, w, tt.want)
			}
		})
	}
}
