package netstack

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/source/procfs"
)

// Namespace is the network namespace of a process, held open: it stays the same
// one whatever becomes of the process and its number.
type Namespace struct {
	dir   *procfs.Dir
	fd    int
	inode uint64
}

// link is where a process shows its network namespace, below its directory.
const link = "ns/net"

// Open opens the network namespace of a process. A process that has ended has
// none: that is ESRCH. The directory is the caller's and must stay open as long
// as the namespace.
func Open(d *procfs.Dir) (*Namespace, error) {
	fd, inode, err := open(d)
	if err != nil {
		return nil, err
	}
	return &Namespace{dir: d, fd: fd, inode: inode}, nil
}

func open(d *procfs.Dir) (fd int, inode uint64, err error) {
	fd, err = d.Open(link)
	if errors.Is(err, fs.ErrNotExist) {
		err = lang.RecordErrorf("%s: the process has ended: %w", d.Where(link), unix.ESRCH)
	}
	if err != nil {
		return -1, 0, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		unix.Close(fd)
		return -1, 0, fmt.Errorf("%s: %w", d.Where(link), err)
	}
	return fd, st.Ino, nil
}

// Close lets the namespace go.
func (n *Namespace) Close() error { return unix.Close(n.fd) }

// Inode is the number by which the kernel tells namespaces apart.
func (n *Namespace) Inode() uint64 { return n.inode }

// threadLink shows the namespace of the reading thread. /proc/self shows that of
// the main thread.
const threadLink = "/proc/thread-self/" + link

// here is the namespace of this thread.
func here() (uint64, error) {
	var st unix.Stat_t
	if err := unix.Stat(threadLink, &st); err != nil {
		return 0, &fs.PathError{Op: "stat", Path: threadLink, Err: err}
	}
	return st.Ino, nil
}

// maxThreads is how many threads are in other namespaces at the same time.
const maxThreads = 8

var threads = make(chan struct{}, maxThreads)

// Enter calls f in the namespace and waits for it. Where this process is in it
// already, that needs no rights. Else f runs on a thread that enters and is never
// given back: it ends with f, so that nothing else ever runs in the namespace.
// What f opens stays in it; a goroutine that f starts does not run in it.
func (n *Namespace) Enter(ctx context.Context, f func() error) error {
	if inode, err := here(); err == nil && inode == n.inode {
		return f()
	}
	select {
	case threads <- struct{}{}:
		defer func() { <-threads }()
	case <-ctx.Done():
		return ctx.Err()
	}
	done := make(chan error, 1)
	go onOwnThread(func() { done <- n.inside(f) })
	return <-done
}

// onOwnThread calls f on a thread that ends with the goroutine. The main thread
// never ends: it would be kept in the namespace, and stand for the process in
// /proc.
func onOwnThread(f func()) {
	runtime.LockOSThread() // not unlocked but on the main thread
	if unix.Gettid() != unix.Getpid() {
		f()
		return
	}
	defer runtime.UnlockOSThread()
	done := make(chan struct{})
	go func() { // not on this thread, which is taken
		defer close(done)
		onOwnThread(f)
	}()
	<-done
}

// inside enters the namespace, and makes sure that it has.
func (n *Namespace) inside(f func() error) error {
	if err := unix.Setns(n.fd, unix.CLONE_NEWNET); err != nil {
		return lang.RecordErrorf("enter network namespace %s: %w", n.dir.Where(link), err)
	}
	inode, err := here()
	if err != nil {
		return err
	}
	if inode != n.inode {
		return lang.RecordErrorf("entered network namespace %d, not %d of %s", inode, n.inode, n.dir.Where(link))
	}
	return f()
}

// Alive fails if the process has ended or left the namespace: what is left of it
// then is no fact about the process.
func (n *Namespace) Alive() error {
	fd, inode, err := open(n.dir)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	if inode != n.inode {
		return lang.RecordErrorf("%s: the process has left its namespace: %w", n.dir.Where(link), unix.ESRCH)
	}
	return nil
}
