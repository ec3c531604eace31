package imagecontent

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds what unpacking zstd takes of memory. Level 19 uses 8 MiB.
const maxWindow = 128 << 20

// unpack gives the content of a stream that is compressed with gzip, with zstd
// or not at all, whatever its media type says. The caller closes it.
func unpack(r io.Reader) (io.ReadCloser, error) {
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

// bounded ends a stream with an error when the context ends or when it is
// longer than a number of bytes.
type bounded struct {
	ctx  context.Context
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("%w: more than the %d GiB that are unpacked of one", ErrTooLarge, maxBytes>>30)
	}
	return n, err
}
