package imagecontent

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/compressed"
	"seawall/source/hostfile"
)

// Store is where an engine of this machine keeps the layers of its images: its
// own store, or that of containerd.
type Store struct {
	Own        Classic
	Containerd Containerd
}

// Layers gives the layers of an image, lowest first, from the store that has it.
func (s Store) Layers(i *snapshot.Image) ([]Ref, error) {
	ids, err := diffIDs(i)
	if err != nil {
		return nil, err
	}
	refs, err := s.Own.layers(ids)
	if errors.Is(err, fs.ErrNotExist) {
		return s.Containerd.layers(i.ID, ids)
	}
	return refs, err
}

// errNoLayers says that the engine did not tell the layers.
var errNoLayers = errors.New(lang.N("the engine names no layers of it"))

// diffIDs are the layers as the engine's API lists them.
func diffIDs(i *snapshot.Image) ([]string, error) {
	layers, ok := i.Layers.Peek()
	switch {
	case !ok:
		return nil, errors.New(i.Layers.Gap().Detail)
	case len(layers) == 0:
		return nil, errNoLayers
	case len(layers) > maxLayers:
		return nil, lang.RecordErrorf("%w: it is one of %d", ErrTooLarge, len(layers))
	}
	for _, l := range layers {
		if _, err := hexOf(l); err != nil {
			return nil, err
		}
	}
	return layers, nil
}

// Ref is a layer that can be read.
type Ref struct {
	// DiffID is the digest of the unpacked archive: the same in all images of the
	// engine that share the layer.
	DiffID string
	open   func() (*os.File, error)
	split  bool // the file is tar-split: headers only
	head   headFunc
}

// Read reads the layer.
func (r Ref) Read(ctx context.Context) (*Layer, error) {
	file, err := r.open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	l, err := readStream(ctx, file, r.split, r.head)
	if err != nil {
		return nil, lang.RecordErrorf("layer %.19s: %w", r.DiffID, err)
	}
	return l, nil
}

// readStream reads a layer from a file that may be compressed.
func readStream(ctx context.Context, r io.Reader, split bool, head headFunc) (*Layer, error) {
	in, err := compressed.Reader(r)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var archive io.Reader = &bounded{ctx: ctx, r: in, left: maxBytes}
	if split {
		archive = newTarSplit(archive)
	}
	return readLayer(ctx, archive, head)
}

// Gap makes a gap of an error of reading an image.
func Gap(err error) snapshot.Gap {
	g := source.GapFrom(err)
	if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrTorn) {
		g.Reason = snapshot.ReasonUnsupported
	}
	return g
}

// hexOf is the hexadecimal part of a digest "sha256:…".
func hexOf(digest string) (string, error) {
	const prefix = "sha256:"
	if len(digest) != len(prefix)+64 || digest[:len(prefix)] != prefix {
		return "", lang.RecordErrorf("digest %q: want sha256 and 64 digits", digest)
	}
	for _, c := range digest[len(prefix):] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return "", lang.RecordErrorf("digest %q: want sha256 and 64 digits", digest)
		}
	}
	return digest[len(prefix):], nil
}

// readHead reads the beginning of a file.
func readHead(files *hostfile.FS, path string, limit int64) ([]byte, error) {
	file, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, limit))
}
