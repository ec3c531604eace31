// Package hostfile reads files of this machine, or of another mount
// namespace's view of it, for an audit: who owns a file, who may write it, and
// the content of configuration files.
//
// It never writes, never opens anything but regular files and directories,
// and follows symbolic links inside the root it was given, so that a link in a
// container cannot lead it out to the host.
package hostfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lang"
	"seawall/snapshot"
)

// Errors of reading.
var (
	ErrNotRegular = errors.New(lang.N("not a regular file"))
	ErrTooLarge   = errors.New(lang.N("file is larger than expected"))
)

// FS is a view of files below a root. It may be used by several goroutines.
type FS struct {
	root string
	name string // of the root in messages
	// The root is opened once, at the first use: a process that ends and whose
	// number is given to another cannot change what the view shows.
	open  func() (*os.File, error)
	names func() (*accounts, error)
}

// New returns the view below root. "" and "/" are this process's own view;
// "/proc/812/root" is what process 812 sees. The root is not opened yet, so
// that a root that cannot be entered shows with each file asked for.
func New(root string) *FS {
	if root == "" {
		root = "/"
	}
	f := &FS{root: root, name: root}
	f.open = sync.OnceValues(func() (*os.File, error) { return openRoot(root) })
	f.names = sync.OnceValues(func() (*accounts, error) { return readAccounts(f) })
	return f
}

// WithNames returns the same view with the user and group names of another:
// for a root in another user namespace, whose /etc/passwd numbers users
// differently.
func (f *FS) WithNames(other *FS) *FS {
	return &FS{root: f.root, name: f.name, open: f.open, names: other.names}
}

// As returns the same view with another name for its root in messages: the
// host's own files are "/" for a reader in a container too.
func (f *FS) As(name string) *FS {
	return &FS{root: f.root, name: name, open: f.open, names: f.names}
}

// Root names the directory the view starts at.
func (f *FS) Root() string { return f.name }

// Where names a file of the view in messages: "/etc/docker/daemon.json" or
// "/proc/812/root/etc/docker/daemon.json".
func (f *FS) Where(path string) string { return under(f.name, path) }

// Path is where this process finds a file of the view.
func (f *FS) Path(path string) string { return under(f.root, path) }

func under(root, path string) string {
	if root == "/" {
		return path
	}
	return root + "/" + trimSlash(path)
}

// Info is the identity, kind and age of a file.
type Info struct {
	Dev, Inode uint64
	Mode       fs.FileMode
	Size       int64
	ModTime    time.Time
}

// Same reports whether two descriptions are of one file.
func (i Info) Same(other Info) bool { return i.Dev == other.Dev && i.Inode == other.Inode }

// Info returns the identity of a file; links are followed.
func (f *FS) Info(path string) (Info, error) {
	_, info, err := f.Find(path)
	return info, err
}

// Real returns the path with all symbolic links resolved, as seen from the
// root of the view.
func (f *FS) Real(path string) (string, error) {
	real, _, err := f.Find(path)
	return real, err
}

// Find is Real and Info of one and the same file.
func (f *FS) Find(path string) (string, Info, error) {
	w, err := f.walk(path, true)
	if err != nil {
		return "", Info{}, err
	}
	defer w.close()
	return w.path(), w.last().info(), nil
}

// FindEach is Find for many files that lie in few directories, each of which is
// resolved once. It calls found for those that exist, in their order.
func (f *FS) FindEach(paths []string, found func(i int, real string, info Info)) {
	dirs := map[string]*walk{}
	defer func() {
		for _, w := range dirs {
			w.close()
		}
	}()
	for i, path := range paths {
		slash := strings.LastIndexByte(path, '/')
		dir, name := path[:slash+1], path[slash+1:]
		w, known := dirs[dir]
		if !known {
			var err error
			if w, err = f.walk(dir, true); err != nil {
				w = &walk{}
			}
			dirs[dir] = w
		}
		n, err := w.lookup(name)
		switch {
		case err == nil:
			found(i, n.path, n.info())
		case errors.Is(err, errNotPlain):
			if real, info, err := f.Find(path); err == nil {
				found(i, real, info)
			}
		}
	}
}

// Stat describes a file, following links, with its ACL and the directories
// above it. The path stays as given. Directories that hold a link which was
// followed come after those above the file: who may write there may put
// another file in its place.
func (f *FS) Stat(path, role string) (snapshot.File, error) { return f.stat(path, role, true) }

// Lstat is Stat for the link itself, where the last element is one.
func (f *FS) Lstat(path, role string) (snapshot.File, error) { return f.stat(path, role, false) }

func (f *FS) stat(path, role string, follow bool) (snapshot.File, error) {
	w, err := f.walk(path, follow)
	if err != nil {
		return snapshot.File{}, err
	}
	defer w.close()
	file, err := f.describe(w.last(), path)
	if err != nil {
		return snapshot.File{}, err
	}
	file.Role = role
	seen := map[[2]uint64]bool{}
	for _, dir := range slices.Concat(w.above(), w.linkDirs) {
		if seen[dir.id()] {
			continue
		}
		seen[dir.id()] = true
		parent, err := f.describe(dir, dir.path)
		if err != nil {
			return snapshot.File{}, err
		}
		file.Parents = append(file.Parents, parent)
	}
	return file, nil
}

// ReadFile returns the content of a regular file of at most limit bytes. Other
// kinds of files are not opened, so that a FIFO or device cannot hold the
// audit up.
func (f *FS) ReadFile(path string, limit int64) ([]byte, error) {
	file, err := f.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, lang.RecordErrorf("read %s: %w", f.Where(path), err)
	}
	if int64(len(data)) > limit {
		return nil, lang.RecordErrorf("read %s: %w (%d bytes)", f.Where(path), ErrTooLarge, limit)
	}
	return data, nil
}

// Open opens a regular file for reading; other kinds are not opened. The caller
// closes it.
func (f *FS) Open(path string) (*os.File, error) {
	w, err := f.walk(path, true)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if !w.last().info().Mode.IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: f.Where(path), Err: ErrNotRegular}
	}
	file, err := w.reopen(unix.O_RDONLY)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: f.Where(path), Err: err}
	}
	return file, nil
}

// Below is the view that starts at a directory of this one. Links in it lead no
// further up than there. The directory is found at the first use.
func (f *FS) Below(dir string) *FS {
	out := &FS{root: f.Path(dir), name: f.Where(dir), names: f.names}
	out.open = sync.OnceValues(func() (*os.File, error) {
		w, err := f.walk(dir, true)
		if err != nil {
			return nil, err
		}
		defer w.close()
		file, err := w.reopen(unix.O_PATH | unix.O_DIRECTORY)
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: f.Where(dir), Err: err}
		}
		return file, nil
	})
	return out
}

// ReadDir lists the names in a directory, sorted.
func (f *FS) ReadDir(path string) ([]string, error) {
	w, err := f.walk(path, true)
	if err != nil {
		return nil, err
	}
	defer w.close()
	dir, err := w.reopen(unix.O_RDONLY | unix.O_DIRECTORY)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: f.Where(path), Err: err}
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil, lang.RecordErrorf("list %s: %w", f.Where(path), err)
	}
	slices.Sort(names)
	return names, nil
}
