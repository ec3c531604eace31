// Command share writes what a package holds beside the program and its units, below
// /usr/share: the manual pages, completions for shells and the packed changelog.
//
//	go run ./packaging/share [-version V] [-date YYYY-MM-DD] DIRECTORY
//
// The same arguments give the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"seawall/cli"
)

func main() {
	version := flag.String("version", "dev", "version that manual pages name")
	date := flag.String("date", time.Now().UTC().Format(time.DateOnly), "date of manual pages")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := write(flag.Arg(0), *version, *date); err != nil {
		fmt.Fprintln(os.Stderr, "share:", err)
		os.Exit(1)
	}
}

// write puts all files into a directory, which it makes anew.
func write(dir, version, date string) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return fmt.Errorf("-date: %w", err)
	}
	changelog, err := os.ReadFile("CHANGELOG.md")
	if err != nil {
		return fmt.Errorf("%w (run it at the root of the repository)", err)
	}
	files := map[string][]byte{}
	if files["doc/changelog.gz"], err = packed(changelog); err != nil {
		return err
	}
	root := cli.Commands()
	for name, page := range pages(root, version, date) {
		if files["man/man1/"+name+".gz"], err = packed(page); err != nil {
			return err
		}
	}
	if err := completions(root, files); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for name, data := range files {
		path := filepath.Join(dir, name)
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644))
		if err != nil {
			return err
		}
	}
	return nil
}

// completions are the scripts that ask the program what may come next.
func completions(root *cobra.Command, files map[string][]byte) error {
	for name, generate := range map[string]func(io.Writer) error{
		"completions/seawall.bash": func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"completions/seawall.zsh":  root.GenZshCompletion,
		"completions/seawall.fish": func(w io.Writer) error { return root.GenFishCompletion(w, true) },
	} {
		var script bytes.Buffer
		if err := generate(&script); err != nil {
			return err
		}
		files[name] = script.Bytes()
	}
	return nil
}

// packed is data as gzip packs it best, without a name and a time.
func packed(data []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}
