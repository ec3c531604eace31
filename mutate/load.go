package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// target is a package whose conditions are changed.
type target struct {
	path  string
	files []*ast.File
	info  *types.Info
	text  map[*ast.File][]byte
	names map[*ast.File]string  // paths
	up    map[ast.Node]ast.Node // the node around each
}

// listedPackage is what go list tells of a package.
type listedPackage struct {
	ImportPath, Dir, Export            string
	GoFiles, TestGoFiles, XTestGoFiles []string
	DepOnly                            bool
}

// list asks the go command for the packages and all that they depend on. The
// export files let them be type-checked one by one.
func list(patterns ...string) ([]listedPackage, error) {
	args := append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,TestGoFiles,XTestGoFiles,DepOnly"}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []listedPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listedPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
}

// load parses and checks the packages that changes says.
func load(fset *token.FileSet, all []listedPackage, changes func(listedPackage) bool) ([]*target, error) {
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	var out []*target
	for _, p := range all {
		if !changes(p) {
			continue
		}
		t, err := parse(fset, p, imports)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func parse(fset *token.FileSet, p listedPackage, imports types.Importer) (*target, error) {
	t := &target{path: p.ImportPath, text: map[*ast.File][]byte{}, names: map[*ast.File]string{}, up: map[ast.Node]ast.Node{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
	}}
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		t.files = append(t.files, file)
		t.text[file], t.names[file] = text, path
		t.link(file)
	}
	conf := types.Config{Importer: imports}
	if _, err := conf.Check(t.path, fset, t.files, t.info); err != nil {
		return nil, fmt.Errorf("check %s: %w", t.path, err)
	}
	return t, nil
}

// link remembers what is around each node.
func (t *target) link(file *ast.File) {
	var stack []ast.Node
	ast.Inspect(file, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if len(stack) > 0 {
			t.up[n] = stack[len(stack)-1]
		}
		stack = append(stack, n)
		return true
	})
}
