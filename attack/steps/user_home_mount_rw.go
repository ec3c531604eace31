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
