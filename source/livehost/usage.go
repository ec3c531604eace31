package livehost

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/engineapi"
	"seawall/source/hostfile"
)

// maxDirectories is how many directories of a container are looked at.
const maxDirectories = 2000

// maxCounted is how many entries of a directory are counted.
const maxCounted = 100

// Usage reads what a container of the named engine uses now. Files are looked at
// through the container's process, if it runs on this machine: the directories around what
// differs from its image, and those that are named, with all above.
func (l *Lister) Usage(ctx context.Context, engine string, c *snapshot.Container, named []string) snapshot.Usage {
	client, err := l.client(ctx, engine)
	if err != nil {
		return snapshot.LostUsage(*gapPtr(lang.RecordErrorf("ask the engine: %w", err)), engine)
	}
	out := snapshot.Usage{Changes: client.Changes(ctx, c.ID)}
	out.Pids, out.Memory = client.Counts(ctx, c.ID)
	out.Directories = directories(ThisMachine(), c, out.Changes, named)
	return out
}

// Changer changes the named engine.
func (l *Lister) Changer(ctx context.Context, engine string) (*engineapi.Changer, error) {
	client, err := l.client(ctx, engine)
	if err != nil {
		return nil, lang.RecordErrorf("ask the engine: %w", err)
	}
	return client.Changer(), nil
}

// client is the connection to an engine, by the name that Containers gave it.
func (l *Lister) client(ctx context.Context, engine string) (*engineapi.Client, error) {
	if len(l.engines) == 0 {
		if err := l.discover(ctx); err != nil {
			return nil, err
		}
	}
	for i := range l.engines {
		e := &l.engines[i]
		if e.name != engine {
			continue
		}
		if e.client == nil {
			client, err := engineapi.Connect(ctx, e.endpoint)
			if err != nil {
				return nil, err
			}
			e.client = client
		}
		return e.client, nil
	}
	return nil, lang.Errorf("there is no engine %s any more", engine)
}

// directories describes the directories among the changed paths and around them.
func directories(m Machine, c *snapshot.Container, changes snapshot.Fact[[]snapshot.Change], named []string) snapshot.Fact[[]snapshot.Directory] {
	o := snapshot.At("directories", "files of the container")
	list, known := changes.Peek()
	if !known {
		return snapshot.Lost[[]snapshot.Directory](changes.Gap(), o)
	}
	p, known := c.Process.Peek()
	if !known || p.PID <= 0 {
		return snapshot.Lost[[]snapshot.Directory](snapshot.Gap{
			Reason: snapshot.ReasonVanished, Detail: lang.N("whose the directories of the container are is seen while it runs on this machine"), Remedy: lang.N("start it"),
		}, o)
	}
	root := filepath.Join(m.Proc, strconv.Itoa(p.PID), "root")
	r := directoryReader{view: hostfile.New(root), process: p, added: map[string]bool{}}
	for _, x := range list {
		r.added[x.Path] = x.Kind == snapshot.ChangeAdded
	}
	out := []snapshot.Directory{}
	for _, dir := range around(list, named) {
		d, ok, err := r.read(dir)
		if err != nil {
			return snapshot.Lost[[]snapshot.Directory](*gapPtr(err), snapshot.At("directories", root))
		}
		if ok {
			out = append(out, d)
		}
	}
	return snapshot.See(out, snapshot.At("directories", root))
}

// around are the paths and the directories that hold them, and the named directories with
// all above, each once, in order.
func around(list []snapshot.Change, named []string) []string {
	seen := map[string]bool{}
	var out []string
	add := func(p string) {
		if !seen[p] && len(out) < maxDirectories {
			seen[p] = true
			out = append(out, p)
		}
	}
	for _, x := range list {
		add(x.Path)
		add(path.Dir(x.Path))
	}
	for _, dir := range named {
		for ; dir != "/" && dir != "."; dir = path.Dir(dir) {
			add(dir)
		}
	}
	slices.Sort(out)
	return out
}

// directoryReader looks at directories inside a container.
type directoryReader struct {
	view    *hostfile.FS
	process snapshot.Process
	added   map[string]bool // by path: it is not of the image
}

// read describes a directory; ok is false if the path is something else, or nothing.
func (r directoryReader) read(dir string) (out snapshot.Directory, ok bool, err error) {
	out, ok, err = r.describe(dir)
	if !ok || err != nil {
		return out, false, err
	}
	if err := r.count(&out, dir); err != nil {
		return out, false, err
	}
	if out.Kept > 0 {
		out.Below = nil
	}
	return out, true, nil
}

// count adds what a directory has of the image to another one, with all below.
func (r directoryReader) count(to *snapshot.Directory, dir string) error {
	names, err := r.view.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // it may just have been removed
		return lang.RecordErrorf("look into %s of the container: %w", dir, err)
	}
	for _, name := range names {
		p := path.Join(dir, name)
		if r.added[p] {
			continue
		}
		d, isDir, err := r.describe(p)
		switch {
		case err != nil:
			return err
		case !isDir || len(to.Below) >= maxCounted:
			to.Kept++
		default:
			to.Below = append(to.Below, d)
			if err := r.count(to, p); err != nil {
				return err
			}
		}
		if to.Kept >= maxCounted {
			return nil
		}
	}
	return nil
}

// describe is a directory without what is in it.
func (r directoryReader) describe(dir string) (out snapshot.Directory, ok bool, err error) {
	file, err := r.view.Lstat(dir, "")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return out, false, nil
	case err != nil:
		return out, false, lang.RecordErrorf("look at %s in the container: %w", dir, err)
	case file.Type != "dir":
		return out, false, nil
	}
	return snapshot.Directory{Path: dir, Mode: file.Mode, UID: numberInside(r.process.UIDMap, file.UID), GID: numberInside(r.process.GIDMap, file.GID)}, true, nil
}

// numberInside is a user or group as a container numbers it; -1 if it has no number there.
func numberInside(maps snapshot.Fact[[]snapshot.IDMap], id int) int {
	list, _ := maps.Peek()
	if len(list) == 0 {
		return id
	}
	for _, m := range list {
		if offset := int64(id) - int64(m.Outside); offset >= 0 && offset < int64(m.Length) {
			return int(int64(m.Inside) + offset)
		}
	}
	return -1
}
