package composeedit_test

import (
	"errors"
	"strings"
	"testing"

	"seawall/composeedit"
)

func read(t *testing.T, text string) *composeedit.Files {
	t.Helper()
	f, err := composeedit.Read([]composeedit.File{{Name: "compose.yaml", Content: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func after(f *composeedit.Files) string { return string(f.Apply()[0].Content) }

// TestTogether: several changes are made at once; a part that was changed has to be read
// again first, and what fails leaves nothing behind.
func TestTogether(t *testing.T) {
	f := read(t, "services:\n  a:\n    image: x\n    pid: host\n  b: {image: y, cap_add: [A, B]}\n")
	if err := errors.Join(f.Set("a", "read_only", "true"), f.Add("a", "tmpfs", "/tmp"), f.Add("b", "cap_drop", "ALL"), f.Drop(f.Entries("b", "cap_add")[:1])); err != nil {
		t.Fatal(err)
	}
	if err := f.Add("b", "cap_add", "C"); !errors.Is(err, composeedit.ErrTouched) {
		t.Errorf("a second change of a part: %v", err)
	}
	if err := f.Set("none", "read_only", "true"); err == nil {
		t.Error("a service that is not there was changed")
	}
	if err := f.Undo(func() error {
		return errors.Join(f.Set("b", "read_only", "true"), f.Drop(append(f.Entries("a", "image"), f.Entries("b", "cap_add")...)))
	}); err == nil {
		t.Error("what was changed before was changed again")
	}
	want := "services:\n  a:\n    image: x\n    pid: host\n    read_only: true\n    tmpfs:\n      - /tmp\n  b: {image: y, cap_add: [B], cap_drop: [ALL]}\n"
	if got := after(f); got != want {
		t.Errorf("%s", got)
	}
	if n := len(f.Changes()); n != 4 {
		t.Errorf("%d changes", n)
	}
	f.Reset()
	if got := after(f); strings.Contains(got, "read_only") {
		t.Errorf("%s", got)
	}
}

// TestPosition: lines and columns are those of characters, whatever ends the lines.
func TestPosition(t *testing.T) {
	f := read(t, "# ä\u2028# x\r\nservices: {wëb: {image: \"x\", pid: host}}\r\n")
	if err := f.Drop(f.Entries("wëb", "pid")); err != nil {
		t.Fatal(err)
	}
	c := f.Changes()[0]
	line, column := f.Position(c.File, c.Start)
	if line != 3 || column != 28 {
		t.Errorf("%d:%d: %q", line, column, after(f))
	}
	if e := f.Entries("wëb", "image")[0]; e.Place() != "compose.yaml:3:18" || e.Text != "x" {
		t.Errorf("%s %q", e.Place(), e.Text)
	}
}

// FuzzEdit: whatever a file holds, a change is refused, or the result is YAML still, in
// which the part has the new value.
func FuzzEdit(f *testing.F) {
	for _, text := range []string{
		"services:\n  web:\n    image: x\n    cap_add:\n    - A # x\n    - B\n", "services: {web: {cap_add: [A, B], read_only: false}}\r\n", "x: &x\n  read_only: yes\nservices:\n  web:\n    <<: *x\n    cap_add: [\n A, # x\n B\n]",
		"services:\n  web:\n    image: |+\n      x\n\n", "\ufeffservices:\n  web: &w\n    cap_add: !!seq\n      - 'A'\n      - \"B\"\n  b: *w\n", "services:\n  web:\n    ? image\n    : x\n", "{services: {web: {image: , cap_add: }}}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		files := []composeedit.File{{Name: "compose.yaml", Content: []byte(text)}}
		before, err := composeedit.Read(files)
		if err != nil {
			return
		}
		for name, change := range map[string]func(*composeedit.Files) error{
			"set":    func(f *composeedit.Files) error { return f.Set("web", "read_only", "true") },
			"nested": func(f *composeedit.Files) error { return f.Set("web", "logging.options.max-size", "10m") },
			"add":    func(f *composeedit.Files) error { return f.Add("web", "cap_add", "NEW") },
			"drop": func(f *composeedit.Files) error {
				entries := f.Entries("web", "cap_add")
				return f.Drop(entries[:min(1, len(entries))])
			},
			"rewrite": func(f *composeedit.Files) error {
				return f.Rewrite(f.Entries("web", "cap_add"), func(s string) (string, error) { return s + "-new", nil }, "", "")
			},
		} {
			before.Reset()
			if change(before) != nil {
				if len(before.Changes()) > 0 {
					t.Fatalf("%s failed and left changes", name)
				}
				continue
			}
			changed := before.Apply()
			again, err := composeedit.Read(changed)
			if err != nil {
				continue // the caller loads what it gets, and refuses it
			}
			if entries := again.Entries("web", "read_only"); name == "set" && (len(entries) == 0 || entries[len(entries)-1].Text != "true") {
				t.Fatalf("%q\n%q", text, changed[0].Content)
			}
		}
	})
}
