package lab

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Sweep removes what mini hosts left whose owner died before it could stop
// them. StartHost does so too.
func Sweep(ctx context.Context) error {
	if !exists(hostsDir()) {
		return nil
	}
	l, err := lock(ctx, filepath.Join(hostsDir(), ".lock"))
	if err != nil {
		return err
	}
	defer l.Close()
	return sweep()
}

// sweep is Sweep for a caller that holds the lock of hostsDir: no host
// directory is without its owner's lock then, unless the owner is dead.
func sweep() error {
	dirs, err := filepath.Glob(filepath.Join(hostsDir(), "host-*"))
	if err != nil {
		return err
	}
	gone, _ := filepath.Glob(filepath.Join(hostsDir(), ".gone-*"))
	var errs []error
	for _, dir := range gone {
		errs = append(errs, os.RemoveAll(dir))
	}
	for _, dir := range dirs {
		l, err := tryLock(filepath.Join(dir, "lock"))
		if errors.Is(err, errLocked) || errors.Is(err, os.ErrNotExist) {
			continue // it lives, or its owner has just removed it
		}
		if err == nil {
			err = sweepHost(dir)
			l.Close()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// sweepHost removes one dead owner's host. Its init died with the owner, and
// its mounts with init; what entered its cgroups from outside is killed.
func sweepHost(dir string) error {
	list, err := os.ReadFile(filepath.Join(dir, "cgroups"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var errs []error
	for line := range strings.Lines(string(list)) {
		errs = append(errs, removeCgroup(strings.TrimSpace(line)))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return discard(dir)
}

// discard removes a host directory. It first takes it out of sight of
// sweepers, who would make a lock file in it meanwhile.
func discard(dir string) error {
	gone := filepath.Join(filepath.Dir(dir), ".gone-"+filepath.Base(dir))
	if err := os.Rename(dir, gone); err != nil {
		return err
	}
	return os.RemoveAll(gone)
}
