// Package procfs reads what the kernel tells of processes below /proc
// (Documentation/filesystems/proc.rst, proc(5)). Its parsers are pure; the
// reading goes through the mount point of proc it is given.
package procfs

import (
	"bytes"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Status is the part of /proc/PID/status that tells a process's rights
// (fs/proc/array.c, kernel/seccomp). Fields a kernel does not print yet are
// counted in Has.
type Status struct {
	Name string
	PPid int
	// NSpid are the numbers of the process in each pid namespace, from that of
	// the proc mount inwards (Linux 4.1).
	NSpid []int
	// UID is the effective user, in the user namespace of the reader.
	UID            int
	CapEff, CapBnd snapshot.CapSet
	NoNewPrivs     bool // Linux 4.10
	Seccomp        int  // 0 off, 1 strict, 2 filter
	SeccompFilters int  // number of filters, Linux 5.9
	Has            Fields
}

// Fields is a set of fields of a Status.
type Fields uint16

// The fields of a Status that were there.
const (
	HasUID Fields = 1 << iota
	HasCapEff
	HasCapBnd
	HasNoNewPrivs
	HasSeccomp
	HasSeccompFilters
)

// ParseStatus reads /proc/PID/status. Unknown lines are passed over; a known
// one with a value that cannot be is an error.
func ParseStatus(data []byte) (Status, error) {
	var s Status
	for len(data) > 0 {
		var line []byte
		line, data, _ = bytes.Cut(data, []byte{'\n'})
		name, value, ok := bytes.Cut(line, []byte{':'})
		if !ok {
			continue
		}
		if err := s.set(name, bytes.TrimSpace(value)); err != nil {
			return Status{}, lang.RecordErrorf("status: %s: %w", name, err)
		}
	}
	return s, nil
}

func (s *Status) set(name, value []byte) (err error) {
	switch string(name) {
	case "Name":
		s.Name = string(value)
	case "PPid":
		s.PPid, err = number(value)
	case "NSpid":
		s.NSpid, err = numbers(value)
	case "Uid":
		s.UID, err = effective(value)
		s.Has |= HasUID
	case "CapEff":
		s.CapEff, err = snapshot.ParseCapHex(string(value))
		s.Has |= HasCapEff
	case "CapBnd":
		s.CapBnd, err = snapshot.ParseCapHex(string(value))
		s.Has |= HasCapBnd
	case "NoNewPrivs":
		var n int
		n, err = number(value)
		s.NoNewPrivs = n == 1
		s.Has |= HasNoNewPrivs
	case "Seccomp":
		s.Seccomp, err = number(value)
		s.Has |= HasSeccomp
	case "Seccomp_filters":
		s.SeccompFilters, err = number(value)
		s.Has |= HasSeccompFilters
	}
	return err
}

// effective takes the second of "real effective saved filesystem".
func effective(value []byte) (int, error) {
	fields := bytes.Fields(value)
	if len(fields) != 4 {
		return 0, lang.RecordErrorf("%q: want 4 numbers", value)
	}
	return number(fields[1])
}

func numbers(value []byte) ([]int, error) {
	var out []int
	for f := range bytes.FieldsSeq(value) {
		n, err := number(f)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func number(value []byte) (int, error) {
	n, err := strconv.ParseUint(string(value), 10, 32)
	if err != nil {
		return 0, lang.RecordErrorf("%q is not a number", value)
	}
	return int(n), nil
}

// CgroupPaths returns the paths of /proc/PID/cgroup, one a hierarchy
// ("id:controllers:path", cgroups(7)), as the reader's cgroup namespace shows
// them.
func CgroupPaths(data []byte) []string {
	var out []string
	for line := range strings.Lines(string(data)) {
		if f := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3); len(f) == 3 {
			out = append(out, f[2])
		}
	}
	return out
}
