package rehearse

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"

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

	config container.Config
	host   container.HostConfig
}

// label marks the copies, so that one that was left behind is found.
const label = "seawall.rehearsal"

// NewPlan reads a container's settings and plans its copy. Nothing is started.
func NewPlan(ctx context.Context, api *engineapi.Changer, id string) (*Plan, error) {
	var c container.InspectResponse
	if err := api.Get(ctx, "/containers/"+id+"/json", &c); err != nil {
		return nil, fmt.Errorf("plan a copy: %w", err)
	}
	if c.Config == nil || c.HostConfig == nil {
		return nil, fmt.Errorf("plan a copy of %s: the engine tells no settings", id)
	}
	p := &Plan{
		Name: "seawall-rehearsal-" + strings.ToLower(rand.Text()[:8]), Image: c.Config.Image, Original: strings.TrimPrefix(c.Name, "/"),
		config: *c.Config, host: *c.HostConfig,
	}
	if h := c.Config.Healthcheck; h != nil && len(h.Test) > 0 && h.Test[0] != "NONE" {
		p.Health = true
	}
	p.config.Image = c.Image // by its id: the name may mean another one by now
	p.config.Labels = map[string]string{label: p.Original}
	p.config.Volumes = maps.Clone(c.Config.Volumes)
	p.isolate(c.Mounts)
	p.Devices, p.Privileged = len(p.host.Devices), p.host.Privileged
	return p, nil
}

// isolate takes away whatever of the copy would reach the original or others.
func (p *Plan) isolate(mounts []container.MountPoint) {
	h := &p.host
	h.NetworkMode, h.PortBindings, h.PublishAllPorts, h.Links = "none", network.PortMap{}, false, nil
	h.DNS, h.ExtraHosts = nil, nil
	h.RestartPolicy, h.AutoRemove, h.ContainerIDFile = container.RestartPolicy{Name: "no"}, false, ""
	h.VolumesFrom, h.Binds, h.Mounts = nil, nil, nil
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
