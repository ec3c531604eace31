package observation_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	. "seawall/observation"
	"seawall/snapshot"
)

// noon is when things happen in these tests.
var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

const (
	webID = "1111111111111111111111111111111111111111111111111111111111111111"
	dbID  = "2222222222222222222222222222222222222222222222222222222222222222"
)

// check is a granted check of the workload.
func check(name, call string, first time.Time) Capability {
	return Capability{Capability: name, Outcome: Granted, Session: Workload, Syscall: call, Process: "p", PID: 1, First: first, Count: 1}
}

// seen is an observation of ten minutes from a time on.
func seen(from time.Time, containers ...Container) *Observation {
	o := &Observation{
		Format: Format, Tool: "test", Host: Host{Name: "host", Kernel: "6.18", Machine: "x86_64"}, Containers: containers,
		Watches: []Watch{{From: from, To: from.Add(10 * time.Minute), Hook: "tracepoint", Syscalls: true, Ended: true}},
	}
	o.Sort()
	return o
}

func TestUsed(t *testing.T) {
	with := func(change func(*Capability)) Capability {
		c := check("SYS_ADMIN", "mount", noon)
		change(&c)
		return c
	}
	tests := []struct {
		name          string
		check         Capability
		used, refused string
	}{
		{"granted", with(func(*Capability) {}), "SYS_ADMIN", ""},
		{"denied", with(func(c *Capability) { c.Outcome = Denied }), "", "SYS_ADMIN"},
		{"a probe", with(func(c *Capability) { c.Aside = Probe }), "", ""},
		{"a denied probe", with(func(c *Capability) { c.Aside, c.Outcome = Overcommit, Denied }), "", ""},
		{"without effect", with(func(c *Capability) { c.Aside = NoEffect }), "", ""},
		{"read search", with(func(c *Capability) { c.Capability = "DAC_READ_SEARCH" }), "DAC_OVERRIDE", ""},
		{"read search denied", with(func(c *Capability) { c.Capability, c.Outcome = "DAC_READ_SEARCH", Denied }), "", "DAC_READ_SEARCH"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Container{Capabilities: []Capability{test.check}}
			if got := c.Used().String(); got != test.used {
				t.Errorf("used %q, want %q", got, test.used)
			}
			if got := c.Refused().String(); got != test.refused {
				t.Errorf("refused %q, want %q", got, test.refused)
			}
			if got := c.Used(Exec); got != 0 {
				t.Errorf("exec sessions used %v", got)
			}
			if got := len(c.Evidence(test.used)) > 0; got != (test.used != "") {
				t.Errorf("evidence: %v", got)
			}
		})
	}
}

func TestRefusedOnlyIfNeverGranted(t *testing.T) {
	denied := check("CHOWN", "chown", noon)
	denied.Outcome = Denied
	c := Container{Capabilities: []Capability{denied, check("CHOWN", "fchown", noon)}}
	if got := c.Refused(); got != 0 {
		t.Errorf("refused %v", got)
	}
}

