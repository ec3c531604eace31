// Package source holds what all ways into a snapshot share. Each way in is a
// package below it and returns a snapshot or a part of one; sources are the
// only packages, besides probes and output, that do I/O.
package source

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"

	"seawall/lang"
	"seawall/snapshot"
)

// GapFrom makes a gap of an error, with the reason and remedy that fit it.
func GapFrom(err error) snapshot.Gap {
	g := snapshot.Gap{Reason: snapshot.ReasonFailed, Detail: lang.Untranslated(err)}
	switch {
	case errors.Is(err, fs.ErrPermission):
		g.Reason, g.Remedy = snapshot.ReasonPermission, PermissionRemedy()
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		g.Reason, g.Remedy = snapshot.ReasonTimeout, lang.N("try again when the host is less busy")
	case errors.Is(err, syscall.ESRCH):
		g.Reason = snapshot.ReasonVanished
	}
	return g
}

// ContainerFlags are the flags of docker run with which a container sees its
// host's processes and, through them, files. What each gives is tried in package
// e2e and told in the README.
const ContainerFlags = "--pid host --network host --cap-add SYS_PTRACE --security-opt apparmor=unconfined"

// PermissionRemedy says what lets this process read what it was refused.
func PermissionRemedy() string {
	if os.Geteuid() == 0 {
		return lang.Recordf("run on the host itself with all capabilities, or in a container with: %s", ContainerFlags)
	}
	return lang.N("run as root")
}
