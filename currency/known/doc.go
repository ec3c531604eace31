//go:generate go run ./pack

// Package known holds what is known of the software an engine is made of: its
// advisories, which of its branches are maintained, and what releases of the
// engine contain.
//
// The data is reviewed by people: JSON files in data, with their sources. The
// command pack checks them and writes the one compressed file that is built into
// the program. Nothing is fetched.
package known
