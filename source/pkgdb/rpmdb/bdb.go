package rpmdb

import "encoding/binary"

// bdbHash marks a hash of Berkeley DB (libdb, src/dbinc/db.h, DB_HASHMAGIC).
const bdbHash = 0x061561

// Types of pages, and of what lies on pages of a hash (src/dbinc/db_page.h).
const (
	bdbUnsorted = 2
	bdbOverflow = 7
	bdbMeta     = 8
	bdbSorted   = 13

	bdbInline  = 1
	bdbOffPage = 3
)

// Places in the head of a page.
const (
	bdbNext    = 16
	bdbEntries = 20
	bdbUsed    = 22
	bdbType    = 25
	bdbHead    = 26 // bytes of it
)

// smallestHeader tells headers on the page itself from the other things that rpm keeps
// there, such as the number of the next package.
const smallestHeader = 8 + entrySize

// bdb is a hash of Berkeley DB.
type bdb struct {
	File
	order    binary.ByteOrder
	pageSize int64
	blob     buffer
}

// readBDB goes through the pages of a hash. Its values are the headers, most of which lie
// on a chain of pages of their own.
func readBDB(db File, order binary.ByteOrder, each func([]byte) error) error {
	var meta [72]byte
	if err := db.read(meta[:], 0); err != nil {
		return err
	}
	b := bdb{File: db, order: order, blob: buffer{left: db.Size}, pageSize: int64(order.Uint32(meta[20:]))}
	last := int64(order.Uint32(meta[32:]))
	if b.pageSize < 512 || b.pageSize > 64<<10 || b.pageSize&(b.pageSize-1) != 0 || meta[bdbType] != bdbMeta || (last+1)*b.pageSize > db.Size {
		return malformed("a hash of %d pages of %d bytes", last+1, b.pageSize)
	}
	page := make([]byte, b.pageSize)
	for n := int64(1); n <= last; n++ {
		if err := b.read(page, n*b.pageSize); err != nil {
			return err
		}
		if page[bdbType] != bdbSorted && page[bdbType] != bdbUnsorted {
			continue
		}
		if err := b.page(page, each); err != nil {
			return err
		}
	}
	return nil
}

// page reads the values of a page: keys and values take turns in its list of offsets, and
// lie from the end of the page to its begin.
func (b *bdb) page(page []byte, each func([]byte) error) error {
	entries := int(b.order.Uint16(page[bdbEntries:]))
	if bdbHead+2*entries > len(page) {
		return malformed("a page with %d entries", entries)
	}
	at := func(i int) int { return int(b.order.Uint16(page[bdbHead+2*i:])) }
	for i := 1; i < entries; i += 2 {
		begin, end := at(i), at(i-1)
		if begin >= end || end > len(page) {
			return malformed("a value from %d to %d of a page", begin, end)
		}
		blob, err := b.value(page[begin:end])
		if err == nil && len(blob) >= smallestHeader {
			err = each(blob)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// value is a value on a page, or the one that lies elsewhere. Others are empty.
func (b *bdb) value(item []byte) ([]byte, error) {
	switch {
	case item[0] == bdbInline:
		return item[1:], nil
	case item[0] == bdbOffPage && len(item) >= 12:
		return b.chain(int64(b.order.Uint32(item[4:])), int64(b.order.Uint32(item[8:])))
	}
	return nil, nil
}

// chain reads a value that lies on pages of its own.
func (b *bdb) chain(number, size int64) ([]byte, error) {
	out, err := b.blob.take(size)
	if err != nil {
		return nil, err
	}
	page := make([]byte, b.pageSize)
	for done := 0; done < len(out); {
		if err := b.read(page, number*b.pageSize); err != nil {
			return nil, err
		}
		used := int(b.order.Uint16(page[bdbUsed:]))
		full := bdbHead+used == len(page)
		if last := used == len(out)-done && bdbHead+used <= len(page); page[bdbType] != bdbOverflow || !full && !last {
			return nil, malformed("page %d holds no part of a header", number)
		}
		done += copy(out[done:], page[bdbHead:bdbHead+used])
		number = int64(b.order.Uint32(page[bdbNext:]))
	}
	return out, nil
}
