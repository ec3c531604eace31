package procfs

import (
	"bytes"

	"seawall/lang"
	"seawall/snapshot"
)

// ParseIDMap reads /proc/PID/uid_map or gid_map: lines of first id inside,
// first id outside, length (user_namespaces(7)). "Outside" is the reader's
// user namespace, or, if that is the process's own, its parent.
func ParseIDMap(data []byte) ([]snapshot.IDMap, error) {
	var out []snapshot.IDMap
	for line := range bytes.Lines(data) {
		n, err := numbers(line)
		if err != nil {
			return nil, lang.RecordErrorf("id map: %w", err)
		}
		if len(n) != 3 {
			return nil, lang.RecordErrorf("id map: line %q: want 3 numbers", line)
		}
		out = append(out, snapshot.IDMap{Inside: uint32(n[0]), Outside: uint32(n[1]), Length: uint32(n[2])})
	}
	return out, nil
}
