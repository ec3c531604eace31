package apimodel

import (
	"cmp"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"seawall/lang"
	"seawall/snapshot"
)

// Labels that Compose gives to the containers and networks it makes.
const (
	LabelProject = "com.docker.compose.project"
	LabelService = "com.docker.compose.service"
)

// FromInspect turns the answer of GET /containers/ID/json into a container.
// The source names the document: "GET /containers/web/json". The inner facts
// of a running container's process are left to whoever can read /proc.
func FromInspect(in container.InspectResponse, source string) snapshot.Container {
	name := strings.TrimPrefix(in.Name, "/")
	if in.HostConfig == nil || in.Config == nil {
		return Unreadable(in.ID, name, snapshot.Gap{
			Reason: snapshot.ReasonMalformed,
			Detail: lang.N("the answer has no HostConfig or no Config"),
		}, source)
	}
	b := builder{config: in.Config, host: in.HostConfig, source: source}
	c := b.common(name)
	c.ID = in.ID
	c.ImageID = see(b, "Image", in.Image)
	c.ImageLocal = snapshot.Lost[bool](noImageOrigin, b.at("Image"))
	c.User = see(b, "Config.User", in.Config.User)
	c.Health = see(b, "Config.Healthcheck", hasHealthcheck(in.Config))
	c.ProcessLabel = see(b, "ProcessLabel", in.ProcessLabel)
	c.RestartCount = see(b, "RestartCount", in.RestartCount)
	if in.AppArmorProfile != "" {
		c.AppArmor = see(b, "AppArmorProfile", in.AppArmorProfile)
	}
	c.Mounts = see(b, "Mounts", inspectMounts(in))
	b.state(&c, in.State)
	b.network(&c, in.NetworkSettings)
	return c
}

// noImageOrigin is why a container alone does not tell where its image came from: the list
// of images does.
var noImageOrigin = snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.N("the container does not tell where its image came from"), Remedy: lang.N("audit the engine itself")}

// FromCreate turns what is sent to POST /containers/create into a container
// that does not run yet. What only the image or the host decides is a gap of
// reason unresolved: the user and health check if not given. Nil parts stand
// for empty ones.
func FromCreate(name string, config *container.Config, host *container.HostConfig, net *network.NetworkingConfig, source string) snapshot.Container {
	b := builder{
		config: cmp.Or(config, &container.Config{}),
		host:   cmp.Or(host, &container.HostConfig{}),
		source: source,
	}
	c := b.common(name)
	c.ImageID = snapshot.None[string](b.at("Image"))
	c.ImageLocal = snapshot.None[bool](b.at("Image"))
	c.State = see(b, "State", "declared")
	c.Started = snapshot.None[time.Time](b.at("State.StartedAt"))
	c.ProcessLabel = snapshot.None[string](b.at("ProcessLabel"))
	c.User = see(b, "Config.User", b.config.User)
	if b.config.User == "" {
		c.User = snapshot.Lost[string](imageDecides("user", lang.N("--user or user:")), b.at("Config.User"))
	}
	c.Health = see(b, "Config.Healthcheck", hasHealthcheck(b.config))
	if check := b.config.Healthcheck; check == nil || len(check.Test) == 0 {
		c.Health = snapshot.Lost[bool](imageDecides("health check", lang.N("--health-cmd or healthcheck:")), b.at("Config.Healthcheck"))
	}
	if len(b.config.Cmd) == 0 && len(b.config.Entrypoint) == 0 {
		c.SecretArguments = snapshot.Lost[[]string](imageDecides("command", lang.N("a command after the image, or command:")), b.at("Config.Cmd"))
	}
	c.Mounts = see(b, "HostConfig.Mounts", b.declaredMounts())
	c.Networks = see(b, "NetworkingConfig", b.declaredEndpoints(net))
	c.Process = snapshot.None[snapshot.Process](b.at("State.Pid"))
	c.Observed.Blind(snapshot.Unobserved("a declaration does not tell what the container will be seen to use"))
	return c
}

func imageDecides(what, option string) snapshot.Gap {
	return snapshot.Gap{
		Reason: snapshot.ReasonUnresolved,
		Detail: lang.Recordf("the declaration names no %s; the image decides", what),
		Remedy: lang.Recordf("set it (%s), or audit the container itself", option),
	}
}

// builder makes the facts of one container.
type builder struct {
	config *container.Config
	host   *container.HostConfig
	source string
}

func (b builder) at(path string) snapshot.Origin { return snapshot.At(path, b.source) }

func see[T any](b builder, path string, value T) snapshot.Fact[T] {
	return snapshot.See(value, b.at(path))
}

// state fills what inspect tells of the container's life.
func (b builder) state(c *snapshot.Container, s *container.State) {
	if s == nil {
		gap := snapshot.Gap{Reason: snapshot.ReasonMalformed, Detail: lang.N("the answer has no State")}
		c.State = snapshot.Lost[string](gap, b.at("State.Status"))
		c.Started = snapshot.Lost[time.Time](gap, b.at("State.StartedAt"))
		c.Process = snapshot.Lost[snapshot.Process](gap, b.at("State.Pid"))
		return
	}
	c.State = see(b, "State.Status", string(s.Status))
	c.Started = snapshot.None[time.Time](b.at("State.StartedAt"))
	// The engine writes the year 1 for a container that never started.
	if t, err := time.Parse(time.RFC3339Nano, s.StartedAt); err == nil && t.Year() > 1 {
		c.Started = see(b, "State.StartedAt", t)
	}
	c.Process = snapshot.None[snapshot.Process](b.at("State.Pid"))
	if s.Pid > 0 {
		c.Process = see(b, "State.Pid", snapshot.Process{PID: s.Pid})
	}
}

// network fills what inspect tells of the container's networks. The ports of a
// container that runs are those in force, with the addresses that the engine
// chose; of one that doesn't, those asked for.
func (b builder) network(c *snapshot.Container, s *container.NetworkSettings) {
	if s == nil {
		c.Networks = snapshot.Lost[[]snapshot.Endpoint](snapshot.Gap{
			Reason: snapshot.ReasonMalformed, Detail: lang.N("the answer has no NetworkSettings"),
		}, b.at("NetworkSettings.Networks"))
		return
	}
	c.Networks = see(b, "NetworkSettings.Networks", endpoints(s.Networks))
	if c.Running() {
		c.Ports = see(b, "NetworkSettings.Ports", portList(s.Ports))
	}
}

// hasHealthcheck: {"NONE"} switches the image's check off, and an empty test
// inherits it; inspect shows the check after inheritance.
func hasHealthcheck(c *container.Config) bool {
	return c.Healthcheck != nil && len(c.Healthcheck.Test) > 0 && c.Healthcheck.Test[0] != "NONE"
}
