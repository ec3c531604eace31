package rule

import (
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Edits are what a fix changes in a service that a Compose file declares.
type Edits struct {
	// Do are the changes, in their order. None: the fix cannot be written into a file
	// without knowing more, and Not says what.
	Do  []Edit
	Not string
	// Safe reports whether no program of a container can notice the changes; nil: never.
	// SafeWhen says the same in words.
	Safe     func(*snapshot.Container) bool
	SafeWhen string
}

// EditKind is a kind of change.
type EditKind string

// The kinds of changes.
const (
	EditSet     EditKind = "set"     // the part gets a value
	EditAdd     EditKind = "add"     // the list gets one more element, unless it has it
	EditDrop    EditKind = "drop"    // what is at fault is taken out: elements of a list or mapping, or the part
	EditRewrite EditKind = "rewrite" // elements of a list that are at fault get another text
)

// Edit is one change of a part of a service.
type Edit struct {
	Kind EditKind
	// Part is where, in the words of the Compose specification: "logging.options.mode".
	Part string
	// Value is the new value or element, as YAML on one line. For a rewrite it is that of
	// Field, a part of an element in the long form.
	Value, Field string
	// AtFault reports whether an element is one to drop or rewrite, by its text: that of
	// the list, or KEY=VALUE of a mapping. Nil: those are with each of which alone, of all
	// that the fix would take out, the rule still fails.
	AtFault func(string) bool
	// Short is the new text of an element in the short form.
	Short func(string) (string, error)
	// Means says a rewrite in words: "publish on 127.0.0.1".
	Means string
}

// Set gives a part a value.
func Set(part, value string) Edit { return Edit{Kind: EditSet, Part: part, Value: value} }

// Add appends an element to a list.
func Add(part, value string) Edit { return Edit{Kind: EditAdd, Part: part, Value: value} }

// Drop takes out what the rule finds at fault.
func Drop(part string) Edit { return Edit{Kind: EditDrop, Part: part} }

// DropThose takes out the elements that atFault is true of.
func DropThose(part string, atFault func(string) bool) Edit {
	return Edit{Kind: EditDrop, Part: part, AtFault: atFault}
}

// OnLoopback publishes the ports that the rule finds at fault on 127.0.0.1.
func OnLoopback() Edit {
	return Edit{Kind: EditRewrite, Part: "ports", Field: "host_ip", Value: "127.0.0.1", Short: onLoopback, Means: lang.N("publish on 127.0.0.1")}
}

// onLoopback is a port, "[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]", with another address.
func onLoopback(port string) (string, error) {
	parts := fields(port, ':')
	switch len(parts) {
	case 1:
		parts = []string{"", port}
	case 2:
	default:
		parts = parts[len(parts)-2:]
	}
	return "127.0.0.1:" + strings.Join(parts, ":"), nil
}

// fields splits a text at a separator, but not within the braces of variables and the
// brackets of addresses.
func fields(s string, separator rune) []string {
	var out []string
	depth, from := 0, 0
	for i, r := range s {
		switch r {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case separator:
			if depth == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

var errOptions = lang.Sentinel("its options are not understood")

// Options changes the options of an element of a list, "a:b:OPTION,OPTION", those that
// change gives "" for are left out.
func Options(part, field, value, means string, change func(option string) string) Edit {
	return Edit{Kind: EditRewrite, Part: part, Field: field, Value: value, Means: means, Short: func(text string) (string, error) {
		parts := fields(text, ':')
		if len(parts) < 2 {
			return "", errOptions
		}
		var options []string
		for option := range strings.SplitSeq(parts[len(parts)-1], ",") {
			if option = change(option); option != "" {
				options = append(options, option)
			}
		}
		if parts = parts[:len(parts)-1]; len(options) > 0 {
			parts = append(parts, strings.Join(options, ","))
		}
		return strings.Join(parts, ":"), nil
	}}
}

// String says a change in words: "security_opt: with no-new-privileges:true".
func (e Edit) String() string {
	switch e.Kind {
	case EditSet:
		return e.Part + ": " + e.Value
	case EditAdd:
		return lang.Sprintf("%s: with %s", e.Part, e.Value)
	case EditDrop:
		return lang.Sprintf("%s: without what is at fault", e.Part)
	}
	return e.Part + ": " + lang.T(e.Means)
}
