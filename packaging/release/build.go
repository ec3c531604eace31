package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// program is a built program.
type program struct{ path, name, os, arch string }

func (p program) fields() map[string]string { return map[string]string{"Os": p.os, "Arch": p.arch} }

// build makes everything.
func build(version, dist string) error {
	r, err := load(version, dist)
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(r.dist), os.MkdirAll(r.dist, 0o755)); err != nil {
		return err
	}
	if err := r.before(); err != nil {
		return err
	}
	programs, err := r.programs()
	if err != nil {
		return err
	}
	var made []string
	for _, p := range programs {
		for _, step := range []func(program) ([]string, error){r.archives, r.packages, r.sboms} {
			files, err := step(p)
			if err != nil {
				return err
			}
			made = append(made, files...)
		}
	}
	return r.checksums(made)
}

// before runs the hooks.
func (r *release) before() error {
	for _, hook := range r.Before.Hooks {
		line, err := r.expand(hook, nil)
		if err != nil {
			return err
		}
		words := strings.Fields(line)
		cmd := r.command(words[0], words[1:]...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", line, err, out)
		}
	}
	return nil
}

// programs builds for all kinds of machines.
func (r *release) programs() (out []program, err error) {
	for _, b := range r.Builds {
		ldflags, err := r.expand(strings.Join(b.Ldflags, " "), nil)
		if err != nil {
			return nil, err
		}
		for _, system := range b.Goos {
			for _, arch := range b.Goarch {
				p := program{filepath.Join(r.dist, b.ID+"_"+system+"_"+arch, b.Binary), b.Binary, system, arch}
				args := slices.Concat([]string{"build"}, b.Flags, []string{"-ldflags", ldflags, "-o", p.path, b.Main})
				cmd := r.command("go", args...)
				cmd.Env = append(append(os.Environ(), b.Env...), "GOOS="+system, "GOARCH="+arch)
				if data, err := cmd.CombinedOutput(); err != nil {
					return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, data)
				}
				if err := os.Chtimes(p.path, r.date, r.date); err != nil {
					return nil, err
				}
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// sboms writes what a program is made of, where the configuration asks for it. The
// command there is this program's own.
func (r *release) sboms(p program) (made []string, err error) {
	for _, s := range r.SBOMs {
		for _, document := range s.Documents {
			name, err := r.expand(document, p.fields())
			if err != nil {
				return nil, err
			}
			if err := writeSBOM(p.path, r.version, filepath.Join(r.dist, name)); err != nil {
				return nil, err
			}
			made = append(made, name)
		}
	}
	return made, nil
}

// checksums writes what "sha256sum -c" checks.
func (r *release) checksums(names []string) error {
	slices.Sort(names)
	var lines strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(r.dist, name))
		if err != nil {
			return err
		}
		sum := sha256.Sum256(data)
		fmt.Fprintf(&lines, "%s  %s\n", hex.EncodeToString(sum[:]), name)
	}
	return os.WriteFile(filepath.Join(r.dist, r.Checksum.NameTemplate), []byte(lines.String()), 0o644)
}
