package livehost

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/procfs"
)

// engineServices are the programs of engines that hold sockets: those of the
// engine's API, of published ports, of names and of networks in user space.
var engineServices = [...]string{
	"dockerd", "docker-proxy", "containerd", "podman", "rootlesskit", "rootlesskit-docker-proxy", "rootlessport", "aardvark-dns", "slirp4netns", "vpnkit", "pasta", "pasta.avx2", "conmon",
}

// services lists the programs that listen on TCP in the host's network
// namespace, without those of engines and those inside containers that share
// the host's network. UDP has no listening state and is not listed.
func (v vantage) services(ctx context.Context) snapshot.Fact[[]snapshot.Service] {
	o := snapshot.At("listeners", filepath.Join(v.m.Proc, v.first, "net/tcp"))
	if v.files != nil && !initialPIDNamespace() { // process 1 is the container's
		return snapshot.Lost[[]snapshot.Service](*v.files, o)
	}
	sockets, err := v.listening()
	if err != nil {
		return snapshot.Lost[[]snapshot.Service](source.GapFrom(err), o)
	}
	holders, err := v.holders(ctx, sockets)
	if err != nil {
		return snapshot.Lost[[]snapshot.Service](source.GapFrom(lang.RecordErrorf("who holds the listening sockets: %w", err)), o)
	}
	out := []snapshot.Service{}
	for _, s := range sockets {
		held := holders[s.Inode]
		if len(held) == 0 { // the kernel's own, such as NFS
			out = append(out, snapshot.Service{Address: s.Address.String()})
		}
		if service, ok := v.heldBy(held); ok {
			service.Address = s.Address.String()
			out = append(out, service)
		}
	}
	slices.SortFunc(out, compareServices)
	return snapshot.See(slices.CompactFunc(out, func(a, b snapshot.Service) bool { return compareServices(a, b) == 0 }), o)
}

func compareServices(a, b snapshot.Service) int {
	return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.PID, b.PID))
}

// heldBy is the service of the processes that hold a socket: the first of them that
// is none of an engine or in a container, with the accounts of all such.
func (v vantage) heldBy(pids []int) (out snapshot.Service, ok bool) {
	for _, pid := range pids {
		service, is := v.service(pid)
		if !is {
			continue
		}
		users := out.Users
		if !ok {
			out, ok = service, true
		}
		if user := v.userOf(pid); user != "" && !slices.Contains(users, user) {
			users = append(users, user)
		}
		out.Users = users
	}
	slices.Sort(out.Users)
	return out, ok
}

// userOf is the account that a process runs as, by name or else by number; "" where
// that could not be read.
func (v vantage) userOf(pid int) string {
	status, err := os.ReadFile(filepath.Join(v.m.Proc, strconv.Itoa(pid), "status"))
	if err != nil {
		return ""
	}
	ids, err := procfs.ParseIDs(status)
	if err != nil {
		return ""
	}
	return cmp.Or(v.m.Files.UserName(ids.UID), strconv.Itoa(ids.UID))
}

func (v vantage) listening() ([]procfs.TCPListener, error) {
	pid, err := strconv.Atoi(v.first)
	if err != nil { // below /proc/self/root
		pid = selfPID(v.m)
	}
	dir, err := procfs.OpenDir(v.m.Proc, pid)
	if err != nil {
		return nil, lang.RecordErrorf("listening sockets: %w", err)
	}
	defer dir.Close()
	table, err := v.m.listening(dir)
	if err != nil {
		return nil, lang.RecordErrorf("listening sockets: %w", err)
	}
	return table.tcp, nil
}

// holders finds the processes that hold sockets, by inode, lowest number
// first. If a process may not be looked into, and a socket has no holder among
// the others, that is an error.
func (v vantage) holders(ctx context.Context, sockets []procfs.TCPListener) (map[uint64][]int, error) {
	all, err := v.m.openSockets()
	if err != nil {
		return nil, err
	}
	held, refused := pidsHolding(all, sockets)
	orphan := func(s procfs.TCPListener) bool { return len(held[s.Inode]) == 0 }
	if refused == nil && v.m.once != nil && slices.ContainsFunc(sockets, orphan) {
		// The kernel's own, or opened since the descriptors were read.
		if all, err = scanSockets(v.m.Proc); err != nil {
			return nil, err
		}
		held, refused = pidsHolding(all, sockets)
	}
	if refused != nil && slices.ContainsFunc(sockets, orphan) {
		return nil, refused
	}
	return held, ctx.Err()
}

// pidsHolding joins sockets with the processes that have them open. The error
// says that one of those may not be looked into.
func pidsHolding(all []openSockets, sockets []procfs.TCPListener) (held map[uint64][]int, refused error) {
	held = make(map[uint64][]int, len(sockets))
	for _, s := range sockets {
		held[s.Inode] = nil
	}
	for _, p := range all {
		for _, inode := range p.inodes {
			if pids, ok := held[inode]; ok && !slices.Contains(pids, p.pid) {
				held[inode] = append(pids, p.pid)
			}
		}
		if errors.Is(p.err, fs.ErrPermission) {
			refused = p.err
		}
	}
	return held, refused
}

// service describes the holder of a socket. It is false for a part of an
// engine and for a process in a container.
func (v vantage) service(pid int) (snapshot.Service, bool) {
	s := snapshot.Service{PID: pid}
	dir := filepath.Join(v.m.Proc, strconv.Itoa(pid))
	program, err := os.Readlink(filepath.Join(dir, "exe"))
	if err != nil {
		data, _ := os.ReadFile(filepath.Join(dir, "comm"))
		program = strings.TrimSpace(string(data))
	}
	s.Program = strings.TrimSuffix(program, " (deleted)")
	if slices.Contains(engineServices[:], filepath.Base(s.Program)) {
		return s, false
	}
	data, err := os.ReadFile(filepath.Join(dir, "cgroup"))
	if err != nil {
		return s, true
	}
	for _, path := range procfs.CgroupPaths(data) {
		if containerCgroup.MatchString(path) {
			return s, false
		}
		if unit := unitOf(path); unit != "" {
			s.Unit = unit
		}
	}
	return s, true
}

// unitOf is the systemd unit that a cgroup belongs to: the innermost element
// that names a service, socket or scope.
func unitOf(cgroup string) string {
	elements := strings.Split(cgroup, "/")
	for _, e := range slices.Backward(elements) {
		switch filepath.Ext(e) {
		case ".service", ".socket", ".scope":
			return e
		}
	}
	return ""
}
