package pkgdb

import (
	"bufio"
	"io"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Apk reads /lib/apk/db/installed and returns the packages that own the paths. A
// package is a paragraph of lines of a letter and a value: P name, V version, o
// source, m maintainer; F is a directory, and each R after it a file there.
func Apk(r io.Reader, paths []string) (map[string]snapshot.Package, error) {
	wanted := make(map[string]bool, len(paths))
	for _, path := range paths {
		wanted[path] = true
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	out := map[string]snapshot.Package{}
	var p snapshot.Package
	var dir string
	var owned []string
	count := 0
	end := func() {
		if p.Name != "" {
			count++
			if p.Source == "" {
				p.Source = p.Name
			}
			p.SourceVersion = p.Version
			for _, path := range owned {
				out[path] = p
			}
		}
		p, dir, owned = snapshot.Package{Manager: "apk"}, "", nil
	}
	end()
	for lines.Scan() {
		letter, value, ok := strings.Cut(lines.Text(), ":")
		switch {
		case lines.Text() == "":
			end()
		case !ok:
		case letter == "P":
			p.Name = value
		case letter == "V":
			p.Version = value
		case letter == "o":
			p.Source = value
		case letter == "m":
			p.Maintainer = value
		case letter == "F":
			dir = "/" + value
		case letter == "R" && wanted[dir+"/"+value]:
			owned = append(owned, dir+"/"+value)
		}
	}
	end()
	if err := lines.Err(); err != nil {
		return nil, lang.RecordErrorf("database of apk: %w", err)
	}
	if count == 0 {
		return nil, lang.RecordErrorf("database of apk: %w", ErrNoPackages)
	}
	return out, nil
}
