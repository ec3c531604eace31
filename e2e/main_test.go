package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/lab/browser"
	"seawall/report"
	"seawall/rule"
)

// program is the built binary on this machine, and programInside its place in
// lab hosts.
var program string

const programInside = "/usr/local/bin/seawall"

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "seawall-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "seawall")
	build := exec.Command("go", "build", "-o", program, "seawall/cmd/seawall")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build seawall: %v\n%s", err, out)
		return 1
	}
	defer browser.Stop()
	return m.Run()
}

// newHost starts a host with the program in it.
func newHost(t *testing.T, opts lab.Options) *lab.TestHost {
	t.Helper()
	h := lab.New(t, opts)
	h.CopyIn(program, programInside, 0o755)
	return h
}

// outcome is what a run of the program gave.
type outcome struct {
	code           int
	stdout, stderr string
}

// seawall runs the program in the host as root.
func seawall(t *testing.T, h *lab.TestHost, args ...string) outcome {
	t.Helper()
	return execute(t, h, append([]string{programInside}, args...)...)
}

// execute runs any command in the host.
func execute(t *testing.T, h *lab.TestHost, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	return finish(t, h.Command(ctx, args...))
}

// finish runs a command to its end.
func finish(t *testing.T, cmd *exec.Cmd) outcome {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

// audit runs an audit in the host and returns its report.
func audit(t *testing.T, h *lab.TestHost, args ...string) *report.Report {
	t.Helper()
	return parse(t, seawall(t, h, append([]string{"audit", "--exit-zero", "--format", "json"}, args...)...))
}

func parse(t *testing.T, o outcome) *report.Report {
	t.Helper()
	if o.code != 0 {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	var r report.Report
	if err := json.Unmarshal([]byte(o.stdout), &r); err != nil {
		t.Fatalf("report: %v", err)
	}
	return &r
}

// verdicts are the verdicts of a rule by subject name.
func verdicts(r *report.Report, id string) map[string]rule.Verdict {
	out := map[string]rule.Verdict{}
	for i := range r.Results {
		if x := &r.Results[i]; x.Rule == id {
			out[x.Subject.Name] = x.Verdict
		}
	}
	return out
}

// wantFail checks that the rule fails on just these subjects.
func wantFail(t *testing.T, r *report.Report, id string, subjects ...string) {
	t.Helper()
	var got []string
	for subject, verdict := range verdicts(r, id) {
		if verdict == rule.Failed {
			got = append(got, subject)
		}
	}
	slices.Sort(got)
	slices.Sort(subjects)
	if !slices.Equal(got, subjects) {
		t.Errorf("%s fails on [%s], want [%s]", id, strings.Join(got, " "), strings.Join(subjects, " "))
	}
}
