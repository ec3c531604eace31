package snapshot

import (
	"encoding/json"
	"math/bits"
	"strconv"
	"strings"

	"seawall/lang"
)

// CapSet is a set of Linux capabilities, bit n for capability number n
// (include/uapi/linux/capability.h). It is encoded as a list of names.
type CapSet uint64

// capNames holds the names by number, as of Linux 6.x (41 capabilities).
var capNames = [...]string{
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL",
	"SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE",
	"NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
	"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT",
	"SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME",
	"SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL",
	"SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM",
	"BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE",
}

// AllCaps is every capability this version knows by name.
const AllCaps CapSet = 1<<len(capNames) - 1

// DefaultCaps is what Docker Engine grants a container that asks for nothing
// (moby, daemon/pkg/oci/caps/defaults.go; the same 14 since Docker 1.2).
var DefaultCaps = Caps("CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD",
	"NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE",
	"SYS_CHROOT", "KILL", "AUDIT_WRITE")

// Caps returns the set of the named capabilities. "ALL" stands for all;
// unknown names are left out (see [CapName]).
func Caps(names ...string) CapSet {
	var s CapSet
	for _, name := range names {
		name = CapName(name)
		if name == "ALL" {
			return AllCaps
		}
		for i, n := range capNames {
			if n == name {
				s |= 1 << i
			}
		}
	}
	return s
}

// CapName returns the spelling used throughout: upper case, without "CAP_".
// Docker accepts either case with or without the prefix.
func CapName(s string) string {
	return strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "CAP_")
}

// ParseCapHex reads a mask as /proc/PID/status prints it.
func ParseCapHex(s string) (CapSet, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 16, 64)
	if err != nil {
		return 0, lang.Errorf("capability mask %q: %w", s, err)
	}
	return CapSet(n), nil
}

// Has reports whether every capability of other is in s.
func (s CapSet) Has(other CapSet) bool { return s&other == other }

// Len counts the capabilities.
func (s CapSet) Len() int { return bits.OnesCount64(uint64(s)) }

// Names lists the capabilities by number. One that has no name yet is given
// as CAP_n.
func (s CapSet) Names() []string {
	names := make([]string, 0, s.Len())
	for i := range 64 {
		if s&(1<<i) == 0 {
			continue
		}
		if i < len(capNames) {
			names = append(names, capNames[i])
		} else {
			names = append(names, "CAP_"+strconv.Itoa(i))
		}
	}
	return names
}

// String joins the names with spaces.
func (s CapSet) String() string { return strings.Join(s.Names(), " ") }

// MarshalJSON encodes the set as a list of names.
func (s CapSet) MarshalJSON() ([]byte, error) { return json.Marshal(s.Names()) }

// UnmarshalJSON decodes a list of names. Unknown names are errors.
func (s *CapSet) UnmarshalJSON(data []byte) error {
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return lang.Errorf("capabilities: %w", err)
	}
	var out CapSet
	for _, name := range names {
		one := Caps(name)
		if number, ok := strings.CutPrefix(name, "CAP_"); ok && one == 0 {
			n, err := strconv.ParseUint(number, 10, 6)
			if err != nil {
				return lang.Errorf("unknown capability %q", name)
			}
			one = 1 << n
		}
		if one == 0 {
			return lang.Errorf("unknown capability %q", name)
		}
		out |= one
	}
	*s = out
	return nil
}
