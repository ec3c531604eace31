package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"seawall/mutate/mutant"
)

// change is one mutant: a variant at a site.
type change struct {
	*site
	variant
	killer string // the test that failed; "" if it survived
	// reached: some test comes by the site.
	reached bool
}

// kills remembers which tests kill the changes of which files, so that those
// are tried first.
type kills struct {
	sync.Mutex
	count map[[2]string]int // file, test
}

// chunks are how many tests are tried together, the likeliest first.
var chunks = []int{2, 8, 32, 1 << 30}

// tryAll tries all changes, some at a time, and calls done after each.
func tryAll(ctx context.Context, all []*change, tests []test, o options, done func(*change)) error {
	memory := &kills{count: map[[2]string]int{}}
	modes := []bool{true, false}
	if o.brief {
		modes = modes[:1]
	}
	queue := make(chan *change)
	errs := make([]error, o.parallel)
	var wg sync.WaitGroup
	for i := range o.parallel {
		wg.Go(func() {
			for c := range queue {
				if errs[i] == nil {
					errs[i] = c.try(ctx, tests, modes, memory)
					done(c)
				}
			}
		})
	}
	for _, c := range all {
		queue <- c
	}
	close(queue)
	wg.Wait()
	return cmp.Or(errs...)
}

// try runs the tests that reach the change until one fails: briefly first,
// which is enough for most.
func (c *change) try(ctx context.Context, tests []test, modes []bool, memory *kills) error {
	var reaching []test
	for _, t := range tests {
		if t.reaches[c.id] {
			reaching = append(reaching, t)
		}
	}
	c.reached = len(reaching) > 0
	memory.sort(c.file, reaching)
	for _, briefly := range modes {
		if err := c.tryWith(ctx, reaching, briefly); err != nil {
			return err
		}
		if c.killer != "" {
			memory.add(c.file, c.killer)
			break
		}
	}
	return nil
}

func (c *change) tryWith(ctx context.Context, tests []test, briefly bool) error {
	for _, n := range chunks {
		n = min(n, len(tests))
		for _, group := range together(tests[:n]) {
			failed, err := c.fails(ctx, group, briefly)
			if err != nil || failed != "" {
				c.killer = failed
				return err
			}
		}
		tests = tests[n:]
	}
	return nil
}

// fails runs the tests with the change in force and names the first that fails.
func (c *change) fails(ctx context.Context, group []test, briefly bool) (string, error) {
	names := make([]string, len(group))
	for i, t := range group {
		names[i] = t.name
	}
	out, err := group[0].bin.run(ctx, names, briefly, fmt.Sprintf("%s=%d:%d", mutant.Chosen, c.id, c.number))
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err == nil {
		return "", nil
	}
	for _, t := range group {
		if strings.Contains(string(out), "--- FAIL: "+t.name) {
			return t.name, nil
		}
	}
	return names[0], nil // it did not get as far as telling
}

// together groups tests that one process can run: those of one binary, whole
// ones, or subtests of one test.
func together(tests []test) [][]test {
	var out [][]test
	where := map[string]int{}
	for _, t := range tests {
		top, _, nested := strings.Cut(t.name, "/")
		k := t.bin.path
		if nested {
			k += " " + top
		}
		i, ok := where[k]
		if !ok {
			i = len(out)
			where[k] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], t)
	}
	return out
}

func (k *kills) add(file, test string) {
	k.Lock()
	defer k.Unlock()
	k.count[[2]string{file, test}]++
}

// sort puts tests first that killed changes of the same file, then quick ones.
func (k *kills) sort(file string, tests []test) {
	k.Lock()
	defer k.Unlock()
	slices.SortStableFunc(tests, func(a, b test) int {
		return cmp.Or(
			cmp.Compare(k.count[[2]string{file, b.name}], k.count[[2]string{file, a.name}]),
			cmp.Compare(a.took, b.took),
		)
	})
}
