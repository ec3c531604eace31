package container

import (
	"testing"

	"seawall/rule/example"
	"seawall/snapshot"
)

func TestCapabilities(t *testing.T) {
	admin := snapshot.DefaultCaps | snapshot.Caps("SYS_ADMIN")
	noCapAdd := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.CapAdd })
	judge(t, "container-capability-sys-admin", []verdict{
		{"docker run --cap-add SYS_ADMIN alpine", nil, "high", ""},
		{"docker run --cap-add SYS_ADMIN --user 1000 alpine", nil, "medium", ""},
		{"docker run --cap-add SYS_ADMIN alpine", rootless, "medium", ""},
		{"docker run --cap-add SYS_ADMIN alpine", plainProc, "pass", "was asked for"},
		{"docker run alpine", plainProc, "pass", "does not have"},
		{"docker run alpine", bounded(admin), "not-applicable", "nobody asked"},
		{"docker run alpine", all(bounded(admin), noCapAdd), "high", ""},
		{"docker run alpine", all(plainProc, noCapAdd), "unknown", ""},
	})
	judge(t, "container-capability-syslog", []verdict{
		{"docker run --cap-add SYSLOG --user 1000 alpine", nil, "low", ""},
	})
	judge(t, "container-capability-all-added", []verdict{
		{"docker run --privileged --cap-add ALL alpine", nil, "not-applicable", ""},
		{"docker run --cap-add ALL alpine", nil, "critical", ""},
		{"docker run --cap-add ALL --user 1000 alpine", nil, "high", ""},
		{"docker run --cap-add ALL --user 1000 alpine", rootless, "medium", ""},
	})
	judge(t, "container-capabilities-beyond-settings", []verdict{
		{"docker run alpine", nil, "not-applicable", ""},
	})
}

func TestSecurityModules(t *testing.T) {
	hidden := func(s *snapshot.Snapshot) {
		s.Host.AppArmor.Blind(notPermitted)
		s.Host.SELinux.Blind(notPermitted)
		setting(func(t *snapshot.Settings) *snapshot.Fact[bool] { return &t.AppArmor }, false)(s)
	}
	judge(t, "container-apparmor-off", []verdict{
		{"docker run --security-opt apparmor=unconfined alpine", hidden, "unknown", ""},
		{"docker run --security-opt apparmor=unconfined alpine", rootless, "not-applicable", "rootless"},
		{"docker run --security-opt apparmor=unconfined --privileged alpine", nil, "not-applicable", "privileged"},
	})
	judge(t, "container-selinux-off", []verdict{
		{"docker run --security-opt label=disable alpine", hidden, "unknown", ""},
		{"docker run --security-opt label=disable --privileged alpine", withSELinux(true), "not-applicable", "privileged"},
		{"docker run alpine", permissive, "not-applicable", "only reports"},
	})
}

// TestSeverities: who the container's root is on the host weighs a finding, and
// so does who its process is.
func TestSeverities(t *testing.T) {
	judge(t, "container-device-mapped", []verdict{
		{"docker run --device /dev/sda alpine", rootless, "medium", "rootless"},
		{"docker run --device /dev/tpm0 alpine", rootless, "medium", "keys. it keeps the machine's keys"},
		{"docker run --device /dev/net/tun alpine", rootless, "low", ""},
		{"docker run --device /dev/sda --user 1000 alpine", nil, "high", ""},
	})
	judge(t, "container-sensitive-mount", []verdict{
		{"docker run -v /:/h --user 1000 alpine", nil, "high", "no root"},
		{"docker run -v /lib/modules:/m:ro --user 1000 alpine", nil, "low", "only be read"},
	})
}

// TestLife: a message says so of a container that does not run.
func TestLife(t *testing.T) {
	for state, want := range map[string]string{
		"running": "", "paused": "", "restarting": "", "declared": "", "": "",
		"exited": " (it is not running: exited)", "created": " (it is not running: created)", "dead": " (it is not running: dead)",
	} {
		if got := life(&snapshot.Container{State: snapshot.See(state, snapshot.Origin{})}); got != want {
			t.Errorf("%s: %q", state, got)
		}
	}
}

func TestUserNamespaces(t *testing.T) {
	mapped := func(outside uint32) func(*snapshot.Snapshot) {
		return running(func(p *snapshot.Process) {
			example.Set(&p.UIDMap, []snapshot.IDMap{{Outside: outside, Length: 65536}})
		})
	}
	noMap := running(func(p *snapshot.Process) { p.UIDMap.Blind(notPermitted) })
	noSetting := example.Engine(func(e *snapshot.Engine) { e.Settings.UserNSRemap.Blind(notPermitted) })
	noMode := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.UsernsMode })
	judge(t, "container-host-userns", []verdict{
		{"docker run alpine", nil, "not-applicable", ""},
		{"docker run alpine", mapped(100000), "pass", ""},
		{"docker run --userns host alpine", all(remapped(true), mapped(100000)), "pass", ""},
		{"docker run alpine", all(remapped(true), mapped(0)), "high", "the kernel shows"},
		{"docker run alpine", mapped(0), "not-applicable", ""},
		{"docker run alpine", all(remapped(true), noMap), "unknown", ""},
		{"docker run alpine", noSetting, "unknown", ""},
		{"docker run alpine", all(noSetting, mapped(0)), "unknown", ""},
		{"docker run alpine", all(remapped(true), noMode), "unknown", ""},
		{"docker run alpine", all(remapped(true), noMode, noMap), "unknown", ""},
		{"docker run --userns host alpine", noSetting, "high", "opted out"},
		{"docker run --userns host alpine", all(remapped(true), rootless), "pass", "rootless"},
	})
	judge(t, "container-host-cgroupns", []verdict{
		{"docker run --cgroupns private alpine", cgroupVersion("1"), "pass", ""},
		{"docker run --cgroupns host alpine", cgroupVersion("1"), "low", "is the host's."},
		{"docker run alpine", cgroupVersion("1"), "low", "the default with cgroup v1"},
	})
}

