package scene

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// The functions of this file set in examples what a run line cannot say.

// Remapped makes the example's engine remap user namespaces.
var Remapped = example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.UserNSRemap, true) })

// Rootless makes the example's engine a rootless one of alice.
var Rootless = example.Engine(example.Rootless)

// Labelled makes the example's host one where SELinux labels containers.
func Labelled(s *snapshot.Snapshot) {
	example.Set(&s.Host.SELinux, snapshot.SELinux{Enabled: true, Enforcing: true})
	example.Set(&s.Engines[0].Settings.SELinux, true)
}

// ShownTo makes the example's last container a running one in which the kernel
// shows these mounts and sockets.
func ShownTo(mounts []snapshot.HostMount, sockets ...snapshot.ControlSocket) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Containers.Peek()
		c := &list[len(list)-1]
		o := snapshot.At("mounts", "/proc/4711/mountinfo")
		c.Process = snapshot.See(snapshot.Process{
			PID:            4711,
			UID:            snapshot.See(0, snapshot.At("Uid", "/proc/4711/status")),
			CapBounding:    snapshot.See(snapshot.DefaultCaps, snapshot.At("CapBnd", "/proc/4711/status")),
			UIDMap:         snapshot.See([]snapshot.IDMap{{Length: 1<<32 - 1}}, snapshot.At("uid_map", "/proc/4711/uid_map")),
			Label:          snapshot.See("docker-default (enforce)", snapshot.At("current", "/proc/4711/attr/current")),
			HostMounts:     snapshot.See(mounts, o),
			ControlSockets: snapshot.See(sockets, o),
		}, snapshot.At("State.Pid", "GET /containers/"+c.Name+"/json"))
	})
}

// WithoutMount are the good examples of steps that need root of the host and one
// mount: no mount, user namespaces, a label.
func WithoutMount(run string) []rule.Example {
	return []rule.Example{
		{Run: "docker run alpine"},
		{Run: run, Facts: Remapped},
		{Run: run, Facts: Rootless},
		{Run: run, Facts: Labelled},
	}
}
