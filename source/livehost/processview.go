package livehost

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/hostfile"
	"seawall/source/procfs"
)

// processView is what the containers of one engine are compared with: the
// namespaces and mounts of its daemon and of this host. It is made once and
// then only read.
type processView struct {
	m Machine
	// depth is how many pid namespaces the engine's lies below that of m.Proc;
	// translated gives the processes here for the engine's numbers.
	depth      int
	translated map[int][]int
	// foreignUIDs: this process is in a user namespace, where users of the host
	// that have no number show as 65534.
	foreignUIDs bool

	namespaces    map[string]uint64 // of the daemon
	namespacesGap *snapshot.Gap
	hostSpaces    map[string]uint64 // of process 1, where readable

	trees    []*procfs.Tree // whose paths name the host's files, best first
	mounts   *procfs.Tree   // of the daemon
	mountGap *snapshot.Gap
	dataRoot string
	// managedDirs are the directories of the data root where volumes and the
	// files of containers lie, managed their places.
	managedDirs []string
	managed     []procfs.Place

	sockets    []locatedSocket
	socketsGap *snapshot.Gap // why a socket might have been overlooked

	programs programTable
}

// locatedSocket is a control socket by the file system it is on.
type locatedSocket struct {
	ControlSocketFile
	place procfs.Place
}

// newProcessView reads what concerns all containers. A gap says why none can
// be read.
func newProcessView(m Machine, e *snapshot.Engine, sockets []ControlSocketFile, running []*snapshot.Container) (*processView, *snapshot.Gap) {
	daemon, _ := e.Daemon.Process.Peek()
	if e.Daemon.Process.State() != snapshot.Seen {
		gap := e.Daemon.Process.Gap()
		if e.Daemon.Process.State() == snapshot.Absent {
			gap = snapshot.Gap{Reason: snapshot.ReasonNamespace}
		}
		gap.Detail = daemonNotFound(gap.Detail)
		return nil, &gap
	}
	v := &processView{m: m}
	dir, err := procfs.OpenDir(m.Proc, daemon.PID)
	if err != nil {
		return nil, gapOf(lang.RecordErrorf("the engine's daemon: %w", err))
	}
	defer dir.Close()
	if err := v.readPIDs(dir, running); err != nil {
		return nil, gapOf(lang.RecordErrorf("the engine's daemon: %w", err))
	}
	v.readNamespaces(dir)
	v.readMounts(dir, e)
	v.programs = readPrograms(m.Proc)
	v.locateSockets(daemon.PID, e, sockets)
	return v, nil
}

func gapOf(err error) *snapshot.Gap {
	g := source.GapFrom(err)
	return &g
}

// readPIDs finds how the engine numbers processes.
func (v *processView) readPIDs(daemon *procfs.Dir, running []*snapshot.Container) error {
	data, err := daemon.Read("status", nil)
	if err != nil {
		return err
	}
	status, err := procfs.ParseStatus(data)
	if err != nil {
		return err
	}
	if ids, err := os.ReadFile("/proc/self/uid_map"); err == nil {
		own, err := procfs.ParseIDMap(ids)
		v.foreignUIDs = err == nil && (len(own) != 1 || own[0].Outside != 0 || own[0].Length != 1<<32-1)
	}
	v.depth = max(0, len(status.NSpid)-1)
	if v.depth == 0 {
		return nil
	}
	asked := make(map[int]bool, len(running))
	for _, c := range running {
		p, _ := c.Process.Peek()
		asked[p.PID] = true
	}
	v.translated, err = translate(v.m.Proc, v.depth, asked)
	return err
}

func (v *processView) readNamespaces(daemon *procfs.Dir) {
	var err error
	if v.namespaces, err = daemon.Namespaces(); err != nil {
		v.namespacesGap = gapOf(err)
	}
	if first, err := procfs.OpenDir(v.m.Proc, 1); err == nil {
		v.hostSpaces, _ = first.Namespaces() // often refused; the daemon's tell enough
		first.Close()
	}
}

// readMounts reads the mounts of the daemon and of the host. A rootless daemon
// sees the host's directories under names of its own, so that the host's names
// come first there.
func (v *processView) readMounts(daemon *procfs.Dir, e *snapshot.Engine) {
	var err error
	if v.mounts, err = v.m.tree(daemon.Where("mountinfo")); err != nil {
		v.mountGap = gapOf(err)
		return
	}
	v.trees = []*procfs.Tree{v.mounts}
	if host, err := hostTree(v.m); err == nil {
		v.trees = append(v.trees, host)
		if rootless, _ := e.Settings.Rootless.Peek(); rootless {
			v.trees[0], v.trees[1] = v.trees[1], v.trees[0]
		}
	}
	v.readDataRoot(daemon, e)
}

// viewMountinfo lists the mounts behind the paths of m.Files.
func viewMountinfo(m Machine) string {
	if process := viewer(m); process != "self" {
		return filepath.Join(m.Proc, process, "mountinfo")
	}
	return "/proc/self/mountinfo"
}

