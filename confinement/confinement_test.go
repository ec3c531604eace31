package confinement_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/confinement"
	"seawall/snapshot"
	"seawall/source/runline"
)

// witness counts what was read and what could not be read.
type witness struct{ saw, missed int }

func (w *witness) Saw(snapshot.Origin, any)             { w.saw++ }
func (w *witness) Missed(snapshot.Origin, snapshot.Gap) { w.missed++ }
func (w *witness) Stop()                                { panic("stopped") }

var hidden = snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "hidden"}

func container(t *testing.T, line string) *snapshot.Container {
	t.Helper()
	c, err := runline.Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	return &c
}

func seen[T any](v T) snapshot.Fact[T] { return snapshot.See(v, snapshot.At("fact", "test")) }

// engine gives every default that a guard asks for.
func engine(containers ...*snapshot.Container) *snapshot.Engine {
	list := make([]snapshot.Container, len(containers))
	for i, c := range containers {
		list[i] = *c
	}
	return &snapshot.Engine{
		Settings: snapshot.Settings{
			Rootless: seen(false), UserNSRemap: seen(false), SeccompProfile: seen("builtin"),
			AppArmor: seen(true), SELinux: seen(true), NoNewPrivileges: seen(false),
		},
		Containers: seen(list),
		Images:     seen([]snapshot.Image(nil)),
	}
}

func TestAskedCapabilities(t *testing.T) {
	tests := []struct {
		line string
		want snapshot.CapSet
	}{
		{"docker run x", snapshot.DefaultCaps},
		{"docker run --privileged x", snapshot.AllCaps},
		{"docker run --privileged --cap-drop ALL x", snapshot.AllCaps},
		{"docker run --cap-drop ALL x", 0},
		{"docker run --cap-drop ALL --cap-add CHOWN x", snapshot.Caps("CHOWN")},
		{"docker run --cap-drop NET_RAW x", snapshot.DefaultCaps &^ snapshot.Caps("NET_RAW")},
		{"docker run --cap-add NET_ADMIN x", snapshot.DefaultCaps | snapshot.Caps("NET_ADMIN")},
		{"docker run --cap-add NET_RAW --cap-drop NET_RAW x", snapshot.DefaultCaps},
		{"docker run --cap-add ALL --cap-drop SYS_ADMIN x", snapshot.AllCaps &^ snapshot.Caps("SYS_ADMIN")},
		{"docker run --cap-add ALL --cap-drop ALL x", snapshot.AllCaps},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			w := &witness{}
			caps := confinement.CapabilitiesOf(w, container(t, tt.line))
			if caps.Asked != tt.want || !caps.Complete || w.missed != 0 {
				t.Errorf("asked %s (complete %t, missed %d), want %s", caps.Asked, caps.Complete, w.missed, tt.want)
			}
		})
	}
}

func TestHiddenCapabilitySettings(t *testing.T) {
	line := "docker run --cap-add SYS_ADMIN --cap-drop NET_RAW x"
	tests := []struct {
		name string
		hide func(*snapshot.Container)
		want snapshot.CapSet // what is still sure
	}{
		{"CapAdd", func(c *snapshot.Container) { c.CapAdd.Blind(hidden) }, 0},
		{"CapDrop", func(c *snapshot.Container) { c.CapDrop.Blind(hidden) }, snapshot.Caps("SYS_ADMIN")},
		{"Privileged", func(c *snapshot.Container) { c.Privileged.Blind(hidden) }, snapshot.DefaultCaps&^snapshot.Caps("NET_RAW") | snapshot.Caps("SYS_ADMIN")},
		{"CapDrop beside all added", func(c *snapshot.Container) { c.CapAdd = seen(snapshot.AllCaps); c.CapDrop.Blind(hidden) }, 0},
		{"Privileged, all dropped", func(c *snapshot.Container) { c.CapDrop = seen(snapshot.AllCaps); c.Privileged.Blind(hidden) }, snapshot.Caps("SYS_ADMIN")},
		{"Privileged, all added", func(c *snapshot.Container) { c.CapAdd = seen(snapshot.AllCaps); c.Privileged.Blind(hidden) }, snapshot.AllCaps &^ snapshot.Caps("NET_RAW")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := container(t, line)
			tt.hide(c)
			w := &witness{}
			caps := confinement.CapabilitiesOf(w, c)
			if caps.Asked != tt.want || caps.Complete || w.missed == 0 {
				t.Errorf("asked %s (complete %t, missed %d), want %s, not complete", caps.Asked, caps.Complete, w.missed, tt.want)
			}
		})
	}
}

