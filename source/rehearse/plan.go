package rehearse

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"

	"seawall/lang"
	"seawall/source/engineapi"
)

// Settings are what the copy is given in place of the original's.
type Settings struct {
	CapAdd          []string // after all are dropped; without CAP_
	NoNewPrivileges bool
	Seccomp         string // a profile in JSON; the engine's own if empty
	ReadOnly        bool
	Tmpfs           map[string]string // options by path
	Volumes         []string          // paths of more volumes
	Pids            int64             // limit; none if 0
}

// Plan is what will be started.
type Plan struct {
	// Name is the copy's, Image what it is made from, Original the container's name.
	Name, Image, Original string
	// Health: it has a health check of its own.
	Health bool
	// Fresh are the paths of volumes that the copy gets new and empty ones for, with the
	// image's files; ReadOnly the paths of binds that it may only read; Devices how many
	// devices of the host it is given, as the original is.
	Fresh, ReadOnly []string
	Devices         int
	// Privileged: the copy with the original's settings is.
	Privileged bool
	// Declared: there is no original, only what an image or a file declares.
	Declared bool

	config container.Config
	host   container.HostConfig
}

// label marks the copies, so that one that was left behind is found.
const label = "seawall.rehearsal"

// NewPlan reads a container's settings and plans its copy. Nothing is started.
func NewPlan(ctx context.Context, api *engineapi.Changer, id string) (*Plan, error) {
	var c container.InspectResponse
	if err := api.Get(ctx, "/containers/"+id+"/json", &c); err != nil {
		return nil, lang.Errorf("plan a copy: %w", err)
	}
	if c.Config == nil || c.HostConfig == nil {
		return nil, lang.Errorf("plan a copy of %s: the engine tells no settings", id)
	}
	p := newPlan(strings.TrimPrefix(c.Name, "/"), *c.Config, *c.HostConfig)
	p.Health = checks(c.Config.Healthcheck)
	p.config.Image = c.Image // by its id: the name may mean another one by now
	p.isolate(c.Mounts)
	return p, nil
}

// NewDeclaredPlan plans a container of what an image or a file declares, by a name for
// people. Nothing is started, and no image is pulled.
func NewDeclaredPlan(ctx context.Context, api *engineapi.Changer, name string, config container.Config, host container.HostConfig) (*Plan, error) {
	var i image.InspectResponse
	if err := api.Get(ctx, "/images/"+config.Image+"/json", &i); err != nil {
		return nil, lang.Errorf("look for the image %s, which is not pulled or built: %w", config.Image, err)
	}
	p := newPlan(name, config, host)
	p.Declared = true
	p.config.Image = i.ID
	check := config.Healthcheck
	points := declaredMounts(&host)
	if i.Config != nil {
		if own := i.Config.Healthcheck; own != nil && (check == nil || len(check.Test) == 0) {
			check = &container.HealthConfig{Test: own.Test}
		}
		for _, volume := range slices.Sorted(maps.Keys(i.Config.Volumes)) {
			if !slices.ContainsFunc(points, func(m container.MountPoint) bool { return m.Destination == volume }) {
				points = append(points, container.MountPoint{Type: mount.TypeVolume, Destination: volume})
			}
		}
	}
	p.Health = checks(check)
	p.isolate(points)
	return p, nil
}

// declaredMounts are the binds and volumes that a request asks for.
func declaredMounts(h *container.HostConfig) []container.MountPoint {
	var out []container.MountPoint
	for _, m := range h.Mounts {
		out = append(out, container.MountPoint{Type: m.Type, Source: m.Source, Destination: m.Target})
	}
	return out
}

func newPlan(original string, config container.Config, host container.HostConfig) *Plan {
	p := &Plan{
		Name: "seawall-rehearsal-" + strings.ToLower(rand.Text()[:8]), Image: config.Image, Original: original,
		Devices: len(host.Devices), Privileged: host.Privileged, config: config, host: host,
	}
	p.config.Labels = map[string]string{label: original}
	p.config.Volumes = maps.Clone(config.Volumes)
	return p
}

// checks reports whether there is a health check.
func checks(h *container.HealthConfig) bool {
	return h != nil && len(h.Test) > 0 && h.Test[0] != "NONE"
}

// isolate takes away whatever of the copy would reach the original or others.
func (p *Plan) isolate(mounts []container.MountPoint) {
	h := &p.host
	h.NetworkMode, h.PortBindings, h.PublishAllPorts, h.Links = "none", network.PortMap{}, false, nil
	h.DNS, h.ExtraHosts = nil, nil
	h.RestartPolicy, h.AutoRemove, h.ContainerIDFile = container.RestartPolicy{Name: "no"}, false, ""
	h.VolumesFrom, h.Binds = nil, nil
	h.Mounts = slices.DeleteFunc(slices.Clone(h.Mounts), func(m mount.Mount) bool { return m.Type != mount.TypeTmpfs })
	h.LogConfig = container.LogConfig{Type: "json-file", Config: map[string]string{"max-size": "1m"}}
	h.PidMode, h.IpcMode, h.UTSMode = "", "", "" // of its own
	p.config.ExposedPorts = nil
	for _, m := range mounts {
		switch m.Type {
		case mount.TypeBind:
			p.ReadOnly = append(p.ReadOnly, m.Destination)
			h.Mounts = append(h.Mounts, mount.Mount{Type: mount.TypeBind, Source: m.Source, Target: m.Destination, ReadOnly: true})
		case mount.TypeVolume:
			p.Fresh = append(p.Fresh, m.Destination)
			h.Mounts = append(h.Mounts, mount.Mount{Type: mount.TypeVolume, Target: m.Destination})
		}
	}
	slices.Sort(p.ReadOnly)
	slices.Sort(p.Fresh)
}

// with are the settings of a copy; the original's if s is nil.
func (p *Plan) with(s *Settings) container.HostConfig {
	h := p.host
	if s == nil {
		return h
	}
	h.Privileged = false
	h.CapDrop, h.CapAdd = []string{"ALL"}, s.CapAdd
	h.SecurityOpt = slices.DeleteFunc(slices.Clone(h.SecurityOpt), func(o string) bool {
		return strings.HasPrefix(o, "no-new-privileges") || strings.HasPrefix(o, "seccomp")
	})
	if s.NoNewPrivileges {
		h.SecurityOpt = append(h.SecurityOpt, "no-new-privileges")
	}
	if s.Seccomp != "" {
		h.SecurityOpt = append(h.SecurityOpt, "seccomp="+s.Seccomp)
	}
	if s.ReadOnly {
		h.ReadonlyRootfs = true
		h.Tmpfs = maps.Clone(h.Tmpfs)
		if h.Tmpfs == nil {
			h.Tmpfs = map[string]string{}
		}
		maps.Copy(h.Tmpfs, s.Tmpfs)
		h.Mounts = slices.Clone(h.Mounts)
		for _, v := range s.Volumes {
			h.Mounts = append(h.Mounts, mount.Mount{Type: mount.TypeVolume, Target: v})
		}
	}
	if s.Pids > 0 {
		h.PidsLimit = &s.Pids
	}
	return h
}
