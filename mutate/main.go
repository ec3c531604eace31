// Command mutate proves that the tests of the rules can fail. It changes each
// condition of the rules, and of the helpers they use, in a copy: sets it true
// or false, inverts it, moves a boundary, leaves an element out of a table.
// Then it runs the tests without engines that come by that place. A change
// that no test notices has survived: either an example is missing, or what was
// changed is not needed, or the rule is wrong.
//
// All changes are compiled into one instrumented build, and a variable of the
// environment chooses one, so that each costs no more than a few tests.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	parallel := flag.Int("parallel", runtime.NumCPU(), "how many changes are tried at a time")
	only := flag.String("only", "", "try the changes of files whose path contains this")
	listOnly := flag.Bool("list", false, "list the changes and try none")
	brief := flag.Bool("brief", false, "run no test that makes facts unreadable; more survives")
	flag.Parse()
	o := options{changes: flag.Args(), parallel: *parallel, only: *only, brief: *brief, log: os.Stderr}
	if len(o.changes) == 0 {
		o.changes = []string{"./rules/...", "./confinement", "./access", "./auditlog"}
	}
	o.tests = append(slices.Clone(o.changes), "./rules/...", "./confinement", "./access", "./auditlog", "./rule")
	do := mutate
	if *listOnly {
		do = listing
	}
	all, err := do(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	root, _ := os.Getwd()
	if *listOnly {
		for _, c := range all {
			fmt.Println(inWords(root, c))
		}
		return
	}
	if report(os.Stdout, root, all, acceptances) > 0 {
		os.Exit(1)
	}
}

// options choose what is done.
type options struct {
	changes  []string // packages to change
	tests    []string // packages whose tests are run
	only     string   // part of the paths of files to change
	parallel int
	brief    bool // leave out what makes facts unreadable, see ruletest
	log      *os.File
}

// leftOut are packages that only tests and examples use.
var leftOut = []string{"seawall/rule/example", "seawall/rules/scaffold"}

// mutate makes all changes and tries them.
func mutate(ctx context.Context, o options) ([]*change, error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	fset := token.NewFileSet()
	targets, sites, err := look(fset, o)
	if err != nil {
		return nil, err
	}
	tests, err := prepare(ctx, dir, fset, targets, sites, o)
	if err != nil {
		return nil, err
	}
	all := changes(sites)
	fmt.Fprintf(o.log, "%d changes at %d places, %d tests\n", len(all), len(sites), len(tests))
	return all, tryAll(ctx, all, tests, o, progress(o.log, len(all)))
}

// listing finds all changes and tries none.
func listing(_ context.Context, o options) ([]*change, error) {
	_, sites, err := look(token.NewFileSet(), o)
	return changes(sites), err
}

// look loads the packages to change and finds the places.
func look(fset *token.FileSet, o options) ([]*target, []site, error) {
	listed, err := list(o.changes...)
	if err != nil {
		return nil, nil, err
	}
	targets, err := load(fset, listed, func(p listedPackage) bool { return !p.DepOnly && !slices.Contains(leftOut, p.ImportPath) })
	if err != nil {
		return nil, nil, err
	}
	return targets, findAll(fset, targets, o.only), nil
}

// findAll lists the sites of all packages, those of chosen files only.
func findAll(fset *token.FileSet, targets []*target, only string) []site {
	s := newScope(fset, targets)
	var sites []site
	for _, t := range targets {
		for _, file := range t.files {
			if strings.Contains(t.names[file], only) {
				sites = append(sites, find(s, t, file, len(sites))...)
			}
		}
	}
	return sites
}

// prepare builds the instrumented tests and finds what each reaches.
func prepare(ctx context.Context, dir string, fset *token.FileSet, targets []*target, sites []site, o options) ([]test, error) {
	overlay, err := instrument(dir, fset, targets, sites)
	if err != nil {
		return nil, err
	}
	packages, err := list(o.tests...)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var all []test
	errs := make([]error, len(packages))
	slots := make(chan struct{}, o.parallel)
	var wg sync.WaitGroup
	for i, p := range packages {
		if p.DepOnly || slices.Contains(leftOut, p.ImportPath) {
			continue
		}
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			b, err := build(dir, overlay, p)
			if err != nil || b == nil {
				errs[i] = err
				return
			}
			tests, err := trace(ctx, b, o.brief)
			errs[i] = err
			mu.Lock()
			all = append(all, tests...)
			mu.Unlock()
		})
	}
	wg.Wait()
	return all, errors.Join(errs...)
}

// changes lists the variants of all sites.
func changes(sites []site) []*change {
	var all []*change
	for i := range sites {
		for _, v := range sites[i].variants {
			all = append(all, &change{site: &sites[i], variant: v})
		}
	}
	return all
}

// progress counts on the log, once in a while.
func progress(log *os.File, total int) func(*change) {
	var mu sync.Mutex
	n, survived, last := 0, 0, time.Now()
	root, _ := os.Getwd()
	return func(c *change) {
		mu.Lock()
		defer mu.Unlock()
		n++
		if c.killer == "" {
			survived++
			fmt.Fprintln(log, survivor(root, c))
		}
		if time.Since(last) > 10*time.Second || n == total {
			fmt.Fprintf(log, "%d of %d tried, %d survived\n", n, total, survived)
			last = time.Now()
		}
	}
}
