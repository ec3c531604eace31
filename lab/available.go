package lab

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// Available says whether this machine can run hosts of version v: nil, or an
// error that lists everything that is missing. It starts and builds nothing.
func Available(v Version) error {
	base, err := basePath(v, false)
	if err != nil {
		return err
	}
	var missing []string
	if os.Geteuid() != 0 {
		missing = append(missing, "root")
	}
	tools := []string{"nsenter", "unshare", "pivot_root", "mount"}
	if !exists(base) {
		tools = append(tools, "mmdebstrap")
		if !exists(keyring) {
			missing = append(missing, keyring)
		}
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing = append(missing, tool)
		}
	}
	if _, err := hierarchies(); err != nil {
		missing = append(missing, "a cgroup mount")
	}
	if len(missing) > 0 {
		return fmt.Errorf("engine %s needs %s (scripts/setup-lab.sh installs what can be installed)",
			v, strings.Join(missing, ", "))
	}
	return nil
}
