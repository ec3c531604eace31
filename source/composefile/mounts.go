package composefile

import (
	"cmp"
	"path"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"

	"seawall/source/unresolved"
)

// addMounts adds what a service mounts: volumes, tmpfs, the engine's socket
// (use_api_socket), secrets and configs.
func (c converter) addMounts(h *container.HostConfig, s *types.ServiceConfig) {
	for _, v := range s.Volumes {
		h.Mounts = append(h.Mounts, c.mount(v))
	}
	h.Tmpfs = map[string]string{}
	for _, spec := range s.Tmpfs {
		target, options, _ := strings.Cut(spec, ":")
		h.Tmpfs[target] = options
	}
	if s.UseAPISocket {
		const socket = "/var/run/docker.sock"
		h.Mounts = append(h.Mounts, mount.Mount{Type: mount.TypeBind, Source: socket, Target: socket})
	}
	for _, ref := range s.Secrets {
		c.addFile(h, types.FileReferenceConfig(ref), types.FileObjectConfig(c.project.Secrets[ref.Source]), "/run/secrets")
	}
	for _, ref := range s.Configs {
		c.addFile(h, types.FileReferenceConfig(ref), types.FileObjectConfig(c.project.Configs[ref.Source]), "/")
	}
}

// addFile adds a secret or config that is a file of the host. Compose copies others into
// the container.
func (c converter) addFile(h *container.HostConfig, ref types.FileReferenceConfig, from types.FileObjectConfig, dir string) {
	if from.File == "" {
		return
	}
	target := cmp.Or(ref.Target, ref.Source)
	if !path.IsAbs(target) {
		target = path.Join(dir, target)
	}
	h.Mounts = append(h.Mounts, mount.Mount{Type: mount.TypeBind, Source: from.File, Target: target, ReadOnly: true})
}

// mount is one entry of volumes. A source that begins with an open value may be a path
// or the name of a volume: the entry is left open.
func (c converter) mount(v types.ServiceVolumeConfig) mount.Mount {
	out := mount.Mount{Type: mount.Type(v.Type), Source: v.Source, Target: v.Target, ReadOnly: v.ReadOnly}
	_, isOpen := unresolved.In(v.Source)
	if v.Type == types.VolumeTypeVolume && v.Source != "" && !isOpen {
		out.Source = c.volumeName(v.Source)
		if declared, has := c.project.Volumes[v.Source]; has && !bool(declared.External) {
			out.VolumeOptions = &mount.VolumeOptions{DriverConfig: &mount.Driver{Name: declared.Driver, Options: declared.DriverOpts}}
		}
	}
	if v.Bind != nil {
		out.BindOptions = &mount.BindOptions{Propagation: mount.Propagation(v.Bind.Propagation)}
	}
	return out
}
