package trial

import (
	"slices"
	"strings"
	"testing"

	"seawall/snapshot"
	"seawall/source/runline"
)

// project is what two services declare, and the engine of a file.
func project(t *testing.T, file string, lines ...string) snapshot.Engine {
	t.Helper()
	var list []snapshot.Container
	for _, line := range lines {
		c, err := runline.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		service, _, _ := strings.Cut(strings.TrimPrefix(c.Name, "shop-"), "-")
		c.Service = service
		list = append(list, c)
	}
	return snapshot.Engine{Name: file, Containers: snapshot.See(list, snapshot.At("services", file))}
}

// TestAssume: what is declared runs on the assumed host, under the names of its services,
// at addresses of its own; everything that a rule or step may read is known, and what was
// not declared says that it is assumed.
func TestAssume(t *testing.T) {
	s, err := Assume(&snapshot.Snapshot{Tool: "1", Engines: []snapshot.Engine{project(t, "compose.yaml",
		"docker run --name shop-web-1 --network shop_front -p 80:80 web:1",
		"docker run --name shop-side-1 --network container:shop-web-1 --pid container:shop-web-1 --volumes-from shop-db-1:ro side:1",
		"docker run --name shop-db-1 --network shop_front --user 7 db:1")}})
	if err != nil {
		t.Fatal(err)
	}
	e := &s.Engines[0]
	if !s.Declared || len(s.Assumed) == 0 || s.Tool != "1" || e.FoundBy != "compose.yaml" {
		t.Errorf("declared %t, assumed %q, found by %q", s.Declared, s.Assumed, e.FoundBy)
	}
	var got []string
	for _, c := range peek(e.Containers) {
		line := c.Name + " " + peek(c.State) + " user=" + peek(c.User) + " net=" + peek(c.NetworkMode) + " pid=" + peek(c.PidMode)
		for _, n := range peek(c.Networks) {
			line += " " + n.Network + "=" + n.IPv4
		}
		got = append(got, line+" "+strings.Join(slices.Concat(peek(c.VolumesFrom), peek(c.Links)), ","))
	}
	want := []string{
		"web running user= net=shop_front pid= shop_front=172.18.0.2 ",
		"side running user= net=container:web pid=container:web db:ro",
		"db running user=7 net=shop_front pid= shop_front=172.18.0.3 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("containers:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	snapshot.Walk(s, func(path string, f snapshot.AnyFact) {
		if f.State() == snapshot.NotCollected {
			t.Errorf("%s: nobody tells of it", path)
		}
	})
	for _, i := range peek(e.Images) {
		if i.User.Origin().Source != assumed || i.Layers.Origin().Source != assumed {
			t.Errorf("image %s was read in %q", i.Name(), i.User.Origin().Source)
		}
	}
	for path, source := range map[string]string{"host": s.Host.OS.Origin().Source, "icc": e.Settings.ICC.Origin().Source, "user": peek(e.Containers)[0].User.Origin().Source} {
		if source != assumed {
			t.Errorf("%s was read in %q", path, source)
		}
	}
	if source := peek(e.Containers)[2].User.Origin().Source; source == assumed {
		t.Error("a declared user is said to be assumed")
	}
	if !peek(e.Settings.ICC) {
		t.Error("the engine is not as it is set up by default")
	}
}
