package packetfilter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"seawall/lang"
	"seawall/snapshot"
)

// A Runner starts a program of the host, in the network namespace of the calling
// thread. The function that it returns waits for the end and returns what was
// printed; it is to be called once. An error that says that there is no such
// program is an [exec.ErrNotFound].
type Runner func(ctx context.Context, program string, args ...string) (wait func() (stdout, stderr []byte, err error))

// MissingError says that rules are in force and the program is missing that
// lists them.
type MissingError struct {
	Program string
	Package string // in which distributions have it
	Why     string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s, and %s is missing, which lists them: install %s", e.Why, e.Program, e.Package)
}

// Bounds of reading.
const (
	toolPatience = 20 * time.Second
	attempts     = 3 // at rules that change while they are read
)

// Read returns the packet filters of the network namespace that the calling
// thread is in. It starts no goroutine: who enters another namespace locks the
// thread and calls it there.
//
// It needs no program where the kernel has no rules; where it has, the programs
// that list them: iptables-nft-save and ip6tables-nft-save for tables that
// iptables wrote, iptables-legacy-save and ip6tables-legacy-save for those of
// its old back end, nft for rules that it added to those of iptables, and for other
// tables but those of simple rules, which are read as the kernel keeps them. A program is run only where there are rules of its kind, so that the
// kernel has the modules that it asks for.
func Read(ctx context.Context, run Runner) (snapshot.PacketFilter, error) {
	return read(ctx, run, running())
}

func read(ctx context.Context, run Runner, k kernel) (snapshot.PacketFilter, error) {
	ctx, cancel := context.WithTimeout(ctx, toolPatience)
	defer cancel()
	r := reader{run: run, kernel: k}
	var err error
	for range attempts {
		var out snapshot.PacketFilter
		if out, err = r.once(ctx); err == nil || ctx.Err() != nil {
			return out, err
		}
		if !errors.Is(err, errChanged) {
			break
		}
	}
	return snapshot.PacketFilter{}, err
}

type reader struct {
	run    Runner
	kernel kernel
}

// once reads all tables, and fails if they are not the same at the end.
func (r reader) once(ctx context.Context) (snapshot.PacketFilter, error) {
	var out snapshot.PacketFilter
	before, err := r.kernel.generation(ctx)
	if err != nil {
		return out, err
	}
	if out.Tables, err = r.tables(ctx); err != nil {
		if after, e := r.kernel.generation(ctx); e == nil && after != before {
			err = fmt.Errorf("%w: %w", errChanged, err)
		}
		return snapshot.PacketFilter{}, err
	}
	for _, family := range []string{"ip", "ip6"} {
		legacy, err := r.legacy(ctx, family)
		if err != nil {
			return snapshot.PacketFilter{}, err
		}
		out.Tables = append(out.Tables, legacy...)
	}
	after, err := r.kernel.generation(ctx)
	if err == nil && after != before {
		err = errChanged
	}
	if err != nil {
		return snapshot.PacketFilter{}, err
	}
	return out, nil
}

// legacy reads the tables of iptables' old back end.
func (r reader) legacy(ctx context.Context, family string) ([]snapshot.FilterTable, error) {
	names, err := r.kernel.legacy(family)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	program := programs[family]
	text, err := r.save(ctx, program, "legacy")()
	if errors.Is(err, errMissing) {
		return nil, &MissingError{Program: program + "-legacy-save", Package: "iptables", Why: "iptables-legacy has tables (" + strings.Join(names, ", ") + ")"}
	}
	if err != nil {
		return nil, err
	}
	tables, err := ParseSave(toolLegacy, family, text)
	if err != nil {
		return nil, lang.RecordErrorf("%s-legacy-save: %w", program, err)
	}
	for _, name := range names {
		if !slices.ContainsFunc(tables, func(t snapshot.FilterTable) bool { return t.Name == name }) {
			return nil, lang.RecordErrorf("%s-legacy-save: table %s is missing", program, name)
		}
	}
	return tables, nil
}

// errMissing: there is no such program.
var errMissing = errors.New(lang.N("no such program"))

// save starts the -save program of a back end: under its own name, or under that
// of the default where the version says that it is the one.
func (r reader) save(ctx context.Context, program, backEnd string) (wait func() ([]byte, error)) {
	end := r.begin(ctx, program+"-"+backEnd+"-save")
	return func() ([]byte, error) {
		out, err := end()
		if !errors.Is(err, errMissing) {
			return out, err
		}
		version, err := r.output(ctx, program+"-save", "-V")
		if err != nil {
			return nil, err
		}
		isNFT := strings.Contains(string(version), "(nf_tables)") // before 1.8, all are legacy and do not say so
		if isNFT != (backEnd == "nft") {
			return nil, errMissing
		}
		return r.output(ctx, program+"-save")
	}
}

// harmlessWarnings are how warnings begin that do not speak of rules left out: legacy
// tables are there too, a table belongs to iptables-nft, or nft shows a part of
// iptables by its name only.
var harmlessWarnings = []string{"# Warning: ", "XT match ", "XT target "}

// output runs a program.
func (r reader) output(ctx context.Context, program string, args ...string) ([]byte, error) {
	return r.begin(ctx, program, args...)()
}

// begin starts a program; what it returns waits for what that prints. What it
// says beside harmless warnings may mean that its list is not whole.
func (r reader) begin(ctx context.Context, program string, args ...string) (wait func() ([]byte, error)) {
	end := r.run(ctx, program, args...)
	return sync.OnceValues(func() ([]byte, error) {
		stdout, stderr, err := end()
		return printed(ctx, program, stdout, stderr, err)
	})
}

func printed(ctx context.Context, program string, stdout, stderr []byte, err error) ([]byte, error) {
	switch {
	case isNotFound(err):
		return nil, fmt.Errorf("%w: %s", errMissing, program)
	case ctx.Err() != nil:
		return nil, fmt.Errorf("%s: %w", program, ctx.Err())
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %s", program, err, firstLine(string(stderr)))
	}
	for line := range strings.Lines(string(stderr)) {
		line = strings.TrimSpace(line)
		isWarning := func(start string) bool { return strings.HasPrefix(line, start) }
		if line != "" && !slices.ContainsFunc(harmlessWarnings, isWarning) {
			return nil, lang.RecordErrorf("%s says: %s", program, firstLine(line))
		}
	}
	return stdout, nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line[:min(len(line), 200)]
}
