package lang

import (
	"errors"
	"fmt"
	"strings"
)

// foreign is an error whose text is translated.
type foreign struct {
	error // in English
	text  string
}

func (e *foreign) Error() string { return e.text }
func (e *foreign) Unwrap() error { return e.error }

// Errorf is fmt.Errorf with a format that is translated.
func Errorf(format string, args ...any) error {
	translation := T(format)
	if translation == format {
		return fmt.Errorf(format, args...)
	}
	text := fmt.Errorf(translation, args...).Error()
	for i, arg := range args {
		if w, is := arg.(Word); is {
			args[i] = string(w)
		}
	}
	return &foreign{fmt.Errorf(format, args...), text}
}

// Word is a text, in English, that is translated where it is put into another.
type Word string

func (w Word) String() string { return T(string(w)) }

// Error is errors.New with a text that is translated.
func Error(text string) error {
	if translation := T(text); translation != text {
		return &foreign{errors.New(text), translation}
	}
	return errors.New(text)
}

// sentinel is an error that is translated when it is shown.
type sentinel struct{ text string }

func (e *sentinel) Error() string { return T(e.text) }

// Untranslated is the text in English.
func (e *sentinel) Untranslated() string { return e.text }

// Sentinel is an error for a variable of a package, which is made before the language is
// known: its text is translated when it is shown.
func Sentinel(text string) error { return &sentinel{text} }

// Untranslated is the text of an error in English, as it is kept where no language belongs:
// in a snapshot. An error may say it itself, by a method of this name.
func Untranslated(err error) string {
	switch e := err.(type) {
	case *foreign:
		return Untranslated(e.error)
	case interface{ Untranslated() string }:
		return e.Untranslated()
	case interface{ Unwrap() error }:
		return reworded(err, e.Unwrap())
	case interface{ Unwrap() []error }:
		return reworded(err, e.Unwrap()...)
	}
	return err.Error()
}

// reworded is the text of an error with those of the errors that it wraps in English.
func reworded(err error, wrapped ...error) string {
	text := err.Error()
	for _, w := range wrapped {
		if w != nil {
			text = strings.Replace(text, w.Error(), Untranslated(w), 1)
		}
	}
	return text
}
