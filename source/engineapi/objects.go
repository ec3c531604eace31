package engineapi

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

var errNoConfig = errors.New(lang.N("there is no Config in it"))

// volumes lists the volumes, with the options of their drivers.
func (c *Client) volumes(ctx context.Context) snapshot.Fact[[]snapshot.Volume] {
	var answer struct {
		Volumes []struct {
			Name, Driver, Mountpoint string
			Options, Labels          map[string]string
		}
	}
	err := c.get(ctx, "/volumes", &answer)
	out := make([]snapshot.Volume, 0, len(answer.Volumes))
	for _, v := range answer.Volumes {
		out = append(out, snapshot.Volume{
			Name: v.Name, Driver: v.Driver, Mountpoint: v.Mountpoint,
			Options: snapshot.RedactOptions(v.Options),
			Labels:  snapshot.See(snapshot.RedactLabels(v.Labels), snapshot.At("Volumes.Labels", "GET /volumes")),
		})
	}
	slices.SortFunc(out, func(a, b snapshot.Volume) int { return cmp.Compare(a.Name, b.Name) })
	return read(out, err, "volumes", "GET /volumes")
}

// plugins lists the managed plugins with what they were granted.
func (c *Client) plugins(ctx context.Context) snapshot.Fact[[]snapshot.Plugin] {
	var list []struct {
		Name    string
		Enabled bool
		Config  struct {
			Interface struct{ Types []string }
			Linux     struct {
				Capabilities    []string
				AllowAllDevices bool
			}
			Network struct{ Type string }
		}
		Settings struct {
			Mounts []struct {
				Source  *string
				Options []string
			}
			Devices []struct{ Path *string }
		}
	}
	err := c.get(ctx, "/plugins", &list)
	out := make([]snapshot.Plugin, 0, len(list))
	for _, p := range list {
		one := snapshot.Plugin{
			Name: p.Name, Enabled: p.Enabled, Types: p.Config.Interface.Types,
			Capabilities: snapshot.Caps(p.Config.Linux.Capabilities...),
			HostNetwork:  p.Config.Network.Type == "host",
			AllDevices:   p.Config.Linux.AllowAllDevices,
		}
		for _, m := range p.Settings.Mounts {
			switch {
			case m.Source == nil || *m.Source == "":
			case slices.Contains(m.Options, "ro"):
				one.ReadOnlyMounts = append(one.ReadOnlyMounts, *m.Source)
			default:
				one.Mounts = append(one.Mounts, *m.Source)
			}
		}
		for _, d := range p.Settings.Devices {
			if d.Path != nil && *d.Path != "" {
				one.Devices = append(one.Devices, *d.Path)
			}
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b snapshot.Plugin) int { return cmp.Compare(a.Name, b.Name) })
	return read(out, err, "plugins", "GET /plugins")
}
