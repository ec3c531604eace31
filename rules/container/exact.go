package container

import (
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// exactRule asks of every container what the CIS Docker Benchmark asks, also
// where another rule reports the cause once: a privileged container has no
// filters either, and an engine that remaps nobody shares the host's user
// namespace with all of its containers.
type exactRule struct {
	id, title   string
	cis, attack string
	why         string
	fix         rule.Fix
	bad, good   []rule.Example
	check       func(*rule.Context, *snapshot.Container) rule.Answer
}

// exactRules makes the rules of the table.
func exactRules() []*rule.Rule {
	var rules []*rule.Rule
	for _, x := range exactTable() {
		rules = append(rules, &rule.Rule{
			ID: x.id, Title: x.title, Severity: rule.Low, Exact: true,
			Why: "The CIS Docker Benchmark asks it of every container, whatever the cause. " + x.why,
			Fix: x.fix, Refs: rule.Refs{CIS: x.cis, NIST: "4.4.3", ATTACK: x.attack},
			Bad: x.bad, Good: x.good, Container: x.check,
		})
	}
	return rules
}

func exactTable() []exactRule {
	privileged := rule.Example{Run: "docker run --privileged alpine"}
	plain := []rule.Example{{Run: "docker run alpine"}}
	return []exactRule{
		{
			id: "container-without-apparmor", title: "A container runs without AppArmor", cis: "5.2", attack: "T1611",
			why: "container-apparmor-off and container-privileged say what is at stake.",
			fix: rule.Fix{Text: "Use the engine's profile, and no privileged containers.", Run: "remove: --privileged --security-opt apparmor=unconfined", Breaks: "Programs that mount or change kernel settings.",
				Edits: rule.Edits{Do: []rule.Edit{rule.Drop("privileged"), dropOption("apparmor")}}},
			bad: []rule.Example{privileged, {Run: "docker run --security-opt apparmor=unconfined alpine"}}, good: plain,
			check: checkExactAppArmor,
		},
		{
			id: "container-without-selinux", title: "A container runs without SELinux", cis: "5.3", attack: "T1611",
			why: "container-selinux-off and host-selinux-permissive say what is at stake.",
			fix: rule.Fix{Text: "Let the engine label containers, and use no privileged ones.", Run: "remove: --privileged --security-opt label=disable", Daemon: `{"selinux-enabled": true}`, Breaks: "Containers that use files of the host without a fitting label.",
				Edits: rule.Edits{Do: []rule.Edit{rule.Drop("privileged"), rule.Drop("security_opt")}}},
			bad:   []rule.Example{{Show: "a host with SELinux", Run: "docker run --security-opt label=disable alpine", Facts: withSELinux(true)}, {Show: "SELinux only reports", Run: "docker run alpine", Facts: permissive}},
			good:  []rule.Example{{Show: "a host with SELinux", Run: "docker run alpine", Facts: withSELinux(true)}},
			check: checkExactSELinux,
		},
		{
			id: "container-without-seccomp", title: "A container runs without a system call filter", cis: "5.22", attack: "T1611",
			why: "container-seccomp-off and container-privileged say what is at stake.",
			fix: rule.Fix{Text: "Use the engine's profile, and no privileged containers.", Run: "remove: --privileged --security-opt seccomp=unconfined", Breaks: "Programs that use filtered calls.",
				Edits: rule.Edits{Do: []rule.Edit{rule.Drop("privileged"), dropOption("seccomp")}}},
			bad: []rule.Example{privileged, {Run: "docker run --security-opt seccomp=unconfined alpine"}}, good: plain,
			check: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
				return byGuard(c, confinement.Seccomp(c, c.Engine, ctr), lang.T("its system calls are not filtered"), lang.T("its system calls are filtered"), ctr)
			},
		},
		{
			id: "container-gains-privileges", title: "Programs of a container can gain privileges", cis: "5.26", attack: "T1548.001",
			why: "container-new-privileges-allowed and container-privileged say what is at stake.",
			fix: rule.Fix{Text: "Set no-new-privileges.", Run: "--security-opt no-new-privileges", Daemon: `{"no-new-privileges": true}`, Breaks: "Programs that change the user by a setuid bit, such as sudo.",
				Edits: rule.Edits{Do: []rule.Edit{dropOption("no-new-privileges"), rule.Add("security_opt", "no-new-privileges:true")}}},
			bad:  []rule.Example{{Run: "docker run --privileged --security-opt no-new-privileges:false alpine"}, {Run: "docker run --security-opt no-new-privileges:false alpine"}},
			good: []rule.Example{{Run: "docker run --security-opt no-new-privileges alpine"}},
			check: func(c *rule.Context, ctr *snapshot.Container) rule.Answer {
				return byGuard(c, confinement.NoNewPrivileges(c, c.Engine, ctr), lang.T("its programs can gain privileges"), lang.T("its programs gain no privileges"), ctr)
			},
		},
		{
			id: "container-capabilities-wide", title: "A container keeps NET_RAW, or has more than the default capabilities", cis: "5.4", attack: "T1611",
			why: "The capabilities that are dangerous have rules of their own.",
			fix: rule.Fix{Text: "Drop all capabilities and add those that the workload is seen to use.", Run: "--cap-drop ALL --cap-add NET_BIND_SERVICE", Breaks: "Whatever used a capability that is not given by name; ping without NET_RAW.",
				Edits: rule.Edits{Do: []rule.Edit{rule.Drop("privileged"), rule.Drop("cap_add"), rule.Add("cap_drop", "NET_RAW")}}},
			bad:   []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --cap-drop NET_RAW --cap-add IPC_LOCK alpine"}, privileged},
			good:  []rule.Example{{Run: "docker run --cap-drop NET_RAW alpine"}, {Run: "docker run --cap-drop ALL --cap-add CHOWN alpine"}},
			check: checkExactCapabilities,
		},
		{
			id: "container-host-device-given", title: "A container was given a device of the host", cis: "5.18", attack: "T1611",
			why: "container-device-mapped says which devices are a danger.",
			fix: rule.Fix{Text: "Remove the device where the workload does not need it.", Run: "remove: --privileged --device", Breaks: "Programs that use the device.",
				Edits: rule.Edits{Do: []rule.Edit{rule.Drop("privileged"), rule.Drop("devices"), rule.Drop("gpus"), rule.Drop("deploy.resources.reservations.devices")}}},
			bad:   []rule.Example{{Run: "docker run --device /dev/null alpine"}, {Run: "docker run --gpus all alpine"}, privileged},
			good:  plain,
			check: checkExactDevices,
		},
		{
			id: "container-in-host-userns", title: "A container is in the host's user namespace", cis: "5.31", attack: "T1611",
			why: "engine-userns-remap-off and container-host-userns say what is at stake.",
			fix: rule.Fix{Text: "Turn on user namespace remapping, or use rootless mode; remove --userns host.", Daemon: `{"userns-remap": "default"}`, Breaks: "See engine-userns-remap-off.",
				Edits: rule.Edits{Do: []rule.Edit{rule.Drop("userns_mode")}}},
			bad:   []rule.Example{{Run: "docker run alpine"}, {Show: "an engine that remaps", Run: "docker run --userns host alpine", Facts: remapped(true)}, {Show: "a container that runs", Run: "docker run alpine", Facts: all(remapped(true), running(func(*snapshot.Process) {}))}},
			good:  []rule.Example{{Show: "an engine that remaps", Run: "docker run alpine", Facts: remapped(true)}, {Show: "a rootless engine", Run: "docker run alpine", Facts: setting(func(s *snapshot.Settings) *snapshot.Fact[bool] { return &s.Rootless }, true)}},
			check: checkExactUserns,
		},
	}
}

