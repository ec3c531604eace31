package dockerfile

import (
	"os"
	"path/filepath"

	"seawall/snapshot"
)

// Context is what is known of a build context.
type Context struct {
	// Ignore tells whether a file says what of the context is left out.
	Ignore Ignore
	// Named are the names of further contexts.
	Named []string
}

// Ignore tells whether there is an ignore file.
type Ignore int

// The answers.
const (
	Unseen     Ignore = iota // the context is not known
	Ignored                  // there is one
	NotIgnored               // there is none
)

// kind is that of the remark on a step that copies the whole context.
func (c Context) kind() snapshot.BuildKind {
	if c.Ignore == NotIgnored {
		return snapshot.BuildContext
	}
	return snapshot.BuildContextUnseen
}

// IgnoreOf looks for the ignore file of a Dockerfile whose context is a directory: the
// file's own, or that of the context.
func IgnoreOf(file, context string) Ignore {
	if exists(file+".dockerignore") || exists(filepath.Join(context, ".dockerignore")) {
		return Ignored
	}
	return NotIgnored
}

// maxAbove is how many directories above a file are looked at.
const maxAbove = 16

// IgnoreNear looks for the ignore file of a Dockerfile whose context is not known: that
// is its directory or, mostly, one above it in the same project. Only where none of them
// has one it is known that there is none.
func IgnoreNear(file string) Ignore {
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return Unseen
	}
	if exists(file + ".dockerignore") {
		return Ignored
	}
	for range maxAbove {
		if exists(filepath.Join(dir, ".dockerignore")) {
			return Unseen
		}
		above := filepath.Dir(dir)
		if above == dir || exists(filepath.Join(dir, ".git")) {
			return NotIgnored
		}
		dir = above
	}
	return Unseen
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
