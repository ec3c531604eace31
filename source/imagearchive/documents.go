package imagearchive

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"seawall/lang"
	"seawall/source/compressed"
)

// Bounds of an archive: bytes of a document, of all of them, files, and bytes that are
// read of what is compressed.
const (
	maxDocument  = 4 << 20
	maxDocuments = 32 << 20
	maxFiles     = 500_000
	maxBytes     = 64 << 30
)

// documents finds the documents of an archive by their names; what is not there is
// [os.ErrNotExist].
type documents func(name string) ([]byte, error)

// fromTar keeps the documents of an archive: files that begin as JSON does.
func fromTar(ctx context.Context, r io.Reader) (documents, error) {
	kept := map[string][]byte{}
	in, total := tar.NewReader(r), 0
	for n := 0; ; n++ {
		header, err := in.Next()
		switch {
		case errors.Is(err, io.EOF):
			return held(kept), nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, lang.Errorf("it is no whole tar archive: %w", err)
		case n == maxFiles:
			return nil, lang.Errorf("it has more than %d files", maxFiles)
		case header.Typeflag != tar.TypeReg || header.Size > maxDocument:
			continue
		}
		data, err := document(in)
		if err != nil {
			return nil, lang.Errorf("it is no whole tar archive: %w", err)
		}
		if data == nil {
			continue
		}
		if total += len(data); total > maxDocuments {
			return nil, lang.Errorf("its documents are larger than %d MiB", maxDocuments>>20)
		}
		name := path.Clean(header.Name)
		if _, twice := kept[name]; twice {
			return nil, lang.Errorf("it has %q twice", name)
		}
		kept[name] = data
	}
}

// document is a file that begins as JSON does; nil if this one does not.
func document(r io.Reader) ([]byte, error) {
	first := make([]byte, 1)
	switch _, err := io.ReadFull(r, first); {
	case errors.Is(err, io.EOF):
		return nil, nil // it is empty
	case err != nil:
		return nil, err
	case first[0] != '{' && first[0] != '[':
		return nil, nil
	}
	rest, err := io.ReadAll(r)
	return append(first, rest...), err
}

func held(kept map[string][]byte) documents {
	return func(name string) ([]byte, error) {
		if data, has := kept[path.Clean(name)]; has {
			return data, nil
		}
		return nil, os.ErrNotExist
	}
}

// fromDirectory reads the documents of a directory, and nothing outside of it.
func fromDirectory(root *os.Root) documents {
	return func(name string) ([]byte, error) {
		f, err := root.Open(path.Clean(name))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
			return nil, os.ErrNotExist
		}
		data, err := io.ReadAll(io.LimitReader(f, maxDocument+1))
		if err == nil && len(data) > maxDocument {
			err = lang.Errorf("larger than %d MiB", maxDocument>>20)
		}
		return data, err
	}
}

// read decodes a document.
func (d documents) read(name string, into any) ([]byte, error) {
	data, err := d(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, lang.Errorf("%q is not in it", shorten(name))
	case err != nil:
		return nil, fmt.Errorf("%q: %w", shorten(name), err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return nil, lang.Errorf("%q cannot be understood: %w", shorten(name), err)
	}
	return data, nil
}

// blob decodes a document that is named by its digest, which has to be right.
func (d documents) blob(digest string, into any) ([]byte, error) {
	name, is := strings.CutPrefix(digest, "sha256:")
	if _, err := hex.DecodeString(name); !is || err != nil || len(name) != 2*sha256.Size {
		return nil, lang.Errorf("%q is no digest of SHA-256", shorten(digest))
	}
	data, err := d.read("blobs/sha256/"+name, into)
	if err == nil && idOf(data) != digest {
		err = lang.Errorf("%q has not the content that its name says", shorten(digest))
	}
	return data, err
}

// idOf is the digest of a document.
func idOf(data []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(data)) }

func shorten(s string) string {
	const most = 100
	s = strings.ToValidUTF8(s, "")
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// opened gives the documents of a file or directory, and what closes them.
func opened(ctx context.Context, name string) (documents, func() error, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, nil, err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(name)
		if err != nil {
			return nil, nil, err
		}
		return fromDirectory(root), root.Close, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	docs, err := fromFile(ctx, f)
	return docs, func() error { return nil }, err
}

// fromFile reads an archive. Of one that is not compressed the layers are not read.
func fromFile(ctx context.Context, f *os.File) (documents, error) {
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && isTar(f) {
		return fromTar(ctx, f)
	}
	return fromStream(ctx, f)
}

// isTar reports whether a file has the mark of tar, which is 257 bytes from its beginning
// (POSIX, pax).
func isTar(f *os.File) bool {
	magic := make([]byte, 5)
	_, err := f.ReadAt(magic, 257)
	return err == nil && string(magic) == "ustar"
}

// fromStream reads an archive, compressed or not.
func fromStream(ctx context.Context, r io.Reader) (documents, error) {
	in, err := compressed.Reader(r)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	limited := &io.LimitedReader{R: in, N: maxBytes}
	docs, err := fromTar(ctx, limited)
	if limited.N == 0 {
		return nil, lang.Errorf("it is larger than %d GiB", maxBytes>>30)
	}
	return docs, err
}
