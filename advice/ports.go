package advice

import (
	"slices"

	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// Ports says which of the published ports are needed.
type Ports struct {
	Setting
	// Keep are those that were listened on, or of which that cannot be told; Idle
	// those that nobody listened on.
	Keep []snapshot.Port `json:"keep"`
	Idle []snapshot.Port `json:"idle"`
}

func ports(in Input) Ports {
	out := Ports{Keep: []snapshot.Port{}, Idle: []snapshot.Port{}}
	published, known := in.Container.Ports.Peek()
	switch {
	case !known:
		out.Setting = setting(Unknown, lang.Sprintf("its published ports are not known: %s", lang.T(in.Container.Ports.Gap().Detail)))
		return out
	case len(published) == 0:
		out.Setting = setting(Already, lang.T("it publishes no port"))
		return out
	case in.Seen == nil:
		out.Keep, out.Setting = published, setting(Unknown, lang.T("it was not watched"))
		return out
	case in.Seen.Watched.Starts == 0 && !in.Seen.SocketsKnown():
		out.Keep, out.Setting = published, setting(Unknown, lang.T("no start was seen, and a port that was opened before the watch is not seen"))
		return out
	case in.Seen.Lost.Sockets > 0:
		out.Keep, out.Setting = published, setting(Unknown, lang.T("some sockets found no room when it was watched"))
		return out
	}
	out.Setting = setting(Holds)
	for _, p := range published {
		switch {
		case p.Protocol != "tcp" && (p.Protocol != "udp" || !in.Seen.SocketsKnown()):
			out.Keep = append(out.Keep, p)
			out.Reasons = append(out.Reasons, lang.Sprintf("whether %d/%s is used was not looked at", p.Port, p.Protocol))
		case listened(in.Seen, p):
			out.Keep = append(out.Keep, p)
		default:
			out.Idle = append(out.Idle, p)
		}
	}
	if len(out.Idle) == 0 {
		out.Verdict = Already
		out.Reasons = append(out.Reasons, lang.T("nothing is published that nobody listened on"))
		return out
	}
	if level, why := in.Seen.Confidence(); level == observation.Low {
		out.Verdict, out.Reasons = Tentative, append(out.Reasons, why...)
	}
	return out
}

// listened reports whether somebody outside of the container could get to a socket that
// was listened on at a port.
func listened(seen *observation.Container, p snapshot.Port) bool {
	return slices.Contains(seen.Listened(), snapshot.Listened{Protocol: p.Protocol, Port: p.Port})
}
