package trial

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/daemonconfig"
)

// assumed is the document of a fact that nobody read: it is taken to be as Docker's
// packages set an engine up.
const assumed = "assumed"

// assumptions are what [Assume] adds to a declaration, in words.
var assumptions = []string{
	lang.N("The engine is that of Docker's package, current, as it is set up by default: rootful, its socket for root and an empty group."),
	lang.N("It runs on a current Debian of its own, without a firewall, and no program but sshd and the engine listens there. The internet reaches it at an address that is called 192.0.2.10 here."),
	lang.N("AppArmor and seccomp are there, with Docker's default profiles."),
	lang.N("Images say nothing: their programs start as root, and hold no setuid files and no secrets."),
	lang.N("Files of the host that services mount belong to root, and others cannot write to them."),
	lang.N("Every service runs once."),
}

var assumedSettings = lang.N("What daemon.json leaves open is as the package sets it up.")

// Assume is a snapshot of a host on which what a declaration declares runs: that of
// [Baseline] with an engine as it is set up by default, or as the declaration's
// daemon.json sets it. What was assumed has that as its origin, and stands in words in
// Assumed. What a declaration leaves open for another reason than the host, as a variable
// without a value, stays a gap.
func Assume(declared *snapshot.Snapshot) (*snapshot.Snapshot, error) {
	s := Baseline()
	s.Tool, s.TakenAt, s.Declared = declared.Tool, declared.TakenAt, true
	for _, text := range assumptions {
		s.Assumed = append(s.Assumed, lang.T(text))
	}
	s.Host.Users = snapshot.See([]snapshot.User{}, s.Host.Users.Origin())
	s.Clients = snapshot.See([]snapshot.Client{}, s.Clients.Origin())
	s.Host.Name = snapshot.See(assumed, s.Host.Name.Origin())
	e := &s.Engines[0]
	stock, err := daemonconfig.Declared("daemon.json", []byte("{}"))
	if err != nil {
		return nil, lang.Errorf("the settings of an engine by default: %w", err)
	}
	overlay(&e.Settings, &stock)
	networks, _ := e.Networks.Peek()
	networks[0].ICC = snapshot.See(true, networks[0].ICC.Origin())
	networks[0].HostBinding = snapshot.See("", networks[0].HostBinding.Origin())
	place(s)
	named := byService(declared)
	var files []string
	for i := range declared.Engines {
		d := &declared.Engines[i]
		if list, _ := d.Containers.Peek(); len(list) > 0 {
			files = append(files, d.Name)
		}
		if _, withDaemon := d.Settings.ICC.Peek(); withDaemon && i == 0 { // it is the same for all projects
			overlay(&e.Settings, &d.Settings)
			s.Assumed = append(s.Assumed, lang.T(assumedSettings))
			withListeners(e, d)
		}
		run(e, d, named)
	}
	images, _ := e.Images.Peek()
	for i := range images { // those that no file builds
		if images[i].User.Origin().Source == imageSource(images[i].Name()) {
			place(&images[i])
		}
	}
	slices.Sort(files)
	e.FoundBy = strings.Join(slices.Compact(files), " ")
	if err := Wire(s, "iptables -P INPUT ACCEPT\nip6tables -P INPUT ACCEPT"); err != nil {
		return nil, err
	}
	return s, nil
}

// withListeners adds the TCP sockets that a daemon.json has the engine listen on.
func withListeners(e, declared *snapshot.Engine) {
	have, _ := e.Listeners.Peek()
	have = slices.Clone(have)
	list, _ := declared.Listeners.Peek()
	for _, l := range list {
		if l.Network == "tcp" {
			open := TCPListener(l.Address)
			place(&open)
			open.Handshake = l.Handshake
			have = append(have, open)
		}
	}
	e.Listeners = snapshot.See(have, e.Listeners.Origin())
}

// place says of all facts of something that they are assumed.
func place(part any) {
	snapshot.Walk(part, func(_ string, f snapshot.AnyFact) { f.Place(snapshot.At(f.Origin().Path, assumed)) })
}

// run adds what a project declares to an engine, as it is when it runs.
func run(e, declared *snapshot.Engine, named *strings.Replacer) {
	images, _ := declared.Images.Peek()
	for _, i := range images {
		open := usedImage(i.ID, "")
		place(&open)
		overlay(&open, &i)
		open.ID, open.Tags, open.UsedBy = i.ID, i.Tags, i.UsedBy
		add(&e.Images, open, func(have *snapshot.Image) bool { return have.ID == i.ID })
	}
	volumes, _ := declared.Volumes.Peek()
	for _, v := range volumes {
		v.Mountpoint = cmp.Or(v.Mountpoint, "/var/lib/docker/volumes/"+v.Name+"/_data")
		add(&e.Volumes, v, func(have *snapshot.Volume) bool { return have.Name == v.Name })
	}
	networks, _ := declared.Networks.Peek()
	for _, n := range networks {
		addNetwork(e, n)
	}
	containers, _ := declared.Containers.Peek()
	for _, c := range containers {
		c.State = snapshot.See("running", snapshot.At(c.State.Origin().Path, assumed))
		assumeContainer(&c)
		rename(&c, named)
		joined, _ := c.Networks.Peek()
		for _, n := range joined { // one that is not declared is there already
			addNetwork(e, otherNetwork(n.Network))
		}
		c.Networks = snapshot.Map(c.Networks, func(list []snapshot.Endpoint) []snapshot.Endpoint { return addresses(e, list) })
		addContainer(e, c)
	}
}

