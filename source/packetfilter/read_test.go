package packetfilter

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// done is how a [Runner] ends at once.
func done(stdout, stderr []byte, err error) func() ([]byte, []byte, error) {
	return func() ([]byte, []byte, error) { return stdout, stderr, err }
}

// without is a [Runner] without some programs.
func without(run Runner, programs ...string) Runner {
	return func(ctx context.Context, program string, args ...string) func() ([]byte, []byte, error) {
		for _, p := range programs {
			if strings.HasPrefix(program, p) {
				return done(nil, nil, &exec.Error{Name: program, Err: exec.ErrNotFound})
			}
		}
		return run(ctx, program, args...)
	}
}

// kernelOf is a kernel with tables, of which some have rules of nft.
func kernelOf(tables []string, native []string, legacy ...string) recordedKernel {
	k := recordedKernel{Tables: tables, Rules: map[string]tableRules{}, Legacy: map[string][]string{"ip": legacy}}
	for _, name := range native {
		k.Rules[name] = tableRules{Native: true}
	}
	return k
}

// TestMissing: a program that is missing while there are rules is named; where
// another shows them as well, none is needed.
func TestMissing(t *testing.T) {
	filters := []string{"ip filter"}
	tests := []struct {
		name, dir string
		kernel    kernel
		missing   []string
		want      string // the program, or "" for none
	}{
		{"no rules", "mixed", kernelOf(nil, nil), []string{"nft", "ip"}, ""},
		{"rules of nft", "nft", kernelOf([]string{"inet filter"}, nil), []string{"nft"}, "nft"},
		{"rules of iptables only", "docker-28.5", recordedAt(t, "testdata/docker-28.5"), []string{"nft"}, ""},
		{"other numbers of rules", "docker-28.5", kernelOf([]string{"ip filter"}, nil), []string{"nft"}, "nft"},
		{"rules of nft in a table of iptables", "mixed", kernelOf(filters, filters), []string{"nft"}, "nft"},
		{"a table that iptables does not show", "docker-28.5", kernelOf([]string{"ip mangle"}, nil), []string{"nft"}, "nft"},
		{"no iptables", "iptables-nft", kernelOf(filters, nil), []string{"ip"}, "iptables-nft-save"},
		{"neither", "iptables-nft", kernelOf(filters, nil), []string{"ip", "nft"}, "iptables-nft-save"},
		{"no iptables, and no part of it", "native-in-iptables", kernelOf(filters, nil), []string{"ip"}, ""},
		{"no iptables of the old back end", "mixed", kernelOf(nil, nil, "filter"), []string{"iptables"}, "iptables-legacy-save"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, err := read(t.Context(), without(replay("testdata/"+tt.dir), tt.missing...), tt.kernel)
			var missing *MissingError
			switch {
			case errors.As(err, &missing):
				if missing.Program != tt.want || f.Tables != nil {
					t.Errorf("%v and %d tables", err, len(f.Tables))
				}
			case err != nil || tt.want != "":
				t.Errorf("%v, want %s missing", err, tt.want)
			}
		})
	}
}

// TestDefaultBackEnd: where only iptables-save is there, its version says whose
// tables it shows.
func TestDefaultBackEnd(t *testing.T) {
	tests := []struct {
		version string
		kernel  kernel
		tool    string // whose tables are read; "" for an error
	}{
		{"iptables-save v1.8.9 (nf_tables)", kernelOf([]string{"ip raw"}, nil), toolIPTables},
		{"iptables-save v1.8.9 (legacy)", kernelOf([]string{"ip raw"}, nil), ""},
		{"iptables-save v1.6.1", kernelOf(nil, nil, "raw"), toolLegacy},
		{"iptables-save v1.8.9 (legacy)", kernelOf(nil, nil, "raw"), toolLegacy},
		{"iptables-save v1.8.9 (nf_tables)", kernelOf(nil, nil, "raw"), ""},
	}
	for _, tt := range tests {
		run := func(_ context.Context, program string, args ...string) func() ([]byte, []byte, error) {
			switch {
			case program != "iptables-save":
				return done(nil, nil, exec.ErrNotFound)
			case len(args) == 1:
				return done([]byte(tt.version+"\n"), nil, nil)
			}
			return done([]byte("*raw\n:OUTPUT DROP [0:0]\nCOMMIT\n"), nil, nil)
		}
		f, err := read(t.Context(), run, tt.kernel)
		var missing *MissingError
		switch {
		case tt.tool == "" && errors.As(err, &missing):
		case err != nil || len(f.Tables) != 1 || f.Tables[0].Tool != tt.tool:
			t.Errorf("%s: %v, %v", tt.version, f, err)
		}
	}
}

