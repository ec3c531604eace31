package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"seawall/lab"
	"seawall/report"
	"seawall/rule"
)

// tool is an auditor.
type tool struct {
	name    string
	install func(h *lab.Host) error
	command []string
	// read makes verdicts of what it wrote: to standard output, or to the file out.
	out  string
	read func(stdout, file []byte) (verdicts, error)
}

// verdicts are a tool's words about subjects.
type verdicts interface {
	// about is what it says of a fault: "told", "passed", "left open" or "not asked".
	about(f fault) string
	// accuses are its findings of a container.
	accuses(container string) []string
}

// cost is what a run takes.
type cost struct {
	wall, processor time.Duration
	memory          int64 // the most that one process had resident, in KiB
}

// run starts the tool in a host. That it ends with another code than 0 is its business.
func (t tool) run(ctx context.Context, h *lab.Host) (verdicts, cost, error) {
	cmd := h.Command(ctx, t.command...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begun := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, cost{}, fmt.Errorf("%s: %w", t.name, err)
	}
	c := cost{wall: time.Since(begun), processor: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, is := cmd.ProcessState.SysUsage().(*syscall.Rusage); is {
		c.memory = usage.Maxrss
	}
	var file []byte
	if t.out != "" {
		if file, err = h.ReadFile(t.out); err != nil {
			return nil, c, fmt.Errorf("%s wrote nothing: %w\n%s%s", t.name, err, &stdout, &stderr)
		}
	}
	v, err := t.read(stdout.Bytes(), file)
	if err != nil {
		return nil, c, fmt.Errorf("what %s wrote: %w\n%s", t.name, err, &stderr)
	}
	return v, c, nil
}

// copyTree copies files of this machine into a host.
func copyTree(h *lab.Host, from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err1 := d.Info()
		rel, err2 := filepath.Rel(from, name)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		return h.CopyIn(name, filepath.Join(to, rel), info.Mode().Perm())
	})
}

const inside = "/usr/local/bin/seawall"

func seawallTool(program string) tool {
	return tool{
		name:    "Seawall",
		install: func(h *lab.Host) error { return h.CopyIn(program, inside, 0o755) },
		command: []string{inside, "audit", "--exit-zero", "--format", "json"},
		read: func(stdout, _ []byte) (verdicts, error) {
			var r report.Report
			err := json.Unmarshal(stdout, &r)
			return seawallSays{&r}, err
		},
	}
}

type seawallSays struct{ *report.Report }

func (s seawallSays) about(f fault) string {
	said := notAsked
	for _, x := range s.Results {
		if x.Rule != f.rule || f.container != "" && x.Subject.Name != f.container {
			continue
		}
		switch x.Verdict {
		case rule.Failed:
			return told
		case rule.Passed:
			said = passed
		case rule.Unknown:
			said = leftOpen
		}
	}
	return said
}

func (s seawallSays) accuses(container string) (out []string) {
	for _, x := range s.Results {
		if x.Subject.Name == container && x.Verdict == rule.Failed {
			out = append(out, x.Rule)
		}
	}
	return out
}

func dockerBenchTool(dir string) tool {
	const home = "/opt/docker-bench-security"
	return tool{
		name:    "docker-bench-security",
		install: func(h *lab.Host) error { return copyTree(h, dir, home) },
		command: []string{"bash", "-c", "cd " + home + " && exec bash docker-bench-security.sh -b -l /tmp/bench"},
		out:     "/tmp/bench.json",
		read: func(_, file []byte) (verdicts, error) {
			var out struct {
				Tests []struct{ Results []benchResult }
			}
			if err := json.Unmarshal(file, &out); err != nil {
				return nil, err
			}
			said := benchSays{}
			for _, section := range out.Tests {
				for _, r := range section.Results {
					said[r.ID] = r
				}
			}
			return said, nil
		},
	}
}

// benchResult is what docker-bench-security says of a check: a word, and of which
// containers.
type benchResult struct {
	ID, Result, Details string
	Items               []string
}

type benchSays map[string]benchResult

func (s benchSays) about(f fault) string {
	r, is := s[f.check]
	switch {
	case !is:
		return notAsked
	case r.Result == "WARN" && (f.container == "" || r.names(f.container)):
		return told
	case r.Result == "INFO" || r.Result == "NOTE":
		return leftOpen
	}
	return passed
}

func (s benchSays) accuses(container string) (out []string) {
	for id, r := range s {
		if r.Result == "WARN" && r.names(container) {
			out = append(out, id)
		}
	}
	return out
}

func (r benchResult) names(container string) bool {
	return regexp.MustCompile(`(^|[^\w-])` + regexp.QuoteMeta(container) + `($|[^\w-])`).MatchString(r.Details + " " + strings.Join(r.Items, " "))
}

func lynisTool(root string) tool {
	return tool{
		name: "Lynis",
		install: func(h *lab.Host) error {
			var errs []error
			for _, dir := range []string{"usr/share/lynis", "etc/lynis"} {
				errs = append(errs, copyTree(h, filepath.Join(root, dir), "/"+dir))
			}
			if _, err := os.Stat(filepath.Join(root, "usr/sbin/lynis")); err != nil {
				return err
			}
			return errors.Join(append(errs, h.CopyIn(filepath.Join(root, "usr/sbin/lynis"), "/usr/sbin/lynis", 0o755))...)
		},
		command: []string{"/usr/sbin/lynis", "audit", "system", "--quick", "--quiet", "--no-colors", "--tests-from-group", "containers", "--report-file", "/tmp/lynis.dat", "--logfile", "/tmp/lynis.log"},
		out:     "/tmp/lynis.dat",
		read:    func(_, file []byte) (verdicts, error) { return lynisSays(file), nil },
	}
}

// lynisSays is Lynis' report, whose lines are key=value.
type lynisSays string

func (s lynisSays) about(f fault) string {
	switch {
	case f.lynis == "" || !slices.Contains(strings.Split(s.value("tests_executed"), "|"), f.lynis):
		return notAsked
	case strings.Contains(string(s), "warning[]="+f.lynis+"|"), strings.Contains(string(s), "suggestion[]="+f.lynis+"|"):
		return told
	}
	return passed
}

func (s lynisSays) value(key string) string {
	for line := range strings.Lines(string(s)) {
		if value, is := strings.CutPrefix(line, key+"="); is {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func (s lynisSays) accuses(string) []string { return nil }
