package main

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seawall/mutate/mutant"
)

// binary is a compiled test binary.
type binary struct {
	path string
	dir  string // where its tests run
	pkg  string
	top  []string // its pure tests
}

// test is a test or subtest that can be run alone.
type test struct {
	bin     *binary
	name    string // "TestRules" or "TestRules/container-privileged"
	took    time.Duration
	reaches map[int]bool
}

// build compiles the tests of a package with the overlay.
func build(dir, overlay string, p listedPackage) (*binary, error) {
	top, err := pureTests(p)
	if err != nil || len(top) == 0 {
		return nil, err
	}
	b := &binary{path: filepath.Join(dir, strings.ReplaceAll(p.ImportPath, "/", "_")+".test"), dir: p.Dir, pkg: p.ImportPath, top: top}
	cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", b.path, p.ImportPath)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the tests of %s: %w\n%s", p.ImportPath, err, out)
	}
	return b, nil
}

// pureTests lists the tests of a package, those left out that start engines:
// they stand in files that import the lab.
func pureTests(p listedPackage) ([]string, error) {
	var names []string
	for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"seawall/lab"` }) {
			continue
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && isTest(f) {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names, nil
}

func isTest(f *ast.FuncDecl) bool {
	n := f.Name.Name
	return f.Recv == nil && n != "TestMain" && (strings.HasPrefix(n, "Test") || strings.HasPrefix(n, "Fuzz"))
}

// long is how long a test may take before its subtests are looked at one by
// one.
const long = 100 * time.Millisecond

// trace finds what a binary's tests reach, each run alone. A test that fails
// without any change is an error.
func trace(ctx context.Context, b *binary, briefly bool) ([]test, error) {
	var out []test
	for _, name := range b.top {
		whole := test{bin: b, name: name}
		listing, err := whole.trace(ctx, briefly)
		if err != nil {
			return nil, err
		}
		if len(whole.reaches) == 0 {
			continue // it comes by nothing that is changed
		}
		subs := subtests(name, listing)
		if len(subs) < 2 || whole.took < long {
			out = append(out, whole)
			continue
		}
		for _, sub := range subs {
			t := test{bin: b, name: sub}
			if _, err := t.trace(ctx, briefly); err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	return out, nil
}

// trace runs the test alone and records how long it takes and what it reaches.
func (t *test) trace(ctx context.Context, briefly bool) (listing string, err error) {
	file := t.bin.path + ".trace"
	os.Remove(file)
	start := time.Now()
	out, err := t.bin.run(ctx, []string{t.name}, briefly, mutant.Trace+"="+file)
	t.took = time.Since(start)
	if err != nil {
		return "", fmt.Errorf("%s fails in %s without any change: %w\n%s", t.name, t.bin.pkg, err, out)
	}
	t.reaches = map[int]bool{}
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return "", err
	}
	for field := range bytes.FieldsSeq(text) {
		id, err := strconv.Atoi(string(field))
		if err != nil {
			return "", err
		}
		t.reaches[id] = true
	}
	return string(out), nil
}

// subtests reads the names of the first level of subtests.
func subtests(name, listing string) []string {
	var out []string
	for line := range strings.SplitSeq(listing, "\n") {
		if sub, ok := strings.CutPrefix(line, "=== RUN   "+name+"/"); ok && !strings.Contains(sub, "/") {
			out = append(out, name+"/"+sub)
		}
	}
	return out
}

// run runs tests of a binary; briefly leaves out what takes long. Processor
// time (seconds) and memory (KiB) are bounded: a changed condition may keep a
// loop from ending.
func (b *binary) run(ctx context.Context, names []string, briefly bool, env string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", `ulimit -t 60; ulimit -v 4000000; exec "$@"`, "sh", b.path,
		"-test.run", pattern(names), "-test.v", "-test.failfast", "-test.timeout", "10m", "-test.short="+strconv.FormatBool(briefly))
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), env)
	return cmd.CombinedOutput()
}

// pattern selects tests and subtests: ^(A|B)$/^(x|y)$. It may select a few more
// where subtests of several tests have the same name.
func pattern(names []string) string {
	var tops, subs []string
	for _, name := range names {
		top, sub, nested := strings.Cut(name, "/")
		if !slices.Contains(tops, top) {
			tops = append(tops, top)
		}
		if nested {
			subs = append(subs, regexp.QuoteMeta(sub))
		}
	}
	p := "^(" + strings.Join(tops, "|") + ")$"
	if len(subs) > 0 {
		p += "/^(" + strings.Join(subs, "|") + ")$"
	}
	return p
}
