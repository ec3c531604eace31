package container

import (
	"strconv"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/lang"
	"seawall/parallel"
	"seawall/rule"
	"seawall/snapshot"
)

func processesOfContainer() *attack.Step {
	return &attack.Step{
		ID: "processes-of-container", Title: "Have the container of those processes",
		Why:  "The root directory, the environment and the memory of a container's processes are all that code in it has.",
		At:   rule.KindContainer,
		From: attack.Processes, To: attack.Container,
		ATTACK: "T1055.008", Cost: 0, CostReason: "nothing to do",
		Each: func(q *attack.Query) []attack.Instance {
			all := kindsOf(q)
			if !all.sought && all.perhaps == nil {
				return nil
			}
			i := attack.Instance{From: all.state(q.Engine, q.Container), Origin: q.Container.State.Origin()}
			i.Value = i.From.Name
			if !all.sought {
				i.Unknown, i.Missing = true, cond.Lost(*all.perhaps)
			}
			return append(q.Instances(), i)
		},
		Permanent: "the processes are the container's own: what ends it is that nobody gets at them",
		Proof:     "the users, capabilities, user namespaces and security labels of its processes",
		Bad:       []rule.Example{{Run: besideHostPID + "alpine"}},
		Good:      []rule.Example{{Run: "docker run --name db alpine\ndocker run --name agent alpine"}},
	}
}

// kinds are the containers of a snapshot by what decides who may trace their processes.
type kinds struct {
	list []kind
	name map[*snapshot.Container]string
	// sought: a container is in the host's pid namespace; perhaps is the fact that would
	// tell it of one.
	sought  bool
	perhaps *snapshot.Fact[string]
}

// kind are containers of an engine that are alike to whoever traces processes.
type kind struct {
	engine     *snapshot.Engine
	name       string
	containers []*snapshot.Container
}

// without is a container of the kind that is not c; nil if there is none.
func (k *kind) without(c *snapshot.Container) *snapshot.Container {
	for _, other := range k.containers {
		if other != c {
			return other
		}
	}
	return nil
}

type kindsKey struct{}

// kindsOf are those of the snapshot that a site is part of.
func kindsOf(q *attack.Query) *kinds {
	return attack.Once(q.Site, kindsKey{}, func() *kinds { return newKinds(q.Site) })
}

func newKinds(at *attack.Site) *kinds {
	out := &kinds{}
	for i := range at.Snapshot.Engines {
		containers, _ := at.Snapshot.Engines[i].Containers.Peek()
		for j := range containers {
			mode, seen := containers[j].PidMode.Peek()
			out.sought = out.sought || mode == "host" || strings.HasPrefix(mode, "container:")
			if !seen {
				out.perhaps = &containers[j].PidMode
			}
		}
	}
	if !out.sought && out.perhaps == nil {
		return out // nobody traces others
	}
	for i := range at.Snapshot.Engines {
		out.add(at, &at.Snapshot.Engines[i])
	}
	return out
}

// add adds the containers of an engine.
func (k *kinds) add(at *attack.Site, e *snapshot.Engine) {
	containers, _ := e.Containers.Peek()
	names := make([]string, len(containers))
	parallel.Each((len(names)+namedAtOnce-1)/namedAtOnce, func(part int) {
		for i := part * namedAtOnce; i < min((part+1)*namedAtOnce, len(names)); i++ {
			names[i] = kindName(there(at, e, &containers[i]))
		}
	})
	known := map[string]int{}
	if k.name == nil {
		k.name = make(map[*snapshot.Container]string, len(names))
	}
	for i, name := range names {
		n, has := known[name]
		if !has {
			n = len(k.list)
			known[name] = n
			k.list = append(k.list, kind{engine: e, name: name})
		}
		k.name[&containers[i]] = k.list[n].name
		k.list[n].containers = append(k.list[n].containers, &containers[i])
	}
}

// namedAtOnce is of how many containers one processor finds the kinds in one go.
const namedAtOnce = 64

// there is a query of another container.
func there(at *attack.Site, e *snapshot.Engine, c *snapshot.Container) *attack.Query {
	return &attack.Query{Site: at.Beside(e, c)}
}

func (k *kinds) state(e *snapshot.Engine, c *snapshot.Container) attack.State {
	return attack.State{Kind: attack.Processes, Engine: e.Name, Name: k.name[c]}
}

// kindName says what decides who may trace a container's first process: its user and
// group, its capabilities, its user namespace and its AppArmor profile. A container of
// which some of it is not known is a kind of its own.
func kindName(q *attack.Query) string {
	host := cond.IsHostRoot(q)
	held := confinement.CapabilitiesOf(q, q.Container)
	user := q.RunsAs()
	profile := profileOf(q.Container)
	if host == attack.Unknown || !held.Kernel && !held.Complete || !user.Known || profile == "" {
		return q.Container.Name
	}
	who := "root"
	if !user.Root {
		who = lang.N("another user")
		switch rootsGroup(q.Container) {
		case attack.Yes:
			who = lang.N("another user in root's group")
		case attack.No:
			who = lang.N("another user in a group")
		}
	}
	form := processesOf
	if host == attack.No {
		form = processesInNamespace
	}
	return form.Of(who, hex(uint64(effective(held))), profile)
}

// The names of kinds: a user, capabilities and a profile.
var (
	processesOf          = attack.NewNameForm(lang.N("%s, capabilities %s, %s"))
	processesInNamespace = attack.NewNameForm(lang.N("%s, in a user namespace, capabilities %s, %s"))
)

// hex is a set of capabilities as /proc shows it.
func hex(set uint64) string {
	digits := strconv.FormatUint(set, 16)
	return strings.Repeat("0", 16-len(digits)) + digits
}

