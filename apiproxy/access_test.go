package apiproxy_test

import (
	"testing"

	"seawall/apiproxy"
	"seawall/snapshot"
	"seawall/source/runline"
)

// witness counts what could not be read.
type witness struct{ missed int }

func (w *witness) Saw(snapshot.Origin, any)             {}
func (w *witness) Missed(snapshot.Origin, snapshot.Gap) { w.missed++ }
func (w *witness) Stop()                                {}

const (
	no, unknown, yes = apiproxy.No, apiproxy.Unknown, apiproxy.Yes
	wollomatic       = "docker run wollomatic/socket-proxy "
)

// TestOf: what each filter lets through, by what it is configured with.
func TestOf(t *testing.T) {
	type access = apiproxy.Access
	for _, tt := range []struct {
		run  string
		want access
	}{
		{"docker run tecnativa/docker-socket-proxy", access{Elsewhere: yes}},
		{"docker run -e CONTAINERS=1 tecnativa/docker-socket-proxy", access{Ask: yes, Elsewhere: yes}},
		{"docker run -e CONTAINERS=1 -e POST=0 tecnativa/docker-socket-proxy", access{Ask: yes, Elsewhere: yes}},
		{"docker run -e CONTAINERS=1 -e POST=1 ghcr.io/tecnativa/docker-socket-proxy:0.3", access{Order: yes, Ask: yes, Elsewhere: yes}},
		{"docker run -e POST=1 -e EXEC=1 -e IMAGES=1 lscr.io/linuxserver/socket-proxy", access{Elsewhere: yes}},
		{"docker run -e POST=true -e PLUGINS=yes tecnativa/docker-socket-proxy", access{Order: yes, Elsewhere: yes}},
		{"docker run -e POST=1 -e SERVICES=1 -e SWARM=1 tecnativa/docker-socket-proxy", access{Services: yes, Swarm: yes, Elsewhere: yes}},
		{"docker run -e CONTAINERS=1 -e POST=2 tecnativa/docker-socket-proxy", access{Order: unknown, Ask: yes, Elsewhere: yes}},
		{"docker run -e CONTAINERS= -e POST=1 tecnativa/docker-socket-proxy", access{Elsewhere: yes}},
		{"docker run 11notes/socket-proxy", access{unknown, unknown, unknown, unknown, unknown}},
		{wollomatic, access{}},
		{wollomatic + "-allowGET=/.*", access{Ask: yes, Swarm: yes}},
		{wollomatic + "-allowGET=/.* -listenip=0.0.0.0", access{Ask: yes, Swarm: yes}},
		{wollomatic + "-allowGET=/.* -listenip 0.0.0.0 --allowfrom=0.0.0.0/0", access{Ask: yes, Swarm: yes, Elsewhere: yes}},
		{wollomatic + "-allowPOST=/v1\\..*/containers/.* -listenip=0.0.0.0 -allowfrom=traefik", access{Order: yes, Elsewhere: unknown}},
		{wollomatic + "-allowPOST=/v1\\..*/containers/create", access{}},
		{wollomatic + "'-allowPOST=('", access{Order: unknown, Services: unknown}},
		{"docker run -e SP_ALLOW_GET=/.* wollomatic/socket-proxy", access{unknown, unknown, unknown, unknown, unknown}},
	} {
		w := &witness{}
		got, is := apiproxy.Of(w, container(t, tt.run))
		if !is || got != tt.want {
			t.Errorf("%s: %+v, %v, want %+v", tt.run, got, is, tt.want)
		}
	}
	if _, is := apiproxy.Of(&witness{}, container(t, "docker run nginx")); is {
		t.Error("nginx is no filter of the API")
	}
}

// TestOfUnread: what was not seen is not known, and said.
func TestOfUnread(t *testing.T) {
	for run, hide := range map[string]func(*snapshot.Container){
		"docker run tecnativa/docker-socket-proxy": func(c *snapshot.Container) { c.Env = snapshot.Lost[[]snapshot.EnvVar](snapshot.Gap{}, c.Env.Origin()) },
		wollomatic: func(c *snapshot.Container) {
			c.Command = snapshot.Lost[[]string](snapshot.Gap{}, c.Command.Origin())
		},
	} {
		c := container(t, run)
		hide(c)
		w := &witness{}
		if got, is := apiproxy.Of(w, c); !is || got.Order != unknown || got.Ask != unknown || w.missed == 0 {
			t.Errorf("%s: %+v, %v, %d missed", run, got, is, w.missed)
		}
	}
}

func container(t *testing.T, run string) *snapshot.Container {
	t.Helper()
	c, err := runline.Parse(run)
	if err != nil {
		t.Fatal(err)
	}
	return &c
}

// FuzzOf: no configuration of a container makes it fail.
func FuzzOf(f *testing.F) {
	f.Add("-allowGET=/.*", "-allowfrom=0.0.0.0/0", "POST=1")
	f.Add("-allowPOST", "(", "SP_X=")
	f.Add("--", "-=", "=")
	f.Fuzz(func(t *testing.T, first, second, variable string) {
		o := snapshot.At("x", "test")
		for _, image := range []string{"tecnativa/docker-socket-proxy", "wollomatic/socket-proxy"} {
			apiproxy.Of(&witness{}, &snapshot.Container{
				Image: snapshot.See(image, o), Command: snapshot.See([]string{first, second}, o),
				Env: snapshot.See([]snapshot.EnvVar{snapshot.RedactEnv(variable)}, o),
			})
		}
	})
}
