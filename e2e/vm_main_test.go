//go:build vm

package e2e

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab/vm"
	"seawall/report"
	"seawall/rule"
	"seawall/rule/ruletest"
	"seawall/rules"
	"seawall/snapshot"
)

// The tests of whole systems are run by "make test-vm" alone: a system takes
// minutes to boot and set up, for the processor is emulated.

var record = flag.Bool("record", false, "write the snapshots of whole systems to rules/testdata/hosts, where ordinary tests judge them")

// setups are the scripts that make a booted Debian into the host of a test.
//
//go:embed testdata/vm
var setups embed.FS

// system is a booted and set up machine, and what root's audit of it gave.
type system struct {
	*vm.TestMachine
	snapshot *snapshot.Snapshot
	report   *report.Report
}

// bootSystem boots an image and sets it up by the script of this name, takes a
// snapshot as root and, unless it is to be recorded, compares its verdicts with
// those recorded.
func bootSystem(t *testing.T, name string, opts vm.Options) system {
	t.Helper()
	opts.Programs = map[string]string{programInside: program}
	m := vm.Boot(t, opts)
	for _, script := range []string{"images", name} {
		data, err := setups.ReadFile("testdata/vm/" + script + ".sh")
		if err != nil {
			t.Fatal(err)
		}
		if script == "images" {
			m.Run("cat >/usr/local/share/images.sh <<'SCRIPT'\n" + string(data) + "SCRIPT\n")
			continue
		}
		m.Run(string(data))
	}
	data := m.Run(programInside + " snapshot")
	s, err := snapshot.Decode(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	h := system{m, s, auditSystem(t, m, "")}
	if *record {
		h.record(t, name, []byte(data))
	}
	h.compareRecorded(t, name)
	return h
}

// hostsDir holds recorded snapshots and their verdicts.
const hostsDir = "../rules/testdata/hosts"

// record writes a snapshot, compact and packed, and its verdicts.
func (h system) record(t *testing.T, name string, data []byte) {
	t.Helper()
	var compact, packed bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		t.Fatal(err)
	}
	w := gzip.NewWriter(&packed)
	w.Write(compact.Bytes())
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for ext, content := range map[string][]byte{".json.gz": packed.Bytes(), ".verdicts": []byte(h.verdicts())} {
		if err := os.WriteFile(filepath.Join(hostsDir, name+ext), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func (h system) verdicts() string {
	return ruletest.Verdicts(rule.Evaluate(h.snapshot, rules.Book().Rules()))
}

// perBoot matches what is another in the names of subjects after each boot: the
// process and the directory through which a rootless engine's sockets are seen.
var perBoot = regexp.MustCompile(`/proc/\d+/root|/\.ro\d+`)

// compareRecorded: the system of today gets the verdicts of the recorded one.
func (h system) compareRecorded(t *testing.T, name string) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join(hostsDir, name+".verdicts"))
	if err != nil {
		t.Fatal(err)
	}
	stable := func(table string) []string { return lines(perBoot.ReplaceAllString(table, "…")) }
	if diff := cmp.Diff(stable(string(want)), stable(h.verdicts())); diff != "" {
		t.Errorf("verdicts are not those recorded (-recorded +now; if all are right: make record-vm):\n%s", diff)
	}
}

// auditSystem audits a machine by a command that gets the program's arguments:
// "runuser -u alice -- seawall", or the program itself for "".
func auditSystem(t *testing.T, m *vm.TestMachine, command string) *report.Report {
	t.Helper()
	if command == "" {
		command = programInside
	}
	o := m.Try(command + " audit --format json --exit-zero --profile all")
	return parse(t, outcome{o.Code, o.Stdout, o.Stderr})
}

// wantNoGaps checks that root saw all there is, but for facts whose names are
// given.
func (h system) wantNoGaps(t *testing.T) {
	t.Helper()
	wantNothingUnknown(t, h.report)
	for _, g := range h.report.Gaps {
		t.Errorf("gap: %s", marshal(g))
	}
}

// labels are the labels that the kernel shows of the containers' processes, by
// the container's name.
func (h system) labels(engine string) map[string]string {
	out := map[string]string{}
	for _, e := range h.snapshot.Engines {
		containers, _ := e.Containers.Peek()
		for _, c := range containers {
			if p, _ := c.Process.Peek(); e.Name == engine && p.PID != 0 {
				out[c.Name], _ = p.Label.Peek()
			}
		}
	}
	return out
}

// changesNothing audits while files and the engine's events are watched. Logs and
// the disk image that the kernel writes back are not.
func (h system) changesNothing(t *testing.T) {
	t.Helper()
	o := h.Run(`sleep 2
tree() {
	find / \( -path /proc -o -path /sys -o -path /dev -o -path /run/agent -o -path /var/log/journal -o -path /run/log -o -path /var/log/audit -o -path /srv/docker.img \) -prune \
		-o -printf '%p %M %U:%G %s %T@ %C@\n' | sort
}
tree >/dev/shm/before
since=$(docker info --format '{{.SystemTime}}')
` + programInside + ` audit --exit-zero >/dev/null
until=$(docker info --format '{{.SystemTime}}')
tree >/dev/shm/after
diff /dev/shm/before /dev/shm/after || true
docker events --since "$since" --until "$until"`)
	if o != "" {
		t.Errorf("the audit changed files, or the engine reports events:\n%s", o)
	}
}

// fromContainer audits from a container with these flags of docker run.
func (h system) fromContainer(t *testing.T, flags string) *report.Report {
	t.Helper()
	return auditSystem(t, h.TestMachine, "docker run --rm --name auditor "+flags+" seawall")
}
