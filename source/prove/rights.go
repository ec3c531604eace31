package prove

import (
	"errors"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
)

// rights are what a child takes on. Users and groups are numbered as the user
// namespace does that it runs in.
type rights struct {
	UID, GID int
	Groups   []int
	// Effective and Bounding are masks of capabilities.
	Effective, Bounding uint64

	users, groups []syscall.SysProcIDMap // of a user namespace of its own; nil: the host's
}

// seat is where a child asks from: rights, and a root directory that is held open.
type seat struct {
	rights
	root int
}

// seat opens the root directory of the one who is asked for, and finds the rights.
func (r *runner) seat(q Request) (seat, error) {
	if q.OnHost {
		return r.accountSeat(q)
	}
	p, err := r.process(q)
	if err != nil {
		return seat{}, err
	}
	defer p.close()
	s := seat{rights: rights{Bounding: uint64(p.status.CapBnd)}}
	if slices.Equal(p.users, p.host.users) {
		s.own(p, q.Root, func(_ []snapshot.IDMap, id int) int { return id })
	} else {
		s.own(p, q.Root, inside)
		s.users, s.groups = mappings(p.users), mappings(p.groups)
	}
	if s.UID < 0 || s.GID < 0 {
		return seat{}, lang.RecordErrorf("the user of process %d has no number in its user namespace", q.PID)
	}
	if s.root, err = openRoot(p.dir.Where("root")); err != nil {
		return seat{}, err
	}
	if err := p.same(q); err != nil {
		return seat{}, errors.Join(err, unix.Close(s.root))
	}
	return s, nil
}

// own takes the rights of a process, numbered by number, or of the root of its user
// namespace.
func (s *seat) own(p *process, root bool, number func([]snapshot.IDMap, int) int) {
	if root {
		s.Effective = s.Bounding
		return
	}
	s.UID, s.GID, s.Effective = number(p.users, p.ids.UID), number(p.groups, p.ids.GID), uint64(p.status.CapEff)
	for _, g := range p.ids.Groups {
		if n := number(p.groups, g); n >= 0 {
			s.Groups = append(s.Groups, n)
		}
	}
}

func mappings(maps []snapshot.IDMap) []syscall.SysProcIDMap {
	out := make([]syscall.SysProcIDMap, len(maps))
	for i, m := range maps {
		out[i] = syscall.SysProcIDMap{ContainerID: int(m.Inside), HostID: int(m.Outside), Size: int(m.Length)}
	}
	return out
}

// accountSeat is that of an account, with the groups that a login gives it.
func (r *runner) accountSeat(q Request) (seat, error) {
	u, err := r.user(q)
	if err != nil {
		return seat{}, err
	}
	s := seat{rights: rights{UID: u.UID, GID: u.GID}}
	for _, name := range u.Groups {
		if gid, known := r.Machine.Files.GroupID(name); known {
			s.Groups = append(s.Groups, gid)
		}
	}
	s.root, err = openRoot(r.Machine.Root)
	return s, err
}

func openRoot(path string) (int, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, lang.RecordErrorf("enter %s: %w", path, err)
	}
	return fd, nil
}
