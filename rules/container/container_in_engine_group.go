package container

import (
	"strconv"
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func inEngineGroup() *rule.Rule {
	return &rule.Rule{
		ID:       "container-in-engine-group",
		Title:    "A container's program is in the group of the engine's socket",
		Severity: rule.Medium,
		Why: "The group opens the engine's socket to a program that is no root: one mount, or one step out of the container, and it controls the engine. " +
			"An ordinary user inside no longer holds anything back. The group is told by its number, the only thing that counts.",
		Fix: rule.Fix{
			Text:    "Give the program a group that no one has on the host. Where it needs some of the engine's API, let it talk to a filtering proxy.",
			Run:     "remove: --group-add 998",
			Compose: "services:\n  web:\n    group_add: []   # without the number of the engine's group",
			Breaks:  "Programs that open the engine's socket, or other files of that group.",
			Edits:   rule.Edits{Do: []rule.Edit{rule.Drop("group_add")}},
		},
		Refs: rule.Refs{NIST: "4.4.3", ATTACK: "T1078 T1611", Guide: "G6 G3", Docs: "Linux post-installation steps for Docker Engine"},
		Bad: []rule.Example{
			{Run: "docker run --user 1000 --group-add 998 alpine"},
			{Run: "docker run --user 1000:998 alpine"},
		},
		Good:      []rule.Example{{Run: "docker run --user 1000:1000 --group-add 44 alpine"}, {Run: "docker run --user 1000 alpine"}},
		Container: checkInEngineGroup,
	}
}

func checkInEngineGroup(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if why := confinement.Confined(c.Engine, ctr); why != "" {
		return c.NotApplicable("its groups are others on the host: %s", why)
	}
	groups, _ := ctr.GroupAdd.Try(c)
	user, _ := ctr.User.Try(c)
	_, primary, _ := strings.Cut(user, ":")
	for _, group := range append(groups[:len(groups):len(groups)], primary) {
		number, err := strconv.Atoi(group)
		if err != nil {
			continue // what a name stands for is written in the image
		}
		if number == 0 && confinement.NotRoot(c.Engine, ctr) == "" {
			continue // root's own group gives root nothing
		}
		if socket := socketOfGroup(c, number); socket != "" {
			return c.Fail("its program is in group %d, to which %s belongs%s", number, socket, life(ctr))
		}
	}
	c.Engine.ListsAll(c)
	return c.Pass("no group that it names by number is that of an engine's socket")
}

// socketOfGroup is the path of a socket of the engine that the group may open.
func socketOfGroup(c *rule.Context, gid int) string {
	listeners, _ := c.Engine.Listeners.Look(c)
	for i := range listeners {
		if listeners[i].Service != "engine" {
			continue
		}
		socket, _ := listeners[i].Socket.Look(c)
		if socket.GID == gid && socket.Mode&0o020 != 0 {
			c.Cite(listeners[i].Socket.Origin(), lang.Sprintf("group %d, mode %s", gid, socket.Mode))
			return listeners[i].Address
		}
	}
	return ""
}
