// Package datafetch gets the documents that data is made of, from where they are
// published, from a mirror, or from a directory. It is the only package that sends
// anything to another machine, and only `seawall data update` calls it.
package datafetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"seawall/currency/feed"
	"seawall/lang"
)

// Limits bound a transfer.
type Limits struct {
	// Size is the most that a document may have, in bytes.
	Size int64
	// Time is how long one document may take.
	Time time.Duration
}

// Usual are the limits of documents as they are published today, with room to grow.
var Usual = Limits{Size: 512 << 20, Time: 10 * time.Minute}

// From is where documents are got from.
type From struct {
	// Base is the address of a mirror, or a directory, that has the documents by their
	// names; "" for where each is published.
	Base   string
	Limits Limits
}

// Get opens a document in a temporary file, which is removed when it is closed. A
// document that a directory does not have is fs.ErrNotExist, and so is one that may be
// missing and that the server does not have.
func (f From) Get(ctx context.Context, doc feed.Document) (*os.File, int64, error) {
	address := doc.URL
	switch {
	case f.Base == "":
	case IsURL(f.Base):
		address = strings.TrimSuffix(f.Base, "/") + "/" + doc.Name
	default:
		return f.open(filepath.Join(f.Base, doc.Name))
	}
	file, size, err := f.download(ctx, address, doc)
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", address, plain(err))
	}
	return file, size, nil
}

// IsURL reports whether a text names a web server.
func IsURL(text string) bool {
	return strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "http://")
}

func (f From) open(path string) (*os.File, int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = lang.Errorf("%s: it is no file", path)
	}
	if err == nil && info.Size() > f.Limits.Size {
		err = lang.Errorf("%s: it has %d bytes, more than %d", path, info.Size(), f.Limits.Size)
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// client follows redirects within a server only, and never from TLS to none.
var client = &http.Client{CheckRedirect: func(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if req.URL.Host != first.Host || req.URL.Scheme != first.Scheme || len(via) > 5 {
		return lang.Errorf("it leads elsewhere, to %s", req.URL.Redacted())
	}
	return nil
}}

func (f From) download(ctx context.Context, address string, doc feed.Document) (_ *os.File, _ int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, f.Limits.Time)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("User-Agent", "seawall")
	resp, err := client.Do(req)
	if err != nil {
		return nil, 0, err
	}
	defer resp.Body.Close()
	if doc.Optional() && resp.StatusCode == http.StatusNotFound {
		return nil, 0, fs.ErrNotExist
	}
	if err := f.acceptable(resp); err != nil {
		return nil, 0, err
	}
	file, err := os.CreateTemp("", "seawall-data-*")
	if err != nil {
		return nil, 0, err
	}
	os.Remove(file.Name()) // it goes when it is closed
	n, err := io.Copy(file, io.LimitReader(resp.Body, f.Limits.Size+1))
	switch {
	case err != nil:
	case n > f.Limits.Size:
		err = lang.Errorf("it has more than %d bytes", f.Limits.Size)
	case resp.ContentLength >= 0 && n != resp.ContentLength:
		err = lang.Errorf("it was cut off after %d of %d bytes", n, resp.ContentLength)
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, n, nil
}

func (f From) acceptable(resp *http.Response) error {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case resp.StatusCode != http.StatusOK:
		return lang.Errorf("the server answers %s", resp.Status)
	case kind == "text/html":
		return lang.Error("the server answers with a web page")
	case resp.ContentLength > f.Limits.Size:
		return lang.Errorf("it has %d bytes, more than %d", resp.ContentLength, f.Limits.Size)
	}
	return nil
}

// plain takes the address out of an error that repeats it, and words a deadline.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return lang.Error("it took too long")
	}
	return err
}
