package container

import (
	"seawall/rule/example"
	"seawall/snapshot"
)

// The functions of this file set what a run line cannot say in an example.

// inContainer changes the example's last container.
func inContainer(change func(*snapshot.Container)) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		list, _ := e.Containers.Peek()
		change(&list[len(list)-1])
	})
}

// running makes the example's last container a running one, whose process has
// the facts that change sets.
func running(change func(*snapshot.Process)) func(*snapshot.Snapshot) {
	return inContainer(func(c *snapshot.Container) {
		c.State = snapshot.See("running", snapshot.At("State.Status", "GET /containers/"+c.Name+"/json"))
		p := ordinaryProcess()
		change(&p)
		c.Process = snapshot.See(p, snapshot.At("State.Pid", "GET /containers/"+c.Name+"/json"))
	})
}

// ordinaryProcess is what the kernel shows of a container that was started
// without options.
func ordinaryProcess() snapshot.Process {
	status := func(path string) snapshot.Origin { return snapshot.At(path, "/proc/4711/status") }
	return snapshot.Process{
		PID:            4711,
		UID:            snapshot.See(0, status("Uid")),
		CapEffective:   snapshot.See(snapshot.DefaultCaps, status("CapEff")),
		CapBounding:    snapshot.See(snapshot.DefaultCaps, status("CapBnd")),
		NoNewPrivs:     snapshot.See(false, status("NoNewPrivs")),
		SeccompMode:    snapshot.See(2, status("Seccomp")),
		SeccompFilters: snapshot.See(1, status("Seccomp_filters")),
		Label:          snapshot.See("docker-default (enforce)", snapshot.At("current", "/proc/4711/attr/current")),
		UIDMap:         snapshot.See([]snapshot.IDMap{{Length: 1<<32 - 1}}, snapshot.At("uid_map", "/proc/4711/uid_map")),
		GIDMap:         snapshot.See([]snapshot.IDMap{{Length: 1<<32 - 1}}, snapshot.At("gid_map", "/proc/4711/gid_map")),
		Namespaces: snapshot.See(map[string]snapshot.Namespace{
			"net": {Inode: 1}, "pid": {Inode: 2}, "ipc": {Inode: 3}, "uts": {Inode: 4}, "mnt": {Inode: 5}, "cgroup": {Inode: 6}, "user": {Inode: 7, Host: true},
		}, snapshot.At("ns", "/proc/4711/ns")),
		ControlSockets: snapshot.See([]snapshot.ControlSocket(nil), snapshot.At("mountinfo", "/proc/4711/mountinfo")),
		HostMounts:     snapshot.See([]snapshot.HostMount(nil), snapshot.At("mountinfo", "/proc/4711/mountinfo")),
		Programs:       snapshot.See([]string{"app"}, snapshot.At("programs", "/proc/*/stat")),
	}
}

// setListenerCopies gives the engine's first socket a second path.
func setListenerCopies(s *snapshot.Snapshot, path string) {
	listeners, _ := s.Engines[0].Listeners.Peek()
	listeners[0].Copies = snapshot.See([]string{path}, listeners[0].Copies.Origin())
}

// setting sets one setting of the engine, which an info answer told.
func setting[T any](pick func(*snapshot.Settings) *snapshot.Fact[T], value T) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		f := pick(&e.Settings)
		*f = snapshot.See(value, f.Origin())
	})
}

// all applies changes, one after the other.
func all(changes ...func(*snapshot.Snapshot)) func(*snapshot.Snapshot) {
	return func(s *snapshot.Snapshot) {
		for _, change := range changes {
			change(s)
		}
	}
}
