// Package imageconfig makes facts of the configuration of an image, as engines and
// archives tell it.
package imageconfig

import (
	"maps"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// Config is what is needed of an image's configuration (the field "config" of the
// OCI image specification, "Config" of GET /images/ID/json).
type Config struct {
	User        string
	Env         []string
	Healthcheck *struct{ Test []string }

	ExposedPorts, Volumes map[string]struct{}
	Labels                map[string]string
}

// maxNames bounds the ports and volumes of an image.
const maxNames = 256

// Fill sets the facts of an image that its configuration tells. The document is the
// source that they name.
func Fill(i *snapshot.Image, c *Config, document string) {
	var env []snapshot.EnvVar
	for _, assignment := range c.Env {
		env = append(env, snapshot.RedactEnv(assignment))
	}
	check := c.Healthcheck
	i.User = snapshot.See(c.User, snapshot.At("Config.User", document))
	i.Env = snapshot.See(env, snapshot.At("Config.Env", document))
	i.Health = snapshot.See(check != nil && len(check.Test) > 0 && check.Test[0] != "NONE", snapshot.At("Config.Healthcheck", document))
	i.Labels = snapshot.See(snapshot.RedactLabels(c.Labels), snapshot.At("Config.Labels", document))
	i.Exposed = names(c.ExposedPorts, "Config.ExposedPorts", document)
	i.Volumes = names(c.Volumes, "Config.Volumes", document)
}

// Lose makes gaps of the facts that a configuration tells.
func Lose(i *snapshot.Image, gap snapshot.Gap, document string) {
	i.User = snapshot.Lost[string](gap, snapshot.At("Config.User", document))
	i.Env = snapshot.Lost[[]snapshot.EnvVar](gap, snapshot.At("Config.Env", document))
	i.Health = snapshot.Lost[bool](gap, snapshot.At("Config.Healthcheck", document))
	i.Labels = snapshot.Lost[map[string]string](gap, snapshot.At("Config.Labels", document))
	i.Exposed = snapshot.Lost[[]string](gap, snapshot.At("Config.ExposedPorts", document))
	i.Volumes = snapshot.Lost[[]string](gap, snapshot.At("Config.Volumes", document))
}

// names are the keys of a set, sorted. Of more than the bound none are kept.
func names(set map[string]struct{}, path, document string) snapshot.Fact[[]string] {
	if len(set) > maxNames {
		return snapshot.Lost[[]string](snapshot.Gap{
			Reason: snapshot.ReasonUnsupported, Detail: lang.Recordf("there are %d, and at most %d are read", len(set), maxNames),
		}, snapshot.At(path, document))
	}
	return snapshot.See(slices.Sorted(maps.Keys(set)), snapshot.At(path, document))
}
