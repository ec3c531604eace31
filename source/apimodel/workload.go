package apimodel

import (
	"maps"
	"slices"
	"strings"

	"seawall/snapshot"
)

// addWorkload fills what a container asks for beyond its confinement: groups,
// what happens where memory runs out, how it is logged, and where secrets stand
// in the open.
func (b builder) addWorkload(c *snapshot.Container) {
	h := b.host
	c.GroupAdd = see(b, "HostConfig.GroupAdd", list(h.GroupAdd))
	c.MemorySwap = see(b, "HostConfig.MemorySwap", memorySwap(h.Memory, h.MemorySwap))
	c.OOMKillDisable = see(b, "HostConfig.OomKillDisable", h.OomKillDisable != nil && *h.OomKillDisable)
	c.OOMScoreAdj = see(b, "HostConfig.OomScoreAdj", h.OomScoreAdj)
	c.WritableCgroups = see(b, "HostConfig.SecurityOpt", writableCgroups(h.SecurityOpt))
	c.RestartCount = see(b, "RestartCount", 0)
	c.ExtraHosts = see(b, "HostConfig.ExtraHosts", list(h.ExtraHosts))
	c.LogOptions = see(b, "HostConfig.LogConfig.Config", logOptions(h.LogConfig.Config))
	c.Labels = see(b, "Config.Labels", snapshot.RedactLabels(b.config.Labels))
	c.SecretLabels = see(b, "Config.Labels", snapshot.SecretLabels(b.config.Labels))
	c.SecretArguments = see(b, "Config.Cmd", snapshot.SecretArgs(slices.Concat(b.config.Entrypoint, b.config.Cmd)))
	c.SecretHealth = see(b, "Config.Healthcheck", b.healthSecrets())
	c.DockerHost = b.dockerHost()
}

// memorySwap fills in the engine's default of twice the memory (moby,
// daemon/daemon_unix.go, adaptContainerSettings).
func memorySwap(memory, swap int64) int64 {
	if memory > 0 && swap == 0 {
		return 2 * memory
	}
	return swap
}

// writableCgroups reads the option writable-cgroups, which engines from 28 on
// know (moby, daemon/daemon_unix.go, parseSecurityOpt). The last one counts.
func writableCgroups(options []string) bool {
	on := false
	for _, o := range options {
		key, value, assigned := strings.Cut(o, "=")
		if key == "writable-cgroups" {
			on = !assigned || value == "true" || value == "1"
		}
	}
	return on
}

// plainLogOptions are the options whose values hold no secret.
var plainLogOptions = []string{"max-buffer-size", "max-file", "max-size", "mode"}

// maxLogValue bounds those values: "non-blocking", "100m".
const maxLogValue = 32

func logOptions(in map[string]string) []snapshot.LogOption {
	var out []snapshot.LogOption
	for _, name := range slices.Sorted(maps.Keys(in)) {
		o := snapshot.LogOption{Name: name, Secret: snapshot.RedactEnv(name + "=" + in[name]).Secret()}
		if slices.Contains(plainLogOptions, name) && len(in[name]) <= maxLogValue {
			o.Value = in[name]
		}
		out = append(out, o)
	}
	return out
}

func (b builder) healthSecrets() []string {
	check := b.config.Healthcheck
	if check == nil || len(check.Test) < 2 {
		return nil
	}
	return snapshot.SecretArgs(check.Test[1:])
}

// dockerHost is the last DOCKER_HOST of the environment: the one that counts.
func (b builder) dockerHost() snapshot.Fact[string] {
	at := b.at("Config.Env[DOCKER_HOST]")
	for _, assignment := range slices.Backward(b.config.Env) {
		if value, ok := strings.CutPrefix(assignment, "DOCKER_HOST="); ok && value != "" {
			return snapshot.See(snapshot.RedactURL(value), at)
		}
	}
	return snapshot.None[string](at)
}