func TestEngineGroup(t *testing.T) {
	socket := func(i, gid int, mode snapshot.Mode) func(*snapshot.Snapshot) {
		return listeners(func(l []snapshot.Listener) {
			f, _ := l[i].Socket.Peek()
			f.GID, f.Mode = gid, mode
			example.Set(&l[i].Socket, f)
		})
	}
	noSocket := listeners(func(l []snapshot.Listener) { l[0].Socket.Blind(notPermitted) })
	notAll := example.Engine(func(e *snapshot.Engine) { example.Set(&e.AllListeners, false) })
	judge(t, "container-in-engine-group", []verdict{
		{"docker run --user 1000:998 alpine", nil, "medium", "group 998"},
		{"docker run --user 1000:5 --group-add 44 --group-add 998 alpine", nil, "medium", "group 998"},
		{"docker run --user app --group-add 998 alpine", nil, "medium", "group 998"},
		{"docker run --user 1000:998 alpine", remapped(true), "not-applicable", ""},
		{"docker run --user 1000:998 alpine", rootless, "not-applicable", ""},
		{"docker run --user 1000:998 alpine", socket(0, 998, 0o600), "pass", ""},
		{"docker run --user 1000:998 alpine", socket(0, 999, 0o660), "pass", ""},
		{"docker run --user 1000:5 alpine", socket(1, 5, 0o660), "pass", ""},
		{"docker run --user 1000:0 alpine", socket(0, 0, 0o660), "medium", "group 0"},
		{"docker run --user 1000 alpine", socket(0, 0, 0o660), "pass", ""},
		{"docker run --user 0:0 alpine", socket(0, 0, 0o660), "pass", ""},
		{"docker run --user 1000 --group-add docker alpine", socket(0, 0, 0o660), "pass", ""},
		{"docker run --user 1000:998 alpine", noSocket, "unknown", ""},
		{"docker run --user 1000:5 alpine", notAll, "unknown", ""},
	})
}

func TestNeighbours(t *testing.T) {
	shareable := "docker run --name b --ipc shareable alpine"
	other := func(change func(*snapshot.Container)) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Containers.Peek()
			change(&list[0])
		})
	}
	noMode := other(func(c *snapshot.Container) { c.IpcMode.Blind(notPermitted) })
	judge(t, "container-ipc-shareable", []verdict{
		{"docker run --name a --ipc container:b alpine\n" + shareable, nil, "pass", "container a joins"},
		{"docker run --name a --ipc container:c alpine\n" + shareable, nil, "low", ""},
		{"docker run --name a --ipc shareable alpine\n" + shareable, nil, "low", ""},
		{"docker run --name a alpine\n" + shareable, noMode, "unknown", ""},
	})
	socket := "docker run --name a -v /run/docker.sock:/s "
	join := " alpine\ndocker run --name b --pid container:a "
	hidden := other(func(c *snapshot.Container) { c.CapAdd.Blind(notPermitted) })
	blind := unread(func(c *snapshot.Container) snapshot.AnyFact { return &c.CapAdd })
	judge(t, "container-joins-namespace", []verdict{
		{"docker run --name a alpine\ndocker run --name b --network container:a alpine", nil, "low", "it joins namespaces: net of a. ."},
		{"docker run --name a alpine\ndocker run --name b --ipc container:a --pid container:a alpine", nil, "medium", "it joins namespaces: pid of a, ipc of a. it shares processes"},
		{"docker run --name b --network container:gone alpine", nil, "low", "net of gone"},
		{"docker run --name b --pid container:gone alpine", nil, "medium", "pid of gone"},
		{socket + join + "alpine", nil, "high", "pid of a, which has the engine's socket inside (/run/docker.sock at /s (bind mount)). the engine's socket of the other container"},
		{socket + "--cap-add SYS_ADMIN" + join + "alpine", nil, "medium", ""},
		{socket + join + "--cap-add SYS_ADMIN alpine", nil, "high", ""},
		{socket + join + "--cap-drop ALL alpine", nil, "medium", ""},
		{"docker run --name a alpine\ndocker run --name b --pid container:" + zeros + " alpine", other(func(c *snapshot.Container) { c.ID = zeros }), "medium", "pid of a."},
		{socket + join + "alpine", hidden, "medium", ""},
		{socket + join + "alpine", blind, "medium", ""},
	})
	taken := "docker run --name a -v data:/d alpine\ndocker run --name b --volumes-from "
	judge(t, "container-takes-volumes", []verdict{
		{taken + "a alpine", nil, "low", "mounts of a."},
		{taken + "a:z,ro alpine", nil, "low", "mounts of a (read-only)."},
		{taken + "gone alpine", nil, "low", "mounts of gone."},
	})
}
