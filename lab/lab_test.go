package lab_test

import (
	"strings"
	"testing"

	"seawall/lab"
)

func TestVersionsSideBySide(t *testing.T) {
	for _, v := range lab.Versions() {
		t.Run(string(v), func(t *testing.T) {
			t.Parallel()
			h := lab.New(t, lab.Options{Version: v})
			got := h.Docker("version", "--format", "{{.Server.Version}}")
			if !strings.HasPrefix(got, string(v)+".") {
				t.Errorf("engine answers version %s, want %s", got, v)
			}
			id := h.Run(h.ImportBusybox())
			if got := h.Docker("exec", id, "echo", "alive"); got != "alive" {
				t.Errorf("exec in a container: %q", got)
			}
			h.Run("--privileged", h.ImportSleep())
			h.Run("--cap-add", "ALL", lab.SleepRef)
		})
	}
}