// run gives the container a process.
func run(c *snapshot.Container, p snapshot.Process) *snapshot.Container {
	c.Process = seen(p)
	return c
}

func TestKernelDecidesCapabilities(t *testing.T) {
	c := run(container(t, "docker run --cap-add SYS_ADMIN x"), snapshot.Process{CapBounding: seen(snapshot.DefaultCaps | snapshot.Caps("BPF"))})
	caps := confinement.CapabilitiesOf(&witness{}, c)
	if caps.Holds(snapshot.Caps("SYS_ADMIN")) || !caps.Holds(snapshot.Caps("BPF")) {
		t.Errorf("holds %s, want what the kernel shows", caps.Bounding)
	}
	if got := caps.Beyond(); got != snapshot.Caps("BPF") {
		t.Errorf("beyond the settings: %s, want BPF", got)
	}
	unread := run(container(t, "docker run --cap-add SYS_ADMIN x"), snapshot.Process{CapBounding: snapshot.Lost[snapshot.CapSet](hidden, snapshot.At("CapBnd", "test"))})
	if caps := confinement.CapabilitiesOf(&witness{}, unread); caps.Kernel || !caps.Holds(snapshot.Caps("SYS_ADMIN")) || caps.Beyond() != 0 {
		t.Errorf("where the kernel's view cannot be read, the settings decide: got %+v", caps)
	}
	newer := run(container(t, "docker run --privileged x"), snapshot.Process{CapBounding: seen(snapshot.AllCaps<<1 | 1)})
	if got := confinement.CapabilitiesOf(&witness{}, newer).Beyond(); got != 0 {
		t.Errorf("a capability of a newer kernel counts as beyond the settings: %s", got)
	}
}

func TestUser(t *testing.T) {
	remapped := seen([]snapshot.IDMap{{Outside: 100000, Length: 65536}})
	plain := seen([]snapshot.IDMap{{Length: 1<<32 - 1}})
	tests := []struct {
		name        string
		c           *snapshot.Container
		root, known bool
	}{
		{"number 0", container(t, "docker run --user 0 x"), true, true},
		{"root with a group", container(t, "docker run --user root:1000 x"), true, true},
		{"a number", container(t, "docker run --user 1000:0 x"), false, true},
		{"a name", container(t, "docker run --user app x"), false, false},
		{"nobody says", container(t, "docker run x"), false, false},
		{"the image says", container(t, "docker run image:1 x"), true, true},
		{"kernel: root", run(container(t, "docker run --user toor x"), snapshot.Process{UID: seen(0), UIDMap: plain}), true, true},
		{"kernel: root, remapped", run(container(t, "docker run x"), snapshot.Process{UID: seen(100000), UIDMap: remapped}), true, true},
		{"kernel: user, remapped", run(container(t, "docker run x"), snapshot.Process{UID: seen(101000), UIDMap: remapped}), false, true},
		{"kernel: remapped by several ranges", run(container(t, "docker run x"), snapshot.Process{UID: seen(100000), UIDMap: seen([]snapshot.IDMap{
			{Inside: 1, Outside: 5, Length: 10}, {Outside: 100000, Length: 1}})}), true, true},
		{"kernel: no root in the map", run(container(t, "docker run x"), snapshot.Process{UID: seen(0), UIDMap: seen([]snapshot.IDMap{
			{Inside: 1, Outside: 5, Length: 10}})}), false, true},
		{"kernel: an empty map", run(container(t, "docker run x"), snapshot.Process{UID: seen(0), UIDMap: seen([]snapshot.IDMap(nil))}), true, true},
		{"kernel: root of the host, no map", run(container(t, "docker run --user app x"), snapshot.Process{
			UID: seen(0), UIDMap: snapshot.Lost[[]snapshot.IDMap](hidden, snapshot.At("uid_map", "test"))}), true, true},
		{"kernel: hidden", run(container(t, "docker run --user 0 x"), snapshot.Process{}), true, true},
		{"kernel: no map", run(container(t, "docker run x"), snapshot.Process{UID: seen(1000), UIDMap: snapshot.Lost[[]snapshot.IDMap](hidden, snapshot.At("uid_map", "test"))}), false, false},
	}
	e := engine()
	e.Images = seen([]snapshot.Image{{Tags: []string{"image:1"}, User: seen("")}})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := &witness{}
			u := confinement.UserOf(w, e, tt.c)
			if u.Root != tt.root || u.Known != tt.known {
				t.Errorf("root %t known %t, want %t %t", u.Root, u.Known, tt.root, tt.known)
			}
			if !u.Known && w.missed == 0 {
				t.Error("not known, and nothing was recorded as missed")
			}
			if who := confinement.NotRoot(e, tt.c); (who != "") != (tt.known && !tt.root) {
				t.Errorf("surely not root: %q", who)
			}
		})
	}
}

