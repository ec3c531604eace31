package procfs

import (
	"bytes"

	"seawall/lang"
)

// IDs are the effective user and group of a process and its further groups, in the
// user namespace of the reader.
type IDs struct {
	UID, GID int
	Groups   []int
}

// ParseIDs reads them from /proc/PID/status.
func ParseIDs(status []byte) (IDs, error) {
	var out IDs
	for line := range bytes.Lines(status) {
		name, value, _ := bytes.Cut(line, []byte{':'})
		var err error
		switch string(name) {
		case "Uid":
			out.UID, err = effective(value)
		case "Gid":
			out.GID, err = effective(value)
		case "Groups":
			out.Groups, err = numbers(value)
		}
		if err != nil {
			return IDs{}, lang.RecordErrorf("status: %s: %w", name, err)
		}
	}
	return out, nil
}
