package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"seawall/lang"
)

// rewrite is a file that gets other content.
type rewrite struct {
	name, dir     string // the directory that it must lie in, also by way of links
	before, after []byte
}

// rewriteAll gives files their new content. Each has it as a whole or not at all, and
// none gets it before all lie ready beside their places.
func rewriteAll(list []rewrite) error {
	ready := make([]staged, 0, len(list))
	defer func() {
		for _, s := range ready {
			os.Remove(s.temporary)
		}
	}()
	for _, r := range list {
		s, err := r.stage()
		if err != nil {
			return lang.Errorf("%s: %w: nothing was written", r.name, shortError(err))
		}
		ready = append(ready, s)
	}
	for i, s := range ready {
		if err := os.Rename(s.temporary, s.path); err != nil {
			return fmt.Errorf("%s: %w", list[i].name, shortError(err))
		}
	}
	ready = nil
	return nil
}

// shortError is an error of the system without the file, which the message names.
func shortError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

var (
	errLinkOut = lang.Sentinel("it is a link to a file outside of the project")
	errChanged = lang.Sentinel("it was changed by others meanwhile")
	errNoFile  = lang.Sentinel("it is no regular file")
)

// stage writes the content beside the file, with the file's mode and owner.
func (r *rewrite) stage() (staged, error) {
	path, err := r.place()
	if err != nil {
		return staged{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return staged{}, err
	}
	if !info.Mode().IsRegular() {
		return staged{}, errNoFile
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return staged{}, err
	}
	if !bytes.Equal(now, r.before) {
		return staged{}, errChanged
	}
	return beside(path, func(f *os.File) error {
		if _, err := f.Write(r.after); err != nil {
			return err
		}
		if owner, is := info.Sys().(*syscall.Stat_t); is {
			if err := f.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
				return lang.Errorf("its owner cannot be kept: %w", shortError(err))
			}
		}
		if err := f.Chmod(info.Mode()); err != nil {
			return err
		}
		return f.Sync()
	})
}

// place is where the file is, behind links.
func (r *rewrite) place() (string, error) {
	path, err := filepath.EvalSymlinks(r.name)
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(r.name)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		return path, err
	}
	dir, err := filepath.EvalSymlinks(r.dir)
	if err != nil {
		return "", err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	at, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(dir, at); err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return "", errLinkOut
	}
	return path, nil
}
