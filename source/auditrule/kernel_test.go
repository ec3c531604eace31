package auditrule

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/snapshot"
)

// recorded are the lines of a file of testdata.
func recorded(t testing.TB, name string) []string {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unpacked, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func decode(t testing.TB, text string) []byte {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// status is the kernel's answer to AUDIT_GET.
func status(t testing.TB) []byte { return decode(t, recorded(t, "several.gz")[0]) }

// directories of the machine that the recordings were made on.
func isDir(name string) bool { return name == "/etc/docker" || name == "/run/containerd" }

// TestRoundTrip: a rule as it is written, and as the kernel tells it after
// auditctl has loaded it, are the same.
func TestRoundTrip(t *testing.T) {
	lines := recorded(t, "one-by-one.gz")
	loaded := 0
	for i := 0; i+2 < len(lines); i += 3 {
		text, shown, answer := lines[i], lines[i+1], decode(t, lines[i+2])
		a, err := Parse(status(t), answer)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		config := NewConfig(false, isDir)
		config.Add("x.rules", text)
		written := config.Rules()
		if shown == "" {
			if len(a.Rules) != 0 {
				t.Errorf("%s was refused, and the kernel has %v", text, a.Rules)
			}
			continue
		}
		if len(a.Rules) != 1 || len(written.Rules) != 1 {
			t.Errorf("%s: the kernel has %v, the text %v and not understood %v", text, a.Rules, written.Rules, written.Unread)
			continue
		}
		loaded++
		want := written.Rules[0]
		want.Where = ""
		named := strings.NewReplacer("uid=root", "uid=0", "uid=alice", "uid=1000") // auditctl looks users up
		for j, c := range want.Conditions {
			want.Conditions[j] = named.Replace(c)
		}
		slices.Sort(want.Conditions)
		if diff := cmp.Diff(want, a.Rules[0]); diff != "" {
			t.Errorf("%s (-text +kernel):\n%s", text, diff)
		}
	}
	if loaded < 30 {
		t.Errorf("%d rules, want those of the recording", loaded)
	}
}

// TestKernelRules: several rules in the kernel's order, and the state of the
// log.
func TestKernelRules(t *testing.T) {
	lines := recorded(t, "several.gz")
	a, err := Parse(decode(t, lines[0]), decode(t, lines[1]))
	if err != nil {
		t.Fatal(err)
	}
	if a.Enabled != 1 || a.Daemon != 274 || a.Lost != 0 {
		t.Errorf("status %+v", a)
	}
	var got []string
	for _, r := range a.Rules {
		got = append(got, r.String()+" key "+r.Key)
	}
	want := []string{
		"-a never,task key ",
		"-a never,exit -F dir=/etc/docker key d",
		"-a always,exit -F dir=/etc/docker -F perm=wa key a",
		"-a always,exit -F arch=b64 -S openat key b",
		"-a always,exit -F path=/usr/bin/runc -F perm=rwxa key e",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestThisKernel asks the kernel that the tests run on: it answers, or says why
// not, at once.
func TestThisKernel(t *testing.T) {
	a, err := Kernel(t.Context())
	switch {
	case errors.Is(err, ErrNoAudit), errors.Is(err, ErrRefused):
		t.Logf("%v", err)
	case err != nil:
		t.Error(err)
	case a.Enabled < 0 || a.Enabled > 2:
		t.Errorf("enabled is %d", a.Enabled)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Kernel(ended); err == nil {
		t.Error("asked after the end")
	}
}

// TestCutShort: what is not whole is an error, never a rule with less in it.
func TestCutShort(t *testing.T) {
	lines := recorded(t, "several.gz")
	whole := decode(t, lines[1])
	for _, n := range []int{1, 15, 17, 36 + 16, 36 + 100, 36 + 16 + ruleSize - 1, len(whole) - 1} {
		if _, err := Parse(status(t), whole[:n]); err == nil {
			t.Errorf("%d of %d bytes were taken for rules", n, len(whole))
		}
	}
	if _, err := Parse(nil, nil); err == nil {
		t.Error("nothing was taken for a status")
	}
	tooMany := slices.Clone(whole[36+16 : 36+16+ruleSize])
	tooMany[8] = maxFields + 1
	if _, err := parseRule(tooMany); !errors.Is(err, errShort) {
		t.Errorf("a rule of 65 fields: %v", err)
	}
}

// FuzzRuleData: no answer makes the parser fall over, and a rule has a filter
// and an action.
func FuzzRuleData(f *testing.F) {
	lines := recorded(f, "one-by-one.gz")
	for i := 2; i < len(lines); i += 3 {
		if data := decode(f, lines[i]); len(data) > 36+16 {
			f.Add(data[36+16:])
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseRule(data)
		if err == nil && (r.Filter == "" || r.Action != "always" && r.Action != "never") {
			t.Errorf("%+v", r)
		}
		_, _ = parseStatus(data)
		_, _ = Parse(data, data)
		_ = snapshot.AuditRule.String(r)
	})
}
