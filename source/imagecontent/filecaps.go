package imagecontent

import (
	"encoding/binary"

	"seawall/lang"
	"seawall/snapshot"
)

// Revisions of the attribute security.capability, and its flag
// (include/uapi/linux/capability.h, struct vfs_cap_data and vfs_ns_cap_data).
const (
	capRevisionMask = 0xff000000
	capRevision1    = 0x01000000
	capRevision2    = 0x02000000
	capRevision3    = 0x03000000 // with the user that is root of its namespace
	capEffective    = 0x000001
)

// parseCapability reads which capabilities the attribute permits, and whether
// they are effective from the start.
func parseCapability(data []byte) (caps snapshot.CapSet, effective bool, err error) {
	if len(data) < 4 {
		return 0, false, lang.RecordErrorf("attribute security.capability of %d bytes", len(data))
	}
	magic := binary.LittleEndian.Uint32(data)
	size := map[uint32]int{capRevision1: 12, capRevision2: 20, capRevision3: 24}[magic&capRevisionMask]
	if len(data) != size {
		return 0, false, lang.RecordErrorf("attribute security.capability: revision %#x of %d bytes", magic&capRevisionMask, len(data))
	}
	caps = snapshot.CapSet(binary.LittleEndian.Uint32(data[4:]))
	if size > 12 {
		caps |= snapshot.CapSet(binary.LittleEndian.Uint32(data[12:])) << 32
	}
	return caps, magic&capEffective != 0, nil
}
