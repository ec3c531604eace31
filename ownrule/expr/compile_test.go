package expr_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"seawall/ownrule/expr"
)

func TestCompileFaults(t *testing.T) {
	tests := []struct {
		subject, text string
		want          []expr.Fault
	}{
		{"container", "", []expr.Fault{{0, "there is no expression"}}},
		{"container", "contaner.privileged", []expr.Fault{{0, `unknown name "contaner": did you mean "container"?`}}},
		{"container", "c.privileged", []expr.Fault{{0, `unknown name "c": an expression about a container sees container, engine, host, snapshot`}}},
		{"host", "engine.local", []expr.Fault{{0, `unknown name "engine": an expression about a host sees host, snapshot`}}},
		{"container", "container.privileged == 'x'", []expr.Fault{{21, "== cannot be applied to (bool, string)"}}},
		{"container", "container.privileged &&", []expr.Fault{{23, "the expression ends too soon"}}},
		{"container", "container.mounts.exists(m, m.sorce == '/')", []expr.Fault{{29, `a Mount has no field "sorce": did you mean "source"?`}}},
		{"volume", "volume.foo == ''", []expr.Fault{{7, `a Volume has no field "foo": its fields: driver, labels, mountpoint, name, options`}}},
		{"container", "container.name.bar == 1 && container.nam == ''", []expr.Fault{{14, "type 'string' does not support field selection"}}},
		{"container", "container.name == 'x' &&\n  container.nam == 'y'", []expr.Fault{{37, `a Container has no field "nam": did you mean "name"?`}}},
		{"container", "container.capabilties().size() > 1", []expr.Fault{{10, `unknown function "capabilties": did you mean "capabilities"?`}}},
		{"container", "container.memory.within('/')", []expr.Fault{{23, "within cannot be applied to int.(string)"}}},
		{"container", "container.name", []expr.Fault{{0, "its value is of type string: want a condition, true or false"}}},
		{"container", "Container{}.name == ''", []expr.Fault{{9, "an expression cannot make a Container"}}},
		{"container", "container == container", []expr.Fault{{10, "values of type Container cannot be compared: compare their fields or values"}}},
		{"container", "container.labels != {'a': 'b'}", []expr.Fault{{17, "values of type map(string, string) cannot be compared: compare their fields or values"}}},
		{"container", "container.mounts[0] in container.mounts", []expr.Fault{{20, "values of type Mount cannot be compared: compare their fields or values"}}},
		{"container", "container.mounts == []", []expr.Fault{{17, "values of type list(Mount) cannot be compared: compare their fields or values"}}},
		{"container", "dyn(container.name) == 1", []expr.Fault{{0, `unknown function "dyn"`}}},
		{"container", "['a', 1].exists(x, true)", []expr.Fault{{6, "expected type 'string' but found 'int'"}}},
		{"host", "host.sysctls.exists(k, true)", []expr.Fault{{4, "this cannot be walked: ask for a setting by its name"}}},
		{"host", "size(host.sysctls) == 0 || host.sysctls.size() == 0", []expr.Fault{{4, "this cannot be counted: ask for a setting by its name"}, {44, "this cannot be counted: ask for a setting by its name"}}},
		{"container", "snapshot.takenAt.getHours('Europe/Berlin') == 1", []expr.Fault{{25, "getHours cannot be applied to timestamp.(string)"}}},
		{"container", "container.name.matches('(')", []expr.Fault{{23, "invalid matches argument"}}},
		{"container", "container.name.matches('(a{500}){2}')", []expr.Fault{{23, "regex program size 1006 exceeds limit of 1000"}}},
		{"container", "container.started > timestamp('2026')", []expr.Fault{{30, "invalid timestamp argument"}}},
		{"engine", "[1].all(a, [1].all(b, [1].all(c, [1].all(d, true))))", []expr.Fault{{40, "comprehension exceeds nesting limit"}}},
		{"container", "'" + strings.Repeat("x", 4000) + "' == ''", []expr.Fault{{0, "4008 characters: an expression has at most 4000"}}},
	}
	for _, tt := range tests {
		p, got := expr.Condition(tt.subject, tt.text)
		if p != nil || len(got) == 0 {
			t.Errorf("%s compiles", tt.text)
			continue
		}
		if diff := cmp.Diff(tt.want[0].Text, got[0].Text); diff != "" || tt.want[0].Offset != got[0].Offset {
			t.Errorf("%.60s: %v, want %v", tt.text, got, tt.want)
		}
	}
	if _, faults := expr.Value("container", "container.labels"); len(faults) != 1 || faults[0].Text != "values of type map(string, string) cannot be shown: name a part of it" {
		t.Errorf("a map in a message: %v", faults)
	}
}

