package lab

import (
	_ "embed"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
)

//go:embed runc.sh
var runcScript string

// capabilityNames holds Linux's capabilities in the order of their numbers,
// without CAP_.
const capabilityNames = "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP " +
	"LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE " +
	"SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME " +
	"SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG " +
	"WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"

// MissingCapabilities names the capabilities that no process on this machine
// can have, such as "CAP_SYS_RESOURCE": cloud sandboxes and containers take
// some away. Privileged containers of the lab go without them.
func MissingCapabilities() ([]string, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil, fmt.Errorf("read the capability bounding set: %w", err)
	}
	last, err := os.ReadFile("/proc/sys/kernel/cap_last_cap")
	if err != nil {
		return nil, fmt.Errorf("read the last capability: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(last)))
	if err != nil {
		return nil, fmt.Errorf("read the last capability: %w", err)
	}
	_, after, _ := strings.Cut(string(status), "CapBnd:")
	line, _, _ := strings.Cut(after, "\n")
	bound, err := strconv.ParseUint(strings.TrimSpace(line), 16, 64)
	if err != nil {
		return nil, fmt.Errorf("read the capability bounding set: %w", err)
	}
	var missing []string
	for i, name := range strings.Fields(capabilityNames) {
		if i <= n && bound&(1<<i) == 0 {
			missing = append(missing, "CAP_"+name)
		}
	}
	return missing, nil
}

// Where the package has runc, and where it lies once a wrapper has that place.
const (
	packagedRunc = "/usr/sbin/runc"
	wrappedRunc  = "/usr/libexec/seawall-lab/runc"
)

// adaptRuntime puts a wrapper in the place of runc where the machine lacks
// capabilities: runc refuses a container that asks for one of them, so no
// container could be privileged. The engine does not notice, and neither does an
// audit: the file is the package's, and what it says of itself is.
func (h *Host) adaptRuntime() error {
	missing, err := MissingCapabilities()
	if err != nil || len(missing) == 0 {
		return err
	}
	script := strings.Replace(runcScript, "@MISSING@", strings.Join(missing, " "), 1)
	script = strings.Replace(script, "@RUNC@", wrappedRunc, 1)
	if err := h.root.MkdirAll(inRoot(path.Dir(wrappedRunc)), 0o755); err != nil {
		return fmt.Errorf("wrap runc: %w", err)
	}
	if err := h.root.Rename(inRoot(packagedRunc), inRoot(wrappedRunc)); err != nil {
		return fmt.Errorf("wrap runc: %w", err)
	}
	return h.WriteFile(packagedRunc, script, 0o755)
}
