package rpmdb

import (
	"bytes"
	"encoding/binary"
)

// Tags of headers (rpm, include/rpm/rpmtag.h).
const (
	Name      = 1000
	Version   = 1001
	Release   = 1002
	Epoch     = 1003
	Vendor    = 1011
	Packager  = 1015
	SourceRPM = 1044
	dirIndex  = 1116
	baseName  = 1117
	dirName   = 1118
)

// Types of values.
const (
	typeInt32   = 4
	typeString  = 6
	typeStrings = 8
	typeI18N    = 9
)

// Header is what rpm keeps of a package: an index of tags, and the data that it points
// into.
type Header struct {
	index, data []byte
}

// entrySize is the length of an entry of the index: tag, type, offset and count, of four
// bytes each.
const entrySize = 16

// parse reads the header of a package: the numbers of entries and of bytes, both big
// endian, then these.
func parse(blob []byte) (Header, error) {
	if len(blob) < 8 {
		return Header{}, malformed("a header has %d bytes", len(blob))
	}
	entries, size := int64(binary.BigEndian.Uint32(blob)), int64(binary.BigEndian.Uint32(blob[4:]))
	if entries == 0 || 8+entries*entrySize+size > int64(len(blob)) {
		return Header{}, malformed("a header of %d entries and %d bytes has %d", entries, size, len(blob))
	}
	end := 8 + entries*entrySize
	return Header{index: blob[8:end], data: blob[end : end+size]}, nil
}

// find is the data from where the values of a tag begin, and their number.
func (h Header) find(tag uint32, types ...uint32) (data []byte, count int) {
	for e := h.index; len(e) >= entrySize; e = e[entrySize:] {
		if binary.BigEndian.Uint32(e) != tag {
			continue
		}
		kind, at, n := binary.BigEndian.Uint32(e[4:]), binary.BigEndian.Uint32(e[8:]), binary.BigEndian.Uint32(e[12:])
		for _, want := range types {
			if kind == want && uint64(at) <= uint64(len(h.data)) && uint64(n) <= uint64(len(h.data)) {
				return h.data[at:], int(n)
			}
		}
		return nil, 0
	}
	return nil, 0
}

// Text is the value of a tag, the first where there are several; "" if there is none.
func (h Header) Text(tag uint32) string {
	data, n := h.find(tag, typeString, typeStrings, typeI18N)
	end := bytes.IndexByte(data, 0)
	if n == 0 || end < 0 {
		return ""
	}
	return string(data[:end])
}

// Number is the value of a tag, and whether there is one.
func (h Header) Number(tag uint32) (uint32, bool) {
	data, n := h.find(tag, typeInt32)
	if n == 0 || len(data) < 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(data), true
}

// texts are all values of a tag; fewer where the header is cut off.
func (h Header) texts(tag uint32) [][]byte {
	data, n := h.find(tag, typeStrings)
	var out [][]byte
	for range n {
		end := bytes.IndexByte(data, 0)
		if end < 0 {
			return out
		}
		out = append(out, data[:end])
		data = data[end+1:]
	}
	return out
}

// Owned returns those of the paths that are files of the package, which has each as the
// number of a directory and a name.
func (h Header) Owned(paths map[string]bool) []string {
	dirs := h.texts(dirName)
	numbers, n := h.find(dirIndex, typeInt32)
	names, count := h.find(baseName, typeStrings)
	var out []string
	path := make([]byte, 0, 256)
	for i := range min(n, count, len(numbers)/4) {
		end := bytes.IndexByte(names, 0)
		if end < 0 {
			break
		}
		if d := binary.BigEndian.Uint32(numbers[4*i:]); uint64(d) < uint64(len(dirs)) {
			path = append(append(path[:0], dirs[d]...), names[:end]...)
			if paths[string(path)] {
				out = append(out, string(path))
			}
		}
		names = names[end+1:]
	}
	return out
}