// byService gives containers the names of their services, as far as only one has it:
// that is how the files call them.
func byService(declared *snapshot.Snapshot) *strings.Replacer {
	times := map[string]int{}
	each := func(do func(*snapshot.Container)) {
		for i := range declared.Engines {
			list, _ := declared.Engines[i].Containers.Peek()
			for j := range list {
				do(&list[j])
			}
		}
	}
	each(func(c *snapshot.Container) { times[c.Service]++; times[c.Name]++ })
	var pairs []string
	each(func(c *snapshot.Container) {
		if c.Service != "" && times[c.Service] == 1 {
			pairs = append(pairs, "\x00"+c.Name+"\x00", "\x00"+c.Service+"\x00")
		}
	})
	return strings.NewReplacer(pairs...)
}

// rename gives a container, and those that it names, the names of their services.
func rename(c *snapshot.Container, named *strings.Replacer) {
	name := func(s string) string { return strings.Trim(named.Replace("\x00"+s+"\x00"), "\x00") }
	c.Name = name(c.Name)
	for _, mode := range []*snapshot.Fact[string]{&c.NetworkMode, &c.PidMode, &c.IpcMode} {
		*mode = snapshot.Map(*mode, func(m string) string {
			if of, joins := strings.CutPrefix(m, "container:"); joins {
				return "container:" + name(of)
			}
			return m
		})
	}
	each := func(f *snapshot.Fact[[]string]) { // "NAME" or "NAME:what"
		*f = snapshot.Map(*f, func(list []string) []string {
			out := slices.Clone(list)
			for i, s := range out {
				of, rest, more := strings.Cut(s, ":")
				if out[i] = name(of); more {
					out[i] += ":" + rest
				}
			}
			return out
		})
	}
	each(&c.VolumesFrom)
	each(&c.Links)
}

// otherNetwork is a network that a project uses and does not make: a bridge.
func otherNetwork(name string) snapshot.Network {
	n := bridge()
	place(&n)
	n.ID, n.Name, n.Subnets = "", name, nil
	n.ICC, n.HostBinding = snapshot.See(true, n.ICC.Origin()), snapshot.See("", n.HostBinding.Origin())
	n.Bridge = snapshot.See("", n.Bridge.Origin())
	return n
}

// addNetwork adds a network of a project. A bridge has a subnet of its own, in the order
// in which the engine gives them out.
func addNetwork(e *snapshot.Engine, n snapshot.Network) {
	if n.Name == "host" || n.Name == "none" {
		return
	}
	have, _ := e.Networks.Peek()
	at := snapshot.At("Containers", assumed)
	n.ID, n.Containers = cmp.Or(n.ID, "n-"+n.Name), snapshot.See([]string(nil), at)
	if n.Driver == "bridge" {
		if name, _ := n.Bridge.Peek(); name == "" {
			n.Bridge = snapshot.See("br-"+n.Name, n.Bridge.Origin())
		}
		if len(n.Subnets) == 0 {
			n.Subnets = []string{fmt.Sprintf("172.%d.0.0/16", 17+len(have)%14)}
		}
	}
	add(&e.Networks, n, func(h *snapshot.Network) bool { return h.Name == n.Name })
}

// addresses are the addresses of a container on its networks: the next that are free.
func addresses(e *snapshot.Engine, list []snapshot.Endpoint) []snapshot.Endpoint {
	out := slices.Clone(list)
	networks, _ := e.Networks.Peek()
	for i := range out {
		at := slices.IndexFunc(networks, func(n snapshot.Network) bool { return n.Name == out[i].Network })
		if at < 0 || out[i].IPv4 != "" || len(networks[at].Subnets) == 0 {
			continue
		}
		subnet, err := netip.ParsePrefix(networks[at].Subnets[0])
		if err != nil {
			continue
		}
		members, _ := networks[at].Containers.Peek()
		address := subnet.Masked().Addr().Next() // the bridge's
		for range len(members) + 1 {
			address = address.Next()
		}
		if address.Is4() {
			out[i].IPv4 = address.String()
		}
	}
	return out
}

// assumeContainer fills what a declaration leaves to the image and to the host.
func assumeContainer(c *snapshot.Container) {
	assume(&c.User, "", "Config.User")
	assume(&c.Health, false, "Config.Healthcheck")
	assume(&c.SecretArguments, nil, "Config.Cmd")
	assume(&c.BoundFiles, nil, "stat")
}

// assume gives a fact that is not known a value.
func assume[T any](f *snapshot.Fact[T], value T, path string) {
	if _, known := f.Peek(); !known && f.State() != snapshot.Absent {
		*f = snapshot.See(value, snapshot.At(path, assumed))
	}
}
