package daemonconfig

import (
	"encoding/json"
	"fmt"
	"slices"

	"seawall/lang"
)

// builderSettings are the switches of the key "builder" (moby,
// daemon/config/builder.go).
type builderSettings struct {
	GC           struct{ Enabled *bool }
	Entitlements struct {
		NetworkHost      *bool `json:"network-host"`
		SecurityInsecure *bool `json:"security-insecure"`
	}
}

// builderSwitches lists the switches that the object "builder" sets, as
// name=value, sorted.
func builderSwitches(raw json.RawMessage) ([]string, error) {
	var b builderSettings
	if json.Unmarshal(raw, &b) != nil {
		return nil, lang.Errorf("want an object with gc and entitlements, got %s", typeOf(raw))
	}
	var out []string
	for name, value := range map[string]*bool{
		"gc.enabled":                     b.GC.Enabled,
		"entitlements.network-host":      b.Entitlements.NetworkHost,
		"entitlements.security-insecure": b.Entitlements.SecurityInsecure,
	} {
		if value != nil {
			out = append(out, fmt.Sprintf("%s=%t", name, *value))
		}
	}
	slices.Sort(out)
	return out, nil
}
