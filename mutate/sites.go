package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"seawall/mutate/mutant"
)

// site is a place that can be changed, in one or more ways.
type site struct {
	id       int
	file     string // path
	line     int
	function string
	source   string // what stands there
	variants []variant
	edits    []edit
}

// variant is one change at a site.
type variant struct {
	number int
	does   string // in words
}

// edit writes text between from and to, which are offsets in the file.
type edit struct {
	from, to int
	text     string
	span     int // length of what the edit encloses: outer ones open first
	closes   bool
}

// finder collects the sites of one file.
type finder struct {
	*target
	scope    *scope
	file     *ast.File
	function string
	next     int // id of the next site
	sites    []site
}

// find lists the sites of a file; ids begin with first.
func find(s *scope, t *target, file *ast.File, first int) []site {
	f := &finder{target: t, scope: s, file: file, next: first}
	for _, d := range file.Decls {
		f.function = ""
		switch d := d.(type) {
		case *ast.FuncDecl:
			f.function = d.Name.Name
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				continue
			}
		}
		ast.Inspect(d, f.visit)
	}
	return f.sites
}

// visit looks at a node and says whether to go on to what is in it. Constants
// cannot be changed where they are declared.
func (f *finder) visit(n ast.Node) bool {
	switch x := n.(type) {
	case *ast.GenDecl:
		return x.Tok == token.VAR
	case *ast.ArrayType:
		return false
	case *ast.ExprStmt:
		f.statement(x)
	case ast.Expr:
		tv, ok := f.info.Types[x]
		if !ok || !tv.IsValue() || f.partOfName(x) || f.isTarget(x) || !f.nameable(tv.Type) {
			return true
		}
		switch basic, _ := tv.Type.Underlying().(*types.Basic); {
		case basic == nil:
		case basic.Info()&types.IsBoolean != 0:
			f.truth(x, tv)
			f.boundary(x)
		case tv.Value != nil && basic.Info()&types.IsString != 0:
			f.text(x, tv)
		case tv.Value != nil && basic.Info()&types.IsInteger != 0:
			f.number(x, tv)
		}
	}
	return true
}

// add makes a site of the node unless it decides nothing.
func (f *finder) add(n ast.Node, call string, variants ...variant) {
	if len(variants) == 0 || f.scope.decidesNothing(f.target, n) {
		return
	}
	from, to := f.offset(n.Pos()), f.offset(n.End())
	open := edit{from: from, to: from, text: fmt.Sprintf("mutant_.%s(%d, ", call, f.next), span: to - from}
	f.record(n, variants, open, edit{from: to, to: to, text: ")", span: to - from, closes: true})
}

func (f *finder) record(n ast.Node, variants []variant, edits ...edit) {
	p := f.scope.fset.Position(n.Pos())
	source := string(f.target.text[f.file][f.offset(n.Pos()):f.offset(n.End())])
	f.sites = append(f.sites, site{id: f.next, file: p.Filename, line: p.Line, function: f.function,
		source: strings.Join(strings.Fields(source), " "), variants: variants, edits: edits})
	f.next++
}

func (f *finder) offset(p token.Pos) int { return f.scope.fset.Position(p).Offset }

// around is the node around, parentheses left out.
func (f *finder) around(n ast.Node) ast.Node {
	for {
		p, ok := f.up[n].(*ast.ParenExpr)
		if !ok {
			return f.up[n]
		}
		n = p
	}
}

// partOfName: the second half of a selector, the key of a field, a label.
func (f *finder) partOfName(e ast.Expr) bool {
	switch p := f.up[e].(type) {
	case *ast.SelectorExpr:
		return p.Sel == e
	case *ast.KeyValueExpr:
		id, ok := e.(*ast.Ident)
		return ok && p.Key == e && f.structField(id)
	case *ast.Field, *ast.ValueSpec:
		id, ok := e.(*ast.Ident)
		return ok && f.info.Defs[id] != nil
	}
	return false
}

// isTarget: it is assigned to, or its address taken.
func (f *finder) isTarget(e ast.Expr) bool {
	switch p := f.up[e].(type) {
	case *ast.AssignStmt:
		return slices.Contains(p.Lhs, e)
	case *ast.RangeStmt:
		return p.Key == e || p.Value == e
	case *ast.UnaryExpr:
		return p.Op == token.AND
	case *ast.ParenExpr:
		return true // what is inside is looked at
	}
	_, paren := e.(*ast.ParenExpr)
	return paren
}

var (
	setTrue  = variant{mutant.True, "set true"}
	setFalse = variant{mutant.False, "set false"}
	inverted = variant{mutant.Not, "inverted"}
)

