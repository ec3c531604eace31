package currency

import (
	"regexp"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// soundRule matches the rules of device cgroups that let a container use sound devices,
// whose major number is 116 (Documentation/admin-guide/devices.txt).
var soundRule = regexp.MustCompile(`^(a\b|c (116|\*):)`)

// soundDevice says whether a container was given a sound device of the host. What a
// device of CDI brings is not known.
func soundDevice(p place) (presence, Evidence, *Missing) {
	var unread *Missing
	miss := func(o snapshot.Origin, gap snapshot.Gap) {
		if unread == nil {
			unread = &Missing{o, gap}
		}
	}
	if _, ok := p.s.AllEngines.Peek(); !ok {
		miss(p.s.AllEngines.Origin(), p.s.AllEngines.Gap())
	}
	for i := range p.s.Engines {
		containers, ok := p.s.Engines[i].Containers.Peek()
		if !ok {
			miss(p.s.Engines[i].Containers.Origin(), p.s.Engines[i].Containers.Gap())
		}
		for j := range containers {
			c := &containers[j]
			given, o, gap := hasSound(c)
			switch {
			case given != "":
				return holds, Evidence{o, lang.Sprintf("%s of %s", given, c.Name)}, nil
			case gap != nil:
				miss(o, *gap)
			}
		}
	}
	if unread != nil {
		return notRead, Evidence{}, unread
	}
	return absent, Evidence{snapshot.At("Devices", "all containers"), lang.T("no container has /dev/snd")}, nil
}

// hasSound is what gives a container sound devices; "" where nothing does, with the
// fact that would tell where one could not be read.
func hasSound(c *snapshot.Container) (given string, _ snapshot.Origin, _ *snapshot.Gap) {
	privileged, ok1 := c.Privileged.Peek()
	if privileged {
		return "privileged", c.Privileged.Origin(), nil
	}
	devices, ok2 := c.Devices.Peek()
	for _, d := range devices {
		if d.Host == "/dev/snd" || strings.HasPrefix(d.Host, "/dev/snd/") {
			return d.Host, c.Devices.Origin(), nil
		}
	}
	rules, ok3 := c.DeviceCgroupRules.Peek()
	for _, r := range rules {
		if soundRule.MatchString(r) {
			return r, c.DeviceCgroupRules.Origin(), nil
		}
	}
	requests, ok4 := c.DeviceRequests.Peek()
	gap := func(o snapshot.Origin, g snapshot.Gap) (string, snapshot.Origin, *snapshot.Gap) { return "", o, &g }
	switch {
	case !ok1:
		return gap(c.Privileged.Origin(), c.Privileged.Gap())
	case !ok2:
		return gap(c.Devices.Origin(), c.Devices.Gap())
	case !ok3:
		return gap(c.DeviceCgroupRules.Origin(), c.DeviceCgroupRules.Gap())
	case !ok4:
		return gap(c.DeviceRequests.Origin(), c.DeviceRequests.Gap())
	}
	for _, r := range requests {
		if strings.HasPrefix(r, "cdi: ") {
			return gap(c.DeviceRequests.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.Sprintf("which devices %s brings is not read", strings.TrimPrefix(r, "cdi: "))})
		}
	}
	return "", snapshot.Origin{}, nil
}
