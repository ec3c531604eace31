package confinement_test

import (
	"testing"

	"seawall/confinement"
	"seawall/snapshot"
)

func TestConfined(t *testing.T) {
	const remaps = "user namespaces are remapped: root in the container is an ordinary user of the host"
	ids := func(maps ...snapshot.IDMap) func(*snapshot.Engine, *snapshot.Container) {
		return func(_ *snapshot.Engine, c *snapshot.Container) { run(c, snapshot.Process{UIDMap: seen(maps)}) }
	}
	tests := []struct {
		name   string
		flags  string
		remap  bool
		change func(*snapshot.Engine, *snapshot.Container)
		want   string
	}{
		{name: "an ordinary engine"},
		{name: "a remapping engine", remap: true, want: remaps},
		{name: "left out of the remapping", remap: true, flags: "--userns host"},
		{name: "maybe left out of the remapping", remap: true, change: func(_ *snapshot.Engine, c *snapshot.Container) { c.UsernsMode.Blind(hidden) }},
		{name: "remapping hidden", remap: true, change: func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.UserNSRemap.Blind(hidden) }},
		{name: "kernel: root is root", remap: true, change: ids(snapshot.IDMap{Length: 1 << 31})},
		{name: "kernel: root is another", change: ids(snapshot.IDMap{Outside: 100000, Length: 65536}), want: "root in the container is user 100000 on the host"},
		{name: "kernel: root is nobody", remap: true, change: ids(snapshot.IDMap{Inside: 1, Outside: 100000, Length: 65536})},
		{name: "kernel: no map", remap: true, change: ids(), want: remaps},
		{name: "kernel: hidden", remap: true, want: remaps, change: func(_ *snapshot.Engine, c *snapshot.Container) { run(c, snapshot.Process{}) }},
		{name: "rootless", change: func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.Rootless = seen(true) },
			want: "the engine is rootless: what escapes is an ordinary user of the host"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, c := engine(), container(t, "docker run "+tt.flags+" x")
			e.Settings.UserNSRemap = seen(tt.remap)
			if tt.change != nil {
				tt.change(e, c)
			}
			if got := confinement.Confined(e, c); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	e := engine()
	e.Settings.UserNSRemap = seen(true)
	if why := confinement.Confined(e, nil); why != "" {
		t.Errorf("remapping is about containers, not about what belongs to the engine: got %q", why)
	}
	e.Settings.Rootless = seen(true)
	if confinement.Confined(e, nil) == "" {
		t.Error("a rootless engine confines whatever is its own")
	}
}

func TestHasModule(t *testing.T) {
	lost := func(h *snapshot.Host) { h.AppArmor.Blind(hidden); h.SELinux.Blind(hidden) }
	on := func(h *snapshot.Host) {
		h.AppArmor, h.SELinux = seen(snapshot.AppArmor{Enabled: true}), seen(snapshot.SELinux{Enabled: true})
	}
	off := func(h *snapshot.Host) { h.AppArmor, h.SELinux = seen(snapshot.AppArmor{}), seen(snapshot.SELinux{}) }
	tests := []struct {
		name             string
		host             func(*snapshot.Host)
		applied          bool
		apparmor, knownA bool
		selinux, knownS  bool
	}{
		{"the host has them", on, false, true, true, true, true},
		{"the host lacks them", off, false, false, true, false, true},
		{"the engine applies AppArmor, which the host does not show", lost, true, true, true, false, false},
		{"hidden", lost, false, false, false, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, h := engine(), &snapshot.Host{}
			e.Settings.AppArmor = seen(tt.applied)
			tt.host(h)
			if has, known := confinement.HasAppArmor(&witness{}, h, e); has != tt.apparmor || known != tt.knownA {
				t.Errorf("AppArmor %t, known %t", has, known)
			}
			if has, known := confinement.HasSELinux(&witness{}, h); has != tt.selinux || known != tt.knownS {
				t.Errorf("SELinux %t, known %t", has, known)
			}
		})
	}
}

