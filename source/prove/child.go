package prove

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"seawall/lang"
)

// childArgument makes the program a child of [Run]. It is no command of a person's.
const childArgument = "-prove-child"

// rootFD is where a child finds its root directory.
const rootFD = 3

// IsChild reports whether a program was started, with these arguments, as a child of
// [Run].
func IsChild(args []string) bool { return slices.Equal(args[1:], []string{childArgument}) }

// Child does what a child of [Run] is told on standard input, and says on standard
// output what came of it. It returns the exit code.
func Child() int {
	var o order
	if err := json.NewDecoder(io.LimitReader(os.Stdin, 1<<20)).Decode(&o); err != nil {
		return 2
	}
	var r reply
	if err := o.become(); err != nil {
		r.Error = err.Error()
	} else {
		r = o.do()
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		return 2
	}
	return 0
}

// become takes on root directory and rights, with all threads. What it needs to know
// of the host it must have read by then.
func (o *order) become() error {
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{lang.N("enter its root directory"), enterRoot},
		{lang.N("renounce new privileges"), func() error { return prctl(unix.PR_SET_NO_NEW_PRIVS, 1) }},
		{lang.N("keep capabilities"), func() error { return prctl(unix.PR_SET_KEEPCAPS, 1) }},
		{lang.N("take on its bounding set"), o.bound},
		{lang.N("take on its groups"), func() error { return syscall.Setgroups(o.Groups) }},
		{lang.N("take on its group"), func() error { return syscall.Setresgid(o.GID, o.GID, o.GID) }},
		{lang.N("take on its user"), func() error { return syscall.Setresuid(o.UID, o.UID, o.UID) }},
		{lang.N("take on its capabilities"), o.capabilities},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

func enterRoot() error {
	if err := unix.Fchdir(rootFD); err != nil {
		return err
	}
	if err := unix.Chroot("."); err != nil {
		return err
	}
	return unix.Close(rootFD)
}

func prctl(option, value uintptr) error {
	if _, _, errno := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, option, value, 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

// bound drops from the bounding set what is not in the one to be taken on.
func (o *order) bound() error {
	for n := range uintptr(64) {
		in, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, n, 0, 0, 0)
		if err != nil {
			return nil // the kernel has no more of them
		}
		if in == 0 || o.Bounding&(1<<n) != 0 {
			continue
		}
		if err := prctl(unix.PR_CAPBSET_DROP, n); err != nil {
			return err
		}
	}
	return nil
}

// capabilities sets effective and permitted capabilities alike.
func (o *order) capabilities() error {
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	for i := range data {
		set := uint32(o.Effective >> (32 * i))
		data[i] = unix.CapUserData{Effective: set, Permitted: set}
	}
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&head)), uintptr(unsafe.Pointer(&data[0])), 0)
	if errno != 0 {
		return errno
	}
	return nil
}
