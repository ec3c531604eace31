package advice

import "seawall/lang"

// remarks say what is different for a container that is set up in an unusual way.
func remarks(in Input) []string {
	var out []string
	c := in.Container
	if v, _ := c.Privileged.Peek(); v {
		out = append(out, lang.T("it is privileged: without that it also loses all devices of the host, the writable /sys and /proc/sys, and gains the filter of system calls and AppArmor. Which of those it uses is not recorded: give it the devices that it needs by --device"))
	}
	if v, _ := in.Engine.Settings.Rootless.Peek(); v {
		out = append(out, lang.T("its engine is rootless: capabilities hold in its user namespace only, limits take cgroup v2 with delegation, and AppArmor profiles are not loaded"))
	}
	if v, _ := in.Engine.Settings.UserNSRemap.Peek(); v {
		out = append(out, lang.T("its engine remaps users: capabilities hold in its user namespace only, and files of users that have no number there stay closed whatever it is given"))
	}
	if mode, _ := c.NetworkMode.Peek(); mode == "host" {
		out = append(out, lang.T("it shares the host's network: ports below 1024 take NET_BIND_SERVICE there, and in a network of its own nothing"))
	}
	if in.Seen != nil && in.Seen.Lost.Any() {
		out = append(out, lang.T("some of what it did found no room while it was watched, and is not in this advice"))
	}
	return out
}
