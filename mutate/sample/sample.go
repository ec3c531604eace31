// Package sample is what the tests of mutate change. Some of its conditions are
// tested, some are not.
package sample

// Port says what a port is for, and whether it is one.
func Port(n int) (string, bool) {
	if n < 1 || n > 65535 {
		return "", false
	}
	if name, ok := names[n]; ok {
		return name, true
	}
	return "unnamed", true
}

var names = map[int]string{22: "ssh", 80: "http"}

// Known reports whether the name is a port's.
func Known(name string) bool {
	switch name {
	case "ssh", "http":
		return true
	}
	return false
}

// Odd is called by no test.
func Odd(n int) bool { return n%2 == 1 }

// place is a row of a table: a path that is compared with, and a reason in
// words.
type place struct{ path, reason string }

var places = []place{{"/etc", "it configures the host"}, {"/root", "it is root's home"}}

// Reason says why the path matters, "" if it does not.
func Reason(path string) string {
	for _, p := range places {
		if p.path == path {
			return p.reason
		}
	}
	return ""
}

// Ask takes no answer: there is nothing to change.
func Ask(ask func() bool) { ask() }
