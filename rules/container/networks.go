package container

import (
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// network finds a network of the engine by name; nil if it has none of that
// name or they cannot be read, which is recorded.
func network(c *rule.Context, name string) *snapshot.Network {
	networks, _ := c.Engine.Networks.Look(c)
	for i := range networks {
		if networks[i].Name == name || networks[i].ID == name {
			return &networks[i]
		}
	}
	return nil
}

// othersText names the one container or how many there are: n counts the
// container itself if it runs.
func othersText(first string, n int) string {
	if n > 2 {
		return lang.Sprintf("%s and others", first)
	}
	return first
}