// changing is a kernel whose rules change so many times.
type changing struct {
	recordedKernel
	left int
	now  uint32
}

func (c *changing) generation(context.Context) (uint32, error) {
	if c.left > 0 {
		c.left--
		c.now++
	}
	return c.now, nil
}

// TestChanging: rules that change while they are read are read again, and not
// for ever.
func TestChanging(t *testing.T) {
	for changes, ok := range map[int]bool{0: true, 2: true, 4: true, 6: false, 100: false} {
		k := &changing{recordedKernel: kernelOf([]string{"ip filter"}, nil), left: changes}
		_, err := read(t.Context(), replay("testdata/mixed"), k)
		if (err == nil) != ok || !ok && !errors.Is(err, errChanged) {
			t.Errorf("%d changes: %v", changes, err)
		}
	}
}

// TestToolsFail: whatever a program says beside a warning, and whatever it
// leaves out, is an error.
func TestToolsFail(t *testing.T) {
	mixed := replay("testdata/mixed")
	k := kernelOf([]string{"ip filter"}, nil, "filter")
	tests := []struct {
		name   string
		kernel kernel
		change func(program string, out string) (stdout, stderr string, err error)
		want   string
	}{
		{"warning", k, func(_, out string) (string, string, error) { return out, "# Warning: careful\n", nil }, ""},
		{"complaint", k, func(_, out string) (string, string, error) { return out, "unknown expression type 'x'\n", nil }, "unknown expression type 'x'"},
		{"failure", k, func(_, out string) (string, string, error) { return "", "cannot\n", errors.New("exit status 1") }, "cannot"},
		{"table of nft missing", kernelOf([]string{"ip filter", "inet x"}, nil), nil, "table inet x is missing"},
		{"legacy table missing", kernelOf(nil, nil, "filter", "nat"), nil, "table nat is missing"},
		{"a rule less in iptables-save", k, func(program, out string) (string, string, error) {
			if program == "iptables-nft-save" {
				out = strings.Replace(out, "-A INPUT -i lo -j ACCEPT\n", "", 1)
			}
			return out, "", nil
		}, "nft has 2 rules, iptables-save 1"},
		{"a chain more in iptables-save", k, func(program, out string) (string, string, error) {
			if program == "iptables-nft-save" {
				out = strings.Replace(out, ":ADMIN", ":MORE - [0:0]\n:ADMIN", 1)
			}
			return out, "", nil
		}, "chain MORE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			run := func(ctx context.Context, program string, args ...string) func() ([]byte, []byte, error) {
				stdout, stderr, err := mixed(ctx, program, args...)()
				if err != nil || tt.change == nil {
					return done(stdout, stderr, err)
				}
				out, errOut, err := tt.change(program, string(stdout))
				return done([]byte(out), []byte(errOut), err)
			}
			f, err := read(t.Context(), run, tt.kernel)
			if tt.want == "" && err == nil {
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || f.Tables != nil {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// TestDeadline: a program that hangs is ended.
func TestDeadline(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := read(ended, Exec, kernelOf([]string{"ip filter"}, nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want it cancelled", err)
	}
}
