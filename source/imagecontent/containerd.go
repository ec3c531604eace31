package imagecontent

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/source/hostfile"
)

// Containerd is the image store of containerd: the archives as registries have
// them, by digest (containerd, plugins/content/local).
type Containerd struct {
	Roots []*hostfile.FS // where containerd may have its data
}

const blobs = "/io.containerd.content.v1.content/blobs/sha256/"

// Bounds of the documents of an image.
const (
	maxDocument  = 8 << 20
	maxManifests = 256
	maxLayers    = 256 // overlayfs takes fewer
)

// document is an index, a manifest or a configuration (OCI image specification);
// each uses some of the fields.
type document struct {
	Manifests []descriptor
	Config    *descriptor
	Layers    []descriptor
	RootFS    struct {
		DiffIDs []string `json:"diff_ids"`
	}
}

type descriptor struct{ Digest string }

// errNoManifest says that none of an index is the image that the engine uses.
var errNoManifest = errors.New(lang.N("no manifest with the layers that the engine names is in the store"))

// layers finds the manifest of the image by its id, which here is the digest of
// a manifest or of an index. Of an index it is the one with the layers that the
// engine names.
func (c Containerd) layers(id string, ids []string) ([]Ref, error) {
	root, err := c.rootOf(id)
	if err != nil {
		return nil, err
	}
	top, err := readDocument(root, id)
	if err != nil {
		return nil, err
	}
	if len(top.Manifests) > maxManifests {
		return nil, lang.RecordErrorf("%w: an index of %d manifests", ErrTooLarge, len(top.Manifests))
	}
	candidates := []string{id}
	for _, d := range top.Manifests {
		candidates = append(candidates, d.Digest)
	}
	for _, digest := range candidates {
		refs, err := layersOf(root, digest, ids)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // of other platforms, nothing is there
			return nil, err
		}
		if refs != nil {
			return refs, nil
		}
	}
	return nil, errNoManifest
}

// rootOf is the store that has a blob.
func (c Containerd) rootOf(digest string) (*hostfile.FS, error) {
	name, err := hexOf(digest)
	if err != nil {
		return nil, err
	}
	var tried []string
	for _, root := range c.Roots {
		_, err := root.Info(blobs + name)
		if err == nil {
			return root, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		tried = append(tried, root.Root())
	}
	return nil, lang.RecordErrorf("%s is in none of: %s", digest, strings.Join(tried, ", "))
}

// layersOf are the layers of a manifest; nil where they are not those asked for.
func layersOf(root *hostfile.FS, manifest string, ids []string) ([]Ref, error) {
	m, err := readDocument(root, manifest)
	if err != nil || m.Config == nil {
		return nil, err
	}
	config, err := readDocument(root, m.Config.Digest)
	if err != nil || !slices.Equal(config.RootFS.DiffIDs, ids) {
		return nil, err
	}
	if len(m.Layers) != len(ids) {
		return nil, lang.RecordErrorf("manifest %s: %d layers, its configuration has %d", manifest, len(m.Layers), len(ids))
	}
	refs := make([]Ref, len(ids))
	for n, d := range m.Layers {
		name, err := hexOf(d.Digest)
		if err != nil {
			return nil, err
		}
		refs[n] = Ref{DiffID: ids[n], head: inArchive, open: func() (*os.File, error) { return root.Open(blobs + name) }}
	}
	return refs, nil
}

// readDocument reads a document and checks that it is the one of that digest.
func readDocument(root *hostfile.FS, digest string) (document, error) {
	var d document
	name, err := hexOf(digest)
	if err != nil {
		return d, err
	}
	data, err := root.ReadFile(blobs+name, maxDocument)
	if err != nil {
		return d, err
	}
	if fmt.Sprintf("%x", sha256.Sum256(data)) != name {
		return d, lang.RecordErrorf("%s: its content has another digest", root.Where(blobs+name))
	}
	return d, parseDocument(data, &d, root.Where(blobs+name))
}

func parseDocument(data []byte, d *document, where string) error {
	if err := json.Unmarshal(data, d); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}
