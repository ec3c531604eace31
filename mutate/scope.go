package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
)

// scope knows what decides nothing and is left alone: the text and the
// examples of rules, and whatever is only worded, in messages and evidence.
type scope struct {
	fset *token.FileSet
	// idle are variables, fields, parameters and functions, by [scope.key],
	// whose values end in words or examples only, wherever they are used.
	idle map[string]bool
	// bodies are the declared functions, to see which only cite.
	bodies map[string]*ast.FuncDecl
	owner  map[string]*target
}

// words are the functions whose arguments are words, and the first of them
// that is.
var words = map[string]int{
	"(*seawall/rule.Context).Fail": 0, "(*seawall/rule.Context).FailAs": 1, "(*seawall/rule.Context).Pass": 0,
	"(*seawall/rule.Context).NotApplicable": 0, "(*seawall/rule.Context).Cite": 0, "(*seawall/rule.Context).Missed": 0,
	"(seawall/snapshot.Witness).Missed": 0, "seawall/snapshot.At": 0,
}

// text are the types of which a literal is text, and the fields of a rule that
// are.
var (
	text   = []string{"seawall/rule.Example", "seawall/rule.Fix", "seawall/rule.Refs"}
	fields = []string{"ID", "Title", "Severity", "Confined", "Why", "Fix", "Refs", "Bad", "Good"}
)

// newScope begins with everything idle and takes away what is used for more
// until nothing is left to take.
func newScope(fset *token.FileSet, targets []*target) *scope {
	s := &scope{fset: fset, idle: map[string]bool{}, bodies: map[string]*ast.FuncDecl{}, owner: map[string]*target{}}
	for _, t := range targets {
		s.declare(t)
	}
	for changed := true; changed; {
		changed = false
		for _, t := range targets {
			for id, o := range t.info.Uses {
				k := s.key(o)
				if s.idle[k] && !t.written(id) && !s.decidesNothing(t, id) {
					delete(s.idle, k)
					changed = true
				}
			}
		}
	}
	return s
}

// key names an object alike in its package and in those that import it.
func (s *scope) key(o types.Object) string {
	if o == nil || o.Pkg() == nil {
		return ""
	}
	p := s.fset.Position(o.Pos())
	return fmt.Sprintf("%s/%s:%d:%s", o.Pkg().Path(), filepath.Base(p.Filename), p.Line, o.Name())
}

// declare takes up the objects of a package that are read somewhere. Named
// results are read by returning.
func (s *scope) declare(t *target) {
	for id, o := range t.info.Defs {
		decl, isFunc := t.up[id].(*ast.FuncDecl)
		if isFunc {
			s.bodies[s.key(o)], s.owner[s.key(o)] = decl, t
		}
	}
	for id, o := range t.info.Uses {
		_, variable := o.(*types.Var)
		_, function := o.(*types.Func)
		if (variable || function) && !t.written(id) {
			s.idle[s.key(o)] = true
		}
	}
	for id, o := range t.info.Defs {
		if field, ok := t.up[id].(*ast.Field); ok {
			if list, ok := t.up[field].(*ast.FieldList); ok {
				if f, ok := t.up[list].(*ast.FuncType); ok && f.Results == list {
					delete(s.idle, s.key(o))
				}
			}
		}
	}
}

// written reports whether the name is assigned to rather than read.
func (t *target) written(id *ast.Ident) bool {
	var n ast.Node = id
	for {
		switch p := t.up[n].(type) {
		case *ast.SelectorExpr:
			n = p
			continue
		case *ast.IndexExpr:
			if p.X == n {
				n = p
				continue
			}
			return false
		case *ast.AssignStmt:
			e, ok := n.(ast.Expr)
			return ok && slices.Contains(p.Lhs, e)
		case *ast.IncDecStmt:
			return true
		case *ast.KeyValueExpr:
			return p.Key == n && n == id && t.structField(id)
		}
		return false
	}
}

func (t *target) structField(id *ast.Ident) bool {
	v, ok := t.info.Uses[id].(*types.Var)
	return ok && v.IsField()
}

// decidesNothing reports whether whatever is computed at the node is worded
// only, or belongs to an example.
func (s *scope) decidesNothing(t *target, n ast.Node) bool {
	for p := t.up[n]; p != nil; n, p = p, t.up[p] {
		switch p := p.(type) {
		case *ast.FuncDecl:
			return s.idle[s.key(t.info.Defs[p.Name])]
		case *ast.KeyValueExpr:
			if p.Value == n && s.idleElement(t, p) {
				return true
			}
		case *ast.CompositeLit:
			if p.Type != n && (s.isText(t, p) || s.idlePosition(t, p, n)) {
				return true
			}
		case *ast.CallExpr:
			if s.idleArgument(t, p, n) {
				return true
			}
		case *ast.AssignStmt:
			if e, ok := n.(ast.Expr); ok && slices.Contains(p.Rhs, e) && s.idleAssignment(t, p, e) {
				return true
			}
		case *ast.ValueSpec:
			if e, ok := n.(ast.Expr); ok {
				if i := slices.Index(p.Values, e); i >= 0 && s.idle[s.key(t.info.Defs[p.Names[i]])] {
					return true
				}
			}
		case *ast.IfStmt, *ast.SwitchStmt, *ast.RangeStmt, *ast.ForStmt:
			if s.idleStmt(t, p.(ast.Stmt), false) {
				return true
			}
		}
	}
	return false
}

