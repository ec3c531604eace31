package runline

import (
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/docker/go-units"
	"github.com/moby/moby/api/types/container"

	"seawall/lang"
	"seawall/source/unresolved"
)

// deviceRule is the form of --device-cgroup-rule.
var deviceRule = regexp.MustCompile(`^[acb] ([0-9]+|\*):([0-9]+|\*) [rwm]{1,3}$`)

// check makes the checks of the CLI that no conversion makes. A line that the
// CLI refuses makes no container, so it must not be judged as if it did.
func (o *options) check() error {
	for _, c := range []struct {
		flag, value string
		valid       bool
	}{
		{"pid", o.pid, container.PidMode(o.pid).Valid()},
		{"uts", o.uts, container.UTSMode(o.uts).Valid()},
		{"userns", o.userns, container.UsernsMode(o.userns).Valid()},
		{"cgroupns", o.cgroupns, container.CgroupnsMode(o.cgroupns).Valid()},
	} {
		if _, open := unresolved.In(c.value); !c.valid && !open {
			return lang.Errorf("--%s: %q is not a mode", c.flag, c.value)
		}
	}
	if !slices.Contains([]string{"", "always", "missing", "never"}, o.pull) {
		return lang.Errorf("--pull: %q is none of always, missing and never", o.pull)
	}
	if o.swappiness < -1 || o.swappiness > 100 {
		return lang.Errorf("--memory-swappiness: %d is not between 0 and 100", o.swappiness)
	}
	if min(int64(o.healthInterval), int64(o.healthTimeout), int64(o.healthStartPeriod), int64(o.healthStartInterval), int64(o.healthRetries)) < 0 {
		return lang.Errorf("a --health- flag is negative")
	}
	if o.logDriver == "none" && len(o.logOpts) > 0 {
		return lang.Errorf("--log-opt with --log-driver none")
	}
	return o.checkLists()
}

// checkLists checks the values of flags that may be repeated.
func (o *options) checkLists() error {
	checks := []struct {
		flag   string
		values []string
		valid  func(string) bool
	}{
		{"env", o.env, func(s string) bool { return s != "" && s[0] != '=' }},
		{"label", o.labels, validLabel},
		{"sysctl", o.sysctls, validSysctl},
		{"storage-opt", o.storageOpt, func(s string) bool { return strings.Contains(s, "=") }},
		{"device-cgroup-rule", o.deviceRules, deviceRule.MatchString},
		{"link", o.links, func(s string) bool { return s != "" && strings.Count(s, ":") < 2 }},
		{"add-host", o.extraHosts, validExtraHost},
		{"dns", o.dns, func(s string) bool { return net.ParseIP(strings.TrimSpace(s)) != nil }},
		{"device-read-bps", o.readBps, deviceRate(bytesRate)},
		{"device-write-bps", o.writeBps, deviceRate(bytesRate)},
		{"device-read-iops", o.readIOps, deviceRate(countRate)},
		{"device-write-iops", o.writeIOps, deviceRate(countRate)},
		{"blkio-weight-device", o.weightDevices, deviceRate(weight)},
		{"attach", o.attach, func(s string) bool {
			return slices.Contains([]string{"stdin", "stdout", "stderr"}, strings.ToLower(s))
		}},
		{"mac-address", o.mac, func(s string) bool { _, err := net.ParseMAC(strings.TrimSpace(s)); return s == "" || err == nil }},
	}
	for _, c := range checks {
		for _, value := range c.values {
			if _, open := unresolved.In(value); !open && !c.valid(value) {
				return lang.Errorf("--%s: docker does not accept %q", c.flag, value)
			}
		}
	}
	return nil
}

func validLabel(s string) bool {
	key, _, _ := strings.Cut(s, "=")
	key = strings.TrimLeft(key, " \t")
	return key != "" && !strings.ContainsAny(key, " \t")
}

// validSysctl: the CLI lets through what a container can have of its own.
func validSysctl(s string) bool {
	key, _, assigned := strings.Cut(s, "=")
	if !assigned || key == "" {
		return false
	}
	switch key {
	case "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem",
		"kernel.shmall", "kernel.shmmax", "kernel.shmmni", "kernel.shm_rmid_forced":
		return true
	}
	return strings.HasPrefix(key, "net.") || strings.HasPrefix(key, "fs.mqueue.")
}

func validExtraHost(s string) bool {
	name, ip, found := strings.Cut(s, "=")
	if !found {
		name, ip, found = strings.Cut(s, ":")
	}
	if !found || name == "" || strings.Contains(name, ":") {
		return false
	}
	if len(ip) > 2 && ip[0] == '[' && ip[len(ip)-1] == ']' {
		ip = ip[1 : len(ip)-1]
	}
	return ip == "host-gateway" || net.ParseIP(strings.TrimSpace(ip)) != nil
}

// deviceRate checks /dev/NAME:RATE.
func deviceRate(rate func(string) bool) func(string) bool {
	return func(s string) bool {
		path, value, found := strings.Cut(s, ":")
		return found && strings.HasPrefix(path, "/dev/") && rate(value)
	}
}

func bytesRate(s string) bool { n, err := units.RAMInBytes(s); return err == nil && n >= 0 }

func countRate(s string) bool { _, err := strconv.ParseUint(s, 10, 64); return err == nil }

func weight(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && (n == 0 || n >= 10 && n <= 1000)
}