// tracees are the kinds of containers on this machine whose processes the site's may
// trace, and those that it may perhaps.
func tracees(q *attack.Query) []attack.Instance {
	out := q.Instances()
	for i := range q.Snapshot.Engines {
		if e := &q.Snapshot.Engines[i]; sameProcesses(q.Engine, e) {
			e.Containers.Look(q)
		}
	}
	list := kindsOf(q).list
	for i := range list {
		if sameProcesses(q.Engine, list[i].engine) {
			out = append(out, traced(q, &list[i])...)
		}
	}
	return out
}

// sameProcesses reports whether the containers of two engines are, as far as it is
// known, processes of one machine and one user namespace: those of a rootless engine are
// in one of its owner.
func sameProcesses(a, b *snapshot.Engine) bool {
	return a.Name == b.Name || a.Local && b.Local && bothRootful(a, b)
}

func bothRootful(a, b *snapshot.Engine) bool {
	x, _ := a.Settings.Rootless.Peek()
	y, _ := b.Settings.Rootless.Peek()
	return !x && !y
}

// traced is the instance of a kind of containers; none if the site's is all of it, or if
// their processes surely may not be traced.
func traced(q *attack.Query, k *kind) []attack.Instance {
	other := k.without(q.Container)
	if other == nil {
		return nil
	}
	i := attack.Instance{
		To: attack.State{Kind: attack.Processes, Engine: k.engine.Name, Name: k.name}, What: other.Name,
		Origin: q.Container.PidMode.Origin(), Value: other.Name,
	}
	if n := len(k.containers); n > 1 {
		i.What = lang.Sprintf("%s and others, %d in all", other.Name, n)
	}
	w := &cond.Gaps{}
	at := there(q.Site, k.engine, other)
	truth := min(mayBeTraced(q, w, at), profilesMeet(q, at))
	switch {
	case truth == attack.No:
		return nil
	case truth == attack.Unknown:
		i.Unknown, i.Missing = true, *w
		if len(i.Missing) == 0 {
			i.Missing = cond.Undecided(other.PidMode.Origin(), lang.T("the users, capabilities and labels of both containers were not all seen"), lang.T("audit as root while both run"))
		}
	}
	return append(q.Instances(), i)
}

// mayBeTraced is what the kernel decides by users, capabilities and user namespaces
// (kernel/ptrace.c and security/commoncap.c).
func mayBeTraced(q *attack.Query, w *cond.Gaps, there *attack.Query) attack.Truth {
	here, beyond := cond.IsHostRoot(&attack.Query{Site: q.Site}), cond.IsHostRoot(there)
	switch {
	case here == attack.Unknown || beyond == attack.Unknown:
		return attack.Unknown
	case here == attack.No && beyond == attack.Yes:
		return attack.No
	case cond.CanHold(q, snapshot.Caps("SYS_PTRACE")) == attack.Yes:
		return attack.Yes
	case here == beyond:
		return max(byUser(q, w, there), cond.CanHold(q, snapshot.Caps("SYS_PTRACE")))
	}
	// The owner of a user namespace has all rights in it, and the engine makes those
	// of its containers as root of the host. The files are other users'.
	if cond.CanHold(q, snapshot.Caps("DAC_OVERRIDE")) == attack.Yes {
		return attack.Yes
	}
	return attack.Unknown
}

// byUser says whether root in the site's container may trace the other's first
// process as who it is, or as that process's user.
func byUser(q *attack.Query, w *cond.Gaps, there *attack.Query) attack.Truth {
	own, theirs := confinement.CapabilitiesOf(w, q.Container), confinement.CapabilitiesOf(w, there.Container)
	asRoot := attack.Sure(own.Holds(effective(theirs)))
	if !(own.Kernel || own.Complete) || !(theirs.Kernel || theirs.Complete) {
		asRoot = attack.Unknown
	}
	asUser := min(cond.CanHold(q, snapshot.Caps("SETUID")), max(cond.CanHold(q, snapshot.Caps("SETGID")), rootsGroup(there.Container)))
	u := confinement.UserOf(w, there.Engine, there.Container)
	switch {
	case asRoot == asUser:
		return asRoot
	case !u.Known:
		return attack.Unknown
	case u.Root:
		return asRoot
	}
	return asUser
}

// rootsGroup says whether the group of a container's process is root's, by its
// setting: where that names none the image decides.
func rootsGroup(c *snapshot.Container) attack.Truth {
	user, _ := c.User.Peek()
	_, group, named := strings.Cut(user, ":")
	if !named {
		return attack.Unknown
	}
	return attack.Sure(group == "0" || group == "root")
}

// profilesMeet says whether AppArmor lets the site's container trace the other: an
// unconfined one traces all, and the engine's profile those that have it too.
func profilesMeet(q, there *attack.Query) attack.Truth {
	free := cond.AppArmorOff(&attack.Query{Site: q.Site})
	if free == attack.Yes {
		return attack.Yes
	}
	mine, theirs := profileOf(q.Container), profileOf(there.Container)
	switch {
	case mine != "" && mine == theirs && !cond.OwnProfile(q.Container.AppArmor):
		return attack.Yes
	case mine == "" || theirs == "" || cond.OwnProfile(q.Container.AppArmor) || free == attack.Unknown:
		return attack.Unknown
	}
	return attack.No
}

// profileOf is the name of a container's AppArmor profile; "" if it is not known.
func profileOf(c *snapshot.Container) string {
	p, _ := c.Process.Peek()
	if label, known := p.Label.Peek(); known && label != "" {
		name, _, _ := strings.Cut(label, " ")
		return name
	}
	switch own, known := c.AppArmor.Peek(); {
	case !known:
		return ""
	case own != "":
		return own
	}
	return "docker-default"
}
