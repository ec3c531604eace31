package livehost

import (
	"errors"
	"fmt"
	"path"
	"regexp"

	"seawall/snapshot"
	"seawall/source/procfs"
)

// remapped matches the part of the data root that user namespace remapping
// adds: "/100000.100000".
var remapped = regexp.MustCompile(`/[0-9]+\.[0-9]+$`)

// ownFilesystem reports whether the data root lies on another device than the
// directory above it, by the daemon's mounts: dockerd binds the data root onto
// itself, so that being a mount point says nothing.
func (d *daemon) ownFilesystem(root snapshot.Fact[string]) snapshot.Fact[bool] {
	where := d.dir.Where("mountinfo")
	o := snapshot.At("st_dev", where)
	dir, ok := root.Peek()
	if !ok {
		return snapshot.Lost[bool](root.Gap(), o)
	}
	data, err := d.dir.Read("mountinfo", nil)
	if err != nil {
		return snapshot.Lost[bool](*gapPtr(err), o)
	}
	mounts, err := procfs.ParseMountinfo(data)
	if err != nil {
		return gapFact[bool](fmt.Errorf("%s: %w", where, err), o.Path, where)
	}
	dir = remapped.ReplaceAllString(path.Clean(dir), "")
	if real, err := d.view.Real(dir); err == nil {
		dir = real
	}
	tree := procfs.NewTree(mounts)
	own, ok1 := tree.Locate(dir)
	above, ok2 := tree.Locate(path.Dir(dir))
	if !ok1 || !ok2 {
		return gapFact[bool](errors.New("no mount in "+where+" holds "+dir), o.Path, where)
	}
	return snapshot.See(own.Device != above.Device, snapshot.At("device of "+dir, where))
}
