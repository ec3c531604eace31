package imagecontent

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"seawall/lang"
)

// maxSegment bounds a line of tar-split: a header with its extensions, which may
// have one megabyte each.
const maxSegment = 16 << 20

// tarSplit reads an archive whose files were left out: tar-split.json.gz, which
// engines keep for every layer (github.com/vbatts/tar-split, tar/storage). Each
// line is a piece of the archive as it was, or stands for the bytes of a file;
// those are read as zeros, and seeking over them costs nothing.
type tarSplit struct {
	lines *bufio.Scanner
	piece []byte // rest of the current piece
	zeros int64  // rest of the file that was left out
	pos   int64
}

func newTarSplit(r io.Reader) *tarSplit {
	s := &tarSplit{lines: bufio.NewScanner(r)}
	s.lines.Buffer(make([]byte, 0, 64<<10), maxSegment)
	return s
}

// The types of pieces.
const (
	splitFile    = 1
	splitSegment = 2
)

// next reads the next line.
func (s *tarSplit) next() error {
	if !s.lines.Scan() {
		if err := s.lines.Err(); err != nil {
			return lang.RecordErrorf("tar-split: %w", err)
		}
		return io.EOF
	}
	var line struct {
		Type    int    `json:"type"`
		Size    int64  `json:"size"`
		Payload []byte `json:"payload"`
	}
	if err := json.Unmarshal(s.lines.Bytes(), &line); err != nil {
		return lang.RecordErrorf("tar-split: %w", err)
	}
	switch {
	case line.Type == splitSegment:
		s.piece = line.Payload
	case line.Type == splitFile && line.Size >= 0:
		s.zeros = line.Size
	default:
		return lang.RecordErrorf("tar-split: piece of type %d and size %d", line.Type, line.Size)
	}
	return nil
}

// Read reads the archive, with zeros for files.
func (s *tarSplit) Read(p []byte) (int, error) {
	for len(s.piece) == 0 && s.zeros == 0 {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n := 0
	if s.zeros > 0 {
		n = int(min(int64(len(p)), s.zeros))
		clear(p[:n])
		s.zeros -= int64(n)
	} else {
		n = copy(p, s.piece)
		s.piece = s.piece[n:]
	}
	s.pos += int64(n)
	return n, nil
}

var errSeek = errors.New(lang.N("tar-split: only forward"))

// Seek goes forward, as [archive/tar] does to leave out files.
func (s *tarSplit) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekCurrent || offset < 0 {
		return 0, errSeek
	}
	for offset > 0 {
		for len(s.piece) == 0 && s.zeros == 0 {
			if err := s.next(); err != nil {
				return 0, err
			}
		}
		n := min(offset, max(s.zeros, int64(len(s.piece))))
		if s.zeros > 0 {
			s.zeros -= n
		} else {
			s.piece = s.piece[n:]
		}
		s.pos += n
		offset -= n
	}
	return s.pos, nil
}
