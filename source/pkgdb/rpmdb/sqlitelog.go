package rpmdb

import "encoding/binary"

// Sizes of the write-ahead log, in bytes.
const (
	logHead   = 32
	frameHead = 24
)

// Marks of a log; the lower bit tells the byte order of its sums.
const (
	logMagic   = 0x377f0682
	logVersion = 3007000
)

func (s *sqlite) logSize() int64 {
	if s.log == nil {
		return 0
	}
	return s.log.Size
}

// readLog finds the pages that were committed and not yet written into the database.
// Frames after one whose sum or salt is wrong are of an older log, or half written.
func (s *sqlite) readLog() error {
	head := make([]byte, logHead)
	if s.logSize() < logHead {
		return nil
	}
	if err := s.log.read(head, 0); err != nil {
		return err
	}
	sum := logSum{order: binary.LittleEndian}
	magic := binary.BigEndian.Uint32(head)
	if magic == logMagic+1 {
		sum.order = binary.BigEndian
	}
	if sum.add(head[:24]); magic&^1 != logMagic || binary.BigEndian.Uint32(head[4:]) != logVersion || !sum.is(head[24:]) {
		return nil // SQLite itself takes such a log for empty
	}
	if size := int64(binary.BigEndian.Uint32(head[8:])); size != s.pageSize {
		return malformed("pages of %d bytes for a database of %d", size, s.pageSize)
	}
	s.logged = map[uint32]int64{}
	open := map[uint32]int64{} // of a transaction whose end was not seen
	frame := make([]byte, frameHead+s.pageSize)
	for at := int64(logHead); at+int64(len(frame)) <= s.log.Size; at += int64(len(frame)) {
		if err := s.log.read(frame, at); err != nil {
			return err
		}
		sum.add(frame[:8])
		sum.add(frame[frameHead:])
		if string(frame[8:16]) != string(head[16:24]) || !sum.is(frame[16:]) {
			break
		}
		open[binary.BigEndian.Uint32(frame)] = at + frameHead
		if binary.BigEndian.Uint32(frame[4:]) == 0 {
			continue
		}
		for page, place := range open {
			s.logged[page] = place
		}
		clear(open)
	}
	return nil
}

// logSum is the running sum of a log, over pairs of words.
type logSum struct {
	order binary.ByteOrder
	a, b  uint32
}

func (c *logSum) add(data []byte) {
	for ; len(data) >= 8; data = data[8:] {
		c.a += c.order.Uint32(data) + c.b
		c.b += c.order.Uint32(data[4:]) + c.a
	}
}

func (c *logSum) is(stored []byte) bool {
	return c.a == binary.BigEndian.Uint32(stored) && c.b == binary.BigEndian.Uint32(stored[4:])
}
