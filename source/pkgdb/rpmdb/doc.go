// Package rpmdb reads the database of rpm in each of its three formats: SQLite, ndb and
// Berkeley DB. It is given open files, takes no lock and writes nothing.
//
// A database may lie in a container: whatever is in it, reading ends, in bounded memory,
// with packages or with an error. Libraries that read these formats open SQLite for
// writing, or take what they read on trust.
package rpmdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"seawall/lang"
)

// Errors of reading.
var (
	ErrFormat    = errors.New(lang.N("it is no database of rpm that can be read"))
	ErrMalformed = errors.New(lang.N("the database is not sound"))
)

// maxHeader bounds the header of one package, in bytes (rpm, lib/header.c).
const maxHeader = 256 << 20

// File is a file that is read.
type File struct {
	io.ReaderAt
	Size int64
}

// Read calls each for the header of every package in a database, in its order. The
// memory of a header is used again after the call. Log is SQLite's write-ahead log
// beside the database, where there is one.
func Read(db File, log *File, each func(Header) error) error {
	magic := make([]byte, 32)
	if _, err := db.ReadAt(magic, 0); err != nil {
		return fmt.Errorf("%w: %w", ErrFormat, err)
	}
	blob := func(data []byte) error {
		h, err := parse(data)
		if err != nil {
			return err
		}
		return each(h)
	}
	switch {
	case string(magic[:16]) == sqliteMagic:
		return readSQLite(db, log, blob)
	case string(magic[:4]) == ndbMagic:
		return readNDB(db, blob)
	case binary.LittleEndian.Uint32(magic[12:]) == bdbHash:
		return readBDB(db, binary.LittleEndian, blob)
	case binary.BigEndian.Uint32(magic[12:]) == bdbHash:
		return readBDB(db, binary.BigEndian, blob)
	}
	return ErrFormat
}

// malformed says what is not sound.
func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// read reads a part of a file whole.
func (f File) read(buf []byte, at int64) error {
	if at < 0 || at > f.Size-int64(len(buf)) {
		return malformed("something lies at %d, beyond the end", at)
	}
	_, err := f.ReadAt(buf, at)
	return err
}

// buffer is memory that is used again and grows as needed. No two headers share bytes,
// so that all together take no more of it than the files have.
type buffer struct {
	memory []byte
	left   int64
}

func (b *buffer) take(n int64) ([]byte, error) {
	if b.left -= n; n > maxHeader || b.left < 0 {
		return nil, malformed("a header of %d bytes, more than there are", n)
	}
	if int64(cap(b.memory)) < n {
		b.memory = make([]byte, n)
	}
	return b.memory[:n], nil
}
