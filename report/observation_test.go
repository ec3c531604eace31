package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"seawall/observation"
	"seawall/report"
	"seawall/snapshot"
)

// shopObserved is what was seen of a database, of a server without a name, and of one
// that was chosen by somebody nasty.
func shopObserved() *observation.Observation {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	bounding := snapshot.Caps("CHOWN", "KILL", "SETUID", "NET_RAW")
	after, late := 0.1, 75.0
	check := func(name, call, argument string, session observation.Session, after *float64) observation.Capability {
		return observation.Capability{
			Capability: name, Outcome: observation.Granted, Session: session, Syscall: call, Argument: argument,
			Process: "gosu", PID: 7, First: noon, AfterStart: after, Count: 2,
		}
	}
	denied := check("SYS_ADMIN", "mount", "/mnt", observation.Workload, nil)
	denied.Outcome = observation.Denied
	probe := check("SYSLOG", "read", "", observation.Workload, nil)
	probe.Aside = observation.Probe
	o := &observation.Observation{
		Format: observation.Format, Host: observation.Host{Name: "shop", Kernel: "6.12"},
		Watches: []observation.Watch{{From: noon, To: noon.Add(10 * time.Minute)}, {From: noon.Add(time.Hour), To: noon.Add(time.Hour + 90*time.Second)}},
		Containers: []observation.Container{
			{
				ID: strings.Repeat("1", 64), Name: "db", Image: "postgres:17", Bounding: &bounding,
				Watched: observation.Watched{Seconds: 690, Starts: 2, Joined: 1, Ends: 1, Execs: 1},
				Capabilities: []observation.Capability{
					check("CHOWN", "chown", "/var/lib/postgresql", observation.Workload, &after),
					check("SETUID", "setuid", "999", observation.Workload, &late),
					check("NET_RAW", "socket", "AF_INET, SOCK_RAW", observation.Exec, nil), denied, probe,
				},
				Syscalls: []observation.Syscalls{{Session: observation.Workload, Names: []string{"chown", "read"}, Compat: 3}, {Session: observation.Exec, Names: []string{"socket"}}},
				Sockets: []observation.Socket{
					{Kind: observation.Listen, Protocol: "tcp", Address: "0.0.0.0:5432", Session: observation.Workload, Accepted: 6},
					{Kind: observation.Listen, Protocol: "tcp", Address: "0.0.0.0:5432", Session: observation.Exec, Accepted: 1},
					{Kind: observation.Listen, Protocol: "udp", Address: "0.0.0.0:514"},
					{Kind: observation.Connect, Protocol: "tcp", Address: "10.0.0.2:443"},
				},
				Written: []observation.Written{
					{Directory: "/run/postgresql", Process: "postgres"}, {Directory: "/tmp", Process: "\x1b[2Jpsql", Session: observation.Exec},
				},
				Lost: observation.Lost{Sockets: 4, Files: 2},
			},
			{ID: strings.Repeat("2", 64), Watched: observation.Watched{Seconds: 3, Starts: 1}},
			{ID: strings.Repeat("3", 64), Name: "\x1b[31mred", Watched: observation.Watched{Seconds: 3, Joined: 1}, Capabilities: []observation.Capability{check("", "", "\x1b]0;x\a", observation.Workload, nil)}},
		},
		Lost: observation.Lost{Capabilities: 2},
		Gaps: []snapshot.Gap{{Reason: snapshot.ReasonPermission, Detail: "something was not seen", Remedy: "run as root"}},
	}
	o.Sort()
	return o
}

func TestObservationText(t *testing.T) {
	var b bytes.Buffer
	o := shopObserved()
	o.Containers = o.Containers[len(o.Containers)-1:]
	if err := report.ObservationText(&b, o, report.Style{Width: 72, Verbose: true}); err != nil {
		t.Fatal(err)
	}
	want := `1 container on shop, watched for 12 min in 2 watches

db  postgres:17
  watched        12 min, 2 starts seen, ran before, 1 exec session, 1
                 end seen
  CHOWN          chown() of /var/lib/postgresql by gosu (pid 7), at the
                 start, 2 times in all
  SETUID         setuid() of 999 by gosu (pid 7), 75 s after the start,
                 2 times in all
  NET_RAW        socket() of AF_INET, SOCK_RAW by gosu (pid 7), 2 times
                 in all; in exec sessions only
  refused        SYS_ADMIN
  not used       KILL
  system calls   2: chown read; 3 calls of 32-bit programs, not told
                 apart
  calls of execs 1: socket
  listened on    tcp 0.0.0.0:5432 (7 connections), udp 0.0.0.0:514
  connected to   tcp 10.0.0.2:443
  wrote in       /run/postgresql by postgres, /tmp by �[2Jpsql in an
                 exec session
  lost           4 sockets, 2 changes of files
  confidence     low: some of what it did found no room

note: lost: 2 capability checks
note: something was not seen (run as root)
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestObservationNasty: names and arguments move no cursor.
func TestObservationNasty(t *testing.T) {
	var b bytes.Buffer
	if err := report.ObservationText(&b, shopObserved(), report.Style{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Join(report.ObservationLines(shopObserved(), "Ctrl-C ends", 80, 20), "\n")
	for _, text := range []string{b.String(), lines} {
		if strings.ContainsAny(text, "\x1b\a") {
			t.Errorf("control characters: %q", text)
		}
	}
}

// TestObservationLines: the view fits on the screen, whatever its size.
func TestObservationLines(t *testing.T) {
	got := report.ObservationLines(shopObserved(), "8s left", 85, 10)
	want := []string{
		"watching 3 containers for 90 s, 8s left",
		"  222222222222           0 calls  0 listening   0 accepted  0 connections  0 written",
		"  �[31mred               0 calls  0 listening   0 accepted  0 connections  0 written",
		"  db                     2 calls  2 listening   7 accepted  1 connections  2 written",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for height := 2; height < 6; height++ {
		for width := 1; width < 90; width += 8 {
			lines := report.ObservationLines(shopObserved(), "", width, height)
			if len(lines) > height {
				t.Errorf("%d lines of %d", len(lines), height)
			}
			for _, line := range lines {
				if utf8.RuneCountInString(line) > width {
					t.Errorf("%d columns: %q", width, line)
				}
			}
		}
	}
}
