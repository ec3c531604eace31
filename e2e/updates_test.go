package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/currency"
	"seawall/currency/known"
	"seawall/lab"
	"seawall/report"
)

// updatesOf is what `seawall updates` says on a host, in JSON.
func updatesOf(t *testing.T, h *lab.TestHost) *report.Updates {
	t.Helper()
	return parseUpdates(t, seawall(t, h, "updates", "--format", "json"))
}

func parseUpdates(t *testing.T, o outcome) *report.Updates {
	t.Helper()
	if o.code != 0 {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	var u report.Updates
	if err := json.Unmarshal([]byte(o.stdout), &u); err != nil {
		t.Fatal(err)
	}
	return &u
}

// TestUpdates judges the engines of Debian 12, 13 and sid as their packages are:
// what Debian mended is mended, whatever the number of the release says.
func TestUpdates(t *testing.T) {
	for _, tt := range []struct {
		version lab.Version
		source  string
		want    map[known.Component]map[currency.Status]string
	}{
		{lab.V20, "docker.io", map[known.Component]map[currency.Status]string{
			known.Engine: {currency.Fixed: "CVE-2024-41110 CVE-2023-28840", currency.Accepted: "CVE-2024-24557", currency.Open: "CVE-2026-41567 CVE-2026-42306", currency.VendorUnknown: "CVE-2026-17106"},
			known.Runc:   {currency.Fixed: "CVE-2024-21626", currency.Open: "CVE-2025-31133"},
			known.Kernel: {},
		}},
		{lab.V26, "docker.io", map[known.Component]map[currency.Status]string{
			known.Engine:   {currency.Fixed: "CVE-2026-33997 CVE-2026-41568 CVE-2026-42306", currency.Open: "CVE-2026-41567"},
			known.BuildKit: {currency.Fixed: "CVE-2026-33747 CVE-2026-33748"},
			known.Runc:     {currency.Fixed: "CVE-2024-45310", currency.Open: "CVE-2025-31133 CVE-2025-52565 CVE-2025-52881"},
		}},
		{lab.V28, "docker.io", map[known.Component]map[currency.Status]string{
			known.Engine:     {currency.Fixed: "CVE-2026-33997 CVE-2026-41567 CVE-2026-42306", currency.VendorUnknown: "CVE-2026-17106"},
			known.Containerd: {currency.Fixed: "CVE-2026-53493"},
		}},
	} {
		t.Run(string(tt.version), func(t *testing.T) {
			t.Parallel()
			u := updatesOf(t, newHost(t, lab.Options{Version: tt.version}))
			got := map[known.Component]report.UpdateComponent{}
			for _, c := range u.Components {
				got[c.Component] = c
			}
			if e := got[known.Engine]; e.Builder != currency.BuiltByDebian || e.Package == nil || e.Package.Source != tt.source {
				t.Errorf("the engine is by %s, %s: %v", e.Builder, e.Built, e.Gaps)
			}
			for component, statuses := range tt.want {
				c, ok := got[component]
				if !ok || c.Version == "" {
					t.Errorf("%s is missing, or its version: %v", component, c.Gaps)
				}
				for status, ids := range statuses {
					for _, id := range strings.Fields(ids) {
						if got := statusIn(c, id); got != status {
							t.Errorf("%s %s is %s, want %s", component, id, got, status)
						}
					}
				}
			}
			for _, n := range u.Waiting {
				if n.Known && n.Kind == currency.ProcessOutdated {
					t.Errorf("what runs counts as outdated: %s", n.Words)
				}
			}
		})
	}
}

// TestUpdatesOfEveryEngine: the parts of a user's engine, whose paths are those of its
// own mounts, are of the host's packages, on the host and from a container.
func TestUpdatesOfEveryEngine(t *testing.T) {
	lab.RequireRootless(t)
	for _, v := range lab.Versions() {
		t.Run(string(v), func(t *testing.T) {
			h := newHost(t, lab.Options{Version: v})
			h.StartRootless("rita")
			onHost := updatesOf(t, h)
			image := h.ImportSleep()
			args := append([]string{"run", "--rm", "-v", programInside + ":/seawall:ro"}, readmeFlags...)
			inside := parseUpdates(t, outcome{stdout: h.Docker(append(args, image, "/seawall", "updates", "--format", "json")...)})
			for where, u := range map[string]*report.Updates{"on the host": onHost, "in a container": inside} {
				wantPackaged(t, where, u)
			}
			if diff := cmp.Diff(onHost.Components, inside.Components); diff != "" {
				t.Errorf("on the host and from a container the answers differ:\n%s", diff)
			}
		})
	}
}

// TestUpdatesWithMountedRoot: in a container the files of the host count as they are
// behind process 1. Where that is not seen, packages are not known, and neither those of the
// container nor what is mounted somewhere are taken for the host's.
func TestUpdatesWithMountedRoot(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V20})
	image := h.ImportSleep()
	args := []string{"run", "--rm", "-v", programInside + ":/seawall:ro", "-v", "/run/docker.sock:/var/run/docker.sock", "-v", "/:/host:ro", image, "/seawall", "updates", "--format", "json"}
	u := parseUpdates(t, outcome{stdout: h.Docker(args...)})
	engine := 0
	for _, c := range u.Components {
		if c.Component == known.Kernel && c.Package != nil || c.Builder != currency.BuiltUnknown && c.Builder != currency.BuiltForKernel {
			t.Errorf("%s is by %s, %s", c.Component, c.Builder, c.Built)
		}
		if c.Component != known.Engine {
			continue
		}
		engine++
		if c.Version == "" || len(c.Gaps) == 0 || !strings.Contains(fmt.Sprint(c.Gaps), "--pid host") {
			t.Errorf("of the engine %q no gap says how to see its package: %+v", c.Version, c.Gaps)
		}
		for _, v := range c.Verdicts {
			if v.Status == currency.Open || v.Status == currency.Accepted {
				t.Errorf("%s is %s, though who built the engine is not known", v.ID, v.Status)
			}
		}
	}
	if engine != 1 {
		t.Errorf("%d engines, want one", engine)
	}
	for _, n := range u.Waiting {
		if n.Known {
			t.Errorf("of a host that is not seen it is known: %s", n.Words)
		}
	}
}

