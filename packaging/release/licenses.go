package main

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// known are the licences that modules of the program may have, by a sentence that each
// has and no other. All let the program be passed on with their text beside it. The
// id is of SPDX's list.
var known = []struct{ id, sentence string }{
	{"Apache-2.0", "Apache License Version 2.0, January 2004"},
	{"BSD-3-Clause", "Neither the name of"},
	{"BSD-2-Clause", "Redistributions in binary form must reproduce"}, // unless it is that with three
	{"MIT", "Permission is hereby granted, free of charge"},
	{"CC0-1.0", "Creative Commons CC0 1.0 Universal"},
}

var spaces = regexp.MustCompile(`[\s#/*]+`)

// licenseOf is the SPDX expression of a licence's text. A text without a known sentence
// is an error: a person has to read it.
func licenseOf(text string) (string, error) {
	text = spaces.ReplaceAllString(text, " ")
	var ids []string
	for _, l := range known {
		if strings.Contains(text, l.sentence) && !(l.id == "BSD-2-Clause" && slices.Contains(ids, "BSD-3-Clause")) {
			ids = append(ids, l.id)
		}
	}
	if len(ids) == 0 {
		return "", errors.New("the licence is none of those known: read it, and add it to packaging/release/licenses.go if it fits")
	}
	return strings.Join(ids, " AND "), nil
}

// module is a module with its licence and what else its authors ask to be passed on.
type module struct {
	path, version string
	license       string // SPDX
	texts         map[string]string
}

// passedOn matches the names of files that go with a copy: licences, notices, patents.
var passedOn = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)(\.(txt|md))?$`)

// read fills in a module's licence from its directory.
func (m *module) read(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	m.texts = map[string]string{}
	for _, e := range entries {
		if !passedOn.MatchString(e.Name()) || e.IsDir() {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		m.texts[e.Name()] = string(data)
		if strings.HasPrefix(strings.ToLower(e.Name()), "licen") || strings.HasPrefix(strings.ToLower(e.Name()), "copying") {
			if m.license, err = licenseOf(string(data)); err != nil {
				return fmt.Errorf("%s: %s: %w", m.path, e.Name(), err)
			}
		}
	}
	if m.license == "" {
		return fmt.Errorf("%s has no file with a licence", m.path)
	}
	return nil
}

// linked are the modules that packages of the program are from, and Go's library.
func linked(r *release) ([]*module, error) {
	found := map[string]*module{}
	for _, b := range r.Builds {
		for _, arch := range b.Goarch {
			cmd := r.command("go", "list", "-deps", "-json=Module", b.Main)
			cmd.Env = append(append(os.Environ(), b.Env...), "GOOS="+b.Goos[0], "GOARCH="+arch)
			out, err := cmd.Output()
			if err != nil {
				return nil, fmt.Errorf("go list: %w", err)
			}
			for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
				var p struct {
					Module *struct {
						Path, Version, Dir string
						Main               bool
					}
				}
				if err := dec.Decode(&p); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					return nil, err
				}
				if m := p.Module; m != nil && !m.Main && found[m.Path] == nil {
					found[m.Path] = &module{path: m.Path, version: m.Version}
					if err := found[m.Path].read(m.Dir); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	library, err := goLibrary()
	if err != nil {
		return nil, err
	}
	all := []*module{library}
	for _, m := range found {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *module) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// goLibrary is Go's standard library as a module.
func goLibrary() (*module, error) {
	out, err := exec.Command("go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return nil, err
	}
	words := strings.Fields(string(out))
	m := &module{path: "std", version: words[1]}
	return m, m.read(words[0])
}

// writeLicenses writes the licences of all that is linked into the program, packed with gzip.
func writeLicenses(name string) error {
	r, err := load("", "")
	if err != nil {
		return err
	}
	modules, err := linked(r)
	if err != nil {
		return err
	}
	var out strings.Builder
	fmt.Fprintf(&out, "Seawall is under the Apache License 2.0. These modules of others are linked into it:\n\n")
	for _, m := range modules {
		fmt.Fprintf(&out, "  %s %s (%s)\n", m.path, m.version, m.license)
	}
	for _, m := range modules {
		fmt.Fprintf(&out, "\n%s\n%s %s\n%s\n", strings.Repeat("=", 78), m.path, m.version, strings.Repeat("=", 78))
		var names []string
		for name := range m.texts {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			fmt.Fprintf(&out, "\n%s\n", strings.TrimRight(m.texts[name], "\n"))
		}
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	packed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(packed, out.String()); err != nil {
		return err
	}
	return errors.Join(packed.Close(), file.Close())
}
