package expr

import "seawall/snapshot"

// hidden are the fields that are no facts, and lists of facts that may be
// longer, where an empty or short value can mean that nobody could look. Each
// gives the gap in that case.
var hidden = map[string]func(structure any, e *snapshot.Engine) (snapshot.Origin, *snapshot.Gap){
	"Container.project": containerGap,
	"Container.service": containerGap,
	"Container.auditor": containerGap,
	"Image.usedBy":      usersGap,
	"Engine.listeners":  listenersGap,
	"Snapshot.engines":  enginesGap,

	"DaemonProcess.executable":    daemonGap,
	"DaemonProcess.startedAt":     daemonGap,
	"DaemonProcess.namespaces":    daemonGap,
	"DaemonProcess.ownNamespaces": daemonGap,
	"AppArmor.profiles":           profilesGap,
	"Holder.executable":           holderGap,
	"Service.program":             serviceGap,
	"Service.pid":                 serviceGap,
	"Service.unit":                serviceGap,
	"Swarm.managers":              swarmGap,
	"Swarm.nodes":                 swarmGap,
}

// unreadable is the gap of a fact that has no value.
func unreadable(f snapshot.AnyFact) (snapshot.Origin, *snapshot.Gap) {
	if f.State() == snapshot.Seen || f.State() == snapshot.Absent {
		return snapshot.Origin{}, nil
	}
	gap := f.Gap()
	return f.Origin(), &gap
}

// refused is the gap where the kernel did not let us look, if it did not.
func refused(hides bool, what string) (snapshot.Origin, *snapshot.Gap) {
	if !hides {
		return snapshot.Origin{}, nil
	}
	return snapshot.At(what, "/proc"), &snapshot.Gap{
		Reason: snapshot.ReasonPermission, Detail: "it could not be looked at", Remedy: "run as root",
	}
}

// containerGap: what labels tell is empty for a container that could not be
// inspected.
func containerGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	c, _ := structure.(*snapshot.Container)
	return unreadable(&c.Image)
}

// usersGap: an image's users are found through all containers.
func usersGap(_ any, e *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	containers, _ := e.Containers.Peek()
	for i := range containers {
		if at, gap := unreadable(&containers[i].ImageID); gap != nil {
			return at, gap
		}
	}
	return unreadable(&e.Containers)
}

func listenersGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	e, _ := structure.(*snapshot.Engine)
	return complete(&e.AllListeners, "not all sockets of the engine were looked for")
}

func enginesGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	s, _ := structure.(*snapshot.Snapshot)
	return complete(&s.AllEngines, "not all engines of the host were looked for")
}

// complete is the gap of a list that may be longer.
func complete(all *snapshot.Fact[bool], detail string) (snapshot.Origin, *snapshot.Gap) {
	if known, ok := all.Peek(); ok && !known {
		return all.Origin(), &snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: detail}
	}
	return unreadable(all)
}

func daemonGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	d, _ := structure.(*snapshot.DaemonProcess)
	return refused(d.Executable == "" || d.Namespaces == nil || d.StartedAt.IsZero(), "the daemon's process")
}

func profilesGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	a, _ := structure.(*snapshot.AppArmor)
	return refused(a.Enabled && len(a.Profiles) == 0, "AppArmor's profiles")
}

func holderGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	h, _ := structure.(*snapshot.Holder)
	return refused(h.Executable == "", "the process that holds the socket")
}

func serviceGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	s, _ := structure.(*snapshot.Service)
	return refused(s.Program == "", "the process that listens at "+s.Address)
}

// swarmGap: a worker does not know the others.
func swarmGap(structure any, _ *snapshot.Engine) (snapshot.Origin, *snapshot.Gap) {
	s, _ := structure.(*snapshot.Swarm)
	if s.Manager {
		return snapshot.Origin{}, nil
	}
	return snapshot.At("Swarm", "GET /info"), &snapshot.Gap{
		Reason: snapshot.ReasonUnsupported, Detail: "only a manager knows the members of the swarm", Remedy: "audit a manager",
	}
}
