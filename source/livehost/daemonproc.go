package livehost

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/daemonconfig"
	"seawall/source/hostfile"
	"seawall/source/procfs"
)

// daemon is an engine's process while its facts are read.
type daemon struct {
	ground
	located
	kind  string       // of the engine: "docker" or "podman"
	view  *hostfile.FS // the files as it sees them
	dir   *procfs.Dir  // its /proc directory
	uid   int          // effective, as this host numbers users
	start time.Time    // when it started
	env   environment  // of its environment, what decides where it looks for files
	flags snapshot.Fact[daemonconfig.Config]
	file  snapshot.Fact[daemonconfig.Config]
}

// ground is what sockets and daemons are looked at from.
type ground struct {
	m    Machine
	host *hostfile.FS // the files of the host, where units and accounts lie
	// contained: this process runs in a container, whose files are not the
	// host's.
	contained *snapshot.Gap
}

func groundOf(m Machine) ground { return ground{m: m, host: hostFiles(m), contained: look(m).files} }

// environment holds the few variables of a daemon's environment that say where
// its files are. Nothing else of it is kept: it may hold secrets.
type environment struct {
	vars map[string]string
	err  error // why it could not be read
}

func keptVariables() []string {
	return []string{"HOME", "PATH", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "SNAP", "SNAP_DATA",
		"LISTEN_FDS", "INVOCATION_ID", "ROOTLESSKIT_STATE_DIR", "DOCKER_CERT_PATH"}
}

// openDaemon begins to read a daemon. The caller closes it.
func openDaemon(m Machine, l located, kind string) (*daemon, error) {
	dir, err := procfs.OpenDir(m.Proc, l.pid)
	if err != nil {
		return nil, err
	}
	d := &daemon{ground: groundOf(m), located: l, kind: kind, dir: dir, view: viewOf(m, l.pid)}
	if err := d.readStatus(); err != nil {
		dir.Close()
		return nil, err
	}
	d.env = readEnvironment(dir)
	return d, nil
}

func (d *daemon) close() { d.dir.Close() }

func (d *daemon) readStatus() error {
	data, err := d.dir.Read("status", nil)
	if err != nil {
		return err
	}
	s, err := procfs.ParseStatus(data)
	if err != nil {
		return fmt.Errorf("%s: %w", d.dir.Where("status"), err)
	}
	d.uid = s.UID
	d.start, err = startTime(d.dir)
	return err
}

// startTime is when a process started.
func startTime(dir *procfs.Dir) (time.Time, error) {
	ticks, err := dir.StartTicks()
	if err != nil {
		return time.Time{}, err
	}
	var up unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &up); err != nil {
		return time.Time{}, lang.RecordErrorf("time since boot: %w", err)
	}
	age := time.Duration(up.Nano()) - time.Duration(ticks)*10*time.Millisecond
	return time.Now().Add(-age), nil
}

func readEnvironment(dir *procfs.Dir) environment {
	data, err := dir.Read("environ", nil)
	if err != nil {
		return environment{err: err}
	}
	e := environment{vars: map[string]string{}}
	for _, word := range procfs.Words(data) {
		if name, value, ok := strings.Cut(word, "="); ok && slices.Contains(keptVariables(), name) {
			e.vars[name] = value
		}
	}
	return e
}

// process is the fact about the process itself. What may not be read of it is
// left empty: the executable and the namespaces need the right to trace it.
func (d *daemon) processFact() snapshot.Fact[snapshot.DaemonProcess] {
	p := snapshot.DaemonProcess{
		PID: d.pid, UID: d.uid, User: d.host.UserName(d.uid), Executable: d.exe,
		Args: redactFlags(d.args), StartedAt: d.start.UTC().Truncate(time.Second), Start: d.startMethod(),
	}
	if spaces, err := d.dir.Namespaces(); err == nil {
		p.Namespaces = spaces
		p.OwnNamespaces = d.ownNamespaces(spaces)
	}
	return snapshot.See(p, snapshot.At("process", d.dir.Where("")[:len(d.dir.Where(""))-1]))
}

// redactFlags redacts a daemon's command line. Values of log options and labels
// are free text that may hold tokens: their names are kept.
func redactFlags(args []string) []string {
	out := snapshot.RedactArgs(args)
	for i, arg := range out {
		option, rest, assigned := strings.Cut(arg, "=")
		if option != "--log-opt" && option != "--label" {
			continue
		}
		if assigned {
			out[i] = option + "=" + nameOnly(rest)
		} else if i+1 < len(out) {
			out[i+1] = nameOnly(out[i+1])
		}
	}
	return out
}

// nameOnly is name=value without the value.
func nameOnly(assignment string) string {
	name, _, _ := strings.Cut(assignment, "=")
	return name + "=" + snapshot.Redacted
}

// ownNamespaces compares with process 1 of the host, or with this process
// where that may not be read, as for root in some sandboxes.
func (d *daemon) ownNamespaces(spaces map[string]uint64) []string {
	for _, pid := range []int{1, selfPID(d.m)} {
		dir, err := procfs.OpenDir(d.m.Proc, pid)
		if err != nil {
			continue
		}
		host, err := dir.Namespaces()
		dir.Close()
		if err != nil {
			continue
		}
		var out []string
		for _, kind := range procfs.NamespaceKinds {
			if inode, ok := spaces[kind]; ok && inode != host[kind] {
				out = append(out, kind)
			}
		}
		return out
	}
	return nil
}

// readFlags reads the command line.
func (d *daemon) readFlags() {
	where := d.dir.Where("cmdline")
	o := snapshot.At("cmdline", where)
	switch {
	case d.kind == "podman":
		d.flags = snapshot.Lost[daemonconfig.Config](podmanGap(), o)
	case len(d.args) == 0:
		d.flags = snapshot.Lost[daemonconfig.Config](snapshot.Gap{Reason: snapshot.ReasonVanished, Detail: lang.Recordf("%s is empty", where)}, o)
	default:
		d.flags = snapshot.See(daemonconfig.ParseArgs(where, d.args[1:]), o)
	}
}

func podmanGap() snapshot.Gap {
	return snapshot.Gap{Reason: snapshot.ReasonUnsupported, Detail: lang.N("Podman is not configured as dockerd is, and does not report it")}
}

// flag returns a setting of the command line.
func (d *daemon) flag(name string) (daemonconfig.Value, bool) {
	c, _ := d.flags.Peek()
	return c.Get(name)
}

// given returns a setting of the command line or the file.
func (d *daemon) given(name string) (daemonconfig.Value, bool) {
	if v, ok := d.flag(name); ok {
		return v, true
	}
	c, _ := d.file.Peek()
	return c.Get(name)
}

// rootless reports whether the daemon is one of an ordinary user: it has
// rootlesskit's variable, the flag, or a user of its own.
func (d *daemon) rootless() bool {
	v, _ := d.flag("rootless")
	return d.uid != 0 || d.env.vars["ROOTLESSKIT_STATE_DIR"] != "" || v.Text == "true"
}

// hostFiles is the view of the host's files. It differs from this process's
// own where Seawall runs in a container that shows the host's processes.
func hostFiles(m Machine) *hostfile.FS {
	if m.Root != "/" || sameMounts(m, 1) || !ownProc(m) {
		return m.Files
	}
	first := hostfile.New(m.Proc + "/1/root")
	if _, err := first.Info("/etc"); err != nil {
		return m.Files
	}
	return first
}

// gapFact is a fact that an error kept from being read.
func gapFact[T any](err error, path, where string) snapshot.Fact[T] {
	return snapshot.Lost[T](source.GapFrom(err), snapshot.At(path, where))
}
