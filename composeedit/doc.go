// Package composeedit changes parts of services in the text of Compose files. Whatever
// a change does not concern stays as it is, byte for byte: comments, order, anchors,
// quotes, empty lines, ends of lines.
//
// Changes are made where the YAML says that a part stands. Of texts whose form leaves
// open where a part ends, such as a plain value of several lines, the change is refused.
// What an anchor stands for is changed in its place, and so for all that refer to it:
// whoever asks compares what the files declare before and after.
package composeedit

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/source/composefile"
)

// File is a Compose file.
type File = composefile.File

// Change is text that takes the place of other text of a file.
type Change struct {
	File       int // index of the file
	Start, End int // in bytes; the same where something is put in
	Text       string
}

// ErrTouched is that a part was changed already since the files were read: its new text
// has to be read first.
var ErrTouched = lang.Sentinel("it was changed already")

// Files are the files of a project, of which later ones override earlier ones, with the
// changes that were asked for.
type Files struct {
	texts   []*text
	changes []Change
	sorted  [][]Change // of each file, by where they begin
	touched map[slot]bool
	taken   []slot // those that are touched, in order
}

// slot is a part of a mapping; two changes of the same need two readings.
type slot struct {
	holder *yaml.Node
	key    string
}

// Read reads files. An error names the file and the line.
func Read(files []File) (*Files, error) {
	f := &Files{touched: map[slot]bool{}, sorted: make([][]Change, len(files))}
	for i := range files {
		t, err := parse(i, files[i])
		if err != nil {
			return nil, err
		}
		f.texts = append(f.texts, t)
	}
	return f, nil
}

// Changes are those that were asked for, in the order in which they were.
func (f *Files) Changes() []Change { return slices.Clone(f.changes) }

// Reset forgets the changes that were asked for.
func (f *Files) Reset() { f.back(0, 0) }

// Undo takes back what try asked for if it fails.
func (f *Files) Undo(try func() error) error {
	changes, taken := len(f.changes), len(f.taken)
	err := try()
	if err != nil {
		f.back(changes, taken)
	}
	return err
}

func (f *Files) back(changes, taken int) {
	if len(f.changes) > changes {
		all := f.changes[:changes]
		f.changes, f.sorted = nil, make([][]Change, len(f.texts))
		for _, c := range all {
			// They did not overlap before.
			_ = f.put(c)
		}
	}
	for _, s := range f.taken[taken:] {
		delete(f.touched, s)
	}
	f.taken = f.taken[:taken]
}

// Apply are the files with the changes made.
func (f *Files) Apply() []File {
	out := make([]File, len(f.texts))
	for i, t := range f.texts {
		out[i] = File{Name: t.name, Content: apply(t.content, f.sorted[i])}
	}
	return out
}

func apply(content []byte, changes []Change) []byte {
	if len(changes) == 0 {
		return content
	}
	var out []byte
	at := 0
	for _, c := range changes {
		out = append(append(out, content[at:c.Start]...), c.Text...)
		at = c.End
	}
	return append(out, content[at:]...)
}

// take marks a part as changed.
func (f *Files) take(holder *yaml.Node, key string) error {
	s := slot{holder, key}
	if f.touched[s] {
		return ErrTouched
	}
	f.touched[s] = true
	f.taken = append(f.taken, s)
	return nil
}

func (f *Files) change(t *text, start, end int, text string) error {
	return f.put(Change{t.file, start, end, text})
}

// put notes a change. Text is put in at the same place more than once in the order in
// which that was asked for.
func (f *Files) put(c Change) error {
	list := f.sorted[c.File]
	at, _ := slices.BinarySearchFunc(list, c.Start, func(x Change, start int) int {
		if x.Start <= start {
			return -1
		}
		return 1
	})
	for _, i := range []int{at - 1, at} {
		if i >= 0 && i < len(list) && overlap(list[i], c) {
			return ErrTouched
		}
	}
	f.sorted[c.File] = slices.Insert(list, at, c)
	f.changes = append(f.changes, c)
	return nil
}

// overlap reports whether two changes concern the same text. Text may be put in at one
// place twice, but not at the edge of text that is replaced.
func overlap(a, b Change) bool {
	if a.Start == a.End && b.Start == b.End {
		return false
	}
	if a.Start == a.End || b.Start == b.End {
		return a.Start <= b.End && b.Start <= a.End
	}
	return a.Start < b.End && b.Start < a.End
}
