package reach_test

import "seawall/lab"

// unfiltered removes the rules that an engine has left, and lets all through.
var unfiltered = []string{
	"iptables -P FORWARD ACCEPT", "iptables -F", "iptables -X",
	"iptables -t nat -F", "iptables -t nat -X", "iptables -t raw -F", "iptables -t raw -X",
}

// checkForwarding: an engine that finds forwarding switched on leaves the policy
// of FORWARD as it is. Containers of docker0 that may not talk to each other
// reach the API all the same.
func (e *engine) checkForwarding() {
	e.restart(unfiltered, "--icc=false")
	everybody, direct := all(onHost, bridged, internal, beyond), beyond
	if e.Version() == lab.V28 {
		direct = nil
	}
	e.check(reached{":2375", onHost}, reached{":2376", everybody},
		reached{"plain2", all(onHost, []string{"plain2"}, direct)}, reached{"inner", all(onHost, internal)})
}

// checkUnfiltered: without rules of the engine all networks are one, and whoever
// has a route reaches containers. Those of internal networks answer only whom
// they have a route to.
func (e *engine) checkUnfiltered() {
	e.restart(unfiltered, "--iptables=false")
	everybody := all(onHost, bridged, internal, beyond)
	outer, inner := all(onHost, bridged, beyond), all(onHost, internal)
	if e.Version() == lab.V20 {
		outer, inner = everybody, everybody
	}
	e.check(reached{":2375", onHost}, reached{":2376", everybody}, reached{"172.31.0.1:2376", everybody},
		reached{"plain2", outer}, reached{"inner", inner})
}