// truth sets and inverts conditions. What would change nothing more than
// another change does is left out: an operand of && set false is the whole set
// false.
func (f *finder) truth(e ast.Expr, tv types.TypeAndValue) {
	if tv.Value != nil {
		f.truthConstant(e)
		return
	}
	kinds := []variant{setTrue, setFalse, inverted}
	if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.LAND || b.Op == token.LOR) {
		kinds = kinds[:2]
	}
	switch p := f.around(e).(type) {
	case *ast.ExprStmt:
		return // nobody takes the answer
	case *ast.UnaryExpr:
		return // the negation is changed
	case *ast.BinaryExpr:
		switch p.Op {
		case token.LAND:
			kinds = slices.DeleteFunc(kinds, func(v variant) bool { return v == setFalse })
		case token.LOR:
			kinds = slices.DeleteFunc(kinds, func(v variant) bool { return v == setTrue })
		}
	case *ast.ForStmt:
		kinds = []variant{setFalse} // true would not end
	}
	f.add(e, "Bool", kinds...)
}

// truthConstant inverts a true or false that is returned, assigned or handed on.
func (f *finder) truthConstant(e ast.Expr) {
	if _, ok := e.(*ast.Ident); !ok {
		return
	}
	f.add(e, "Bool", inverted)
}

// boundary changes < to <= and the like.
func (f *finder) boundary(e ast.Expr) {
	b, ok := e.(*ast.BinaryExpr)
	names := map[token.Token]string{token.LSS: "Below", token.GTR: "Above", token.LEQ: "AtMost", token.GEQ: "AtLeast"}
	others := map[token.Token]string{token.LSS: "<=", token.GTR: ">=", token.LEQ: "<", token.GEQ: ">"}
	if !ok || names[b.Op] == "" || f.emptiness(b) || f.scope.decidesNothing(f.target, e) {
		return
	}
	from, to, op := f.offset(b.Pos()), f.offset(b.End()), f.offset(b.OpPos)
	f.record(e, []variant{{0, b.Op.String() + " becomes " + others[b.Op]}},
		edit{from: from, to: from, text: fmt.Sprintf("mutant_.%s(%d, ", names[b.Op], f.next), span: to - from},
		edit{from: op, to: op + len(b.Op.String()), text: ","},
		edit{from: to, to: to, text: ")", span: to - from, closes: true})
}

// emptiness: len(x) > 0, where a change of the boundary is what setting is.
func (f *finder) emptiness(b *ast.BinaryExpr) bool {
	y := f.info.Types[b.Y].Value
	call, ok := b.X.(*ast.CallExpr)
	return ok && y != nil && f.isBuiltin(call, "len") && constant.Sign(y) == 0
}

func (f *finder) isBuiltin(call *ast.CallExpr, name string) bool {
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	_, builtin := f.info.Uses[id].(*types.Builtin)
	return builtin && id.Name == name
}

// text changes strings that are compared with: cases, elements of tables, and
// arguments of functions that compare. A phrase in a table or handed to a
// function of ours is for a person to read.
func (f *finder) text(e ast.Expr, tv types.TypeAndValue) {
	p := f.around(e)
	if b, ok := p.(*ast.BinaryExpr); ok && f.info.Types[b].Value != nil {
		return // the whole is looked at
	}
	phrase := strings.Contains(constant.StringVal(tv.Value), " ")
	if f.isCase(p) || f.isIndex(e, p) || f.isSearched(e, p) || !phrase && (f.isElement(e, p) || f.isHandedOn(e, p)) {
		f.add(e, "Text["+f.typeText(tv.Type)+"]", variant{0, "never equal"})
	}
}

func (f *finder) isCase(p ast.Node) bool {
	clause, ok := p.(*ast.CaseClause)
	if !ok {
		return false
	}
	s, ok := f.up[f.up[clause]].(*ast.SwitchStmt)
	return ok && s.Tag != nil
}

// isElement: of a list or map, or a field of a type of our own.
func (f *finder) isElement(e ast.Expr, p ast.Node) bool {
	if kv, ok := p.(*ast.KeyValueExpr); ok {
		p = f.up[kv]
	}
	lit, ok := p.(*ast.CompositeLit)
	if !ok {
		return false
	}
	if _, isStruct := f.info.TypeOf(lit).Underlying().(*types.Struct); !isStruct {
		return true
	}
	named, ok := f.info.TypeOf(lit).(*types.Named)
	return ok && named.Obj().Pkg().Path() == f.path
}

func (f *finder) isIndex(e ast.Expr, p ast.Node) bool {
	index, ok := p.(*ast.IndexExpr)
	return ok && ast.Unparen(index.Index) == e
}

// comparers are the functions of package strings that look for their argument.
var comparers = []string{"Cut", "CutPrefix", "CutSuffix", "HasPrefix", "HasSuffix", "Contains", "EqualFold", "Index", "LastIndex",
	"TrimPrefix", "TrimSuffix", "Count", "ContainsAny", "IndexAny"}

