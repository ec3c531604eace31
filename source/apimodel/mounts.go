package apimodel

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"

	"seawall/snapshot"
)

// inspectMounts are the mounts that the engine made, and the tmpfs mounts that
// inspect keeps in HostConfig only.
func inspectMounts(in container.InspectResponse) []snapshot.Mount {
	options := map[string]map[string]string{}
	for _, m := range in.HostConfig.Mounts {
		options[m.Target] = driverOptions(m)
	}
	var out []snapshot.Mount
	for _, m := range in.Mounts {
		out = append(out, snapshot.Mount{
			Type: string(m.Type), Source: m.Source, Destination: m.Destination,
			ReadOnly: !m.RW, Propagation: propagation(m.Type, m.Propagation),
			Volume: m.Name, Driver: m.Driver, Options: options[m.Destination],
		})
	}
	return sorted(append(out, tmpfs(in.HostConfig.Tmpfs)...))
}

// declaredMounts puts together what the four places of a request ask for:
// Binds (-v), Mounts (--mount), Tmpfs (--tmpfs) and Config.Volumes (-v with a
// path alone). Volumes of the image are not among them.
func (b builder) declaredMounts() []snapshot.Mount {
	var out []snapshot.Mount
	for _, spec := range b.host.Binds {
		out = append(out, bind(spec, b.host.VolumeDriver))
	}
	for _, m := range b.host.Mounts {
		out = append(out, fromSpec(m))
	}
	for path := range b.config.Volumes {
		out = append(out, snapshot.Mount{Type: string(mount.TypeVolume), Destination: path, Driver: volumeDriver(b.host.VolumeDriver)})
	}
	return sorted(append(out, tmpfs(b.host.Tmpfs)...))
}

// bind reads source:destination[:options], the engine's form of -v. A source
// that is no absolute path is the name of a volume.
func bind(spec, driver string) snapshot.Mount {
	parts := strings.SplitN(spec, ":", 3)
	if len(parts) == 1 {
		return snapshot.Mount{Type: string(mount.TypeVolume), Destination: spec, Driver: volumeDriver(driver)}
	}
	m := snapshot.Mount{Type: string(mount.TypeVolume), Destination: parts[1]}
	if strings.HasPrefix(parts[0], "/") {
		m.Type, m.Source = string(mount.TypeBind), parts[0]
	} else {
		m.Volume, m.Driver = parts[0], volumeDriver(driver)
	}
	if len(parts) == 3 {
		for option := range strings.SplitSeq(parts[2], ",") {
			switch {
			case option == "ro":
				m.ReadOnly = true
			case slices.Contains(mount.Propagations, mount.Propagation(option)):
				m.Propagation = option
			}
		}
	}
	m.Propagation = propagation(mount.Type(m.Type), mount.Propagation(m.Propagation))
	return m
}

// fromSpec turns a mount of the long form (--mount) into what inspect will
// show of it.
func fromSpec(in mount.Mount) snapshot.Mount {
	m := snapshot.Mount{Type: string(in.Type), Source: in.Source, Destination: in.Target, ReadOnly: in.ReadOnly}
	var asked mount.Propagation
	if in.BindOptions != nil {
		asked = in.BindOptions.Propagation
	}
	m.Propagation = propagation(in.Type, asked)
	if in.Type == mount.TypeImage {
		m.ReadOnly = true // the engine knows no other way
	}
	if in.Type == mount.TypeVolume {
		m.Volume, m.Source = in.Source, ""
		m.Options = driverOptions(in)
		m.Driver = volumeDriver("")
		if in.VolumeOptions != nil && in.VolumeOptions.DriverConfig != nil {
			m.Driver = volumeDriver(in.VolumeOptions.DriverConfig.Name)
		}
	}
	return m
}

func driverOptions(m mount.Mount) map[string]string {
	if m.VolumeOptions == nil || m.VolumeOptions.DriverConfig == nil {
		return nil
	}
	return snapshot.RedactOptions(m.VolumeOptions.DriverConfig.Options)
}

// tmpfs mounts: the options of one are mount options, "ro,size=64m".
func tmpfs(in map[string]string) []snapshot.Mount {
	var out []snapshot.Mount
	for _, path := range slices.Sorted(maps.Keys(in)) {
		options := strings.Split(in[path], ",")
		out = append(out, snapshot.Mount{
			Type: string(mount.TypeTmpfs), Destination: path,
			ReadOnly: slices.Contains(options, "ro"), Exec: lastOf(options, "exec", "noexec") == "exec",
		})
	}
	return out
}

// lastOf is the last of two opposite options: it is the one that counts.
func lastOf(options []string, a, b string) string {
	for _, o := range slices.Backward(options) {
		if o == a || o == b {
			return o
		}
	}
	return ""
}

// propagation fills in the engine's default for binds and images.
func propagation(kind mount.Type, asked mount.Propagation) string {
	if asked == "" && (kind == mount.TypeBind || kind == mount.TypeImage) {
		return string(mount.PropagationRPrivate)
	}
	return string(asked)
}

func volumeDriver(name string) string { return cmp.Or(name, "local") }

// sorted orders by destination: inspect lists them in a map's order.
func sorted(mounts []snapshot.Mount) []snapshot.Mount {
	slices.SortStableFunc(mounts, func(a, b snapshot.Mount) int { return cmp.Compare(a.Destination, b.Destination) })
	return mounts
}
