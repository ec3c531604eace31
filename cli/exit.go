package cli

import (
	"context"
	"errors"
)

// Exit codes, the same for every command.
const (
	exitOK       = 0 // done, nothing at or above the threshold
	exitFindings = 1 // findings at or above the threshold
	exitUsage    = 2 // wrong usage or bad input
	exitNoLook   = 3 // could not look at all: no engine, not permitted
	exitPartial  = 4 // looked only in part, under --strict
)

// exitCode is an error that ends the program with a code and no message.
type exitCode int

func (exitCode) Error() string { return "" }

// usageError is wrong usage or bad input.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// lookError means that there was nothing to look at, or no way to.
type lookError struct{ error }

func (e lookError) Unwrap() error { return e.error }

// codeOf is the exit code of an error.
func codeOf(err error) int {
	var look lookError
	switch {
	case errors.As(err, &look), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return exitNoLook
	}
	return exitUsage
}
