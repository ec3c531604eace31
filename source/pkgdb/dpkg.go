package pkgdb

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// maxLine bounds a line of a database, in bytes; the longest fields are lists of
// dependencies.
const maxLine = 4 << 20

// stanzas reads the paragraphs of a Debian control file (deb822(5)) and calls each
// with those of the fields that are wanted. Lines that continue a field are left
// out. The map is used again for the next paragraph.
func stanzas(r io.Reader, wanted map[string]bool, each func(map[string]string)) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	fields := map[string]string{}
	end := func() {
		if len(fields) > 0 {
			each(fields)
			clear(fields)
		}
	}
	for lines.Scan() {
		line := lines.Bytes()
		if len(line) == 0 {
			end()
			continue
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		if ok && wanted[string(name)] {
			fields[string(name)] = string(bytes.TrimSpace(value))
		}
	}
	end()
	return lines.Err()
}

var statusFields = map[string]bool{"Package": true, "Status": true, "Version": true, "Source": true, "Maintainer": true, "Architecture": true}

// ErrNoPackages is a database without an installed package: it is none.
var ErrNoPackages = errors.New(lang.N("no installed package is in it"))

// Dpkg reads /var/lib/dpkg/status and returns the installed packages by name. Of
// one that is there for several architectures, the last.
func Dpkg(r io.Reader) (map[string]snapshot.Package, error) {
	out := map[string]snapshot.Package{}
	err := stanzas(r, statusFields, func(f map[string]string) {
		status := strings.Fields(f["Status"])
		if len(status) != 3 || status[2] != "installed" || f["Package"] == "" {
			return
		}
		p := snapshot.Package{Manager: "dpkg", Name: f["Package"], Version: f["Version"], Maintainer: f["Maintainer"], Held: status[0] == "hold"}
		p.Source, p.SourceVersion = source(p.Name, p.Version, f["Source"])
		out[p.Name] = p
	})
	if err != nil {
		return nil, lang.RecordErrorf("status of dpkg: %w", err)
	}
	if len(out) == 0 {
		return nil, lang.RecordErrorf("status of dpkg: %w", ErrNoPackages)
	}
	return out, nil
}

// rebuilt is the mark of a package that was built anew from the same source.
var rebuilt = regexp.MustCompile(`\+b[0-9]+$`)

// source is what a package was built from: "Source: docker.io (20.10.24-1)". The
// field is left out where the name is the package's, and its version where that is
// the package's.
func source(name, version, field string) (string, string) {
	from, rest, _ := strings.Cut(field, " ")
	if from == "" {
		from = name
	}
	if v := strings.Trim(rest, "() "); v != "" {
		return from, v
	}
	return from, rebuilt.ReplaceAllString(version, "")
}

// Owned returns those of the paths that a file list of dpkg (one path a line)
// names.
func Owned(list []byte, paths []string) []string {
	var out []string
	for _, path := range paths {
		if holdsLine(list, path) {
			out = append(out, path)
		}
	}
	return out
}

func holdsLine(text []byte, line string) bool {
	for rest := text; line != ""; {
		i := bytes.Index(rest, []byte(line))
		if i < 0 {
			return false
		}
		end := i + len(line)
		if (i == 0 || rest[i-1] == '\n') && (end == len(rest) || rest[end] == '\n') {
			return true
		}
		rest = rest[end:]
	}
	return false
}