// byGuard answers by the state of a mechanism.
func byGuard(c *rule.Context, g confinement.Guard, bad, good string, ctr *snapshot.Container) rule.Answer {
	if g.Off {
		return c.Fail("%s: %s%s", bad, g.Why, life(ctr))
	}
	return c.Pass("%s: %s", good, g.Why)
}

func checkExactAppArmor(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if has, _ := confinement.HasAppArmor(c, c.Host, c.Engine); !has {
		return c.NotApplicable("the host has no AppArmor")
	}
	return byGuard(c, confinement.AppArmor(c, c.Engine, ctr), lang.T("AppArmor does not confine it"), lang.T("AppArmor confines it"), ctr)
}

func checkExactSELinux(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	host := c.Host.SELinux.Read(c)
	if !host.Enabled {
		return c.NotApplicable("the host has no SELinux")
	}
	if !host.Enforcing {
		return c.Fail("SELinux does not confine it: it only reports%s", life(ctr))
	}
	return byGuard(c, confinement.SELinux(c, c.Engine, ctr), lang.T("SELinux does not confine it"), lang.T("SELinux confines it"), ctr)
}

// permissive gives the host an SELinux that only reports.
func permissive(s *snapshot.Snapshot) {
	withSELinux(true)(s)
	s.Host.SELinux = snapshot.See(snapshot.SELinux{Enabled: true}, s.Host.SELinux.Origin())
}

func checkExactCapabilities(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	caps := confinement.CapabilitiesOf(c, ctr)
	held := caps.Asked
	if caps.Kernel {
		held = caps.Bounding
	}
	wide := held&^snapshot.DefaultCaps | held&snapshot.Caps("NET_RAW")
	if wide == 0 {
		return c.Pass("its capabilities are fewer than the default ones")
	}
	return c.Fail("it has %s%s", shortCaps(wide), life(ctr))
}

// shortCaps names capabilities, or says that they are all.
func shortCaps(s snapshot.CapSet) string {
	const most = 6
	if s.Len() > most {
		return lang.Sprintf("%s and more", strings.Join(s.Names()[:most], " "))
	}
	return s.String()
}

func checkExactDevices(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	if privileged, _ := ctr.Privileged.Try(c); privileged {
		return c.Fail("it is privileged and has all devices%s", life(ctr))
	}
	var names []string
	devices, _ := ctr.Devices.Try(c)
	for _, d := range devices {
		names = append(names, d.Host)
	}
	requests, _ := ctr.DeviceRequests.Try(c)
	if names = append(names, requests...); len(names) > 0 {
		return c.Fail("it has %s%s", lang.Comma(names), life(ctr))
	}
	return c.Pass("it has no devices of the host")
}

func checkExactUserns(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	rootless, told := c.Engine.Settings.Rootless.Try(c)
	if rootless {
		return c.Pass("the engine is rootless: its containers are in another user namespace")
	}
	if p := confinement.ProcessOf(c, ctr); p.Runs {
		spaces, _ := p.Namespaces.Try(c)
		space, seen := spaces["user"]
		if space.Host {
			return c.Fail("the kernel shows its process in the host's user namespace%s", life(ctr))
		}
		if seen {
			return c.Pass("the kernel shows its process in another user namespace")
		}
	}
	remap, known := c.Engine.Settings.UserNSRemap.Try(c)
	if told && known && !remap {
		return c.Fail("the engine remaps no user ids%s", life(ctr))
	}
	if mode, _ := ctr.UsernsMode.Try(c); mode == "host" {
		return c.Fail("it opted out of the engine's remapping of user ids%s", life(ctr))
	}
	return c.Pass("its user ids are remapped")
}
