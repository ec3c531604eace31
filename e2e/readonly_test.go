package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/rule"
)

// requestLine matches the line that dockerd -D logs for every API request:
// "Calling GET /v1.41/info" up to 27, method=GET in 28.
var requestLine = regexp.MustCompile(`Calling (\w+) /|msg="handling \w+ request".*method=(\w+)`)

// tree lists every file of the host with mode, owner, size and times.
func tree(t *testing.T, h *lab.TestHost) string {
	t.Helper()
	return h.Exec("find", "/", "(", "-path", "/proc", "-o", "-path", "/sys", "-o", "-path", "/dev", ")", "-prune",
		"-o", "!", "-name", "dockerd.log", "-printf", `%p %M %U:%G %s %T@ %C@\n`)
}

// TestAuditChangesNothing: the engine sees only GET and HEAD and reports no
// event, no file of the host changes, and no process is left. The files of images
// are read, too, from both stores.
func TestAuditChangesNothing(t *testing.T) {
	hosts := map[string]lab.Options{"28.5 containerd": {Version: lab.V28, DaemonJSON: `{"features": {"containerd-snapshotter": true}}`}}
	for _, version := range lab.Versions() {
		hosts[string(version)] = lab.Options{Version: version}
	}
	for name, options := range hosts {
		t.Run(name, func(t *testing.T) {
			options.Flags = []string{"-D"}
			h := newHost(t, options)
			image := h.ImportSleep()
			h.Run("--name", "plain", image)
			h.Run("--name", "bad", "--privileged", "-v", "/run/docker.sock:/var/run/docker.sock", image)
			h.Docker("create", "--name", "stopped", image)
			time.Sleep(time.Second) // let what the engine still writes be written

			start := h.Docker("info", "--format", "{{.SystemTime}}")
			logged := len(h.Engine().Log())
			filesBefore, processesBefore := tree(t, h), h.Exec("ps", "-e", "-o", "pid,args")
			report := audit(t, h, "--deep=all")
			filesAfter, processesAfter := tree(t, h), h.Exec("ps", "-e", "-o", "pid,args")
			requests := requestLine.FindAllStringSubmatch(h.Engine().Log()[logged:], -1)
			end := h.Docker("info", "--format", "{{.SystemTime}}")

			if len(report.Engines) != 1 || report.Engines[0].Containers != 3 {
				t.Fatalf("engines: %+v", report.Engines)
			}
			if read := verdicts(report, "image-setid-files"); read[image] != rule.Passed {
				t.Errorf("the files of images were not read: %v", read)
			}
			if len(requests) < 8 {
				t.Errorf("the engine's log shows %d requests: is it still written as before?", len(requests))
			}
			for _, r := range requests {
				if method := r[1] + r[2]; method != "GET" && method != "HEAD" {
					t.Errorf("the audit sent a %s", method)
				}
			}
			if events := h.Docker("events", "--since", start, "--until", end); events != "" {
				t.Errorf("the engine reports events:\n%s", events)
			}
			if diff := cmp.Diff(lines(filesBefore), lines(filesAfter)); diff != "" {
				t.Errorf("files changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(without(processesBefore, "ps -e"), without(processesAfter, "ps -e")); diff != "" {
				t.Errorf("processes (-before +after):\n%s", diff)
			}
		})
	}
}

func lines(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }

// without leaves out the lines that contain a word.
func without(s, word string) []string {
	var out []string
	for _, line := range lines(s) {
		if !strings.Contains(line, word) {
			out = append(out, fmt.Sprint(strings.Fields(line)))
		}
	}
	return out
}
