package livehost

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/procfs"
)

// startMethod tells how the daemon was started, by what surrounds it.
func (d *daemon) startMethod() string {
	if containerOf(d.m, d.pid) != "" && containerOf(d.m, selfPID(d.m)) != containerOf(d.m, d.pid) {
		return "container"
	}
	unit := d.serviceName()
	switch {
	case strings.HasPrefix(unit, "snap.") || strings.HasPrefix(d.exe, "/snap/") || d.env.vars["SNAP_DATA"] != "":
		return "snap"
	case d.env.vars["ROOTLESSKIT_STATE_DIR"] != "" || d.behindRootlesskit():
		return "rootlesskit"
	case d.activated, unit != "" && d.env.vars["LISTEN_FDS"] != "":
		return "systemd-socket"
	case unit != "":
		return "systemd"
	}
	return "by-hand"
}

// behindRootlesskit looks for rootlesskit among the next ancestors.
func (d *daemon) behindRootlesskit() bool {
	pid := d.pid
	for range 4 {
		if pid = parentOf(d.m, pid); pid <= 1 {
			return false
		}
		if p, err := readProcess(d.m, pid); err == nil && p.comm == "rootlesskit" {
			return true
		}
	}
	return false
}

// serviceName is the systemd service in whose cgroup the daemon is: the last
// element that is one. It is "" for a daemon started by hand, also when that
// was done from another service: the unit must run the daemon's program.
func (d *daemon) serviceName() string {
	unit, err := d.unit()
	if err != nil {
		return ""
	}
	return unit.name
}

// cgroupService reads the name of the service from /proc/PID/cgroup:
// "/system.slice/docker.service".
func (d *daemon) cgroupService() (name string, ofUser bool, err error) {
	data, err := d.dir.Read("cgroup", nil)
	if err != nil {
		return "", false, err
	}
	for _, p := range procfs.CgroupPaths(data) {
		for part := range strings.SplitSeq(p, "/") {
			if strings.HasSuffix(part, ".service") {
				name, ofUser = part, strings.Contains(p, "/user@")
			}
			if strings.HasSuffix(part, ".scope") {
				name = ""
			}
		}
		if name != "" {
			return name, ofUser && !strings.HasPrefix(name, "user@"), nil
		}
	}
	return "", false, nil
}

var errNoUnit = errors.New(lang.N("no systemd unit runs the daemon"))

// unit resolves the unit that runs the daemon; errNoUnit if none does.
func (d *daemon) unit() (unitFile, error) {
	name, ofUser, err := d.cgroupService()
	if err != nil {
		return unitFile{}, err
	}
	if name == "" {
		return unitFile{}, errNoUnit
	}
	u, err := readUnit(d.host, d.unitDirs(ofUser), name)
	if errors.Is(err, fs.ErrNotExist) {
		return unitFile{}, errNoUnit
	}
	if err != nil {
		return unitFile{}, lang.RecordErrorf("unit %s: %w", name, err)
	}
	for _, command := range u.values["Service.ExecStart"] {
		if strings.Contains(command, path.Base(d.program())) || strings.Contains(command, "dockerd") || strings.Contains(command, "podman") {
			return u, nil
		}
	}
	return unitFile{}, errNoUnit
}

func (d *daemon) unitDirs(ofUser bool) []string {
	if !ofUser {
		return systemUnitDirs()
	}
	config, _ := d.configHome()
	return userUnitDirs(config, d.env.vars["XDG_RUNTIME_DIR"], d.env.vars["HOME"])
}

// unitFact describes the unit, and with it the socket unit of the same name
// if the daemon is socket-activated.
func (d *daemon) unitFact() (snapshot.Fact[snapshot.Unit], []unitFile) {
	o := snapshot.At("unit", d.dir.Where("cgroup"))
	u, err := d.unit()
	if errors.Is(err, errNoUnit) {
		return snapshot.None[snapshot.Unit](o), nil
	}
	if err != nil {
		return snapshot.Lost[snapshot.Unit](*gapPtr(err), o), nil
	}
	out := snapshot.Unit{Name: u.name, Files: d.wheres(append([]string{u.fragment}, u.dropIns...))}
	if mode := u.values["Service.KillMode"]; len(mode) > 0 {
		out.KillMode = mode[len(mode)-1]
	}
	units := []unitFile{u}
	_, ofUser, _ := d.cgroupService()
	socket, err := readUnit(d.host, d.unitDirs(ofUser), strings.TrimSuffix(u.name, ".service")+".socket")
	switch {
	case err == nil:
		units = append(units, socket)
		if d.startMethod() == "systemd-socket" {
			out.Listen = socket.values["Socket.ListenStream"]
		}
	case !errors.Is(err, fs.ErrNotExist):
		return snapshot.Lost[snapshot.Unit](*gapPtr(err), o), units
	}
	return snapshot.See(out, o), units
}

func (d *daemon) wheres(paths []string) []string {
	out := make([]string, len(paths))
	for i, p := range paths {
		out[i] = d.host.Where(p)
	}
	return out
}
