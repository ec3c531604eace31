package apiproxy

import (
	"net/netip"
	"regexp"
	"strings"

	"seawall/snapshot"
)

// requests are those that make and start a container, one that inspects one, and
// that for the join tokens, as clients of several versions of the API send them.
var (
	starting   = []string{"/v1.51/containers/create", "/v1.51/containers/0123456789ab/start"}
	installing = []string{"/v1.51/plugins/pull", "/v1.51/plugins/p/enable"}
	serving    = []string{"/v1.51/services/create"}
	inspecting = []string{"/v1.51/containers/json", "/v1.51/containers/0123456789ab/json"}
	joining    = []string{"/v1.51/swarm"}
)

// patterns judges wollomatic/socket-proxy: for each method a regular expression says
// which paths it lets through, none without. It listens on 127.0.0.1 and takes
// requests from there, unless it is told otherwise. Its options can be variables too
// (SP_ALLOW_GET), of which values are not kept.
func patterns(s *settings) Access {
	env, known := s.c.Env.Look(s.w)
	command, read := s.c.Command.Try(s.w)
	if !known || !read {
		return unreadable()
	}
	for _, v := range env {
		if strings.HasPrefix(v.Name, "SP_") {
			s.w.Missed(s.c.Env.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: "the value of " + v.Name + " is not kept", Remedy: "read the container's environment"})
			return unreadable()
		}
	}
	o := parseOptions(command)
	get, post := o["allowGET"], o["allowPOST"]
	return Access{
		Order:     max(lets(post, starting), lets(post, installing)),
		Services:  lets(post, serving),
		Ask:       lets(get, inspecting),
		Swarm:     lets(get, joining),
		Elsewhere: min(listens(o), admits(o)),
	}
}

// parseOptions reads the options of a command line as Go's package flag does:
// -name=value, --name=value, -name value. The first word that is no option ends them,
// but for those of the program itself before.
func parseOptions(command []string) map[string]string {
	out := map[string]string{}
	for len(command) > 0 && !strings.HasPrefix(command[0], "-") {
		command = command[1:]
	}
	for i := 0; i < len(command); i++ {
		name, ok := strings.CutPrefix(command[i], "-")
		if !ok {
			return out
		}
		name, value, assigned := strings.Cut(strings.TrimPrefix(name, "-"), "=")
		if !assigned && i+1 < len(command) && !strings.HasPrefix(command[i+1], "-") {
			i++
			value = command[i]
		}
		out[name] = value
	}
	return out
}

// lets says whether a pattern matches all of some paths. One that may have lost a
// part to redaction, or is none, is not understood.
func lets(pattern string, paths []string) Answer {
	if pattern == "" {
		return No
	}
	if snapshot.Withheld(pattern) != "" {
		return Unknown
	}
	expression, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		return Unknown
	}
	for _, p := range paths {
		if !expression.MatchString(p) {
			return No
		}
	}
	return Yes
}

// listens says whether it listens beyond its own loopback address.
func listens(o map[string]string) Answer {
	at, err := netip.ParseAddr(o["listenip"])
	if o["listenip"] == "" || err == nil && at.IsLoopback() {
		return No
	}
	return Yes
}

// admits says whether it takes requests of everybody: of those by name it is not
// known who they are.
func admits(o map[string]string) Answer {
	answer := No
	for _, who := range strings.Split(o["allowfrom"], ",") {
		p, err := netip.ParsePrefix(strings.TrimSpace(who))
		switch {
		case err == nil && p.Bits() == 0:
			return Yes
		case err == nil && p.Addr().IsLoopback(), strings.TrimSpace(who) == "":
		default:
			answer = Unknown
		}
	}
	return answer
}
