package livehost

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// details are the facts of a daemon that stand in its files and in /proc.
func (d *daemon) details(units []unitFile) snapshot.DaemonDetails {
	out := snapshot.DaemonDetails{OOMScore: d.oomScore()}
	if d.kind == "podman" {
		return out
	}
	out.ProxyPasswords = d.proxyPasswords(units)
	out.PluginSpecs = d.pluginSpecs()
	out.RegistryFiles = d.registryFiles()
	out.Rootlesskit = d.rootlesskit()
	return out
}

func (d *daemon) oomScore() snapshot.Fact[int] {
	o := snapshot.At("oom_score_adj", d.dir.Where("oom_score_adj"))
	data, err := d.dir.Read("oom_score_adj", nil)
	if err != nil {
		return snapshot.Lost[int](*gapPtr(err), o)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return snapshot.Lost[int](malformed(err, o.Source), o)
	}
	return snapshot.See(n, o)
}

// rootlesskit finds the process that gives a rootless daemon its network, among
// the daemon's next ancestors, and reads its options.
func (d *daemon) rootlesskit() snapshot.Fact[snapshot.Rootlesskit] {
	o := snapshot.At("rootlesskit", d.dir.Where("status"))
	if !d.rootless() {
		return snapshot.None[snapshot.Rootlesskit](o)
	}
	pid := d.pid
	for range 4 {
		if pid = parentOf(d.m, pid); pid <= 1 {
			break
		}
		p, err := readProcess(d.m, pid)
		if err == nil && len(p.args) > 0 && (p.comm == "rootlesskit" || path.Base(p.args[0]) == "rootlesskit") {
			return snapshot.See(parseRootlesskit(p.args[1:]), snapshot.At("cmdline", fmt.Sprintf("%s/%d/cmdline", d.m.Proc, pid)))
		}
	}
	return snapshot.Lost[snapshot.Rootlesskit](*gapPtr(errors.New(lang.N("no process named rootlesskit is above the rootless daemon"))), o)
}

// parseRootlesskit reads rootlesskit's command line up to the command that it
// runs. Its switches are given as --name or --name=true.
func parseRootlesskit(args []string) snapshot.Rootlesskit {
	out := snapshot.Rootlesskit{Network: "host", HostLoopback: true}
	for i, arg := range args {
		name, value, assigned := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if !strings.HasPrefix(arg, "-") && (i == 0 || !strings.HasPrefix(args[i-1], "-")) {
			break // the command
		}
		switch {
		case name == "net" && assigned:
			out.Network = value
		case name == "net" && i+1 < len(args):
			out.Network = args[i+1]
		case name == "disable-host-loopback":
			out.HostLoopback = assigned && value != "true" && value != "1"
		}
	}
	return out
}
