package engine

import (
	"slices"
	"strings"

	"seawall/apiproxy"
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
)

func builderOverNetwork() *attack.Step {
	run := func(options string) rule.Example {
		return rule.Example{Run: "docker run --name builder --network shop --privileged moby/buildkit:v0.26.2 " + options, Facts: scene.ICC("shop", true)}
	}
	return &attack.Step{
		ID: "builder-over-network", Title: "Have a builder run something over the network",
		Why: "BuildKit's daemon asks whoever connects over TCP for nothing, unless it is given a CA whose clients alone it serves. It runs what a build says, and hands out the results and caches of other builds. " +
			"Where it lets builds have all rights, they have those of its container.",
		At:   rule.KindContainer,
		From: attack.Network, To: attack.Secret,
		ATTACK: "T1612", Cost: 1, CostReason: "one build",
		Needs: attack.All(cond.MayRun(), builderListens()),
		Each:  builderUses,
		Proof: "the image, its command, and its networks and ports; no build is sent",
		Bad:   []rule.Example{run("--addr tcp://0.0.0.0:1234"), run("--addr=tcp://0.0.0.0:1234 --allow-insecure-entitlement security.insecure")},
		Good: []rule.Example{
			run(""), run("--addr tcp://0.0.0.0:1234 --tlscert /c.pem --tlskey /k.pem --tlscacert /ca.pem"), run("--addr tcp://127.0.0.1:1234"),
			{Run: "docker run --network none moby/buildkit --addr tcp://0.0.0.0:1234"},
			{Run: "docker run --network shop alpine --addr tcp://0.0.0.0:1234", Facts: scene.ICC("shop", true)},
		},
	}
}

// builderImages are images of BuildKit's daemon, by the ends of their repositories'
// names.
var builderImages = []string{"moby/buildkit"}

// builderListens: the container is BuildKit's daemon and listens over TCP for clients
// without certificates, as its command says. A configuration file may say so too.
func builderListens() *attack.Cond {
	return &attack.Cond{
		Says:  "it is a builder that serves anyone over TCP",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			image, known := q.Container.Image.Try(q)
			if known && !slices.ContainsFunc(builderImages, func(name string) bool { return apiproxy.IsOf(image, name) }) {
				return attack.No
			}
			command, told := q.Container.Command.Try(q)
			switch {
			case !told:
				return attack.Unknown
			case !serves(command):
				return attack.No
			case !known:
				return attack.Unknown
			}
			return attack.Yes
		},
		Ends: func(q *attack.Query) []attack.Change {
			return q.Changes(change.OnContainer(q, builderCertificates, ""))
		},
	}
}

// serves reports whether a command of buildkitd has it listen to others over TCP and
// take them without a certificate (buildkitd --help: --addr, --tlscacert).
func serves(command []string) bool {
	listens := false
	for _, address := range optionsOf(command, "--addr") {
		rest, tcp := strings.CutPrefix(address, "tcp://")
		listens = listens || tcp && !strings.HasPrefix(rest, "127.") && !strings.HasPrefix(rest, "[::1]") && !strings.HasPrefix(rest, "localhost:")
	}
	return listens && len(optionsOf(command, "--tlscacert")) == 0
}

// optionsOf are the values of an option in a command, as --name VALUE and --name=VALUE.
func optionsOf(command []string, name string) []string {
	var out []string
	for i, word := range command {
		if value, is := strings.CutPrefix(word, name+"="); is {
			out = append(out, value)
		} else if word == name && i+1 < len(command) {
			out = append(out, command[i+1])
		}
	}
	return out
}

// builderKeeps is the name of what a builder keeps of the builds of others.
var builderKeeps = attack.NewNameForm(lang.N("what builder %s keeps"))

// builderUses are what the builder does for each who reaches it.
func builderUses(q *attack.Query) []attack.Instance {
	out := append(q.Instances(), uses(q, attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: builderKeeps.Of(q.Container.Name)}, attack.Yes, nil, "")...)
	command, known := q.Container.Command.Peek()
	if rights := q.State(attack.ContainerRoot); !known {
		out = append(out, uses(q, rights, attack.Unknown, cond.Lost(q.Container.Command), lang.T("builds with all rights"))...)
	} else if slices.Contains(optionsOf(command, "--allow-insecure-entitlement"), "security.insecure") {
		out = append(out, uses(q, rights, attack.Yes, nil, lang.T("builds with all rights"))...)
	}
	return out
}

var builderCertificates = &attack.ChangeKind{
	ID: "builder-certificates", Text: "Have the builder {subject} demand certificates of its clients",
	Weight: 2, Disruption: attack.Recreate, Breaks: "Clients without a certificate.",
	Run: "--tlscert /certs/cert.pem --tlskey /certs/key.pem --tlscacert /certs/ca.pem", Compose: "command: [--addr, \"tcp://0.0.0.0:1234\", --tlscert, /certs/cert.pem, --tlskey, /certs/key.pem, --tlscacert, /certs/ca.pem]",
}
