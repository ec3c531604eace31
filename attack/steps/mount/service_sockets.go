package mount

import (
	"slices"
	"strconv"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// This file has the steps that give orders to another service of the host through
// its socket.

// serviceStep is one of them.
type serviceStep struct {
	id, title, why string
	kind           hostplace.ServiceKind
	says           string
	to             func(*attack.Query, *hostpath.Mounted) []attack.State // nil: root on the host
	goal           attack.Kind
	unseen         func(*attack.Query, *hostpath.Mounted) []attack.State // where a socket may lead that was not seen
	attack         string
	cost           int
	costReason     string
	harder         []*attack.Cond
	bad            []rule.Example
}

// The names of what sockets give.
var (
	agentKeys = attack.NewNameForm(lang.N("the keys of the agent at %s"))
	desktopOf = attack.NewNameForm(lang.N("what is typed, shown and said at the desktop of %s"))
)

func (s *serviceStep) step() *attack.Step {
	is := cond.ByOwner(cond.OfServiceKind(s.kind))
	return &attack.Step{
		ID: s.id, Title: s.title, Why: s.why,
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: s.goal,
		ATTACK: s.attack, Cost: s.cost, CostReason: s.costReason,
		Needs: attack.All(cond.ServicesInside(), cond.HasMount(s.says, is), cond.HostRoot(), cond.NoLabel()), Harder: s.harder,
		Each:  cond.EachMount(is, s.to, s.unseen, change.DropCapabilities),
		Proof: "mountinfo of its process; a connection may be opened and nothing said",
		Bad:   s.bad,
		Good:  append(scene.WithoutMount(s.bad[0].Run), rule.Example{Run: "docker run -v /run/systemd/journal/socket:/j -v /run/mysqld/mysqld.sock:/m alpine"}),
	}
}

func serviceSteps() []*attack.Step {
	table := []serviceStep{
		{id: "containerd-shim-sock-mount", title: "Run a program in another container through its shim", kind: hostplace.Shim, says: "it has sockets of containerd's shims inside",
			why:  "A shim runs in its container, as whoever it is told, what it is asked to.",
			goal: attack.HostRoot, attack: "T1609", cost: 3, costReason: "the shim's protocol must be spoken to a container with rights on the host",
			bad: []rule.Example{{Run: "docker run -v /run/containerd/s:/x:ro alpine"}}},
		{id: "other-runtime-socket-mount", title: "Have another runtime of the host start something", kind: hostplace.Runtime, says: "it has the socket of another runtime inside",
			why:  "Whoever connects starts containers or machines there, with the host's disk inside.",
			goal: attack.HostRoot, attack: "T1610", cost: 1, costReason: "one request",
			bad: []rule.Example{{Run: "docker run -v /run/crio/crio.sock:/x:ro alpine"}, {Run: "docker run -v /run/libvirt:/x alpine"}, {Run: "docker run -v /var/lib/lxd/unix.socket:/x alpine"}}},
		{id: "dbus-systemd-socket-mount", title: "Have systemd start a program", kind: hostplace.Init, says: "it has the socket of systemd or of the system's bus inside",
			why:  "systemd starts as root what root asks it to, by its own socket or over the bus.",
			goal: attack.HostRoot, attack: "T1543.002", cost: 1, costReason: "one call",
			harder: []*attack.Cond{appArmorOn()},
			bad:    []rule.Example{{Run: "docker run -v /run/dbus/system_bus_socket:/x:ro alpine"}, {Run: "docker run -v /run/systemd/private:/x alpine"}}},
		{id: "ssh-agent-socket-mount", title: "Log in elsewhere by a user's agent", kind: hostplace.Agent, says: "it has the socket of a user's agent inside",
			why:  "An agent signs for whoever connects, as long as the socket is there.",
			goal: attack.Secret, attack: "T1563.001", cost: 1, costReason: "one request",
			to: func(_ *attack.Query, m *hostpath.Mounted) []attack.State {
				return cond.Secret(agentKeys.Of(m.Source))
			},
			unseen: cond.Unseen(attack.Secret),
			bad:    []rule.Example{{Run: "docker run -v /tmp/ssh-1a2b/agent.77:/x alpine"}, {Run: "docker run -v /run/user/1000/keyring/ssh:/x:ro alpine"}}},
		{id: "user-session-socket-mount", title: "Have a user's session start a program", kind: hostplace.Session, says: "it has the sockets of a user's session inside",
			why:  "The user's own systemd and bus start what the user asks for, and root in the container becomes that user.",
			goal: attack.LocalUser, attack: "T1543.002", cost: 1, costReason: "one call",
			to: sessionUser, unseen: cond.AnyUser,
			bad: []rule.Example{{Run: "docker run -v /run/user/1000/bus:/x alpine"}, {Run: "docker run -v /run/user/1000:/x:ro alpine"}}},
		{id: "builder-socket-mount", title: "Have the host's builder run something", kind: hostplace.Builder, says: "it has the socket of the host's builder inside",
			why:  "BuildKit's daemon runs what a build says, on its network and with its caches, which hold what other builds fetched and made. Whether builds may have all rights, its configuration says.",
			goal: attack.Secret, attack: "T1612", cost: 1, costReason: "one build",
			to: func(*attack.Query, *hostpath.Mounted) []attack.State {
				return cond.Secret(lang.N("what the host's builds keep"))
			},
			unseen: cond.Unseen(attack.Secret),
			bad:    []rule.Example{{Run: "docker run -v /run/buildkit/buildkitd.sock:/x:ro alpine"}, {Run: "docker run -v /run/buildkit:/x alpine"}}},
		{id: "desktop-socket-mount", title: "Look and listen at a user's desktop", kind: hostplace.Desktop, says: "it has the sockets of a user's desktop inside",
			why:  "An X server tells every client what is typed and shown, and lets it type; a sound server lets it listen. They trust whoever runs as the user, which root in the container becomes.",
			goal: attack.Secret, attack: "T1056.001", cost: 3, costReason: "somebody must use the desktop, and type a secret",
			to: func(_ *attack.Query, m *hostpath.Mounted) []attack.State {
				return cond.Secret(desktopOf.Of(m.Source))
			},
			unseen: cond.Unseen(attack.Secret),
			bad:    []rule.Example{{Run: "docker run -v /tmp/.X11-unix:/tmp/.X11-unix alpine"}, {Run: "docker run -v /run/user/1000/pulse/native:/x:ro alpine"}}},
	}
	out := []*attack.Step{runDirMount()}
	for i := range table {
		out = append(out, table[i].step())
	}
	return out
}

// sessionUser is the user whose /run/user/UID it is; of the directory that holds
// those of all, any.
func sessionUser(q *attack.Query, m *hostpath.Mounted) []attack.State {
	rest, below := strings.CutPrefix(m.Source, "/run/user/")
	if !below {
		return cond.AnyUser(q, m)
	}
	uid, _, _ := strings.Cut(rest, "/")
	users, _ := q.Host.Users.Peek()
	at := slices.IndexFunc(users, func(u snapshot.User) bool { return strconv.Itoa(u.UID) == uid })
	if at < 0 {
		return []attack.State{{Kind: attack.LocalUser, Name: uid}}
	}
	return []attack.State{{Kind: attack.LocalUser, Name: users[at].Name}}
}

// appArmorOn: a profile of AppArmor confines the container.
func appArmorOn() *attack.Cond {
	return &attack.Cond{Says: "a profile of AppArmor confines it", Ask: func(q *attack.Query) attack.Truth { return attack.Not(cond.AppArmorOff(q)) }}
}

func runDirMount() *attack.Step {
	run := cond.HasMount("it has the host's /run inside", cond.WholeRun)
	return &attack.Step{
		ID: "run-dir-mount", Title: "Have systemd start a program through the host's /run",
		Why:  "All services of the host have their sockets in /run, systemd and the system's bus among them. A read-only mount changes nothing.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.HostRoot,
		ATTACK: "T1543.002", Cost: 1, CostReason: "one call",
		Needs:  attack.All(cond.PlacesInside(), run, systemdRuns(), cond.HostRoot(), cond.NoLabel()),
		Harder: []*attack.Cond{appArmorOn()},
		Each:   cond.EachMount(cond.WholeRun, nil, nil),
		Proof:  "mountinfo of its process; the socket of systemd is there",
		Bad:    []rule.Example{{Run: "docker run -v /var/run:/x:ro alpine"}, {Run: "docker run -v /:/x:ro alpine"}},
		Good:   append(scene.WithoutMount("docker run -v /run:/x alpine"), rule.Example{Run: "docker run -v /run/app:/x alpine"}),
	}
}

// systemdRuns: systemd is the host's init, as far as the engine's own unit tells.
func systemdRuns() *attack.Cond {
	return &attack.Cond{
		Says:  "systemd runs the host",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			unit, known := q.Engine.Daemon.Unit.Try(q)
			if known && unit.Name == "" {
				q.Missed(q.Engine.Daemon.Unit.Origin(), snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.T("no unit starts the engine, and what is the host's init is not read")})
			}
			if unit.Name == "" {
				return attack.Unknown
			}
			return attack.Yes
		},
	}
}
