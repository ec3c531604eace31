package engineapi

import (
	"context"
	"time"

	"seawall/lang"
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
		out.NodeList = snapshot.Lost[[]snapshot.SwarmNode](gap, snapshot.At("nodes", "GET /nodes"))
		out.Configs = snapshot.Lost[[]snapshot.SwarmConfig](gap, snapshot.At("configs", "GET /configs"))
		out.Secrets = snapshot.Lost[[]string](gap, snapshot.At("secrets", "GET /secrets"))
		return snapshot.See(out, state)
	}
	out.AutoLock = snapshot.See(s.Cluster.Spec.EncryptionConfig.AutoLockManagers, autoLock)
	out.CertificateExpiry = snapshot.See(s.Cluster.Spec.CAConfig.NodeCertExpiry, expiry)
	list, err := c.services(ctx)
	out.Services = read(list, err, services.Path, services.Source)
	out.NodeList = c.nodes(ctx)
	out.Configs = c.configs(ctx)
	out.Secrets = c.secrets(ctx)
	return snapshot.See(out, state)
}

func managerOnly(state string) snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonUnsupported,
		Detail: lang.Recordf("only a manager tells it, and this node is a worker or locked (%s)", state),
		Remedy: lang.N("audit a manager of the swarm"),
	}
}
