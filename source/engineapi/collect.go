package engineapi

import (
	"context"
	"errors"
	"strings"
	"sync"

	"seawall/lang"
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

// Blind makes a gap of everything that the API of an engine would have told,
// for one that could not be connected to.
func Blind(e *snapshot.Engine, gap snapshot.Gap) {
	err := errors.New(lang.N("not connected")) // each fact gets the gap instead
	e.API = snapshot.Lost[snapshot.API](gap, snapshot.At("Api-Version", "GET /_ping"))
	addVersion(e, versionAnswer{}, err)
	addInfo(e, infoAnswer{}, err)
	e.Containers = snapshot.Lost[[]snapshot.Container](gap, snapshot.At("containers", listContainers))
	e.Images = snapshot.Lost[[]snapshot.Image](gap, snapshot.At("images", getImages))
	e.Networks = snapshot.Lost[[]snapshot.Network](gap, snapshot.At("networks", getNetworks))
	e.Volumes = snapshot.Lost[[]snapshot.Volume](gap, snapshot.At("volumes", "GET /volumes"))
	e.Plugins = snapshot.Lost[[]snapshot.Plugin](gap, snapshot.At("plugins", "GET /plugins"))
	e.Swarm = snapshot.Lost[snapshot.Swarm](gap, snapshot.At("Swarm", getInfo))
	snapshot.Walk(&e.Settings, func(_ string, f snapshot.AnyFact) {
		if f.State() == snapshot.Unreadable {
			f.Blind(gap)
		}
	})
	e.Version.Blind(gap)
	e.Components.Blind(gap)
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
