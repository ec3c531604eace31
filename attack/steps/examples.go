package steps

import (
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
)

// The functions of this file set in examples what a run line cannot say.

// remapped makes the example's engine remap user namespaces.
var remappedHost = example.Engine(func(e *snapshot.Engine) { example.Set(&e.Settings.UserNSRemap, true) })

// rootlessHost makes the example's engine a rootless one of alice.
var rootlessHost = example.Engine(example.Rootless)

// labelled makes the example's host one where SELinux labels containers.
func labelled(s *snapshot.Snapshot) {
	example.Set(&s.Host.SELinux, snapshot.SELinux{Enabled: true, Enforcing: true})
	example.Set(&s.Engines[0].Settings.SELinux, true)
}

// shownTo makes the example's last container a running one in which the kernel
// shows these mounts and sockets.
func shownTo(mounts []snapshot.HostMount, sockets ...snapshot.ControlSocket) func(*snapshot.Snapshot) {
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

// withoutMount are the good examples of steps that need root of the host and one
// mount: no mount, user namespaces, a label.
func withoutMount(run string) []rule.Example {
	return []rule.Example{
		{Run: "docker run alpine"},
		{Run: run, Facts: remappedHost},
		{Run: run, Facts: rootlessHost},
		{Run: run, Facts: labelled},
	}
}

func setDataRoot(e *snapshot.Engine) { example.Set(&e.Settings.DataRoot, "/srv/docker") }
