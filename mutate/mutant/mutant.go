// Package mutant is compiled into an instrumented copy of the packages under
// test only. Every place that can be changed asks it; the environment says
// which one is, in what way, so that one build serves all mutants.
package mutant

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
)

// The variables that choose what happens. Without them nothing is changed.
const (
	// Chosen is "SITE:VARIANT".
	Chosen = "SEAWALL_MUTANT"
	// Trace names a file that gets the number of every site that is reached.
	Trace = "SEAWALL_MUTANT_TRACE"
)

// The variants of a truth value; others are numbered from 0.
const (
	True = iota
	False
	Not
)

var site, variant = chosen(os.Getenv(Chosen))

func chosen(text string) (int, int) {
	s, v, _ := strings.Cut(text, ":")
	site, err := strconv.Atoi(s)
	if err != nil {
		return -1, 0
	}
	variant, _ := strconv.Atoi(v)
	return site, variant
}

// tracing is read by package variables, which are set before init runs.
var tracing = os.Getenv(Trace) != ""

// reached are the sites that were recorded; more than a build has.
var reached [1 << 16]atomic.Bool

// here reports whether the site is the one to change, and records that it was
// reached.
func here(id int) bool {
	if tracing && !reached[id].Load() {
		record(id)
	}
	return id == site
}

func record(id int) {
	if reached[id].Swap(true) {
		return
	}
	f, err := os.OpenFile(os.Getenv(Trace), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, id)
}

// Bool is a truth value that may be set or inverted.
func Bool[T ~bool](id int, v T) T {
	if !here(id) {
		return v
	}
	switch variant {
	case True:
		return true
	case False:
		return false
	}
	return !v
}

// Below is a < b, or a <= b instead.
func Below[T cmp.Ordered](id int, a, b T) bool { return here(id) && a == b || a < b }

// Above is a > b, or a >= b instead.
func Above[T cmp.Ordered](id int, a, b T) bool { return here(id) && a == b || a > b }

// AtMost is a <= b, or a < b instead.
func AtMost[T cmp.Ordered](id int, a, b T) bool { return !here(id) && a == b || a < b }

// AtLeast is a >= b, or a > b instead.
func AtLeast[T cmp.Ordered](id int, a, b T) bool { return !here(id) && a == b || a > b }

// Text is a string to compare with, or one that nothing equals.
func Text[T ~string](id int, v T) T {
	if here(id) {
		return v + "\x00"
	}
	return v
}

// Do reports whether a statement is executed.
func Do(id int) bool { return !here(id) }

type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

// Number is a number, or one more or one less.
func Number[T integer](id int, v T) T {
	switch {
	case !here(id):
		return v
	case variant == 0:
		return v + 1
	}
	return v - 1
}

// Bits is a mask without one of its bits, counted from the lowest, or whole.
func Bits[T integer](id int, v T) T {
	if !here(id) {
		return v
	}
	bit := T(1)
	for n := 0; bit != 0; bit <<= 1 {
		if v&bit == 0 {
			continue
		}
		if n == variant {
			return v &^ bit
		}
		n++
	}
	return v
}
