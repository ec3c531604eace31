package composefile

import (
	"context"
	"path/filepath"
	"strings"

	"seawall/lang"
)

// fence refuses to read files outside of a project's directory and those of other
// machines; all others it leaves to the library.
type fence struct{ dir string }

// Accept reports whether the fence answers for a file: it does to refuse it.
func (f fence) Accept(path string) bool { return f.refuses(path) != nil }

// Load refuses a file.
func (f fence) Load(_ context.Context, path string) (string, error) { return "", f.refuses(path) }

// Dir is not asked for what is refused.
func (f fence) Dir(path string) string { return path }

func (f fence) refuses(path string) error {
	if remote(path) {
		return lang.Errorf("%s is on another machine: it is not read", path)
	}
	at := path
	if !filepath.IsAbs(at) {
		at = filepath.Join(f.dir, at)
	}
	if real, err := filepath.EvalSymlinks(at); err == nil {
		at = real
	}
	dir := f.dir
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	rel, err := filepath.Rel(dir, at)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return lang.Errorf("%s is not below %s: it is not read (--project-directory names a larger one)", path, f.dir)
	}
	return nil
}

// remote reports whether a file is named on another machine.
func remote(path string) bool {
	return strings.Contains(path, "://") || strings.HasPrefix(path, "git@") || strings.HasPrefix(path, "oci:")
}
