package container

import (
	"slices"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func publishedUnused() *rule.Rule {
	return &rule.Rule{
		ID:       "container-port-published-unused",
		Title:    "A container's port is published, and nothing in it listens there",
		Severity: rule.Low,
		Observed: true,
		Why: "The port is open on the host, through its firewall too, for whatever comes to listen on it in the container. " +
			"Nothing did while it was watched, so nobody would miss it, and nobody looks after it.",
		Fix: rule.Fix{
			Text:    "Do not publish the port.",
			Run:     "remove: -p 8080:80",
			Compose: "services:\n  web:\n    ports: []   # without 8080:80",
			Breaks:  "A service that listens now and then only, or that a setting switches on.",
			Edits:   rule.Edits{Not: "it takes an observation; whether the port is used now and then is not in it"},
		},
		Refs: rule.Refs{CISRelated: "5.9", NIST: "4.4.2", ATTACK: "T1133", Guide: "G12", Docs: "Port publishing and mapping"},
		Bad: []rule.Example{
			{Show: "a port that nobody listened on", Run: "docker run -p 8080:80 -p 8443:443 alpine", Facts: seenToUse(listenedOn(80, false))},
			{Show: "a UDP port without a socket", Run: "docker run -p 53:53/udp alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
			{Show: "one that was listened on for the container alone", Run: "docker run -p 8080:80 alpine", Facts: seenToUse(listenedOn(80, true))},
		},
		Good: []rule.Example{
			{Show: "a port that was listened on", Run: "docker run -p 8080:80 alpine", Facts: seenToUse(listenedOn(80, false))},
			{Show: "no port", Run: "docker run alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
		},
		Container: publishedUnusedCheck,
	}
}

// listenedOn is an example's container that listened on a TCP port.
func listenedOn(port int, loopback bool) func(*snapshot.Observed) {
	return func(o *snapshot.Observed) {
		o.Listened = snapshot.See([]snapshot.Listened{{Protocol: "tcp", Port: port, Loopback: loopback}}, o.Listened.Origin())
	}
}

func publishedUnusedCheck(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	published := ctr.Ports.Read(c)
	listened := listenedIn(c, ctr)
	var idle []string
	for _, p := range published {
		if !slices.Contains(listened.ports, snapshot.Listened{Protocol: p.Protocol, Port: p.Port}) && listened.shows(c, p.Protocol) {
			idle = append(idle, portText(p))
		}
	}
	if len(idle) == 0 {
		return c.Pass("each published port was listened on")
	}
	seen := enough(c, ctr)
	for _, other := range listened.others {
		enough(c, other)
	}
	c.Cite(ctr.Ports.Origin(), idle)
	c.Cite(listened.origin, listened.ports)
	return c.Fail("in %s nothing listened on %s%s", basis(seen), lang.Semicolon(idle), life(ctr))
}

// listening is what was listened on in a network namespace.
type listening struct {
	ports  []snapshot.Listened
	udp    []snapshot.Fact[bool]
	others []*snapshot.Container // that share the namespace
	origin snapshot.Origin
}

// listenedIn are the ports that were listened on in a container's network namespace, by
// the container itself and by others that joined it.
func listenedIn(c *rule.Context, ctr *snapshot.Container) listening {
	own := watched(c, ctr).Listened
	out := listening{ports: own.Read(c), origin: own.Origin(), udp: []snapshot.Fact[bool]{watched(c, ctr).UDP}}
	list, _ := c.Engine.Containers.Look(c)
	for i := range list {
		other := &list[i]
		if !confinement.Means(joined(other.NetworkMode.Read(c)), ctr) {
			continue
		}
		out.others = append(out.others, other)
		out.ports = slices.Concat(out.ports, watched(c, other).Listened.Read(c))
		out.udp = append(out.udp, watched(c, other).UDP)
	}
	return out
}

// shows reports whether ports of a protocol would have been seen.
func (l listening) shows(c *rule.Context, protocol string) bool {
	switch protocol {
	case "tcp":
		return true
	case "udp":
		for _, f := range l.udp {
			if _, known := f.Try(c); !known {
				return false
			}
		}
		return true
	}
	c.Missed(l.origin, snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.Sprintf("ports of %s are not seen to be listened on", protocol)})
	return false
}
