package e2e

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"seawall/lab"
)

// TestImage builds the image of packaging/ and runs it as the README says. The
// classic builder of 20.10 needs no registry for an image from scratch.
func TestImage(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(strings.ReplaceAll(string(readme), "\\\n", " "))
	if line := strings.Join(append(append([]string{"docker", "run", "--rm"}, readmeFlags...), "seawall"), " "); !strings.Contains(strings.Join(words, " "), line) {
		t.Errorf("the README does not say: %s", line)
	}
	h := newHost(t, lab.Options{Version: lab.V20})
	h.CopyIn(program, "/src/bin/seawall", 0o755)
	h.CopyIn("../packaging/Dockerfile", "/src/packaging/Dockerfile", 0o644)
	h.Docker("build", "-t", "seawall", "-f", "/src/packaging/Dockerfile", "/src/bin")
	out := h.Docker(append(append([]string{"run", "--rm", "--name", "auditor"}, readmeFlags...), "seawall", "audit", "--exit-zero")...)
	for _, want := range []string{"unix:///run/docker.sock  Docker Engine 20.10", "Seawall ran in container auditor"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report does not say %q:\n%s", want, out)
		}
	}
	unchecked := func(report string) int {
		found := regexp.MustCompile(`(\d+) not\s+checked`).FindStringSubmatch(report)
		if found == nil {
			t.Fatalf("the report does not say what is not checked:\n%s", report)
		}
		n, _ := strconv.Atoi(found[1])
		return n
	}
	onHost := h.Exec("/src/bin/seawall", "audit", "--exit-zero")
	// In the image are no programs that list packet filters: whether IPv6 is filtered
	// like IPv4 is not known.
	if got, want := unchecked(out), unchecked(onHost)+1; got != want {
		t.Errorf("%d not checked in the container, want %d:\n%s", got, want, out)
	}
}