func TestNamespaceChains(t *testing.T) {
	host := container(t, "docker run --name host --network host x")
	a := container(t, "docker run --name a --network container:host x")
	b := container(t, "docker run --name b --network container:a x")
	own := container(t, "docker run --name own x")
	c := container(t, "docker run --name c --network container:own x")
	loop1 := container(t, "docker run --name loop1 --network container:loop2 x")
	loop2 := container(t, "docker run --name loop2 --network container:loop1 x")
	lost := container(t, "docker run --name lost --network container:gone x")
	kernel := run(container(t, "docker run --name kernel --network container:gone x"), snapshot.Process{
		Namespaces: seen(map[string]snapshot.Namespace{"net": {Host: true}}),
	})
	apart := run(container(t, "docker run --name apart --network container:gone x"), snapshot.Process{
		Namespaces: seen(map[string]snapshot.Namespace{"net": {}}),
	})
	blind := run(container(t, "docker run --name blind x"), kernel.Process.Read(&witness{}))
	blind.NetworkMode.Blind(hidden)
	blinder := container(t, "docker run --name blinder x")
	blinder.NetworkMode.Blind(hidden)
	e := engine(host, a, b, own, c, loop1, loop2, lost, kernel, apart, blind, blinder)
	tests := []struct {
		c      *snapshot.Container
		host   bool
		via    []string
		missed int
	}{
		{host, true, nil, 0},
		{a, true, []string{"host"}, 0},
		{b, true, []string{"a", "host"}, 0},
		{c, false, []string{"own"}, 0},
		{lost, false, []string{"gone"}, 1},
		{kernel, true, []string{"gone"}, 0},
		{apart, false, []string{"gone"}, 0},
		{blind, true, nil, 1},
		{blinder, false, nil, 1},
	}
	for _, tt := range tests {
		t.Run(tt.c.Name, func(t *testing.T) {
			w := &witness{}
			share := confinement.Namespace(w, e, tt.c, confinement.NetNS)
			if share.Host != tt.host || w.missed != tt.missed {
				t.Errorf("host %t, missed %d; want %t, %d", share.Host, w.missed, tt.host, tt.missed)
			}
			if diff := cmp.Diff(tt.via, share.Via); diff != "" {
				t.Errorf("via (-want +got):\n%s", diff)
			}
		})
	}
	w := &witness{}
	if confinement.Namespace(w, e, loop1, confinement.NetNS).Host || w.missed == 0 {
		t.Error("a loop of containers must end as not known")
	}
}