// wantPackaged wants two engines whose parts are all of packages: Debian's, or of a
// person of Debian, whom his address does not tell.
func wantPackaged(t *testing.T, where string, u *report.Updates) {
	t.Helper()
	parts := map[string]int{}
	for _, c := range u.Components {
		if c.Engine == "" {
			continue
		}
		parts[c.Engine]++
		if c.Builder != currency.BuiltByDebian && c.Component != known.Slirp4netns || c.Package == nil || strings.HasPrefix(c.Path, "/proc/") || len(c.Gaps) > 0 {
			t.Errorf("%s: %s of %s, %s, is by %s: %+v", where, c.Component, c.Engine, c.Path, c.Builder, c.Gaps)
		}
	}
	if len(parts) != 2 {
		t.Errorf("%s: parts of engines: %v, want those of two", where, parts)
	}
}

// TestReplacedRootless: a user's engine that runs an older file than the package's is
// told, though it sees the file in mounts of its own.
func TestReplacedRootless(t *testing.T) {
	lab.RequireRootless(t)
	h := newHost(t, lab.Options{Version: lab.V26, NoEngine: true})
	h.StartRootless("rita")
	h.Exec("sh", "-ec", "p=/usr/bin/containerd; cp $p $p.new; mv $p.new $p")
	u := updatesOf(t, h)
	if !slices.ContainsFunc(u.Waiting, func(n report.UpdateNotice) bool {
		return n.Known && n.Kind == currency.ProcessOutdated && strings.Contains(n.Words, "containerd from /usr/bin/containerd")
	}) {
		t.Errorf("a containerd whose file was replaced is not told: %+v", u.Waiting)
	}
	for _, c := range u.Components {
		if c.Component == known.Containerd && c.Counts[currency.Fixed] > 0 {
			t.Error("something counts as mended by the package's file, which does not run")
		}
	}
}

func statusIn(c report.UpdateComponent, id string) currency.Status {
	for _, v := range c.Verdicts {
		if v.ID == id {
			return v.Status
		}
	}
	return "not there"
}

// TestReplacedProgram: a program whose file was replaced or removed since it
// started is told, and no verdict is drawn from the new package.
func TestReplacedProgram(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V28})
	h.Exec("sh", "-ec", "p=$(readlink -f /proc/$(pidof dockerd)/exe); cp $p $p.new; mv $p.new $p")
	u := updatesOf(t, h)
	told := false
	for _, n := range u.Waiting {
		told = told || n.Kind == currency.ProcessOutdated && n.Known && strings.Contains(n.Words, "dockerd") && strings.Contains(n.Words, "replaced")
	}
	if !told {
		t.Errorf("a dockerd whose file was replaced is not told: %+v", u.Waiting)
	}
}

// TestUpdatesWaiting: what is newer in apt's lists is a finding where the audit was
// asked to read them, and no subject otherwise.
func TestUpdatesWaiting(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V28})
	h.Exec("mkdir", "-p", "/var/lib/apt/lists")
	h.WriteFile("/var/lib/apt/lists/debian_sid_main_Packages", "Package: docker.io\nVersion: 99.0-1\n\nPackage: runc\nVersion: 0.1-1\n", 0o644)
	verdicts := func(args ...string) map[string]string {
		o := seawall(t, h, append([]string{"audit", "--exit-zero", "--format", "json", "--rule", "host-*"}, args...)...)
		var r report.Report
		if err := json.Unmarshal([]byte(o.stdout), &r); err != nil {
			t.Fatalf("%v: %s", err, o.stderr)
		}
		out := map[string]string{}
		for _, result := range r.Results {
			out[result.Rule] = string(result.Verdict) + " " + result.Message
		}
		return out
	}
	if got := verdicts("--lists")["host-updates-waiting"]; !strings.HasPrefix(got, "fail docker.io ") || !strings.Contains(got, "99.0-1") || strings.Contains(got, "runc") {
		t.Errorf("with --lists: %q", got)
	}
	if got, ok := verdicts()["host-updates-waiting"]; ok {
		t.Errorf("without --lists: %q", got)
	}
}
