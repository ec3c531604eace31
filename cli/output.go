package cli

import (
	"bufio"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/term"

	"seawall/lang"
	"seawall/report"
)

// write sends a result to stdout, or to a file that appears only when it is
// complete.
func (a *app) write(path string, result func(io.Writer, report.Style) error) error {
	return a.writeAll([]output{{path: path}}, func(w io.Writer, _ report.Output, style report.Style) error { return result(w, style) })
}

// writeAll writes one result to several places: the files beside their places
// first, which get their names only when all of them are complete, then what is
// no regular file (stdout, a pipe).
func (a *app) writeAll(outputs []output, result func(io.Writer, report.Output, report.Style) error) error {
	var waiting []staged
	defer func() {
		for _, s := range waiting {
			os.Remove(s.temporary)
		}
	}()
	var through []output
	for _, o := range outputs {
		if o.direct() {
			through = append(through, o)
			continue
		}
		style, err := a.style(o.path)
		if err != nil {
			return usageError{err}
		}
		s, err := stage(o.path, func(w io.Writer) error { return result(w, o.format, style) })
		if err != nil {
			return usageError{lang.Errorf("write %s: %w", o.path, err)}
		}
		waiting = append(waiting, s)
	}
	for _, s := range waiting {
		if err := os.Rename(s.temporary, s.path); err != nil {
			return usageError{lang.Errorf("write %s: %w", s.path, err)}
		}
	}
	waiting = nil
	for _, o := range through {
		style, err := a.style(o.path)
		if err != nil {
			return usageError{err}
		}
		if err := a.writeDirect(o.path, func(w io.Writer) error { return result(w, o.format, style) }); err != nil {
			return usageError{err}
		}
	}
	return nil
}

// writeDirect writes to stdout, or to what is no regular file.
func (a *app) writeDirect(path string, result func(io.Writer) error) error {
	if path != "" && path != "-" {
		return writeThrough(path, result)
	}
	out := bufio.NewWriter(a.Stdout)
	if err := result(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return lang.Errorf("write to stdout: %w", err)
	}
	return nil
}

// staged is a complete file that waits for its name.
type staged struct{ temporary, path string }

// stage writes a file beside its place.
func stage(path string, result func(io.Writer) error) (staged, error) {
	// CreateTemp makes it 0600, which fits: a report names weak points.
	return beside(path, func(f *os.File) error {
		out := bufio.NewWriter(f)
		if err := result(out); err != nil {
			return err
		}
		return out.Flush()
	})
}

// beside makes a file beside the place of another.
func beside(path string, fill func(*os.File) error) (_ staged, err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return staged{}, err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if err = fill(tmp); err != nil {
		return staged{}, err
	}
	return staged{tmp.Name(), path}, tmp.Close()
}

func writeThrough(path string, result func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return lang.Errorf("write: %w", err)
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
		return s, lang.Errorf("--color is %q: want auto, always or never", a.color)
	}
	return s, nil
}