// TestCostIsBounded: what costs too much at least is refused; what may cost too
// much is ended.
func TestCostIsBounded(t *testing.T) {
	hundred := "[" + strings.TrimSuffix(strings.Repeat("1,", 100), ",") + "]"
	_, faults := expr.Condition("container", hundred+".map(a, "+hundred+".map(b, "+hundred+".map(c, a + b + c))).size() == 0")
	if len(faults) != 1 || !strings.HasPrefix(faults[0].Text, "it costs at least ") {
		t.Errorf("faults %v", faults)
	}
	s, c := host(t, "docker run --name web nginx")
	long := hundred + ".exists(a, " + hundred + ".exists(b, " + hundred + ".exists(c, a + b + c > 3000)))"
	if got, _, _ := ask(t, s, c, long); !strings.HasPrefix(got, "the expression costs too much on this snapshot: more than ") {
		t.Errorf("a long search: %.100s", got)
	}
	for _, function := range []string{"''.replace('', 'x') == ''", "[''].join('x') == ''", "'%s'.format(['']) == ''"} {
		if _, faults := expr.Condition("container", function); len(faults) != 1 || !strings.Contains(faults[0].Text, " is not offered: ") {
			t.Errorf("%s: %v", function, faults)
		}
	}
}

func TestFunctions(t *testing.T) {
	s, c := host(t, "docker run --name web --cap-drop ALL --cap-add NET_RAW --user 0 nginx")
	for condition, want := range map[string]string{
		"container.capabilities() == ['NET_RAW']":  "true",
		"container.runsAsRoot()":                   "true",
		"'/etc/passwd'.within('/etc')":             "true",
		"'/etc'.within('/etc/')":                   "true",
		"'/etcetera'.within('/etc')":               "false",
		"'/etc/../root'.within('/etc')":            "false",
		"'/x'.within('/')":                         "true",
		"'0666'.grants('o+w')":                     "true",
		"'0664'.grants('o+w')":                     "false",
		"'0660'.grants('ug+rw')":                   "true",
		"'0600'.grants('g+r')":                     "false",
		"'4755'.grants('o+x')":                     "true",
		"'0600'.grants('a+r')":                     `grants("a+r"): want u, g or o, a plus, and r, w or x, as in "o+w"`,
		"'rw-'.grants('o+r')":                      `file mode "rw-": want octal digits`,
		"duration('90m').getHours() == 1":          "true",
		"snapshot.takenAt.getFullYear() == 2026":   "true",
		"'a,b'.split(',').size() == 2":             "true",
		"container.name.matches('^w.b$')":          "true",
		"engine.listeners[7].name == ''":           "index out of bounds: 7",
		"snapshot.takenAt > container.started":     "true",
		"container.process.pid == 0":               "true",
		"host.os.id == 'debian'":                   "true",
		"'kernel.sysrq' in host.sysctls":           "true",
		"host.cgroupVersion == 2":                  "true",
		"engine.settings.dataRoot.within('/var')":  "true",
		"engine.daemon.files.exists(f, f.uid > 0)": "false",
	} {
		if got, _, _ := ask(t, s, c, condition); got != want {
			t.Errorf("%s: %s, want %s", condition, got, want)
		}
	}
	c.CapAdd.Blind(refused)
	c.User.Blind(refused)
	for _, condition := range []string{"container.capabilities() == []", "container.runsAsRoot()"} {
		if got, _, missed := ask(t, s, c, condition); got != "missed" || len(missed) == 0 {
			t.Errorf("%s with an unreadable setting: %s, %q", condition, got, missed)
		}
	}
}

// FuzzCompile: whatever the text, there is a program that gives an answer or an
// error, or there are faults of one line at places in the text.
func FuzzCompile(f *testing.F) {
	for _, text := range []string{
		"container.privileged && engine.containers.exists(c, c.name != container.name)", "has(container.labels.owner)",
		"host.sysctls['kernel.sysrq'] == '0'", "'0666'.grants('o+w') || '/a'.within('/')", "container.name.matches('a*') ? true : 1 / 0 == 1",
		"snapshot.takenAt - duration('1h') > timestamp('2026-01-01T00:00:00Z')", "'%d'.format([container.memory]) == ''", "[[1]].map(x, x.size())[0] == {1: 2}[1]",
	} {
		f.Add(text)
	}
	s, c := host(f, "docker run --name web --label owner=a nginx")
	f.Fuzz(func(t *testing.T, text string) {
		p, faults := expr.Condition("container", text)
		if (p == nil) != (len(faults) > 0) {
			t.Fatalf("program %v, faults %v", p, faults)
		}
		for _, fault := range faults {
			if strings.ContainsAny(fault.Text, "\n\r") || fault.Text == "" || fault.Offset < 0 || fault.Offset > utf8.RuneCountInString(text) {
				t.Errorf("fault %+v of %q", fault, text)
			}
		}
		if p != nil {
			if got, _, _ := ask(t, s, c, text); strings.Contains(got, "internal error") || strings.Contains(got, "\n") {
				t.Errorf("%q: %s", text, got)
			}
		}
	})
}
