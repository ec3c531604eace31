package steps

import (
	"strings"

	"seawall/attack"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
)

func userHomeMountRW() *attack.Step {
	is := byOwner(writable(hostplace.Home))
	return &attack.Step{
		ID: "user-home-mount-rw", Title: "Write to a user's home",
		Why:  "A key in authorized_keys logs in as the user, and the user's shell, session and docker command run what lies there.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.LocalUser,
		ATTACK: "T1098.004", Cost: 1, CostReason: "one file written",
		Needs: attack.All(placesInside(), has("it can write to a user's home", is), hostRoot(), noLabel()),
		Each:  eachMount(is, homeOwners, anyUser, readOnlyMount, dropCapabilities),
		Proof: "mountinfo of its process: source and mode of the mount; access(2) tells that its root may write there, and nothing is written",
		Bad: []rule.Example{
			{Run: "docker run -v /home/alice:/x alpine"}, {Run: "docker run -v /home:/x alpine"}, {Run: "docker run -v /home/alice/.ssh:/x alpine"},
			{Run: "docker run -v /home/alice/.config/systemd:/x alpine"},
		},
		Good: append(withoutMount("docker run -v /home/alice:/x alpine"), rule.Example{Run: "docker run -v /home/alice:/x:ro alpine"},
			rule.Example{Run: "docker run -v /home/alice/project:/x alpine"}, rule.Example{Run: "docker run --cap-drop ALL -v /home/alice:/x alpine"}),
	}
}

func rootlessHomeMount() *attack.Step {
	is := func(q *attack.Query, m *hostpath.Mounted) attack.Truth {
		truth := writable(hostplace.Home)(q, m)
		process, known := q.Engine.Daemon.Process.Try(q)
		if truth == attack.No || !known {
			return min(truth, attack.Unknown)
		}
		for _, owner := range homeOwners(q, m) {
			if owner.Name == process.User {
				return attack.Yes
			}
		}
		return attack.No
	}
	return &attack.Step{
		ID: "rootless-home-mount", Title: "Write to the home of the rootless engine's user",
		Why:  "Root in a container of a rootless engine is the user whose engine it is, and the home is that user's.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.LocalUser,
		ATTACK: "T1098.004", Cost: 1, CostReason: "one file written",
		Needs: attack.All(placesInside(), rootlessOwner(), has("it can write to the home of its engine's user", is), noLabel()),
		Each: eachMount(is, func(q *attack.Query, _ *hostpath.Mounted) []attack.State {
			return []attack.State{engineOwner(q.Engine)}
		}, anyUser, readOnlyMount),
		Proof: "mountinfo of its process: source and mode of the mount; access(2) tells that its root may write there, and nothing is written",
		Bad:   []rule.Example{{Run: "docker run -v /home/alice:/x alpine", Facts: rootlessHost}, {Run: "docker run --cap-drop ALL -v /home:/x alpine", Facts: rootlessHost}},
		Good: []rule.Example{
			{Run: "docker run -v /home/alice:/x:ro alpine", Facts: rootlessHost}, {Run: "docker run -v /home/bob:/x alpine", Facts: rootlessHost},
			{Run: "docker run -v /home/alice:/x alpine"},
		},
	}
}

// homeOwners are the users in whose homes a mount is, or whose homes it holds. One
// whose account is not known goes by the name of the home.
func homeOwners(q *attack.Query, m *hostpath.Mounted) []attack.State {
	var out []attack.State
	users, _ := q.Host.Users.Look(q)
	for i := range users {
		if u := &users[i]; u.Home != "" && (hostpath.Within(u.Home, m.Source) || hostpath.Within(m.Source, u.Home)) {
			out = append(out, attack.State{Kind: attack.LocalUser, Name: u.Name})
		}
	}
	if rest, ok := strings.CutPrefix(m.Source, "/home/"); ok && len(out) == 0 {
		name, _, _ := strings.Cut(rest, "/")
		out = append(out, attack.State{Kind: attack.LocalUser, Name: name})
	}
	return out
}
