//go:build vm

package e2e

import (
	"fmt"
	"os"
	"testing"
	"time"

	"seawall/lab/vm"
)

func TestVMExplore(t *testing.T) {
	h := bootSystem(t, "debian", vm.Options{Image: vm.AppArmor})
	os.WriteFile("/tmp/pk/vm/ready", []byte(time.Now().String()), 0o644)
	for n := 1; ; {
		name := fmt.Sprintf("/tmp/pk/vm/cmd-%d.sh", n)
		data, err := os.ReadFile(name)
		if err != nil {
			time.Sleep(300 * time.Millisecond)
			continue
		}
		if string(data) == "quit\n" {
			return
		}
		o := h.Try(string(data))
		os.WriteFile(fmt.Sprintf("/tmp/pk/vm/out-%d.tmp", n), []byte(fmt.Sprintf("code %d\n%s\n--- stderr\n%s", o.Code, o.Stdout, o.Stderr)), 0o644)
		os.Rename(fmt.Sprintf("/tmp/pk/vm/out-%d.tmp", n), fmt.Sprintf("/tmp/pk/vm/out-%d", n))
		n++
	}
}
