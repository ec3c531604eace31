package apiproxy

import "seawall/snapshot"

// Answer is whether a filter lets something through.
type Answer uint8

// The answers, in order.
const (
	No Answer = iota
	Unknown
	Yes
)

// Access is what a filter lets through to whoever reaches it.
type Access struct {
	// Order: containers can be made and started as one likes, or plugins installed.
	Order Answer
	// Services: the same by services of a swarm, on a manager.
	Services Answer
	// Ask: containers can be inspected, with variables, logs and files.
	Ask Answer
	// Swarm: GET /swarm, which on a manager tells the join tokens.
	Swarm Answer
	// Elsewhere: who is on another machine or in another container reaches it at all.
	Elsewhere Answer
}

// Of is what the container lets through, and whether it is a known filter.
func Of(w snapshot.Witness, c *snapshot.Container) (a Access, is bool) {
	image, known := c.Image.Try(w)
	product := productOf(image)
	if !known || product < 0 {
		return Access{}, false
	}
	judge := products[product].access
	if judge == nil {
		gap := snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: "what " + image + " lets through is not read", Remedy: "read its configuration"}
		w.Missed(c.Image.Origin(), gap)
		return unreadable(), true
	}
	return judge(&settings{w: w, c: c}), true
}

// unreadable is what a filter lets through whose settings could not be read.
func unreadable() Access {
	return Access{Order: Unknown, Services: Unknown, Ask: Unknown, Swarm: Unknown, Elsewhere: Unknown}
}

// settings are those of a filter's container.
type settings struct {
	w snapshot.Witness
	c *snapshot.Container
}

// switched says whether a variable switches something on; standard is what counts
// without it.
func (s *settings) switched(name string, standard Answer) Answer {
	env, known := s.c.Env.Look(s.w)
	if !known {
		return Unknown
	}
	answer := standard
	for _, v := range env { // the last counts
		switch {
		case v.Name != name:
		case v.Switch == "on":
			answer = Yes
		case v.Switch == "off" || v.Kind == snapshot.EnvEmpty:
			answer = No
		default:
			answer = Unknown
		}
	}
	o := s.c.Env.Origin()
	if answer == Unknown {
		s.w.Missed(o, snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: "the value of " + name + " is no plain 0 or 1", Remedy: "read the container's environment"})
		return Unknown
	}
	s.w.Saw(snapshot.At(o.Path+"["+name+"]", o.Source), answer == Yes)
	return answer
}
