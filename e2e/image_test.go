package e2e

import (
	"os"
	"regexp"
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
	unchecked := regexp.MustCompile(`\d+ not\s+checked`)
	onHost := h.Exec("/src/bin/seawall", "audit", "--exit-zero")
	if got, want := unchecked.FindString(out), unchecked.FindString(onHost); got == "" || got != want {
		t.Errorf("%q in the container, %q on the host:\n%s", got, want, out)
	}
}
