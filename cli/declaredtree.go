package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"seawall/lang"
	"seawall/parallel"
	"seawall/source/declared"
)

// Bounds of a tree that is searched.
const (
	maxTree      = 200_000 // files and directories
	maxTreeDepth = 64      // directories in each other
)

// notSearched are directories of a tree that hold the work of others.
var notSearched = map[string]bool{"node_modules": true, "vendor": true, "testdata": true}

// isTree reports whether a directory is that of a git work tree.
func isTree(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}

// tree reads what is declared in a directory and all below it, as [declaration.directory]
// does for each. Of what cannot be read the report says so.
func (d *declaration) tree(ctx context.Context, root string) error {
	before := len(d.projects) + len(d.dockerfiles)
	var dirs []string
	seen := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if seen++; seen > maxTree {
			return lang.Errorf("%s: it has more than %d files: name the directories that matter", root, maxTree)
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			d.unread(path, shortPath(path, err))
			return nil
		case !e.IsDir():
			return nil
		case path != root && (strings.HasPrefix(e.Name(), ".") || notSearched[e.Name()]):
			return fs.SkipDir
		case depth(root, path) > maxTreeDepth:
			d.unread(path, lang.Errorf("%s: more than %d directories deep", path, maxTreeDepth))
			return fs.SkipDir
		}
		dirs = append(dirs, path)
		return nil
	})
	if err == nil {
		err = d.directories(ctx, dirs)
	}
	if err == nil && len(d.projects)+len(d.dockerfiles) == before {
		err = lang.Errorf("%s: no Compose file (%s) and no Dockerfile, also below it", root, strings.Join(composeNames, ", "))
	}
	if err != nil && ctx.Err() == nil {
		return usageError{err}
	}
	return err
}

// directories reads several directories at the same time. What is found is kept in their
// order.
func (d *declaration) directories(ctx context.Context, dirs []string) error {
	parts := make([]declaration, len(dirs))
	parallel.Each(len(dirs), func(i int) {
		part := &parts[i]
		part.app, part.options = d.app, d.options
		if ctx.Err() != nil {
			return
		}
		err := part.directory(ctx, dirs[i], func(path string, err error) error { part.unread(path, err); return nil })
		if err != nil && !errors.Is(err, errNothingDeclared) {
			part.unread(dirs[i], err)
		}
	})
	for i := range parts {
		d.projects = append(d.projects, parts[i].projects...)
		d.dockerfiles = append(d.dockerfiles, parts[i].dockerfiles...)
		d.notes = append(d.notes, parts[i].notes...)
	}
	return ctx.Err()
}

// depth is how many directories a path is below the root.
func depth(root, path string) int {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return 0
	}
	return strings.Count(rel, string(filepath.Separator))
}

// unread notes a part of a tree that could not be read.
func (d *declaration) unread(path string, err error) {
	d.projects = append(d.projects, declared.Project{Name: path, Unread: err.Error()})
}