// TestMerge: a first start and a restart need different things; together they show both.
func TestMerge(t *testing.T) {
	few, more := snapshot.Caps("CHOWN"), snapshot.Caps("CHOWN", "KILL")
	first := seen(noon, Container{
		ID: webID, Name: "web", Bounding: &few, Watched: Watched{Seconds: 600, Starts: 1, Ends: 1},
		Capabilities: []Capability{check("CHOWN", "chown", noon), check("SETUID", "setuid", noon)},
		Syscalls:     []Syscalls{{Session: Workload, Names: []string{"chown", "read"}, Runtime: []string{"close"}}},
		Sockets:      []Socket{{Kind: Listen, Session: Workload, Protocol: "tcp", Address: "0.0.0.0:80", First: noon, Count: 1}},
	})
	second := seen(noon.Add(time.Hour), Container{
		ID: webID, Bounding: &more, Watched: Watched{Seconds: 60, Joined: 1, Execs: 2},
		Capabilities: []Capability{check("DAC_OVERRIDE", "openat", noon.Add(time.Hour)), check("CHOWN", "chown", noon.Add(-time.Minute))},
		Syscalls:     []Syscalls{{Session: Exec, Names: []string{"kill"}}, {Session: Workload, Names: []string{"read", "write"}}},
		Sockets:      []Socket{{Kind: Listen, Session: Workload, Protocol: "tcp", Address: "0.0.0.0:80", First: noon.Add(-time.Hour), Count: 2}},
		Lost:         Lost{Sockets: 3},
	}, Container{ID: dbID, Name: "db"})
	before := encode(t, first) + encode(t, second)
	for _, order := range [][]*Observation{{first, second}, {second, first}} {
		o, err := Merge(order...)
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Containers) != 2 || len(o.Watches) != 2 || len(o.Gaps) != 0 {
			t.Fatalf("merged: %+v", o)
		}
		web := o.Containers[1]
		if got := web.Used().String(); got != "CHOWN DAC_OVERRIDE SETUID" || web.Name != "web" || *web.Bounding != more {
			t.Errorf("%s used %q of %v", web.Name, got, web.Bounding)
		}
		want := Watched{Seconds: 660, Starts: 1, Joined: 1, Ends: 1, Execs: 2}
		if web.Watched != want || web.Watched.Restarts() != 1 || web.Lost.Sockets != 3 {
			t.Errorf("watched %+v, lost %+v", web.Watched, web.Lost)
		}
		if chown := web.Evidence("CHOWN"); len(chown) != 1 || chown[0].Count != 2 || !chown[0].First.Equal(noon.Add(-time.Minute)) {
			t.Errorf("evidence: %+v", chown)
		}
		if s := web.Sockets; len(s) != 1 || s[0].Count != 3 || !s[0].First.Equal(noon.Add(-time.Hour)) {
			t.Errorf("sockets: %+v", s)
		}
		wantCalls := []Syscalls{{Session: Workload, Names: []string{"chown", "read", "write"}, Runtime: []string{"close"}}, {Session: Exec, Names: []string{"kill"}}}
		if diff := cmp.Diff(wantCalls, web.Syscalls); diff != "" {
			t.Error(diff)
		}
	}
	if encode(t, first)+encode(t, second) != before {
		t.Error("merging changed what was merged")
	}
}

// TestMergeFiles: where something was changed is told once, and all of it only if it was
// recorded in each run.
func TestMergeFiles(t *testing.T) {
	run := func(at time.Duration, recorded int) *Observation {
		return seen(noon.Add(at), Container{ID: webID, Watched: Watched{Starts: 1, Recorded: recorded}, Written: []Written{
			{Directory: "/srv", Session: Workload, Name: at.String(), First: noon.Add(at), Count: 2}, {Directory: "/run", Session: Exec, First: noon, Count: 1},
		}, Sockets: []Socket{{Kind: Listen, Session: Workload, Protocol: "tcp", Address: "[::]:80", First: noon, Count: 1, Accepted: 3}}})
	}
	for recorded, known := range []bool{false, true} {
		o, err := Merge(run(time.Hour, recorded), run(2*time.Hour, 1), run(0, 1))
		if err != nil {
			t.Fatal(err)
		}
		c := o.Containers[0]
		if c.FilesKnown() != known || len(c.Written) != 2 || c.Sockets[0].Accepted != 9 {
			t.Errorf("recorded %d: known %v, %+v, %+v", recorded, c.FilesKnown(), c.Written, c.Sockets)
		}
		if w := c.Written[1]; w.Directory != "/srv" || w.Name != "0s" || w.Count != 6 {
			t.Errorf("written: %+v", w)
		}
	}
	c := Container{Watched: Watched{Starts: 1, Recorded: 1}, Lost: Lost{Files: 1}}
	if c.FilesKnown() || (&Container{}).FilesKnown() {
		t.Error("files are known that were lost or not watched")
	}
	for _, test := range []struct {
		watched Watched
		lost    Lost
		known   bool
	}{
		{Watched{Starts: 1, Joined: 1, Looked: 2}, Lost{Files: 1}, true}, {Watched{Starts: 1, Looked: 1}, Lost{Sockets: 1}, false},
		{Watched{Starts: 2, Looked: 1}, Lost{}, false}, {Watched{}, Lost{}, false},
	} {
		if c := (Container{Watched: test.watched, Lost: test.lost}); c.SocketsKnown() != test.known {
			t.Errorf("%+v: sockets are known: %v", test, !test.known)
		}
	}
}

