package extract

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"seawall/lang"
)

// Text is a text of the program, in English.
type Text struct {
	lang.Key
	// One is the singular, of a text that has one.
	One string
	// Places are where it stands: files of its package, or ids of rules and steps.
	Places []string
}

// Package are the texts of one directory, in the order of their keys.
type Package struct {
	Dir   string // relative to the module
	Texts []Text
}

// textsOf says which arguments of a function are texts. Functions of package lang are named
// with it, methods and other functions with a dot. Those that hand a parameter on as a text are
// found by themselves.
var textsOf = map[string][]int{
	"lang.T": {0}, "lang.N": {0}, "lang.Sprintf": {0}, "lang.Errorf": {0}, "lang.Error": {0}, "lang.Plural": {1, 2}, "lang.C": {0, 1},
	".Fail": {0}, ".Pass": {0}, ".NotApplicable": {0}, ".FailAs": {1, 2},
}

// fields are those of literals that hold texts which are translated when they are shown, in
// the packages below a directory.
var fields = map[string][]string{
	"attack": {"Says", "Text", "Breaks"},
	"cis":    {"Title", "Reason"},
}

// Sources finds the texts of all packages below a module's root by reading their code.
func Sources(root string) ([]Package, error) {
	dirs := map[string]*collector{}
	var errs []error
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "bin" || name == "lang") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		if dirs[dir] == nil {
			dirs[dir] = &collector{texts: map[lang.Key]*Text{}, fields: fieldsOf(dir)}
		}
		dirs[dir].files = append(dirs[dir].files, path)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, c := range dirs {
		errs = append(errs, c.read())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return packages(dirs), nil
}

func packages(dirs map[string]*collector) []Package {
	var all []Package
	for dir, c := range dirs {
		if len(c.texts) > 0 {
			all = append(all, Package{dir, c.sorted()})
		}
	}
	slices.SortFunc(all, func(a, b Package) int { return strings.Compare(a.Dir, b.Dir) })
	return all
}

func fieldsOf(dir string) []string {
	for below, names := range fields {
		if dir == below || strings.HasPrefix(dir, below+"/") {
			return names
		}
	}
	return nil
}

// collector gathers the texts of one directory.
type collector struct {
	texts    map[lang.Key]*Text
	fields   []string // of literals that hold texts
	files    []string
	wrappers map[string][]int // functions that hand parameters on as texts
}

func (c *collector) add(k lang.Key, one, place string) {
	if !strings.ContainsFunc(verb.ReplaceAllString(k.Text, ""), unicode.IsLetter) {
		return // only puts others together
	}
	t := c.texts[k]
	if t == nil {
		t = &Text{Key: k, One: one}
		c.texts[k] = t
	}
	if !slices.Contains(t.Places, place) {
		t.Places = append(t.Places, place)
	}
}

func (c *collector) sorted() []Text {
	var all []Text
	for _, t := range c.texts {
		slices.Sort(t.Places)
		all = append(all, *t)
	}
	sortTexts(all)
	return all
}

func sortTexts(all []Text) {
	slices.SortFunc(all, func(a, b Text) int {
		return strings.Compare(a.Places[0]+"\x00"+a.Text+"\x00"+a.Context, b.Places[0]+"\x00"+b.Text+"\x00"+b.Context)
	})
}

// read reads the files of the directory.
func (c *collector) read() error {
	var trees []*ast.File
	var errs []error
	files := token.NewFileSet()
	for _, path := range c.files {
		tree, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		trees = append(trees, tree)
	}
	c.wrappers = map[string][]int{}
	for known := -1; known != len(c.wrappers); {
		known = len(c.wrappers)
		errs = nil
		for i, tree := range trees {
			f := &file{c, files, filepath.Base(c.files[i]), nil}
			for _, d := range tree.Decls {
				f.decl(d)
			}
			errs = append(errs, f.errs...)
		}
	}
	return errors.Join(errs...)
}

// file is one file as it is read.
type file struct {
	*collector
	set   *token.FileSet
	place string
	errs  []error
}

func (f *file) decl(d ast.Decl) {
	function, _ := d.(*ast.FuncDecl)
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			f.call(n, function)
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && slices.Contains(f.fields, key.Name) {
				if text, ok := constant(n.Value); ok {
					f.add(lang.Key{Text: text}, "", f.place)
				}
			}
		}
		return true
	})
}

// call takes the texts among the arguments of a call.
func (f *file) call(call *ast.CallExpr, in *ast.FuncDecl) {
	name := called(call)
	places, known := textsOf[name]
	if name[0] == '.' && (!known || !answers(call)) {
		places, known = f.wrappers[name]
	}
	if !known {
		return
	}
	var texts []string
	for _, at := range places {
		if at >= len(call.Args) {
			return
		}
		text, ok := constant(call.Args[at])
		if !ok {
			f.handedOn(call.Args[at], name, at, in)
			if name == "lang.C" || name == "lang.Plural" {
				return
			}
			continue
		}
		texts = append(texts, text)
	}
	switch {
	case name == "lang.C":
		f.add(lang.Key{Context: texts[0], Text: texts[1]}, "", f.place)
	case name == "lang.Plural":
		f.add(lang.Key{Text: texts[1]}, texts[0], f.place)
	default:
		for _, text := range texts {
			f.add(lang.Key{Text: text}, "", f.place)
		}
	}
}

// handedOn is about a text that is not a literal. A parameter makes its function one whose
// callers have the text. Others are translated already or marked by lang.N, which cannot be
// seen here; but a format has to be a literal.
func (f *file) handedOn(e ast.Expr, name string, at int, in *ast.FuncDecl) {
	if id, ok := e.(*ast.Ident); ok && in != nil {
		if n := parameter(in, id.Name); n >= 0 {
			if w := "." + in.Name.Name; !slices.Contains(f.wrappers[w], n) {
				f.wrappers[w] = append(f.wrappers[w], n)
			}
			return
		}
	}
	_, direct := textsOf[name]
	if format := direct && name != "lang.T" && name != "lang.N" && !(name == ".FailAs" && at == 1); format && !translated(e) {
		f.errs = append(f.errs, fmt.Errorf("%s: the format of %s is not a literal", f.set.Position(e.Pos()), strings.TrimPrefix(name, ".")))
	}
}

// parameter is the place of a function's parameter; -1 if it has none of the name.
func parameter(in *ast.FuncDecl, name string) int {
	n := 0
	for _, field := range in.Type.Params.List {
		for _, id := range field.Names {
			if id.Name == name {
				return n
			}
			n++
		}
	}
	return -1
}

// called is the name of what is called: "lang.T" for functions of package lang, ".Fail" for
// methods and all others.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return "." + f.Name
	case *ast.SelectorExpr:
		if of, ok := f.X.(*ast.Ident); ok && of.Name == "lang" {
			return "lang." + f.Sel.Name
		}
		return "." + f.Sel.Name
	}
	return "."
}

// answers reports whether the method is of a rule's context, which is called c everywhere.
func answers(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := f.X.(*ast.Ident)
	return ok && of.Name == "c"
}

// translated reports whether the expression is one of package lang.
func translated(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	return ok && strings.HasPrefix(called(call), "lang.")
}

// constant is the value of a literal, or of literals that are added.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return constant(e.X)
	case *ast.BinaryExpr:
		a, ok := constant(e.X)
		b, ok2 := constant(e.Y)
		return a + b, ok && ok2 && e.Op == token.ADD
	}
	return "", false
}
