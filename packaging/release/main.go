// Command release builds what .goreleaser.yaml describes into dist/, without publishing:
// programs, archives, packages for Debian, Red Hat and Alpine, bills of materials and
// checksums. It reads that file with GoReleaser's own package, strictly, and packs with
// nfpm, as GoReleaser does. It is a module of its own, so that the program's has none
// of their dependencies.
//
//	release build [-version V] [-dist DIRECTORY]
//	release sbom [-C DIRECTORY] PROGRAM VERSION FILE
//	release licenses FILE
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("want build, sbom or licenses")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	switch args[0] {
	case "build":
		version := flags.String("version", "", "version (default: that of the tag of this commit, or a snapshot's)")
		dist := flags.String("dist", "", "directory to make anew (default: dist in the repository)")
		flags.Parse(args[1:])
		return build(*version, *dist)
	case "sbom":
		dir := flags.String("C", ".", "directory that the names are relative to")
		flags.Parse(args[1:])
		if flags.NArg() != 3 {
			return errors.New("want a program, its version and the file to write")
		}
		return writeSBOM(filepath.Join(*dir, flags.Arg(0)), flags.Arg(1), filepath.Join(*dir, flags.Arg(2)))
	case "licenses":
		flags.Parse(args[1:])
		if flags.NArg() != 1 {
			return errors.New("want the file to write")
		}
		return writeLicenses(flags.Arg(0))
	}
	return fmt.Errorf("unknown command %q: want build, sbom or licenses", args[0])
}

// root is the repository's: the directory above with its configuration.
func root() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, configName)); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no %s here or above", configName)
		}
	}
	return "", err
}