func TestMergeTells(t *testing.T) {
	if _, err := Merge(); err == nil {
		t.Error("nothing merged")
	}
	other := seen(noon)
	other.Host.Name = "other"
	if _, err := Merge(seen(noon), other); err == nil || !strings.Contains(err.Error(), "other") {
		t.Errorf("different hosts: %v", err)
	}
	for minutes, overlaps := range map[time.Duration]bool{9: true, 10: false} {
		o, err := Merge(seen(noon.Add(minutes*time.Minute)), seen(noon))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(o.Gaps) == 1; got != overlaps {
			t.Errorf("watches %d minutes apart: gaps %v", minutes, o.Gaps)
		}
	}
}

func TestConfidence(t *testing.T) {
	day := 25 * 3600.0
	tests := []struct {
		name    string
		watched Watched
		lost    Lost
		level   Level
		missing string
	}{
		{"short", Watched{Seconds: 60, Starts: 1}, Lost{}, Low, "watched for less than ten minutes"},
		{"no start", Watched{Seconds: day, Joined: 1}, Lost{}, Low, "no start"},
		{"no room", Watched{Seconds: day, Starts: 2, Ends: 1}, Lost{Capabilities: 1}, Low, "no room"},
		{"no room for files", Watched{Seconds: day, Starts: 2, Ends: 1}, Lost{Files: 1}, High, ""},
		{"one start", Watched{Seconds: day, Starts: 1, Ends: 1}, Lost{}, Medium, "one start"},
		{"no end", Watched{Seconds: day, Starts: 2}, Lost{}, Medium, "no end"},
		{"an hour", Watched{Seconds: 3600, Starts: 2, Ends: 1}, Lost{}, Medium, "less than a day"},
		{"all", Watched{Seconds: day, Starts: 2, Ends: 1}, Lost{}, High, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Container{Watched: test.watched, Lost: test.lost}
			level, missing := c.Confidence()
			if level != test.level || !strings.Contains(strings.Join(missing, "; "), test.missing) || test.missing == "" && missing != nil {
				t.Errorf("%s %q, want %s and %q", level, missing, test.level, test.missing)
			}
		})
	}
}

// TestFormat: what is written is as the schema says, and reads back as it was.
func TestFormat(t *testing.T) {
	after := 0.25
	c := check("CHOWN", "chown", noon)
	c.AfterStart, c.Aside, c.Argument = &after, NoEffect, "/tmp"
	o := seen(noon, Container{
		ID: webID, Name: "web", Bounding: new(snapshot.CapSet), Capabilities: []Capability{c},
		Syscalls: []Syscalls{{Session: Exec, Names: []string{"read"}, Compat: 1, Unknown: 2}},
		Sockets:  []Socket{{Kind: Connect, Session: Exec, Protocol: "tcp", Address: "[::1]:80", Process: "nc", PID: 7, First: noon, Count: 1, Accepted: 2}},
		Written:  []Written{{Directory: "/srv", Session: Workload, Name: "a", Process: "sh", PID: 1, First: noon, Count: 3}},
		Watched:  Watched{Starts: 1, Recorded: 1, Looked: 1}, Lost: Lost{Files: 1},
	}, Container{ID: dbID})
	o.Gaps = append(o.Gaps, snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "no", Remedy: "be root"})
	text := encode(t, o)
	validate(t, text)
	back, err := Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(o, back); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "{}", text + text, strings.Replace(text, "observation/1", "observation/2", 1), text[:len(text)/2]} {
		if _, err := Decode(strings.NewReader(bad)); err == nil {
			t.Errorf("read without an error: %.40q", bad)
		}
	}
}

func encode(t *testing.T, o *Observation) string {
	t.Helper()
	var b bytes.Buffer
	if err := o.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func validate(t *testing.T, text string) {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("../docs/schema/observation-1.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Error(err)
	}
}