func TestGuards(t *testing.T) {
	off := func(g confinement.Guard) bool { return g.Off }
	nothing := func(*snapshot.Engine, *snapshot.Container) {}
	process := func(p snapshot.Process) func(*snapshot.Engine, *snapshot.Container) {
		return func(_ *snapshot.Engine, c *snapshot.Container) { run(c, p) }
	}
	seccomp := func(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) bool {
		return off(confinement.Seccomp(w, e, c))
	}
	nnp := func(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) bool {
		return off(confinement.NoNewPrivileges(w, e, c))
	}
	apparmor := func(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) bool {
		return off(confinement.AppArmor(w, e, c))
	}
	selinux := func(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) bool {
		return off(confinement.SELinux(w, e, c))
	}
	tests := []struct {
		name   string
		ask    func(snapshot.Witness, *snapshot.Engine, *snapshot.Container) bool
		flags  string
		change func(*snapshot.Engine, *snapshot.Container)
		off    bool
		missed bool
	}{
		{"seccomp default", seccomp, "", nothing, false, false},
		{"seccomp unconfined", seccomp, "--security-opt seccomp=unconfined", nothing, true, false},
		{"seccomp off by the engine", seccomp, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.SeccompProfile = seen("unconfined") }, true, false},
		{"seccomp own profile under an engine without", seccomp, "", func(e *snapshot.Engine, c *snapshot.Container) {
			e.Settings.SeccompProfile, c.Seccomp = seen("unconfined"), seen("custom")
		}, false, false},
		{"seccomp off in the kernel", seccomp, "", process(snapshot.Process{SeccompMode: seen(0)}), true, false},
		{"seccomp in the kernel hidden", seccomp, "", process(snapshot.Process{}), false, true},
		{"seccomp of its own hidden, the engine without", seccomp, "", func(e *snapshot.Engine, c *snapshot.Container) {
			e.Settings.SeccompProfile = seen("unconfined")
			c.Seccomp.Blind(hidden)
		}, false, true},
		{"seccomp of the engine hidden", seccomp, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.SeccompProfile.Blind(hidden) }, false, true},

		{"nnp by option", nnp, "--security-opt no-new-privileges", nothing, false, false},
		{"nnp off by option", nnp, "--security-opt no-new-privileges=false", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.NoNewPrivileges = seen(true) }, true, false},
		{"nnp by the engine", nnp, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.NoNewPrivileges = seen(true) }, false, false},
		{"nnp by nobody", nnp, "", nothing, true, false},
		{"nnp by the kernel", nnp, "", process(snapshot.Process{NoNewPrivs: seen(true)}), false, false},
		{"nnp by option, in the kernel hidden", nnp, "--security-opt no-new-privileges", process(snapshot.Process{}), false, true},
		{"nnp by option hidden, not by the engine", nnp, "", func(_ *snapshot.Engine, c *snapshot.Container) { c.NoNewPrivileges.Blind(hidden) }, false, true},
		{"nnp hidden everywhere", nnp, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.NoNewPrivileges.Blind(hidden) }, false, true},

		{"apparmor default", apparmor, "", nothing, false, false},
		{"apparmor unconfined", apparmor, "--security-opt apparmor=unconfined", nothing, true, false},
		{"apparmor complains", apparmor, "", process(snapshot.Process{Label: seen("docker-default (complain)")}), true, false},
		{"apparmor enforces", apparmor, "", process(snapshot.Process{Label: seen("docker-default (enforce)")}), false, false},
		{"apparmor unconfined in the kernel", apparmor, "", process(snapshot.Process{Label: seen("unconfined")}), true, false},
		{"apparmor without a label in the kernel", apparmor, "", process(snapshot.Process{Label: seen("")}), true, false},
		{"apparmor not applied by the engine", apparmor, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.AppArmor = seen(false) }, true, false},
		{"apparmor of the engine hidden", apparmor, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.AppArmor.Blind(hidden) }, false, true},
		{"apparmor hidden", apparmor, "", process(snapshot.Process{}), false, true},

		{"selinux default", selinux, "", nothing, false, false},
		{"selinux disabled", selinux, "--security-opt label=disable", nothing, true, false},
		{"selinux type that confines nothing", selinux, "--security-opt label=type:unconfined_t", nothing, true, false},
		{"selinux type of its own", selinux, "--security-opt label=type:nginx_t", nothing, false, false},
		{"selinux type of files", selinux, "--security-opt label=filetype:spc_t", nothing, false, false},
		{"selinux disabled by pid host", selinux, "--pid host", nothing, true, false},
		{"selinux engine does not label", selinux, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.SELinux = seen(false) }, true, false},
		{"selinux spc_t", selinux, "", process(snapshot.Process{Label: seen("system_u:system_r:spc_t:s0")}), true, false},
		{"selinux engine stopped labelling, a container keeps its label", selinux, "", func(e *snapshot.Engine, c *snapshot.Container) {
			e.Settings.SELinux = seen(false)
			process(snapshot.Process{Label: seen("system_u:system_r:container_t:s0:c639,c757")})(e, c)
		}, false, false},
		{"selinux without a label in the kernel", selinux, "", process(snapshot.Process{Label: seen("")}), true, false},
		{"selinux hidden in the kernel", selinux, "", process(snapshot.Process{}), false, true},
		{"selinux of the engine hidden", selinux, "", func(e *snapshot.Engine, _ *snapshot.Container) { e.Settings.SELinux.Blind(hidden) }, false, true},
		{"selinux container_t", selinux, "", process(snapshot.Process{Label: seen("system_u:system_r:container_t:s0:c1,c2")}), false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e, c := engine(), container(t, "docker run "+tt.flags+" x")
			tt.change(e, c)
			w := &witness{}
			if got := tt.ask(w, e, c); got != tt.off {
				t.Errorf("off %t, want %t", got, tt.off)
			}
			if w.missed > 0 != tt.missed {
				t.Errorf("missed %d facts, want any: %t", w.missed, tt.missed)
			}
		})
	}
}
