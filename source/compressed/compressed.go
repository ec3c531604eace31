// Package compressed reads streams that may be compressed.
package compressed

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds what unpacking zstd takes of memory. Level 19 uses 8 MiB.
const maxWindow = 128 << 20

// Reader gives the content of a stream that is compressed with gzip, with zstd
// or not at all, by how it begins. The caller closes it.
func Reader(r io.Reader) (io.ReadCloser, error) {
	in := bufio.NewReaderSize(r, 128<<10)
	magic, _ := in.Peek(4) // a short stream is none of them
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		out, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		return out, nil
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		out, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, fmt.Errorf("zstd: %w", err)
		}
		return out.IOReadCloser(), nil
	}
	return io.NopCloser(in), nil
}
