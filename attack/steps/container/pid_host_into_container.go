package container

import (
	"strings"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

const besideHostPID = "docker run --name db alpine\ndocker run --name agent --pid host "

func pidHostIntoContainer() *attack.Step {
	return &attack.Step{
		ID: "pid-host-into-container", Title: "Go through /proc into any other container",
		Why: "The host's pid namespace holds the processes of all containers. The kernel opens the environment and the root directory of a process to whoever is its user and holds " +
			"its capabilities: root to processes of root with no more capabilities than its own, and to those of other users after it became that user. SYS_PTRACE opens all.",
		At:   rule.KindContainer,
		From: attack.ContainerRoot, To: attack.Container,
		ATTACK: "T1055.008", Cost: 1, CostReason: "one command (cat /proc/PID/root/…)",
		Needs: attack.All(cond.SharesNamespace(confinement.PIDNS, "pid"), untyped()),
		Each:  tracedContainers,
		Rules: []string{"container-host-pid"},
		Proof: "HostConfig.PidMode, the users, capabilities, user namespaces and security labels of both processes",
		Bad: []rule.Example{
			{Run: besideHostPID + "alpine"},
			{Run: "docker run --name db --user 999 --cap-add SYS_ADMIN alpine\ndocker run --name agent --pid host alpine"},
			{Run: "docker run --name db --privileged --security-opt apparmor=docker-default alpine\ndocker run --name agent --pid host --cap-drop ALL --cap-add SYS_PTRACE alpine"},
			{Run: besideHostPID + "--security-opt apparmor=unconfined alpine"},
		},
		Good: []rule.Example{
			{Run: "docker run --name db alpine\ndocker run --name agent alpine"},
			{Show: "one that holds more", Run: "docker run --name db --cap-add SYS_NICE alpine\ndocker run --name agent --pid host alpine"},
			{Show: "users that it cannot become", Run: "docker run --name db --user 999 alpine\ndocker run --name agent --pid host --cap-drop SETUID alpine"},
			{Show: "groups that it cannot enter", Run: "docker run --name db --user 999:999 alpine\ndocker run --name agent --pid host --cap-drop SETGID alpine"},
			{Show: "a profile that only traces its like", Run: "docker run --name db --security-opt apparmor=unconfined alpine\ndocker run --name agent --pid host alpine"},
		},
	}
}

// untyped is noLabel without its changes: the engine gives no label to containers
// that are in the host's pid namespace.
func untyped() *attack.Cond {
	c := cond.NoLabel()
	c.Says, c.Ends = "no SELinux label keeps it from other processes", nil
	return c
}

// tracedContainers are the other containers on this machine whose processes the
// site's may trace, and those that it may perhaps.
func tracedContainers(q *attack.Query) []attack.Instance {
	var out []attack.Instance
	for i := range q.Snapshot.Engines {
		e := &q.Snapshot.Engines[i]
		if e.Name != q.Engine.Name && !(e.Local && q.Engine.Local && bothRootful(q.Engine, e)) {
			continue
		}
		containers, _ := e.Containers.Look(q)
		for j := range containers {
			if c := &containers[j]; c != q.Container && !(e.Name == q.Engine.Name && c.Name == q.Container.Name) {
				out = append(out, traced(q, e, c)...)
			}
		}
	}
	return out
}

// bothRootful reports whether neither of two engines is known to be rootless: the
// containers of a rootless one are in a user namespace of its owner.
func bothRootful(a, b *snapshot.Engine) bool {
	x, _ := a.Settings.Rootless.Peek()
	y, _ := b.Settings.Rootless.Peek()
	return !x && !y
}

// traced is the instance of one other container; none if its processes surely may
// not be traced.
func traced(q *attack.Query, e *snapshot.Engine, other *snapshot.Container) []attack.Instance {
	site := *q.Site
	site.Engine, site.Container = e, other
	there := &attack.Query{Site: &site}
	i := attack.Instance{
		To: attack.State{Kind: attack.Container, Engine: e.Name, Name: other.Name}, What: other.Name,
		Origin: q.Container.PidMode.Origin(), Value: other.Name,
	}
	w := &cond.Gaps{}
	truth := min(mayBeTraced(q, w, there), profilesMeet(q, there))
	switch {
	case truth == attack.No:
		return nil
	case truth == attack.Unknown:
		i.Unknown, i.Missing = true, *w
		if len(i.Missing) == 0 {
			i.Missing = cond.Undecided(other.PidMode.Origin(), "the users, capabilities and labels of both containers were not all seen", "audit as root while both run")
		}
	}
	return []attack.Instance{i}
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
