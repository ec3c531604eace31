package rpmdb

import "encoding/binary"

// Marks of the format ndb (rpm, lib/backend/ndb/rpmpkg.c). All numbers are little endian.
const (
	ndbMagic     = "RpmP"
	ndbSlotMagic = "Slot"
	ndbBlobMagic = "BlbS"
)

// Sizes of ndb, in bytes.
const (
	ndbPage  = 4096 // of slots
	ndbEntry = 16   // a slot, the head of a blob, and a block that offsets are counted in
	ndbHead  = 32   // of the file; the slots follow
)

// readNDB goes through the slots, each of which is free or points to the header of a
// package.
func readNDB(db File, each func([]byte) error) error {
	head := make([]byte, ndbHead)
	if err := db.read(head, 0); err != nil {
		return err
	}
	pages := int64(binary.LittleEndian.Uint32(head[12:]))
	if version := binary.LittleEndian.Uint32(head[4:]); version != 0 || pages == 0 || pages*ndbPage > db.Size {
		return malformed("ndb of version %d with %d pages of slots", version, pages)
	}
	slots := make([]byte, pages*ndbPage-ndbHead)
	if err := db.read(slots, ndbHead); err != nil {
		return err
	}
	blob := buffer{left: db.Size}
	for ; len(slots) >= ndbEntry; slots = slots[ndbEntry:] {
		if string(slots[:4]) != ndbSlotMagic {
			return malformed("a slot without its mark")
		}
		if binary.LittleEndian.Uint32(slots[4:]) == 0 { // it is free
			continue
		}
		data, err := ndbBlob(db, slots[:ndbEntry], &blob)
		if err != nil {
			return err
		}
		if err := each(data); err != nil {
			return err
		}
	}
	return nil
}

// ndbBlob reads what a slot points to: a head that repeats the number of the package and
// has the length, and the data.
func ndbBlob(db File, slot []byte, buf *buffer) ([]byte, error) {
	at := int64(binary.LittleEndian.Uint32(slot[8:])) * ndbEntry
	var head [ndbEntry]byte
	if err := db.read(head[:], at); err != nil {
		return nil, err
	}
	size := int64(binary.LittleEndian.Uint32(head[12:]))
	if string(head[:4]) != ndbBlobMagic || string(head[4:8]) != string(slot[4:8]) {
		return nil, malformed("the header at %d is not what its slot says", at)
	}
	data, err := buf.take(size)
	if err != nil {
		return nil, err
	}
	return data, db.read(data, at+ndbEntry)
}
