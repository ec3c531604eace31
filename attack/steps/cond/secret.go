package cond

import (
	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/hostpath"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about secrets of a container, and where they are read.

// FoundSecret is one secret of a container.
type FoundSecret struct {
	State attack.State
	What  string // as names of states are
	// Asked: whoever can ask the engine reads it; Inside: code in the container does.
	Asked, Inside bool
	End           attack.Change
	Origin        snapshot.Origin
}

// SecretList lists secrets of a container. What could not be seen it tells the
// witness.
type SecretList func(*attack.Query, snapshot.Witness) []FoundSecret

// HasSecret: the container has a secret of the list.
func HasSecret(says string, list SecretList) *attack.Cond {
	return &attack.Cond{Says: says, Ask: func(q *attack.Query) attack.Truth { return q.Whether(len(list(q, q)) > 0) }}
}

// EachSecret makes an instance of every secret of the list for each place that it
// is read from: the container, and the engine if it tells such secrets.
func EachSecret(list SecretList, kind attack.Kind, told bool) func(*attack.Query) []attack.Instance {
	return func(q *attack.Query) []attack.Instance {
		var w Gaps
		out := q.Instances()
		for _, s := range list(q, &w) {
			i := attack.Instance{To: s.State, What: attack.InWords(s.What), Ends: q.Changes(s.End), Origin: s.Origin, Value: s.What}
			if s.Inside {
				out = append(out, i)
			}
			if s.Asked {
				i.From = q.State(attack.EngineRead)
				out = append(out, i)
			}
		}
		if len(w) > 0 {
			i := attack.Instance{To: attack.State{Kind: kind}, What: lang.T("what could not be seen"), Unknown: true, Missing: w}
			if out = append(out, i); told {
				i.From = q.State(attack.EngineRead)
				out = append(out, i)
			}
		}
		return out
	}
}

// ofContainer is the name of a secret of a container.
var ofContainer = attack.NewNameForm(lang.N("%s of container %s"))

// SecretOf is the state of who has a secret of the container.
func SecretOf(q *attack.Query, name string) attack.State {
	return attack.State{Kind: attack.Secret, Engine: q.Engine.Name, Name: ofContainer.Of(name, q.Container.Name)}
}

// Variables are the secrets in the environment, by the state that each gives; one
// without a kind is left out.
func Variables(q *attack.Query, w snapshot.Witness, state func(name string) attack.State) []FoundSecret {
	var out []FoundSecret
	env, _ := q.Container.Env.Look(w)
	for _, v := range env {
		to := state(v.Name)
		if !v.Secret() || to.Kind == "" {
			continue
		}
		q.Container.Env.Try(w)
		out = append(out, FoundSecret{State: to, What: v.Name, Asked: true, Inside: true, End: change.OnContainer(q, change.SecretFile, v.Name), Origin: q.Container.Env.Origin()})
	}
	return out
}

// MountsBelow are the mounts at or below a directory of the container, as secrets.
func MountsBelow(q *attack.Query, w snapshot.Witness, dir string, state func(name string) attack.State) []FoundSecret {
	var out []FoundSecret
	mounts, _ := q.Container.Mounts.Look(w)
	for i := range mounts {
		m := &mounts[i]
		at := hostpath.Clean(m.Destination)
		if !hostpath.Within(at, dir) || dir != KubernetesSecrets && hostpath.Within(at, KubernetesSecrets) {
			continue
		}
		q.Container.Mounts.Try(w)
		out = append(out, FoundSecret{State: state(at), What: at, Inside: true, End: change.OnContainer(q, change.RemoveMount, hostpath.Clean(m.Source)), Origin: q.Container.Mounts.Origin()})
	}
	return out
}

// KubernetesSecrets is where the kubelet mounts tokens.
const KubernetesSecrets = "/run/secrets/kubernetes.io"
