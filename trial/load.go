package trial

import (
	"fmt"
	"slices"
	"strings"

	"seawall/rule"
	"seawall/snapshot"
)

// Load lays an example on a baseline: the containers of its docker run lines
// with the networks, volumes and images they name, the settings of its
// daemon.json, the client configuration, and last what it sets itself. The
// host's network is what they make of it.
func Load(ex rule.Example) (*snapshot.Snapshot, error) {
	s := Baseline()
	e := &s.Engines[0]
	for _, line := range lines(ex.Run) {
		c, err := loadRun(line)
		if err != nil {
			return nil, fmt.Errorf("example %q: %w", line, err)
		}
		c.BoundFiles = fact("bound files", "stat", []snapshot.File(nil))
		addContainer(e, c)
	}
	if ex.Daemon != "" {
		declared, err := loadDaemon(ex.Daemon)
		if err != nil {
			return nil, fmt.Errorf("example daemon.json %q: %w", ex.Daemon, err)
		}
		overlay(&e.Settings, &declared)
	}
	if ex.Config != "" {
		s.Clients = snapshot.See([]snapshot.Client{Client(loadConfig(ex.Config))}, s.Clients.Origin())
	}
	if ex.Facts != nil {
		ex.Facts(s)
	}
	if needsWires(s, ex.Firewall) {
		if err := Wire(s, ex.Firewall); err != nil {
			return nil, fmt.Errorf("example %q: %w", ex.Firewall, err)
		}
	}
	return s, nil
}

// lines splits at line ends that no backslash continues. Each line makes a
// container.
func lines(run string) []string {
	var out []string
	for line := range strings.SplitSeq(strings.ReplaceAll(run, "\\\n", " "), "\n") {
		if strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return out
}

// addContainer adds a container and the objects that it names and the engine
// does not have yet.
func addContainer(e *snapshot.Engine, c snapshot.Container) {
	if image, _ := c.Image.Peek(); image != "" {
		add(&e.Images, usedImage(image, c.Name), func(i *snapshot.Image) bool { return i.Name() == image })
	}
	endpoints, _ := c.Networks.Peek()
	for _, endpoint := range endpoints {
		attach(e, endpoint.Network, c.Name)
	}
	mounts, _ := c.Mounts.Peek()
	for _, m := range mounts {
		if m.Type != "volume" || m.Volume == "" {
			continue
		}
		volume := snapshot.Volume{Name: m.Volume, Driver: m.Driver, Options: m.Options,
			Mountpoint: "/var/lib/docker/volumes/" + m.Volume + "/_data",
			Labels:     fact("Volumes.Labels", "GET /volumes", map[string]string(nil))}
		add(&e.Volumes, volume, func(v *snapshot.Volume) bool { return v.Name == m.Volume })
	}
	add(&e.Containers, c, func(*snapshot.Container) bool { return false })
}

// add appends to a list unless an element is there already.
func add[T any](list *snapshot.Fact[[]T], element T, same func(*T) bool) {
	elements, _ := list.Peek()
	for i := range elements {
		if same(&elements[i]) {
			return
		}
	}
	*list = snapshot.See(append(slices.Clone(elements), element), list.Origin())
}

// attach puts the container on the network, which is a user-defined bridge
// unless the engine has it already.
func attach(e *snapshot.Engine, network, container string) {
	if network == "host" || network == "none" {
		return
	}
	own := bridge()
	own.ID, own.Name = "n-"+network, network
	own.HostBinding = snapshot.See("", own.HostBinding.Origin())
	add(&e.Networks, own, func(n *snapshot.Network) bool { return n.Name == network })
	networks, _ := e.Networks.Peek()
	for i := range networks {
		if networks[i].Name == network {
			add(&networks[i].Containers, container, func(string *string) bool { return *string == container })
		}
	}
}

// plainContents are the files of an image that has none that matter.
func plainContents(source string) snapshot.ImageContents {
	none := []snapshot.ImageFile(nil)
	return snapshot.ImageContents{
		SetIDFiles:      fact("setuid and setgid files", source, none),
		CapabilityFiles: fact("security.capability", source, none),
		OpenFiles:       fact("world-writable files", source, none),
		SecretFiles:     fact("files with secrets", source, []snapshot.ImageSecret(nil)),
		OpenAccounts:    fact("accounts without password", source, []string(nil)),
	}
}

func imageSource(name string) string { return "GET /images/" + name + "/json" }

// usedImage is an image that asks for nothing: root, no variables, no health
// check.
func usedImage(name, container string) snapshot.Image {
	source := imageSource(name)
	return snapshot.Image{
		ID: "sha256:" + name, Tags: []string{name}, UsedBy: []string{container},
		Created: snapshot.See(Baseline().TakenAt, snapshot.At("Created", source)),
		User:    fact("Config.User", source, ""),
		Env:     fact("Config.Env", source, []snapshot.EnvVar(nil)),
		Health:  fact("Config.Healthcheck", source, false),
		Labels:  fact("Config.Labels", source, map[string]string(nil)),
		Exposed: fact("Config.ExposedPorts", source, []string(nil)),
		Volumes: fact("Config.Volumes", source, []string(nil)),
		Build:   fact("history", "GET /images/"+name+"/history", []snapshot.BuildRemark(nil)),
		Bases:   fact("FROM", "Dockerfile", []snapshot.BaseImage(nil)),
		Layers:  fact("RootFS.Layers", source, []string{"sha256:" + name}),

		ImageContents: plainContents("layers of " + name),
	}
}