// hostTree reads the mounts of the host itself: those of process 1, also where
// this process has mounts of its own, in a container with the host's processes
// for example.
func hostTree(m Machine) (*procfs.Tree, error) {
	if m.Root == "" || m.Root == "/" {
		if tree, err := m.tree(filepath.Join(m.Proc, "1", "mountinfo")); err == nil {
			return tree, nil
		}
	}
	return m.tree(viewMountinfo(m))
}

func readTree(path string) (*procfs.Tree, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, lang.RecordErrorf("read mounts: %w", err)
	}
	mounts, err := procfs.ParseMountinfo(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return procfs.NewTree(mounts), nil
}

// readDataRoot finds where the engine keeps volumes and the files of its
// containers.
func (v *processView) readDataRoot(daemon *procfs.Dir, e *snapshot.Engine) {
	root, _ := e.Settings.DataRoot.Peek()
	if root == "" {
		return
	}
	if real, err := hostfile.New(daemon.Where("root")).Real(root); err == nil {
		root = real
	}
	v.dataRoot, v.managedDirs = root, managedDirs
	if e.Kind == "podman" {
		v.managedDirs = podmanDirs(e)
	}
	for _, name := range v.managedDirs {
		place, _ := v.mounts.Locate(filepath.Join(root, name))
		v.managed = append(v.managed, place)
	}
}

// locateSockets finds each socket's place. A socket's name may be that of
// this host, of the engine's mount namespace, or of a process.
func (v *processView) locateSockets(daemon int, e *snapshot.Engine, sockets []ControlSocketFile) {
	if all, _ := e.AllListeners.Peek(); !all {
		gap := e.AllListeners.Gap()
		gap.Detail = lang.Recordf("the sockets of the engine are not known: %s", gap.Detail)
		v.socketsGap = &gap
	}
	if len(sockets) == 0 && v.socketsGap == nil {
		v.socketsGap = &snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: lang.N("no socket file of an engine or of containerd was found on this host")}
	}
	views := v.socketViews(daemon)
	for _, s := range sockets {
		located, err := locateSocket(s, v.m, views)
		if err != nil {
			if v.socketsGap == nil {
				v.socketsGap = gapOf(err)
			}
			continue
		}
		v.sockets = append(v.sockets, located)
	}
}

// fileView is a mount namespace: its files and its mounts.
type fileView struct {
	files *hostfile.FS
	tree  *procfs.Tree
}

func (v *processView) socketViews(daemon int) []fileView {
	var views []fileView
	if host, err := v.m.tree(viewMountinfo(v.m)); err == nil {
		views = append(views, fileView{v.m.Files, host})
	}
	if v.mounts != nil {
		root := filepath.Join(v.m.Proc, fmt.Sprint(daemon), "root")
		views = append(views, fileView{hostfile.New(root), v.mounts})
	}
	return views
}

func locateSocket(s ControlSocketFile, m Machine, views []fileView) (locatedSocket, error) {
	path := s.Path
	if root, inside, ok := splitProcRoot(m.Proc, path); ok {
		tree, err := m.tree(filepath.Join(filepath.Dir(root), "mountinfo"))
		if err != nil {
			return locatedSocket{}, lang.RecordErrorf("socket %s: %w", s.Path, err)
		}
		views, path = []fileView{{hostfile.New(root), tree}}, inside
	}
	failed := lang.RecordErrorf("socket %s: no mount namespace known has it", s.Path)
	for _, view := range views {
		info, err := view.files.Info(path)
		if err != nil {
			failed = lang.RecordErrorf("socket %s: %w", s.Path, err)
			continue
		}
		if s.Inode != 0 && (info.Dev != s.Dev || info.Inode != s.Inode) {
			continue
		}
		real, err := view.files.Real(path)
		if err != nil {
			failed = lang.RecordErrorf("socket %s: %w", s.Path, err)
			continue
		}
		if place, ok := view.tree.Locate(real); ok {
			s.Dev, s.Inode = info.Dev, info.Inode
			return locatedSocket{ControlSocketFile: s, place: place}, nil
		}
	}
	return locatedSocket{}, failed
}

// splitProcRoot splits "/proc/812/root/run/x.sock" into the root and the path
// below it.
func splitProcRoot(proc, path string) (root, inside string, ok bool) {
	rest, ok := strings.CutPrefix(path, filepath.Clean(proc)+"/")
	pid, rest, ok2 := strings.Cut(rest, "/root/")
	if !ok || !ok2 || strings.Contains(pid, "/") {
		return "", "", false
	}
	return filepath.Join(proc, pid, "root"), "/" + rest, true
}

// daemonNotFound is the detail of the gap that there is no daemon; why may be "".
func daemonNotFound(why string) string {
	if why == "" {
		return lang.N("the engine's daemon was not found among the processes of this host")
	}
	return lang.Recordf("the engine's daemon was not found among the processes of this host: %s", why)
}
