package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
)

// instrument writes copies of the files in which every site asks package
// mutant, and the list of them that the go command takes as -overlay. Lines
// keep their numbers.
func instrument(dir string, fset *token.FileSet, targets []*target, sites []site) (overlay string, err error) {
	byFile := map[string][]edit{}
	for _, s := range sites {
		byFile[s.file] = append(byFile[s.file], s.edits...)
	}
	replace := map[string]string{}
	for _, t := range targets {
		for file, text := range t.text {
			path := t.names[file]
			if len(byFile[path]) == 0 {
				continue
			}
			at := fset.Position(file.Name.End()).Offset
			edits := append(byFile[path], edit{from: at, to: at, text: `; import mutant_ "seawall/mutate/mutant"`})
			copied := filepath.Join(dir, fmt.Sprintf("%d.go", len(replace)))
			if err := os.WriteFile(copied, apply(text, edits), 0o600); err != nil {
				return "", err
			}
			replace[path] = copied
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// apply makes the edits. Of those at one place, closing ones come first, inner
// before outer; then opening ones, outer before inner.
func apply(text []byte, edits []edit) []byte {
	order := make([]int, len(edits))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := edits[i], edits[j]
		if c := cmp.Compare(a.from, b.from); c != 0 {
			return c
		}
		switch {
		case a.closes && b.closes:
			return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(j, i))
		case a.closes != b.closes:
			return cmp.Compare(rank(a), rank(b))
		}
		return cmp.Or(cmp.Compare(b.span, a.span), cmp.Compare(i, j))
	})
	var out []byte
	at := 0
	for _, i := range order {
		e := edits[i]
		out = append(append(out, text[at:e.from]...), e.text...)
		at = e.to
	}
	return append(out, text[at:]...)
}

func rank(e edit) int {
	if e.closes {
		return 0
	}
	return 1
}
