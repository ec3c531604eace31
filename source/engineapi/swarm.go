package engineapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"seawall/snapshot"
)

// swarmInfo is the engine's part in a swarm, as GET /info tells it. The cluster
// in it has no join tokens and no keys; GET /swarm, which has, is never asked.
type swarmInfo struct {
	NodeID           string
	LocalNodeState   string
	ControlAvailable bool
	Nodes, Managers  int
	Cluster          *struct {
		Spec struct {
			EncryptionConfig struct{ AutoLockManagers bool }
			CAConfig         struct{ NodeCertExpiry time.Duration }
		}
	}
}

// swarm is absent where swarm is off. What only a manager knows is a gap on
// other nodes.
func (c *Client) swarm(ctx context.Context, info infoAnswer, err error) snapshot.Fact[snapshot.Swarm] {
	state := snapshot.At("Swarm.LocalNodeState", getInfo)
	if err != nil {
		return snapshot.Lost[snapshot.Swarm](gapFrom(err), state)
	}
	s := info.Swarm
	if s.LocalNodeState == "" || s.LocalNodeState == "inactive" {
		return snapshot.None[snapshot.Swarm](state)
	}
	out := snapshot.Swarm{NodeID: s.NodeID, Manager: s.ControlAvailable, Managers: s.Managers, Nodes: s.Nodes}
	autoLock := snapshot.At("Swarm.Cluster.Spec.EncryptionConfig.AutoLockManagers", getInfo)
	expiry := snapshot.At("Swarm.Cluster.Spec.CAConfig.NodeCertExpiry", getInfo)
	services := snapshot.At("services", "GET /services")
	if !s.ControlAvailable || s.Cluster == nil {
		gap := managerOnly(s.LocalNodeState)
		out.AutoLock = snapshot.Lost[bool](gap, autoLock)
		out.CertificateExpiry = snapshot.Lost[time.Duration](gap, expiry)
		out.Services = snapshot.Lost[[]snapshot.SwarmService](gap, services)
		return snapshot.See(out, state)
	}
	out.AutoLock = snapshot.See(s.Cluster.Spec.EncryptionConfig.AutoLockManagers, autoLock)
	out.CertificateExpiry = snapshot.See(s.Cluster.Spec.CAConfig.NodeCertExpiry, expiry)
	list, err := c.services(ctx)
	out.Services = read(list, err, services.Path, services.Source)
	return snapshot.See(out, state)
}

func managerOnly(state string) snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonUnsupported,
		Detail: "only a manager tells it, and this node is a worker or locked (" + state + ")",
		Remedy: "audit a manager of the swarm",
	}
}

func (c *Client) services(ctx context.Context) ([]snapshot.SwarmService, error) {
	var list []struct {
		Spec struct {
			Name         string
			TaskTemplate struct {
				ContainerSpec *struct {
					Image string
					Env   []string
				}
			}
		}
	}
	err := c.get(ctx, "/services", &list)
	out := make([]snapshot.SwarmService, 0, len(list))
	for _, s := range list {
		one := snapshot.SwarmService{Name: s.Spec.Name}
		if spec := s.Spec.TaskTemplate.ContainerSpec; spec != nil {
			one.Image = spec.Image
			for _, assignment := range spec.Env {
				one.Env = append(one.Env, snapshot.RedactEnv(assignment))
			}
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b snapshot.SwarmService) int { return cmp.Compare(a.Name, b.Name) })
	return out, err
}
