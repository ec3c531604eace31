package ownrule

import (
	"cmp"
	"fmt"
	"slices"

	"seawall/lang"
)

// Fault is a mistake in a file of rules.
type Fault struct {
	File         string
	Line, Column int // from 1; Column 0 if only the line is known
	Text         string
}

// Error is the fault as compilers write it: file:line:column: what is wrong.
func (f Fault) Error() string {
	where := fmt.Sprintf("%s:%d", f.File, f.Line)
	if f.Line == 0 {
		where = f.File
	} else if f.Column > 0 {
		where = fmt.Sprintf("%s:%d", where, f.Column)
	}
	return where + ": " + f.Text
}

// Faults are the mistakes of a file, in its order.
type Faults []Fault

// Error is the first, and how many more there are.
func (fs Faults) Error() string {
	if len(fs) == 1 {
		return fs[0].Error()
	}
	return lang.Sprintf("%s (and %d more: see 'seawall rules check')", fs[0].Error(), len(fs)-1)
}

// maxFaults bounds how many are told.
const maxFaults = 50

func (fs Faults) sorted() Faults {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return fs[:min(len(fs), maxFaults)]
}

// place is where it is: file:line:column.
func (f Fault) place() string { return fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column) }
