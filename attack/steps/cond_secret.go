package steps

import (
	"seawall/attack"
	"seawall/hostpath"
	"seawall/snapshot"
)

// This file has the conditions about secrets of a container, and where they are read.

// foundSecret is one secret of a container.
type foundSecret struct {
	state attack.State
	what  string
	// asked: whoever can ask the engine reads it; inside: code in the container does.
	asked, inside bool
	end           attack.Change
	origin        snapshot.Origin
}

// secretList lists secrets of a container. What could not be seen it tells the
// witness.
type secretList func(*attack.Query, snapshot.Witness) []foundSecret

// secretCond: the container has a secret of the list.
func secretCond(says string, list secretList) *attack.Cond {
	return &attack.Cond{Says: says, Ask: func(q *attack.Query) attack.Truth { return q.Whether(len(list(q, q)) > 0) }}
}

// eachSecret makes an instance of every secret of the list for each place that it
// is read from: the container, and the engine if it tells such secrets.
func eachSecret(list secretList, kind attack.Kind, told bool) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		var w gaps
		var out []attack.Instance
		for _, s := range list(q, &w) {
			i := attack.Instance{To: s.state, What: s.what, Ends: []attack.Change{s.end}, Origin: s.origin, Value: s.what}
			if s.inside {
				out = append(out, i)
			}
			if s.asked {
				i.From = q.State(attack.EngineRead)
				out = append(out, i)
			}
		}
		if len(w) > 0 {
			i := attack.Instance{To: attack.State{Kind: kind}, What: "what could not be seen", Unknown: true, Missing: w}
			if out = append(out, i); told {
				i.From = q.State(attack.EngineRead)
				out = append(out, i)
			}
		}
		return out
	}
}

// ofContainer is the state of who has a secret of the container.
func ofContainer(q *attack.Query, name string) attack.State {
	return attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: name + " of container " + q.Container.Name}
}

// variables are the secrets in the environment, by the state that each gives; one
// without a kind is left out.
func variables(q *attack.Query, w snapshot.Witness, state func(name string) attack.State) []foundSecret {
	var out []foundSecret
	env, _ := q.Container.Env.Look(w)
	for _, v := range env {
		to := state(v.Name)
		if !v.Secret() || to.Kind == "" {
			continue
		}
		q.Container.Env.Try(w)
		out = append(out, foundSecret{state: to, what: v.Name, asked: true, inside: true, end: onContainer(q, secretFile, v.Name), origin: q.Container.Env.Origin()})
	}
	return out
}

// mountsBelow are the mounts at or below a directory of the container, as secrets.
func mountsBelow(q *attack.Query, w snapshot.Witness, dir string, state func(name string) attack.State) []foundSecret {
	var out []foundSecret
	mounts, _ := q.Container.Mounts.Look(w)
	for i := range mounts {
		m := &mounts[i]
		at := hostpath.Clean(m.Destination)
		if !hostpath.Within(at, dir) || dir != kubernetesSecrets && hostpath.Within(at, kubernetesSecrets) {
			continue
		}
		q.Container.Mounts.Try(w)
		out = append(out, foundSecret{state: state(at), what: at, inside: true, end: onContainer(q, removeMount, hostpath.Clean(m.Source)), origin: q.Container.Mounts.Origin()})
	}
	return out
}
