package vm

import (
	"archive/tar"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// archive packs programs into a tar file without a name, which the guest reads
// from its second disk.
func archive(programs map[string]string) (*os.File, error) {
	f, err := os.CreateTemp("", "seawall-vm-")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	defer os.Remove(f.Name())
	w := tar.NewWriter(f)
	for _, p := range slices.Sorted(maps.Keys(programs)) {
		if err := pack(w, programs[p], p); err != nil {
			return nil, fmt.Errorf("pack %s: %w", p, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return os.Open(f.Name())
}

func pack(w *tar.Writer, src, dst string) error {
	f, err := os.Open(src)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: strings.TrimPrefix(dst, "/"), Mode: 0o755, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}
