package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"seawall/report"
)

// write sends a result to stdout, or to a file that appears only when it is
// complete.
func (a *app) write(path string, result func(io.Writer, report.Style) error) error {
	style, err := a.style(path)
	if err != nil {
		return usageError{err}
	}
	if path == "" || path == "-" {
		out := bufio.NewWriter(a.Stdout)
		if err := result(out, style); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return usageError{fmt.Errorf("write to stdout: %w", err)}
		}
		return nil
	}
	if err := writeFile(path, func(w io.Writer) error { return result(w, style) }); err != nil {
		return usageError{err}
	}
	return nil
}

// writeFile writes a file beside its place and moves it there when complete.
// What is not a regular file (/dev/stdout, a pipe) is written to directly.
func writeFile(path string, result func(io.Writer) error) (err error) {
	if info, statErr := os.Stat(path); statErr == nil && !info.Mode().IsRegular() {
		return writeThrough(path, result)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	out := bufio.NewWriter(tmp)
	if err = result(out); err != nil {
		return err
	}
	if err = out.Flush(); err != nil {
		return err
	}
	// CreateTemp makes it 0600, which fits: a report names weak points.
	if err = tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

func writeThrough(path string, result func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	defer file.Close()
	return result(file)
}

// style is how text is to be laid out at its destination.
func (a *app) style(path string) (report.Style, error) {
	var s report.Style
	file, isFile := a.Stdout.(*os.File)
	tty := path == "" && isFile && term.IsTerminal(int(file.Fd()))
	if tty {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			s.Width = width
		}
	}
	switch a.color {
	case "always":
		s.Color = true
	case "never":
	case "auto":
		s.Color = tty && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb"
	default:
		return s, fmt.Errorf("--color is %q: want auto, always or never", a.color)
	}
	return s, nil
}
