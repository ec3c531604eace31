package imagecontent

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Bounds of one layer. Real ones have some ten thousand files; the largest
// images of machine learning are of 20 GB.
const (
	maxEntries = 2_000_000
	maxNames   = 4_000_000 // with the directories that entries lie in
	maxPath    = 4096      // of the kernel (PATH_MAX)
	maxFound   = 10_000
	maxBytes   = 64 << 30 // unpacked
)

// Whiteouts are files of these names (OCI image specification, layer.md).
const (
	whiteout       = ".wh."
	whiteoutMeta   = ".wh..wh." // of aufs, no part of the image
	whiteoutOpaque = ".wh..wh..opq"
)

// ErrTooLarge says that a layer is out of bounds.
var ErrTooLarge = errors.New(lang.N("the layer is larger than is read"))

// Layer is what one layer tells.
type Layer struct {
	names names
	found []*entry
	torn  string // a path of which the layer makes two things; "" if none
}

// entry is a file of a layer that matters.
type entry struct {
	path     string // as the layer has it
	file     snapshot.ImageFile
	setID    bool
	caps     bool
	open     bool
	secrets  []snapshot.ImageSecret
	accounts *accounts
}

// matters reports whether the entry tells anything.
func (e *entry) matters() bool {
	return e.setID || e.caps || e.open || len(e.secrets) > 0 || e.accounts != nil
}

// headFunc reads the beginning of a file of the layer, up to a number of bytes.
// The reader is the file in the archive; where that has headers only, the file is
// read by its path.
type headFunc func(path string, r io.Reader, limit int64) ([]byte, error)

// whole reads a text of at most limit bytes to its end. Of a longer one that is
// no text it gives nothing.
func (head headFunc) whole(path string, r io.Reader, limit int64) ([]byte, error) {
	data, err := head(path, r, limit+1)
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) <= limit:
		return data, nil
	case bytes.IndexByte(data, 0) >= 0:
		return nil, nil
	}
	return nil, lang.RecordErrorf("it is longer than the %d KiB that are read", limit>>10)
}

// inArchive is the headFunc for archives that are complete.
func inArchive(_ string, r io.Reader, limit int64) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, limit))
}

// readLayer reads the archive of a layer.
func readLayer(ctx context.Context, archive io.Reader, head headFunc) (*Layer, error) {
	l := &Layer{names: names{building: map[uint64]kind{}}}
	byPath := map[string]*entry{}
	r := tar.NewReader(archive)
	for n := 0; ; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, lang.RecordErrorf("entry %d of the archive: %w", n+1, err)
		}
		if n >= maxEntries || len(l.names.building) >= maxNames || len(byPath) >= maxFound {
			return nil, lang.RecordErrorf("%w: it has more than %d entries, or %d files that matter", ErrTooLarge, maxEntries, maxFound)
		}
		if len(h.Name) > maxPath {
			return nil, lang.RecordErrorf("%w: entry %d has a path of %d bytes", ErrTooLarge, n+1, len(h.Name))
		}
		if err := l.take(h, r, head, byPath); err != nil {
			return nil, err
		}
	}
	for _, e := range byPath {
		l.found = append(l.found, e)
	}
	slices.SortFunc(l.found, func(a, b *entry) int { return strings.Compare(a.path, b.path) })
	l.names.complete()
	return l, nil
}

// take notes one entry. A later entry of the same path replaces an earlier one.
func (l *Layer) take(h *tar.Header, r io.Reader, head headFunc, byPath map[string]*entry) error {
	if h.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	p := path.Clean("/" + h.Name)
	dir, base := path.Split(p)
	k := isOther
	switch {
	case base == whiteoutOpaque:
		p, k = path.Clean(dir), isOpaque
	case strings.HasPrefix(base, whiteoutMeta):
		return nil
	case strings.HasPrefix(base, whiteout):
		p, k = path.Join(dir, base[len(whiteout):]), isRemoved
	case h.Typeflag == tar.TypeDir:
		k = isDir
	}
	strange := k == isRemoved && strings.Trim(base[len(whiteout):], ".") == "" // ".wh..."
	if (!l.names.add(p, k) || strange) && l.torn == "" {
		l.torn = p
	}
	if k == isRemoved || k == isOpaque {
		return nil
	}
	e, err := describe(p, h, r, head)
	if err != nil {
		return fmt.Errorf("%s: %w", printable(p), err)
	}
	delete(byPath, p)
	if h.Typeflag == tar.TypeLink {
		e.join(path.Clean("/"+h.Linkname), byPath)
	}
	if e.matters() {
		byPath[p] = e
	}
	return nil
}

// join makes a hard link tell what its file tells, and the file what the link's
// own header does: both names are one file, of the mode that was set last.
func (e *entry) join(target string, byPath map[string]*entry) {
	file := byPath[target]
	if file == nil {
		if e.setID || e.caps || e.open {
			same := *e
			same.path, same.file.Path, same.secrets, same.accounts = target, printable(target), nil, nil
			byPath[target] = &same
		}
		return
	}
	file.file.Mode |= e.file.Mode
	file.file.Capabilities |= e.file.Capabilities
	file.file.CapsEffective = file.file.CapsEffective || e.file.CapsEffective
	file.setID, file.caps, file.open = file.setID || e.setID, file.caps || e.caps, file.open || e.open
	own := *e
	*e = *file
	e.path, e.file.Path = own.path, own.file.Path
	e.secrets, e.accounts = own.secrets, own.accounts // those of the file are told with it
}
