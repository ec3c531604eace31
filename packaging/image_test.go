package packaging_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
)

// TestImage: a real engine builds the image that the configuration describes, without a
// registry; it holds the program alone, and the program runs.
func TestImage(t *testing.T) {
	h := lab.New(t, lab.Options{Version: lab.V20})
	h.CopyIn(filepath.Join(distOf(t), "seawall_linux_amd64", "seawall"), "/build/seawall", 0o755)
	h.CopyIn("Dockerfile", "/build/Dockerfile", 0o644)
	h.Docker("build", "-t", "seawall:1.2.3-amd64", "/build")
	if out := h.Docker("run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", "seawall:1.2.3-amd64", "version"); !strings.HasPrefix(out, "seawall 1.2.3 ") {
		t.Errorf("version: %s", out)
	}
	var config struct{ Entrypoint, Cmd []string }
	if err := json.Unmarshal([]byte(h.Docker("image", "inspect", "-f", "{{json .Config}}", "seawall:1.2.3-amd64")), &config); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(config.Entrypoint, []string{"/seawall"}) || !slices.Equal(config.Cmd, []string{"audit"}) {
		t.Errorf("it starts %v %v", config.Entrypoint, config.Cmd)
	}
	id := h.Docker("create", "seawall:1.2.3-amd64")
	h.Docker("export", "-o", "/build/root.tar", id)
	var files []string
	for name := range strings.FieldsSeq(h.Exec("tar", "-tf", "/build/root.tar")) {
		if !strings.HasSuffix(name, "/") {
			files = append(files, name)
		}
	}
	made := []string{".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf"} // by the engine
	if left := slices.DeleteFunc(files, func(name string) bool { return slices.Contains(made, name) }); !slices.Equal(left, []string{"seawall"}) {
		t.Errorf("the image holds %v", left)
	}
}
