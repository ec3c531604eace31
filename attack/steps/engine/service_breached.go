package engine

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/reached"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func serviceBreached() *attack.Step {
	return &attack.Step{
		ID: "service-breached", Title: "Break into what answers at a published port",
		Why:  "Programs have faults. What answers to strangers is where most attacks begin, so a fault that lets them run code in the container is assumed.",
		At:   rule.KindContainer,
		From: attack.Internet, To: attack.Container,
		ATTACK: "T1190", Cost: 4, CostReason: "the fault is assumed, not known",
		Needs: attack.All(publishes()),
		Each:  portSenders,
		Proof: "the ports that the engine publishes, the packet filters and routes; with --probe the connection itself",
		Bad: []rule.Example{
			{Show: "docker run -p 80:80 nginx", Facts: publishing("0.0.0.0")},
		},
		Good: []rule.Example{
			{Show: "no published port", Facts: publishing("")},
			{Show: "docker run -p 127.0.0.1:80:80 nginx", Facts: publishing("127.0.0.1")},
		},
	}
}

// publishes: the container publishes ports beyond the host's loopback addresses.
func publishes() *attack.Cond {
	return &attack.Cond{
		Says:  "it publishes ports",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			ports, known := q.Container.Ports.Try(q)
			if !known {
				return attack.Unknown
			}
			return attack.Sure(len(ports) > 0)
		},
		Ends: func(q *attack.Query) []attack.Change {
			return []attack.Change{change.OnContainer(q, change.Unpublish, "")}
		},
	}
}

// portSenders are those outside, and on networks of containers, who reach a published
// port of the container, each once. Of the latter, the rules that keep networks from
// each other do not stop who comes by an address of the host.
func portSenders(q *attack.Query) []attack.Instance {
	if why := unknownPorts(q); why != "" {
		return reached.Instances(lang.Sprintf("the ports of %s", q.Container.Name), append(outside(reached.Everyone(q, why)), reached.EveryUplink(q, why)...))
	}
	m := q.Reach()
	out := q.Instances()
	at := map[attack.State]int{}
	for _, target := range reached.PublishedAt(q, m) {
		for _, i := range reached.Instances(m.Targets[target].Name, append(outside(reached.Senders(q, m, target)), reached.Inside(q, m, target, reached.Plainly)...)) {
			have, known := at[i.From]
			switch {
			case !known:
				at[i.From] = len(out)
				out = append(out, i)
			case out[have].Unknown && !i.Unknown:
				out[have] = i
			}
		}
	}
	return out
}

// unknownPorts says why it is not known who reaches the container's ports; "" if
// it is.
func unknownPorts(q *attack.Query) string {
	if _, known := q.Container.Ports.Peek(); !known {
		return lang.T("which ports it publishes could not be read")
	}
	if _, known := q.Container.State.Try(q); !known {
		return lang.T("it is not known whether it runs")
	}
	return reached.Unread(q)
}

// outside leaves those who send from outside.
func outside(list []reached.Sender) []reached.Sender {
	return slices.DeleteFunc(list, func(s reached.Sender) bool { return s.State.Kind != attack.Internet && s.State.Kind != attack.LAN })
}

// publishing is a container that runs and publishes port 80 at an address; "" for
// none.
func publishing(address string) func(*snapshot.Snapshot) {
	c := example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2"}
	if address != "" {
		c.Ports = []snapshot.Port{{HostIP: address, HostPort: "80", Port: 80, Protocol: "tcp"}}
	}
	return example.Running(c)
}
