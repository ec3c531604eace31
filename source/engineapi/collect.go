package engineapi

import (
	"context"
	"strings"
	"sync"

	"seawall/snapshot"
)

// Collect reads all that the API tells. It always returns; what could not be
// read is a gap. Settings that only the daemon's command line or file tells are
// left uncollected.
func (c *Client) Collect(ctx context.Context) snapshot.Engine {
	e := newEngine(c.endpoint)
	var version versionAnswer
	var info infoAnswer
	var images []imageSummary
	var versionErr, infoErr, imagesErr error
	var parts sync.WaitGroup
	parts.Go(func() { versionErr = c.get(ctx, "/version", &version) })
	parts.Go(func() { infoErr = c.get(ctx, "/info", &info) })
	parts.Go(func() { e.Containers = c.containers(ctx) })
	parts.Go(func() { e.Networks = c.networks(ctx) })
	parts.Go(func() { e.Volumes = c.volumes(ctx) })
	parts.Go(func() { e.Plugins = c.plugins(ctx) })
	parts.Go(func() { images, imagesErr = c.listImages(ctx) })
	parts.Wait()

	e.API = c.apiFact(version)
	addVersion(&e, version, versionErr)
	addInfo(&e, info, infoErr)
	e.Images = c.images(ctx, images, imagesErr, e.Containers)
	e.Swarm = c.swarm(ctx, info, infoErr)
	addDefaultBridge(&e)
	attachContainers(&e)
	if e.Kind == podman {
		blindPodman(&e)
	}
	return e
}

// Unreachable is an engine that could not be connected to: everything that its
// API would tell is the gap.
func Unreachable(endpoint Endpoint, err *ConnectError) snapshot.Engine {
	e := newEngine(endpoint)
	gap := err.Gap()
	e.API = snapshot.Lost[snapshot.API](gap, snapshot.At("Api-Version", "GET /_ping"))
	addVersion(&e, versionAnswer{}, err)
	addInfo(&e, infoAnswer{}, err)
	e.Containers = snapshot.Lost[[]snapshot.Container](gap, snapshot.At("containers", listContainers))
	e.Images = snapshot.Lost[[]snapshot.Image](gap, snapshot.At("images", "GET /images/json"))
	e.Networks = snapshot.Lost[[]snapshot.Network](gap, snapshot.At("networks", "GET /networks"))
	e.Volumes = snapshot.Lost[[]snapshot.Volume](gap, snapshot.At("volumes", "GET /volumes"))
	e.Plugins = snapshot.Lost[[]snapshot.Plugin](gap, snapshot.At("plugins", "GET /plugins"))
	e.Swarm = snapshot.Lost[snapshot.Swarm](gap, snapshot.At("Swarm", getInfo))
	snapshot.Walk(&e, func(_ string, f snapshot.AnyFact) {
		if f.State() == snapshot.Unreadable {
			f.Blind(gap)
		}
	})
	return e
}

func newEngine(endpoint Endpoint) snapshot.Engine {
	return snapshot.Engine{
		Name: endpoint.Host, Kind: docker, FoundBy: endpoint.FoundBy,
		Local: strings.HasPrefix(endpoint.Host, "unix://"),
	}
}

func (c *Client) apiFact(v versionAnswer) snapshot.Fact[snapshot.API] {
	api := c.api
	api.MinVersion = v.MinAPIVersion
	return snapshot.See(api, snapshot.At("Api-Version", "GET /_ping"))
}
