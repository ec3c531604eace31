package cond

import (
	"path"
	"slices"

	"seawall/attack"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the condition about what runs a container.

// sharing are the runtimes that start containers on the host's kernel, by the names
// that engines know them under without being told.
var sharing = [...]string{"runc", "crun", "youki", "nvidia", "io.containerd.runc.v1", "io.containerd.runc.v2"}

// SharesKernel: the container's processes are the host's, on its kernel. Others may run
// in a machine or kernel of their own (Kata Containers, gVisor); what those keep from a
// container is not known.
func SharesKernel() *attack.Cond {
	return &attack.Cond{Says: "its runtime gives it no kernel of its own", Check: AsRead, Ask: ownKernel}
}

// ownKernel says whether the container runs on the host's kernel, by its runtime, else
// by the engine's.
func ownKernel(q *attack.Query) attack.Truth {
	runtime := q.Container.Runtime
	name, _ := runtime.Peek()
	if name == "" || name == "oci" { // so Podman calls whichever it has
		runtime = q.Engine.Settings.DefaultRuntime
		name, _ = runtime.Peek()
	}
	if name == "" || slices.Contains(sharing[:], path.Base(name)) {
		return attack.Yes
	}
	q.Missed(runtime.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Sprintf("what the runtime %s keeps from a container is not known", name), Remedy: lang.T("look at what it runs in daemon.json (runtimes)")})
	return attack.Unknown
}
