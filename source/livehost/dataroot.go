package livehost

import (
	"fmt"
	"path"
	"regexp"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source/procfs"
)

// remapped matches the part of the data root that user namespace remapping
// adds: "/100000.100000".
var remapped = regexp.MustCompile(`/[0-9]+\.[0-9]+$`)

// fillDataRoot tells what the daemon's mounts say of the data root: whether it lies on
// another device than the directory above it, for dockerd binds it onto itself, so that
// being a mount point says nothing; and whether setuid bits count in it.
func (d *daemon) fillDataRoot(s *snapshot.Settings) {
	where := d.dir.Where("mountinfo")
	device, options := snapshot.At("st_dev", where), snapshot.At("nosuid", where)
	lost := func(g snapshot.Gap) {
		s.DataRootOwnFilesystem, s.DataRootNoSUID = snapshot.Lost[bool](g, device), snapshot.Lost[bool](g, options)
	}
	dir, ok := s.DataRoot.Peek()
	if !ok {
		lost(s.DataRoot.Gap())
		return
	}
	data, err := d.dir.Read("mountinfo", nil)
	if err != nil {
		lost(*gapPtr(err))
		return
	}
	mounts, err := procfs.ParseMountinfo(data)
	if err != nil {
		lost(malformed(fmt.Errorf("%s: %w", where, err), where))
		return
	}
	dir = remapped.ReplaceAllString(path.Clean(dir), "")
	if real, err := d.view.Real(dir); err == nil {
		dir = real
	}
	tree := procfs.NewTree(mounts)
	own, above := tree.Holding(dir), tree.Holding(path.Dir(dir))
	if own == nil || above == nil {
		lost(malformed(lang.Errorf("no mount in %s holds %s", where, dir), where))
		return
	}
	s.DataRootOwnFilesystem = snapshot.See(own.Device != above.Device, snapshot.At("device of "+dir, where))
	s.DataRootNoSUID = snapshot.See(own.NoSUID, snapshot.At("options of the mount of "+dir, where))
}
