package device

import (
	"path"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// family is a family of devices, and what opening one of them leads to.
type family struct {
	attack.Step
	// is tells whether a device of the host belongs to the family, by its path.
	is func(device string) bool
	// numbers are those of the family in the terms of a device rule: "c 13:*".
	numbers []string
	// access is what must be allowed, of "rw".
	access string
	// secret is what the devices hold, where the step leads to a secret.
	secret string
	// device is one of the family, for examples, and options what else it takes.
	device, options string
	// requests: the devices may also be requested by this word, as GPUs are.
	requests string
}

// step makes the step of the family.
func (f family) step() *attack.Step {
	s := f.Step
	s.At, s.From = rule.KindContainer, attack.ContainerRoot
	s.Needs = append(attack.All(hasDevices(), cond.HostRoot()), s.Needs...)
	s.Each = f.openings
	s.Rules = []string{"container-device-mapped", "container-device-cgroup-rule"}
	s.Proof = "HostConfig.Devices, DeviceCgroupRules and DeviceRequests; nothing is opened"
	return &s
}

// hasDevices: the container may open devices that others may not.
func hasDevices() *attack.Cond {
	return &attack.Cond{
		Says:  "it may open devices of the host",
		Check: cond.AsRead,
		Ask: func(q *attack.Query) attack.Truth {
			devices, _ := q.Container.Devices.Try(q)
			rules, _ := q.Container.DeviceCgroupRules.Try(q)
			requests, _ := q.Container.DeviceRequests.Try(q)
			return q.Whether(len(devices)+len(rules)+len(requests) > 0)
		},
	}
}

// openings are the devices of the family that the container may open.
func (f family) openings(q *attack.Query) []attack.Instance {
	c := q.Container
	out := q.Instances()
	for _, d := range cond.Look(&out, c.Devices) {
		if (f.is(d.Host) || d.Host == "/dev") && allows(d.Permissions, f.access) {
			out = append(out, attack.Instance{What: d.Host, Ends: f.ends(q, d), Origin: cond.Element(c.Devices, d.Host), Value: d.Permissions})
		}
	}
	if f.numbers != nil {
		for _, r := range cond.Look(&out, c.DeviceCgroupRules) {
			out = append(out, f.byRule(q, r)...)
		}
	}
	if f.requests != "" {
		for _, r := range cond.Look(&out, c.DeviceRequests) {
			if strings.Contains(r, f.requests) {
				out = append(out, attack.Instance{What: r, Ends: []attack.Change{change.OnContainer(q, change.RemoveDeviceRequest, r)}, Origin: cond.Element(c.DeviceRequests, r), Value: r})
			}
		}
	}
	for i := range out {
		out[i].To = attack.State{Kind: f.To, Name: f.secret}
	}
	return out
}

// ends are the changes that keep the container from a device.
func (f family) ends(q *attack.Query, d snapshot.Device) []attack.Change {
	ends := []attack.Change{change.OnContainer(q, change.RemoveDevice, d.Host)}
	if strings.Contains(f.access, "w") && strings.Contains(d.Permissions, "r") {
		ends = append(ends, change.OnContainer(q, change.ReadOnlyDevice, d.Host))
	}
	return ends
}

// byRule is the way of a device rule: root in the container makes the device's
// file itself, which takes MKNOD.
func (f family) byRule(q *attack.Query, deviceRule string) []attack.Instance {
	if !f.covered(deviceRule) {
		return nil
	}
	own := &cond.Gaps{}
	i := attack.Instance{What: lang.Sprintf("by the rule %s", deviceRule), Origin: cond.Element(q.Container.DeviceCgroupRules, deviceRule), Value: deviceRule}
	caps, mknod := confinement.CapabilitiesOf(own, q.Container), snapshot.Caps("MKNOD")
	switch {
	case caps.Holds(mknod):
	case caps.Kernel || caps.Complete:
		return nil
	default:
		i.Unknown, i.Missing = true, *own
	}
	if cond.SELinuxOff(q) != attack.Yes {
		i.Unknown = true
		i.Missing = append(i.Missing, cond.Undecided(q.Container.SELinux.Origin(), lang.T("whether the policy of its SELinux label lets it make device nodes is not read"), lang.T("look with sesearch -A -s container_t -c blk_file -p create"))...)
	}
	i.Ends = []attack.Change{change.OnContainer(q, change.RemoveDeviceRule, deviceRule)}
	if privileged, _ := q.Container.Privileged.Peek(); !privileged { // else nothing is dropped
		i.Ends = append(i.Ends, change.OnContainer(q, change.DropCapability, "MKNOD"))
	}
	return append(q.Instances(), i)
}

// covered reports whether a device rule such as "c 13:* rw" opens a device of the
// family.
func (f family) covered(deviceRule string) bool {
	words := strings.Fields(deviceRule)
	if len(words) != 3 || !allows(words[2], f.access) {
		return false
	}
	major, minor, _ := strings.Cut(words[1], ":")
	for _, n := range f.numbers {
		kind, numbers, _ := strings.Cut(n, " ")
		ownMajor, ownMinor, _ := strings.Cut(numbers, ":")
		if (words[0] == "a" || words[0] == kind) && alike(major, ownMajor) && alike(minor, ownMinor) {
			return true
		}
	}
	return false
}

// alike reports whether two numbers of devices are the same, where * is any.
func alike(a, b string) bool { return a == "*" || b == "*" || a == b }

// allows reports whether permissions, such as "rwm", hold all of the access.
func allows(permissions, access string) bool {
	for _, a := range access {
		if !strings.ContainsRune(permissions, a) {
			return false
		}
	}
	return true
}

// named is a family by patterns of paths, as [path.Match] takes them. A directory
// stands for all that is below it.
func named(patterns ...string) func(string) bool {
	return func(device string) bool {
		for _, p := range patterns {
			if ok, _ := path.Match(p, device); ok || hostpath.Within(device, p) {
				return true
			}
		}
		return false
	}
}