// isSearched: an argument of package strings, or of a list's search.
func (f *finder) isSearched(e ast.Expr, p ast.Node) bool {
	fun := f.takes(e, p)
	switch {
	case fun == nil:
		return false
	case fun.Pkg().Path() == "strings":
		return slices.Contains(comparers, fun.Name())
	}
	return fun.Pkg().Path() == "slices" && (fun.Name() == "Contains" || fun.Name() == "Index")
}

// isHandedOn: an argument of a function of ours.
func (f *finder) isHandedOn(e ast.Expr, p ast.Node) bool {
	fun := f.takes(e, p)
	return fun != nil && strings.HasPrefix(fun.Pkg().Path(), "seawall/")
}

// takes is the function that takes the argument, nil if it is none.
func (f *finder) takes(e ast.Expr, p ast.Node) *types.Func {
	call, ok := p.(*ast.CallExpr)
	if !ok || !slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return ast.Unparen(a) == e }) {
		return nil
	}
	fun := f.callee(call)
	if fun == nil || fun.Pkg() == nil {
		return nil
	}
	return fun
}

func (f *finder) isCompared(e ast.Expr, p ast.Node) bool {
	return f.isSearched(e, p) || f.isHandedOn(e, p)
}

// number changes integers: bits of masks, and what tables and arguments hold.
func (f *finder) number(e ast.Expr, tv types.TypeAndValue) {
	p := f.around(e)
	b, operand := p.(*ast.BinaryExpr)
	if operand && f.info.Types[b].Value != nil || constant.Sign(tv.Value) < 0 {
		return // part of another number, or one that stands for none
	}
	switch {
	case operand && slices.Contains([]token.Token{token.AND, token.OR, token.AND_NOT}, b.Op):
		f.add(e, "Bits["+f.typeText(tv.Type)+"]", maskVariants(tv.Value)...)
	case operand && (b.Op == token.SHL || b.Op == token.SHR) && b.Y == e, f.isCase(p), f.plainElement(e, p, tv), f.plainArgument(e, p, tv):
		f.add(e, "Number["+f.typeText(tv.Type)+"]", variant{0, "one more"}, variant{1, "one less"})
	case f.ownKind(tv.Type) && f.isCompared(e, p):
		f.add(e, "Bits["+f.typeText(tv.Type)+"]", maskVariants(tv.Value)...)
	}
}

func (f *finder) plainElement(e ast.Expr, p ast.Node, tv types.TypeAndValue) bool {
	_, basic := tv.Type.(*types.Basic)
	return basic && f.isElement(e, p)
}

func (f *finder) plainArgument(e ast.Expr, p ast.Node, tv types.TypeAndValue) bool {
	_, basic := tv.Type.(*types.Basic)
	return basic && f.isCompared(e, p)
}

// ownKind: an integer type that the package declares, such as permissions.
func (f *finder) ownKind(t types.Type) bool {
	named, ok := t.(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == f.path
}

// maskVariants takes the bits of a mask away, one at a time.
func maskVariants(v constant.Value) []variant {
	n, exact := constant.Uint64Val(v)
	if !exact {
		return nil
	}
	var out []variant
	for i := range min(bits.OnesCount64(n), 8) {
		out = append(out, variant{i, fmt.Sprintf("without bit %d of those set", i+1)})
	}
	return out
}

// nameable reports whether the file can name the type.
func (f *finder) nameable(t types.Type) bool {
	named, ok := t.(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() == f.path {
		return true
	}
	return slices.ContainsFunc(f.file.Imports, func(i *ast.ImportSpec) bool {
		return i.Name == nil && i.Path.Value == strconv.Quote(named.Obj().Pkg().Path())
	})
}

// typeText names a type as the file does.
func (f *finder) typeText(t types.Type) string {
	return types.TypeString(types.Default(t), func(p *types.Package) string {
		if p.Path() == f.path {
			return ""
		}
		return p.Name()
	})
}

// statement leaves out what marks an answer as unknown.
func (f *finder) statement(s *ast.ExprStmt) {
	call, ok := s.X.(*ast.CallExpr)
	if !ok {
		return
	}
	fun := f.callee(call)
	if fun == nil || fun.Name() != "Stop" && fun.Name() != "Missed" || f.scope.decidesNothing(f.target, s) {
		return
	}
	from, to := f.offset(s.Pos()), f.offset(s.End())
	f.record(s, []variant{{0, "left out"}},
		edit{from: from, to: from, text: fmt.Sprintf("if mutant_.Do(%d) { ", f.next), span: to - from},
		edit{from: to, to: to, text: " }", span: to - from, closes: true})
}
