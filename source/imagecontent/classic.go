package imagecontent

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"seawall/lang"
	"seawall/source/hostfile"
)

// Classic is the engine's own store, below its data root (moby, layer/filestore.go):
// for each layer a directory image/DRIVER/layerdb/sha256/CHAIN with the headers of its
// archive and the name under which the storage driver has its files.
type Classic struct {
	Root   *hostfile.FS // the data root
	Driver string       // "overlay2"
}

// unpackedAt are the places of unpacked layers, by storage driver. Others mount
// a layer to show its files.
var unpackedAt = map[string]func(id string) string{
	"overlay2":       func(id string) string { return "/overlay2/" + id + "/diff" },
	"fuse-overlayfs": func(id string) string { return "/fuse-overlayfs/" + id + "/diff" },
	"vfs":            func(id string) string { return "/vfs/dir/" + id },
	"btrfs":          func(id string) string { return "/btrfs/subvolumes/" + id },
}

// layers finds the layers by their chain: the digest of a layer and all below
// it. Where the store does not have the image, the error is [fs.ErrNotExist].
func (c Classic) layers(ids []string) ([]Ref, error) {
	if c.Driver == "" || strings.ContainsAny(c.Driver, "/.") {
		return nil, lang.RecordErrorf("storage driver %q", c.Driver)
	}
	var refs []Ref
	chain, dir := "", ""
	for _, id := range ids {
		chain = chainID(chain, id)
		dir = "/image/" + c.Driver + "/layerdb/sha256/" + strings.TrimPrefix(chain, "sha256:")
		refs = append(refs, c.ref(id, dir))
	}
	_, err := c.Root.Info(dir)
	return refs, err
}

// chainID is the name of a stack of layers (OCI image specification, config.md).
func chainID(below, diffID string) string {
	if below == "" {
		return diffID
	}
	return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(below+" "+diffID)))
}

func (c Classic) ref(diffID, dir string) Ref {
	return Ref{
		DiffID: diffID, split: true,
		open: func() (*os.File, error) { return c.Root.Open(dir + "/tar-split.json.gz") },
		head: func(p string, _ io.Reader, limit int64) ([]byte, error) { return c.head(dir, p, limit) },
	}
}

// head reads the beginning of a file where the storage driver has it.
func (c Classic) head(dir, p string, limit int64) ([]byte, error) {
	place, ok := unpackedAt[c.Driver]
	if !ok {
		return nil, lang.RecordErrorf("the storage driver %s shows the files of layers only when it mounts them", c.Driver)
	}
	id, err := c.Root.ReadFile(dir+"/cache-id", 256)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(string(id))
	if name == "" || path.Base(name) != name || name == ".." || name == "." {
		return nil, lang.RecordErrorf("cache-id %q", name)
	}
	data, err := readHead(c.Root, place(name)+p, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, lang.RecordErrorf("the layer's archive has it and its files do not: %w", err)
	}
	return data, err
}
