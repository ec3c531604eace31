package engineapi

import (
	"cmp"
	"context"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/apimodel"
)

// serviceAnswer is what is needed of an element of GET /services.
type serviceAnswer struct {
	Spec struct {
		Name         string
		TaskTemplate struct {
			ContainerSpec *containerSpec
			Resources     struct{ Limits struct{ MemoryBytes int64 } }
			Networks      []struct{ Target string }
		}
	}
}

type containerSpec struct {
	Image         string
	Env           []string
	CapabilityAdd []string
	Mounts        []struct {
		Type, Source, Target string
		ReadOnly             bool
		VolumeOptions        struct {
			DriverConfig struct {
				Name    string
				Options map[string]string
			}
		}
	}
	Privileges struct {
		SELinuxContext struct{ Disable bool }
		Seccomp        struct{ Mode string }
		AppArmor       struct{ Mode string }
	}
}

func (c *Client) services(ctx context.Context) ([]snapshot.SwarmService, error) {
	var list []serviceAnswer
	if err := c.get(ctx, "/services", &list); err != nil {
		return nil, err
	}
	host, err := c.hostNetworks(ctx, list)
	out := make([]snapshot.SwarmService, 0, len(list))
	for i := range list {
		out = append(out, fromService(&list[i], host))
	}
	slices.SortFunc(out, func(a, b snapshot.SwarmService) int { return cmp.Compare(a.Name, b.Name) })
	return out, err
}

func fromService(s *serviceAnswer, host map[string]bool) snapshot.SwarmService {
	task := s.Spec.TaskTemplate
	out := snapshot.SwarmService{Name: s.Spec.Name}
	out.MemoryLimit = task.Resources.Limits.MemoryBytes
	for _, n := range task.Networks {
		out.HostNetwork = out.HostNetwork || host[n.Target]
	}
	spec := task.ContainerSpec
	if spec == nil {
		return out
	}
	out.Image, out.CapAdd, out.Unconfined = spec.Image, snapshot.Caps(spec.CapabilityAdd...), spec.unconfined()
	for _, assignment := range spec.Env {
		out.Env = append(out.Env, snapshot.RedactEnv(assignment))
	}
	for _, m := range spec.Mounts {
		driver := m.VolumeOptions.DriverConfig
		if mount, ok := snapshot.NewServiceMount(m.Type, m.Source, m.Target, m.ReadOnly, driver.Name, driver.Options); ok {
			out.Mounts = append(out.Mounts, mount)
		}
	}
	return out
}

// unconfined lists the guards that are switched off. Engines from 25 on can do
// so (API 1.44); SELinux labels could be switched off before.
func (s *containerSpec) unconfined() []string {
	var out []string
	if s.Privileges.Seccomp.Mode == "unconfined" {
		out = append(out, "seccomp")
	}
	if s.Privileges.AppArmor.Mode == "disabled" {
		out = append(out, "AppArmor")
	}
	if s.Privileges.SELinuxContext.Disable {
		out = append(out, "SELinux")
	}
	return out
}

// maxServiceNetworks bounds the networks that are asked for one by one.
const maxServiceNetworks = 256

// hostNetworks finds those of the services' networks that are the host's own.
// GET /networks leaves the swarm's own "host" out; asked for by id it is told.
func (c *Client) hostNetworks(ctx context.Context, services []serviceAnswer) (map[string]bool, error) {
	out := map[string]bool{}
	for i := range services {
		for _, n := range services[i].Spec.TaskTemplate.Networks {
			if _, asked := out[n.Target]; asked {
				continue
			}
			if len(out) == maxServiceNetworks {
				return out, lang.RecordErrorf("the services use more than %d networks", maxServiceNetworks)
			}
			var network apimodel.Network
			if err := c.get(ctx, "/networks/"+n.Target, &network); err != nil && !notFound(err) {
				return out, err
			}
			out[n.Target] = network.Driver == "host"
		}
	}
	return out, nil
}

// nodes lists the nodes of the swarm.
func (c *Client) nodes(ctx context.Context) snapshot.Fact[[]snapshot.SwarmNode] {
	var list []struct {
		Spec        struct{ Role, Availability string }
		Description struct{ Hostname string }
	}
	err := c.get(ctx, "/nodes", &list)
	out := make([]snapshot.SwarmNode, 0, len(list))
	for _, n := range list {
		out = append(out, snapshot.SwarmNode{Name: n.Description.Hostname, Manager: n.Spec.Role == "manager", Availability: n.Spec.Availability})
	}
	slices.SortFunc(out, func(a, b snapshot.SwarmNode) int { return cmp.Compare(a.Name, b.Name) })
	return read(out, err, "nodes", "GET /nodes")
}

// configs lists the configs of the swarm. Their content comes with the list; it
// is searched for secrets and dropped.
func (c *Client) configs(ctx context.Context) snapshot.Fact[[]snapshot.SwarmConfig] {
	var list []struct {
		Spec struct {
			Name string
			Data []byte
		}
	}
	err := c.get(ctx, "/configs", &list)
	out := make([]snapshot.SwarmConfig, 0, len(list))
	for _, config := range list {
		out = append(out, snapshot.SwarmConfig{Name: config.Spec.Name, Secrets: snapshot.SecretLines(config.Spec.Data)})
	}
	slices.SortFunc(out, func(a, b snapshot.SwarmConfig) int { return cmp.Compare(a.Name, b.Name) })
	return read(out, err, "configs", "GET /configs")
}

// secrets lists the names of the swarm's secrets. The API gives no content.
func (c *Client) secrets(ctx context.Context) snapshot.Fact[[]string] {
	var list []struct{ Spec struct{ Name string } }
	err := c.get(ctx, "/secrets", &list)
	out := make([]string, 0, len(list))
	for _, secret := range list {
		out = append(out, secret.Spec.Name)
	}
	slices.Sort(out)
	return read(out, err, "secrets", "GET /secrets")
}
