// Package lang is the language that the program speaks to people. English texts stand in
// the code and are the keys of the translations, as with gettext: a text that changes has no
// translation any more, which a test notices.
//
// The language belongs to the process, as a locale does: it is set once, before any text is
// made. Ids, JSON keys and the words that formats prescribe are never translated.
//
//	lang.T("no host was seen")
//	lang.Sprintf("%s listens on %s", name, address)
//	lang.Errorf("read %s: %w", path, err)
//	lang.Plural(n, "%d container", "%d containers", n)
//
// A text is a whole sentence or a label, never a piece that code glues to another: word
// order differs. What is put into a text with %s is a name, a value, or a text of its own.
// A translation may change the order: "%[2]s".
package lang

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// English and Japanese are the languages, by their BCP 47 tags.
const (
	English  = "en"
	Japanese = "ja"
)

// Tags are the languages that can be set.
var Tags = []string{English, Japanese}

// speech is what the process speaks.
type speech struct {
	tag   string
	texts Texts
}

var current atomic.Pointer[speech] // nil: English

// Set makes the process speak a language, with the translations of its catalogs. Texts that
// have no translation stay English.
func Set(tag string, texts Texts) { current.Store(&speech{tag, texts}) }

// Tag is the language that is spoken.
func Tag() string {
	if s := current.Load(); s != nil {
		return s.tag
	}
	return English
}

// Key names a text. Context tells apart texts that are one in English; it is "" where one
// translation does.
type Key struct{ Context, Text string }

// Texts are the translations of a language.
type Texts map[Key]string

func translate(k Key) string {
	if s := current.Load(); s != nil {
		if text, ok := s.texts[k]; ok {
			return text
		}
	}
	return k.Text
}

// T is the text in the language that is spoken.
func T(text string) string { return translate(Key{Text: text}) }

// C is T of a text that needs a context: a word that means two things.
func C(context, text string) string { return translate(Key{context, text}) }

// N marks a text that is translated later, by T, and returns it as it is.
func N(text string) string { return text }

// Sprintf is fmt.Sprintf with a format that is translated.
func Sprintf(format string, args ...any) string {
	if false {
		_ = fmt.Sprintf(format, args...) // tells go vet what this function is
	}
	return fmt.Sprintf(T(format), args...)
}

// Errorf is fmt.Errorf with a format that is translated.
func Errorf(format string, args ...any) error {
	if false {
		_ = fmt.Errorf(format, args...)
	}
	return fmt.Errorf(T(format), args...)
}

// Error is errors.New with a text that is translated.
func Error(text string) error { return errors.New(T(text)) }

// Plural is Sprintf of one, if n is 1, or else of many. The translation is that of many: none
// of the languages but English tells them apart.
func Plural(n int, one, many string, args ...any) string {
	if false {
		_, _ = fmt.Sprintf(one, args...), fmt.Sprintf(many, args...)
	}
	if n == 1 && Tag() == English {
		return fmt.Sprintf(one, args...)
	}
	return fmt.Sprintf(T(many), args...)
}
