package pkgdb

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/therootcompany/xz"

	"seawall/currency/version"
	"seawall/lang"
)

// maxWindow bounds what unpacking takes of memory, in bytes. xz -9 and zstd -19 take
// 64 and 8 MiB.
const maxWindow = 128 << 20

// Unpack is the reader of a list as its name says that it is packed: as apt keeps them
// with Acquire::GzipIndexes, and as repositories of rpm publish them.
func Unpack(name string, r io.Reader) (io.Reader, error) {
	switch path.Ext(name) {
	case ".lz4":
		return lz4.NewReader(r), nil
	case ".gz":
		return gzip.NewReader(r)
	case ".bz2":
		return bzip2.NewReader(r), nil
	case ".xz":
		return xz.NewReader(bufio.NewReader(r), maxWindow)
	case ".zst":
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	case ".zck", ".lzma":
		return nil, lang.RecordErrorf("%s: lists packed this way are not read", name)
	}
	return r, nil
}

func raise(s version.Scheme, newest map[string]string, name, v string) {
	if newest[name] == "" {
		if _, err := s.Compare(v, v); err == nil {
			newest[name] = v
		}
		return
	}
	if c, err := s.Compare(v, newest[name]); err == nil && c > 0 {
		newest[name] = v
	}
}

// rpmVersion matches the attributes of a version in a list of rpm.
var rpmVersion = regexp.MustCompile(`\b(epoch|ver|rel)="([^"]*)"`)

// moduleMark is in the release of a package of a module, one of several streams. Which
// of them dnf follows is not in its lists.
const moduleMark = ".module"

// OfModule reports whether a version of rpm is of a module.
func OfModule(v string) bool { return strings.Contains(v, moduleMark) }

// NewestRPM reads a list of a repository of rpm (primary.xml) and puts into newest the
// highest version of each package that is a key there. It looks at names, architectures
// and versions only: lists have tens of thousands of packages, with all their files.
func NewestRPM(r io.Reader, newest map[string]string) error {
	in := bufio.NewReaderSize(r, 256<<10)
	name, whole := "", false
	for {
		text, err := in.ReadSlice('<')
		long := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !errors.Is(err, io.EOF) && !long {
			return err
		}
		switch {
		case bytes.HasPrefix(text, []byte("/metadata>")):
			whole = true
		case bytes.HasPrefix(text, []byte("package ")):
			name = ""
		case bytes.HasPrefix(text, []byte("name>")):
			name = strings.TrimSuffix(string(text[len("name>"):]), "<")
			if _, ok := newest[name]; !ok {
				name = ""
			}
		case name == "":
		case bytes.HasPrefix(text, []byte("arch>src<")):
			name = ""
		case bytes.HasPrefix(text, []byte("version ")):
			if v := rpmVersionOf(text); v != "" && !OfModule(v) {
				raise(version.RPM, newest, name, v)
			}
		}
		for long { // the rest of a text that is too long to matter
			_, err = in.ReadSlice('<')
			long = errors.Is(err, bufio.ErrBufferFull)
		}
		switch {
		case errors.Is(err, io.EOF) && !whole:
			return errors.New(lang.N("it is no list of a repository of rpm, or not a whole one"))
		case errors.Is(err, io.EOF):
			return nil
		}
	}
}

// rpmVersionOf is the version in an element: epoch="4" ver="1.2.4" rel="1.el9".
func rpmVersionOf(element []byte) string {
	part := map[string]string{}
	for _, m := range rpmVersion.FindAllSubmatch(element, -1) {
		part[string(m[1])] = string(m[2])
	}
	if part["ver"] == "" || part["rel"] == "" {
		return ""
	}
	v := part["ver"] + "-" + part["rel"]
	if part["epoch"] != "" && part["epoch"] != "0" {
		v = part["epoch"] + ":" + v
	}
	return v
}

// NewestAPK reads an index of apk (APKINDEX.tar.gz, unpacked) and puts into newest the
// highest version of each package that is a key there.
func NewestAPK(r io.Reader, newest map[string]string) error {
	archive := tar.NewReader(r)
	for {
		entry, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return errors.New(lang.N("it is no index of apk"))
		}
		if err != nil {
			return err
		}
		if entry.Name == "APKINDEX" {
			return newestInIndex(archive, newest)
		}
	}
}

func newestInIndex(r io.Reader, newest map[string]string) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	name := ""
	for lines.Scan() {
		letter, value, _ := strings.Cut(lines.Text(), ":")
		switch letter {
		case "":
			name = ""
		case "P":
			name = value
		case "V":
			if _, ok := newest[name]; ok {
				raise(version.APK, newest, name, value)
			}
		}
	}
	return lines.Err()
}
