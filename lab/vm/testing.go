package vm

import (
	"context"
	"testing"
	"time"
)

// scriptLimit is how long a script of a test may run.
const scriptLimit = 10 * time.Minute

// TestMachine is a Machine of a test. Its methods fail the test instead of
// returning an error.
type TestMachine struct {
	*Machine
	t testing.TB
}

// Boot boots a machine for a test and switches it off when the test ends. Where
// machines cannot run, the test fails: who runs it has asked for it.
func Boot(t testing.TB, opts Options) *TestMachine {
	t.Helper()
	m, err := Start(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("end of the console of %s:\n%s", opts.Image, m.Console())
		}
		if err := m.Stop(); err != nil {
			t.Errorf("switch %s off: %v", opts.Image, err)
		}
	})
	return &TestMachine{Machine: m, t: t}
}

// Run runs a script that must succeed and returns its standard output.
func (m *TestMachine) Run(script string) string {
	m.t.Helper()
	o := m.Try(script)
	if o.Code != 0 {
		m.t.Fatalf("exit code %d of the script\n%s\n%s%s", o.Code, script, o.Stdout, o.Stderr)
	}
	return o.Stdout
}

// Try runs a script and returns its outcome.
func (m *TestMachine) Try(script string) Outcome {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), scriptLimit)
	defer cancel()
	o, err := m.Script(ctx, script)
	if err != nil {
		m.t.Fatal(err)
	}
	return o
}