// idleElement looks at a field of a literal that is given by name.
func (s *scope) idleElement(t *target, kv *ast.KeyValueExpr) bool {
	key, ok := kv.Key.(*ast.Ident)
	if !ok || !t.structField(key) {
		return false
	}
	lit := t.up[kv].(*ast.CompositeLit)
	if t.typeName(lit) == "seawall/rule.Rule" && slices.Contains(fields, key.Name) {
		return true
	}
	return s.idle[s.key(t.info.Uses[key])]
}

// idlePosition looks at a field of a literal that is given by position.
func (s *scope) idlePosition(t *target, lit *ast.CompositeLit, n ast.Node) bool {
	e, ok := n.(ast.Expr)
	str, isStruct := t.info.TypeOf(lit).Underlying().(*types.Struct)
	if !ok || !isStruct {
		return false
	}
	i := slices.Index(lit.Elts, e)
	_, named := n.(*ast.KeyValueExpr)
	return i >= 0 && !named && s.idle[s.key(str.Field(i))]
}

func (t *target) typeName(e ast.Expr) string {
	if typ := t.info.TypeOf(e); typ != nil {
		return typ.String()
	}
	return ""
}

func (s *scope) isText(t *target, e ast.Expr) bool { return slices.Contains(text, t.typeName(e)) }

// idleArgument looks at what a function does with the argument.
func (s *scope) idleArgument(t *target, call *ast.CallExpr, n ast.Node) bool {
	e, ok := n.(ast.Expr)
	i := slices.Index(call.Args, e)
	f := t.callee(call)
	if !ok || i < 0 || f == nil {
		return false
	}
	if first, ok := words[f.FullName()]; ok {
		return i >= first
	}
	params := f.Signature().Params()
	if params.Len() == 0 {
		return false
	}
	return s.idle[s.key(params.At(min(i, params.Len()-1)))]
}

// callee is the declared function or method that is called, nil for others.
func (t *target) callee(call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	}
	f, _ := t.info.Uses[id].(*types.Func)
	return f
}

func (s *scope) idleAssignment(t *target, a *ast.AssignStmt, value ast.Expr) bool {
	if len(a.Lhs) == len(a.Rhs) {
		return s.idleVariable(t, a.Lhs[slices.Index(a.Rhs, value)])
	}
	return s.allIdle(t, a.Lhs)
}

func (s *scope) allIdle(t *target, list []ast.Expr) bool {
	for _, e := range list {
		if !s.idleVariable(t, e) {
			return false
		}
	}
	return true
}

// idleVariable looks at what is assigned to.
func (s *scope) idleVariable(t *target, e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.Ident:
		o := t.info.Defs[x]
		if o == nil {
			o = t.info.Uses[x]
		}
		return x.Name == "_" || s.isText(t, x) || s.idle[s.key(o)]
	case *ast.SelectorExpr:
		return s.isText(t, x.X) || s.idle[s.key(t.info.Uses[x.Sel])]
	case *ast.IndexExpr:
		return s.idleVariable(t, x.X)
	}
	return false
}

// idleStmt reports whether a statement only words or cites. Leaving counts as
// such where all that is left does.
func (s *scope) idleStmt(t *target, stmt ast.Stmt, leaving bool) bool {
	switch x := stmt.(type) {
	case nil, *ast.EmptyStmt:
		return true
	case *ast.BlockStmt:
		return s.idleList(t, x.List, leaving)
	case *ast.IfStmt:
		return s.idleStmt(t, x.Body, leaving) && s.idleStmt(t, x.Else, leaving)
	case *ast.SwitchStmt:
		return s.idleList(t, x.Body.List, leaving)
	case *ast.CaseClause:
		return s.idleList(t, x.Body, leaving)
	case *ast.RangeStmt:
		return s.idleStmt(t, x.Body, true)
	case *ast.ForStmt:
		return s.idleStmt(t, x.Body, true)
	case *ast.AssignStmt:
		return s.allIdle(t, x.Lhs)
	case *ast.IncDecStmt:
		return s.idleVariable(t, x.X)
	case *ast.BranchStmt:
		return leaving
	case *ast.ReturnStmt:
		return leaving && len(x.Results) == 0
	case *ast.ExprStmt:
		call, ok := x.X.(*ast.CallExpr)
		return ok && s.onlyCites(t, call)
	}
	return false
}

func (s *scope) idleList(t *target, list []ast.Stmt, leaving bool) bool {
	for _, stmt := range list {
		if !s.idleStmt(t, stmt, leaving) {
			return false
		}
	}
	return true
}

// onlyCites reports whether a call is one that leaves evidence and no more.
func (s *scope) onlyCites(t *target, call *ast.CallExpr) bool {
	f := t.callee(call)
	if f == nil {
		return false
	}
	if f.FullName() == "(*seawall/rule.Context).Cite" {
		return true
	}
	k := s.key(f)
	body, ok := s.bodies[k]
	return ok && f.Signature().Results().Len() == 0 && s.idleStmt(s.owner[k], body.Body, true)
}
