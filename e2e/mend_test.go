package e2e

import (
	"strings"
	"testing"

	"seawall/lab"
)

// TestMendRunDrift mends a Compose file, runs what it declares, and compares the two:
// nothing differs, until somebody changes a container by hand.
func TestMendRunDrift(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26, Extras: true})
	h.ImportBusybox()
	const file = "/srv/shop/compose.yaml"
	text := "# The shop.\nservices:\n  web:\n    image: " + lab.BusyboxRef + "\n    command: [sleep, \"1000\"]\n    init: true\n    pid: host   # for a test\n    ports: [\"8080:80\"]\n"
	h.Exec("mkdir", "-p", "/srv/shop")
	h.WriteFile(file, text, 0o640)
	if got := seawall(t, h, "audit", file, "--fix=all", "--rule", "container-host-pid", "--quiet"); got.code != 0 {
		t.Fatalf("%+v", got)
	}
	if got, want := h.Exec("cat", file), strings.Replace(text, "    pid: host   # for a test\n", "", 1); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("%s", got)
	}
	if got := h.Exec("stat", "-c", "%a %U", file); strings.TrimSpace(got) != "640 root" {
		t.Errorf("mode and owner are %s", got)
	}
	if got := seawall(t, h, "diff", file); got.code != 1 || !strings.Contains(got.stdout, "MISSING  web: ") {
		t.Errorf("before it runs: %+v", got)
	}
	h.Exec("sh", "-ec", "docker compose -f "+file+" up -d --pull never 2>&1")
	if got := seawall(t, h, "diff", file); got.code != 0 || !strings.Contains(got.stdout, "0 changed, 0 missing, 0 extra, 1 as declared") {
		t.Errorf("as it was made: %+v", got)
	}
	h.Docker("update", "--cpu-shares", "512", "shop-web-1")
	h.Docker("network", "connect", "bridge", "shop-web-1")
	got := seawall(t, h, "diff", file)
	for _, want := range []string{"CHANGED  web: shop-web-1\n", "  CPUShares: declared 0, is 512 (" + file + ":3:3)\n", "  Networks: declared nothing more, is network=bridge "} {
		if got.code != 1 || !strings.Contains(strings.Join(strings.Fields(got.stdout), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("no %q: %+v", want, got)
		}
	}
	if got := seawall(t, h, "diff", file, "--host", "unix:///run/none.sock"); got.code != 3 || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("without an engine: %+v", got)
	}
}
