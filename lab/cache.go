package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// CacheDir returns the directory that holds base root file systems and the
// mini hosts that run: $SEAWALL_LAB, or /var/cache/seawall-lab.
func CacheDir() string {
	if d := os.Getenv("SEAWALL_LAB"); d != "" {
		return d
	}
	return "/var/cache/seawall-lab"
}

func baseDir() string  { return filepath.Join(CacheDir(), "base") }
func hostsDir() string { return filepath.Join(CacheDir(), "hosts") }

// errLocked says that another process holds a lock.
var errLocked = errors.New("locked by another process")

// tryLock takes the lock file at path, or returns errLocked. The lock ends
// with the returned file, so also with the process, whatever kills it.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = errLocked
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}

// lock takes the lock file at path and waits for it until ctx ends.
func lock(ctx context.Context, path string) (*os.File, error) {
	for {
		f, err := tryLock(path)
		if !errors.Is(err, errLocked) {
			return f, err
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", err, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Once makes the tree at path unless it is there: build makes it in another
// directory, which is renamed when complete. Parallel callers, also in other
// processes, wait for the one who builds.
func Once(ctx context.Context, path string, build func(tmp string) error) error {
	if exists(path) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the cache: %w", err)
	}
	l, err := lock(ctx, path+".lock")
	if err != nil {
		return err
	}
	defer l.Close()
	if exists(path) {
		return nil
	}
	tmp := path + ".tmp"
	if err := os.RemoveAll(tmp); err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := build(tmp); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