// TestSELinuxTypes: types that confine nothing, and one that does.
func TestSELinuxTypes(t *testing.T) {
	for kind, off := range map[string]bool{
		"spc_t": true, "unconfined_t": true, "unconfined_service_t": true, "container_runtime_t": true, "init_t": true, "initrc_t": true,
		"container_t": false, "svirt_lxc_net_t": false,
	} {
		for _, label := range []string{"system_u:system_r:" + kind + ":s0:c1,c2", "system_u:system_r:" + kind} {
			c := run(container(t, "docker run x"), snapshot.Process{Label: seen(label)})
			w := &witness{}
			if got := confinement.SELinux(w, engine(), c); got.Off != off || w.missed != 0 {
				t.Errorf("%s: off %t (%s), missed %d", label, got.Off, got.Why, w.missed)
			}
		}
	}
}

// TestWords: what a message says of a user or a guard.
func TestWords(t *testing.T) {
	e := engine()
	e.Images = seen([]snapshot.Image{{Tags: []string{"image:1"}, User: seen("app:app")}, {Tags: []string{"image:2"}, User: seen("")}})
	for line, want := range map[string]string{
		"docker run image:1":           "the image's user, app:app",
		"docker run image:2":           "the image's user, root by default",
		"docker run --user 7 image:1":  "7",
		"docker run --user root image": "root",
	} {
		if got := confinement.UserOf(&witness{}, e, container(t, line)).Name; got != want {
			t.Errorf("%s: user %q, want %q", line, got, want)
		}
	}
	for line, want := range map[string]string{
		"docker run x": "the engine's default profile",
		"docker run --security-opt apparmor=narrow x":     "profile narrow",
		"docker run --security-opt apparmor=unconfined x": "its own option switches it off (apparmor=unconfined)",
	} {
		c := container(t, line)
		if got := confinement.AppArmor(&witness{}, engine(), c).Why; got != want {
			t.Errorf("%s: AppArmor %q, want %q", line, got, want)
		}
	}
}

func TestProcessLeavesNoEvidence(t *testing.T) {
	w := &witness{}
	if !confinement.ProcessOf(w, run(container(t, "docker run x"), snapshot.Process{})).Runs || w.saw != 0 || w.missed != 0 {
		t.Errorf("a process that was seen: %+v", w)
	}
	lost := container(t, "docker run x")
	lost.Process.Blind(hidden)
	if confinement.ProcessOf(w, lost).Runs || w.missed != 1 {
		t.Errorf("a process that could not be looked for: %+v", w)
	}
}

func TestFind(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef"
	web := container(t, "docker run --name web x")
	web.ID = id
	e := engine(web)
	for ref, found := range map[string]bool{
		"web": true, "/web": true, id: true, id[:12]: true, id[:13]: true, id[:11]: false, "we": false, "123456789abc": false, "": false,
	} {
		if got := confinement.Find(&witness{}, e, ref); (got != nil) != found {
			t.Errorf("%q: found %t", ref, got != nil)
		}
	}
}

func TestImageOf(t *testing.T) {
	e := engine()
	e.Images = seen([]snapshot.Image{{ID: "sha256:1", Tags: []string{"web:latest", "web:7"}}, {ID: "sha256:2", Tags: []string{"db:1"}}, {Tags: []string{"none"}}})
	tests := []struct {
		id, name string
		want     int // index, -1: none
	}{
		{"sha256:2", "web", 1}, // the name is another image's now
		{"sha256:9", "web", -1},
		{"", "sha256:2", 1},
		{"", "db:1", 1},
		{"", "web", 0},
		{"", "web:7", 0},
		{"", "db", -1},
		{"", "", -1},
	}
	for _, tt := range tests {
		want := (*snapshot.Image)(nil)
		if images, _ := e.Images.Peek(); tt.want >= 0 {
			want = &images[tt.want]
		}
		if got := confinement.ImageOf(e, &snapshot.Container{ImageID: seen(tt.id), Image: seen(tt.name)}); got != want {
			t.Errorf("id %q, name %q: %+v, want %d", tt.id, tt.name, got, tt.want)
		}
	}
}
