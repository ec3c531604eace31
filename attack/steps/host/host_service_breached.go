package host

import (
	"net/netip"
	"path"
	"slices"
	"strconv"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/reached"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

func hostServiceBreached() *attack.Step {
	return &attack.Step{
		ID: "host-service-breached", Title: "Break into a service of the host that containers reach",
		Why: "The engine makes no rule for packets that are for the host itself: what listens there on all addresses, or on that of a bridge, answers containers. " +
			"That one of these programs has a fault which lets others run code is assumed. sshd is left out: it is made to face strangers, and asks each who he is.",
		At:   rule.KindHost,
		From: attack.Uplink, To: attack.HostRoot,
		ATTACK: "T1210", Cost: 4, CostReason: "the fault is assumed, not known",
		Each:  hostServices,
		Proof: "the sockets that listen on the host, the account of who holds each, the packet filters and routes",
		Bad: []rule.Example{
			{Show: "a database of the host listens on 0.0.0.0:5432", Firewall: "iptables -P INPUT ACCEPT", Facts: scene.BesideHostService(postgres("0.0.0.0:5432"))},
			{Show: "an exporter that runs as root listens on docker0's address", Firewall: "iptables -P INPUT ACCEPT", Facts: scene.BesideHostService(snapshot.Service{Address: "172.17.0.1:9100", Program: "/usr/bin/node_exporter", PID: 701, Users: []string{"root"}})},
		},
		Good: []rule.Example{
			{Show: "sshd only", Firewall: "iptables -P INPUT ACCEPT", Facts: scene.BesideHostService()},
			{Show: "a database of the host listens on 127.0.0.1:5432", Firewall: "iptables -P INPUT ACCEPT", Facts: scene.BesideHostService(postgres("127.0.0.1:5432"))},
			{Show: "the same on 0.0.0.0:5432, and no container", Firewall: "iptables -P INPUT ACCEPT", Facts: example.Host(func(h *snapshot.Host) { example.Add(&h.Services, postgres("0.0.0.0:5432")) })},
			{Show: "a database of the host listens on 0.0.0.0:5432", Firewall: "iptables -P INPUT ACCEPT\niptables -I INPUT -i docker0 -j DROP", Facts: scene.BesideHostService(postgres("0.0.0.0:5432"))},
		},
	}
}

func postgres(address string) snapshot.Service {
	return snapshot.Service{Address: address, Program: "/usr/lib/postgresql/17/bin/postgres", PID: 700, Users: []string{"postgres"}}
}

// hostServices are the services of the host that containers reach, with who gets
// there and whose account each gives.
func hostServices(q *attack.Query) []attack.Instance {
	services, _ := q.Host.Services.Look(q)
	out := q.Instances()
	for i := range services {
		s := &services[i]
		at, err := netip.ParseAddrPort(s.Address)
		if err != nil || at.Addr().IsLoopback() || path.Base(s.Program) == "sshd" {
			continue
		}
		for _, from := range reached.Instances(s.String(), reachService(q, s)) {
			for _, to := range accountsOf(q, s) {
				i := from
				i.To, i.What = to.To, s.String()
				i.Unknown, i.Missing = i.Unknown || to.Unknown, slices.Concat(i.Missing, to.Missing)
				i.Ends = []attack.Change{
					{Kind: change.BindLoopback, Subject: s.String()},
					{Kind: change.KeepFromPort, Detail: strconv.Itoa(int(at.Port()))},
				}
				out = append(out, i)
			}
		}
	}
	return out
}

// reachService are the containers that reach a service of the host.
func reachService(q *attack.Query, s *snapshot.Service) []reached.Sender {
	if why := reached.UnreadHost(q); why != "" {
		return reached.EveryUplink(q, why)
	}
	at := serviceTarget(q, s)
	if at < 0 {
		return reached.EveryUplink(q, lang.T("it was not asked who reaches it"))
	}
	return reached.Inside(q, q.Reach(), at, reached.Plainly)
}

// serviceTarget is the place of a service of the host among the targets; -1 if it is
// none.
func serviceTarget(q *attack.Query, s *snapshot.Service) int {
	return slices.IndexFunc(q.Reach().Targets, func(t matrix.Target) bool {
		return t.Kind == matrix.Service && t.Service.Address == s.Address && t.Service.PID == s.PID
	})
}

// accountsOf are what breaking into a service gives: of several accounts that hold
// its socket, those without root's rights, which serve strangers where programs
// divide the work.
func accountsOf(q *attack.Query, s *snapshot.Service) []attack.Instance {
	o := cond.Element(q.Host.Services, s.Address)
	switch {
	case path.Base(s.Program) == "systemd":
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.HostRoot}, Unknown: true, Missing: cond.Undecided(o, lang.T("systemd starts it when somebody connects; as whom is not read"), lang.T("look with: systemctl list-sockets"))})
	case len(s.Users) == 0:
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.HostRoot}, Unknown: true, Missing: cond.Undecided(o, lang.T("which program listens, and as whom, was not seen"), lang.T("run as root on the host"))})
	case slices.Equal(s.Users, []string{"root"}):
		return append(q.Instances(), attack.Instance{To: attack.State{Kind: attack.HostRoot}})
	}
	out := q.Instances()
	users, _ := q.Host.Users.Look(q)
	for _, name := range s.Users {
		to := attack.State{Kind: attack.LocalUser}
		if slices.ContainsFunc(users, func(u snapshot.User) bool { return u.Name == name }) {
			to.Name = name
		}
		if name != "root" {
			out = append(out, attack.Instance{To: to})
		}
	}
	return out
}
