package imagecontent

import (
	"context"
	"io"

	"seawall/lang"
)

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
		return 0, lang.RecordErrorf("%w: more than the %d GiB that are unpacked of one", ErrTooLarge, maxBytes>>30)
	}
	return n, err
}
