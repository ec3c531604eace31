package rpmdb

import (
	"encoding/binary"

	"seawall/lang"
)

// The format of SQLite's files is told at https://www.sqlite.org/fileformat2.html; what
// is read here of it: tables, their overflow pages, and the write-ahead log.

const sqliteMagic = "SQLite format 3\x00"

// Types of pages of tables.
const (
	sqliteInterior = 5
	sqliteLeaf     = 13
)

// maxDepth bounds the depth of a tree; one of 2³² pages has a dozen levels at most.
const maxDepth = 24

// sqlite is a database that is being read.
type sqlite struct {
	File
	pageSize, usable int64
	logged           map[uint32]int64 // where a page lies in the log
	log              *File
	left             int64 // pages that a tree can still have
	blob             buffer
}

// readSQLite calls each for the column "blob" of each row of the table Packages.
func readSQLite(db File, log *File, each func([]byte) error) error {
	head := make([]byte, 100)
	if err := db.read(head, 0); err != nil {
		return err
	}
	s := &sqlite{File: db, log: log, pageSize: int64(binary.BigEndian.Uint16(head[16:]))}
	if s.pageSize == 1 {
		s.pageSize = 64 << 10
	}
	if s.usable = s.pageSize - int64(head[20]); s.pageSize < 512 || s.pageSize&(s.pageSize-1) != 0 || s.usable < 480 {
		return malformed("pages of %d bytes", s.pageSize)
	}
	if err := s.readLog(); err != nil {
		return lang.RecordErrorf("write-ahead log: %w", err)
	}
	root, err := s.packages()
	if err != nil {
		return err
	}
	return s.tree(root, func(row []byte) error {
		columns, err := record(row, 2)
		if err != nil {
			return err
		}
		return each(columns[1])
	})
}

// packages finds the root of the table in the schema, whose rows are type, name, table,
// root and text.
func (s *sqlite) packages() (root uint32, err error) {
	err = s.tree(1, func(row []byte) error {
		columns, err := record(row, 4)
		if err == nil && string(columns[0]) == "table" && string(columns[1]) == "Packages" {
			for _, b := range columns[3] {
				root = root<<8 | uint32(b)
			}
		}
		return err
	})
	if err == nil && root == 0 {
		err = lang.RecordErrorf("%w: it has no table Packages", ErrFormat)
	}
	return root, err
}

// tree calls each for every row of a table.
func (s *sqlite) tree(root uint32, each func(row []byte) error) error {
	s.left = s.Size/s.pageSize + int64(len(s.logged))
	s.blob.left = s.Size + s.logSize()
	return s.walk(root, 0, each)
}

func (s *sqlite) walk(number uint32, depth int, each func(row []byte) error) error {
	if s.left--; s.left < 0 || depth > maxDepth {
		return malformed("the pages of a table lie in a circle")
	}
	page := make([]byte, s.pageSize)
	if err := s.page(number, page); err != nil {
		return err
	}
	head := page
	if number == 1 {
		head = page[100:]
	}
	cells := int(binary.BigEndian.Uint16(head[3:]))
	size := map[byte]int{sqliteInterior: 12, sqliteLeaf: 8}[head[0]]
	if size == 0 || size+2*cells > len(head) {
		return malformed("page %d is of type %d with %d cells", number, head[0], cells)
	}
	for i := range cells {
		at := int(binary.BigEndian.Uint16(head[size+2*i:]))
		if at+4 > int(s.usable) {
			return malformed("a cell lies at %d of page %d", at, number)
		}
		var err error
		if head[0] == sqliteInterior {
			err = s.walk(binary.BigEndian.Uint32(page[at:]), depth+1, each)
		} else {
			err = s.cell(page[at:s.usable], each)
		}
		if err != nil {
			return err
		}
	}
	if head[0] == sqliteInterior {
		return s.walk(binary.BigEndian.Uint32(head[8:]), depth+1, each)
	}
	return nil
}

// cell reads a row: its length, its number and what of it lies on the page; the rest lies
// on overflow pages.
func (s *sqlite) cell(cell []byte, each func(row []byte) error) error {
	size, n := varint(cell)
	_, m := varint(cell[min(n, len(cell)):])
	if n == 0 || m == 0 || size > maxHeader {
		return malformed("a row of %d bytes", size)
	}
	cell = cell[n+m:]
	local := s.local(int64(size))
	if local > int64(len(cell)) {
		return malformed("a row of %d bytes that its page does not hold", size)
	}
	if local == int64(size) {
		return each(cell[:local])
	}
	if local+4 > int64(len(cell)) {
		return malformed("a row without the rest of it")
	}
	row, err := s.blob.take(int64(size))
	if err != nil {
		return err
	}
	done := copy(row, cell[:local])
	next := binary.BigEndian.Uint32(cell[local:])
	page := make([]byte, s.pageSize)
	for done < len(row) {
		if err := s.page(next, page); err != nil {
			return err
		}
		done += copy(row[done:], page[4:s.usable])
		next = binary.BigEndian.Uint32(page)
	}
	return each(row)
}

// local is how much of a row lies on its page.
func (s *sqlite) local(size int64) int64 {
	most, least := s.usable-35, (s.usable-12)*32/255-23
	if size <= most {
		return size
	}
	if k := least + (size-least)%(s.usable-4); k <= most {
		return k
	}
	return least
}

// page reads a page: as the log has it, else as the database has it.
func (s *sqlite) page(number uint32, into []byte) error {
	if at, ok := s.logged[number]; ok {
		return s.log.read(into, at)
	}
	if number == 0 {
		return malformed("it names page 0")
	}
	return s.read(into, (int64(number)-1)*s.pageSize)
}

// record splits a row into its first columns.
func record(row []byte, wanted int) ([][]byte, error) {
	head, n := varint(row)
	if n == 0 || head < uint64(n) || head > uint64(len(row)) {
		return nil, malformed("a row whose head has %d bytes", head)
	}
	kinds, body := row[n:head], row[head:]
	columns := make([][]byte, wanted)
	for i := range wanted {
		kind, n := varint(kinds)
		size := columnSize(kind)
		if n == 0 || size > uint64(len(body)) {
			return nil, malformed("a row without its column %d", i+1)
		}
		columns[i], kinds, body = body[:size], kinds[n:], body[size:]
	}
	return columns, nil
}

// columnSize is how many bytes a value of a kind has.
func columnSize(kind uint64) uint64 {
	if kind >= 12 {
		return (kind - 12) / 2
	}
	return [...]uint64{0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0}[kind]
}

// varint reads a number of one to nine bytes, and returns how many it had; 0 if the data
// ends within it.
func varint(data []byte) (v uint64, n int) {
	for i, b := range data {
		if i == 8 {
			return v<<8 | uint64(b), 9
		}
		v = v<<7 | uint64(b&0x7f)
		if b < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
