package scene

import (
	"slices"

	"seawall/rule/example"
	"seawall/snapshot"
)

// InGroup puts an account into a group, which then is not empty.
func InGroup(name string, group string) func(*snapshot.Snapshot) {
	return example.Host(func(h *snapshot.Host) {
		users, _ := h.Users.Peek()
		changed := slices.Clone(users)
		for i := range changed {
			if changed[i].Name == name {
				changed[i].Groups = append(slices.Clone(changed[i].Groups), group)
			}
		}
		example.Set(&h.Users, changed)
		empty, _ := h.EmptyGroups.Peek()
		example.Set(&h.EmptyGroups, slices.DeleteFunc(slices.Clone(empty), func(g string) bool { return g == group }))
	})
}
