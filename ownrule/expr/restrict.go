package expr

import (
	"reflect"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"

	"seawall/lang"
)

// restrict refuses what the type checker lets pass and evaluation could not
// answer truly.
func restrict(checked *cel.Ast, text string) []Fault {
	var out []Fault
	tree := checked.NativeRep()
	note := func(e ast.Expr, message string) {
		at := tree.SourceInfo().GetStartLocation(e.ID())
		out = append(out, Fault{offset(text, at.Line(), at.Column()), message})
	}
	ast.PreOrderVisit(tree.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.StructKind:
			note(e, lang.Sprintf("an expression cannot make a %s", e.AsStruct().TypeName()))
		case ast.ComprehensionKind:
			if list := e.AsComprehension().IterRange(); factsByName(tree, list) {
				note(list, lang.T("this cannot be walked: ask for a setting by its name"))
			}
		case ast.CallKind:
			call := e.AsCall()
			switch call.FunctionName() {
			case "replace", "join", "format":
				// Cost is counted after each step; these can make a text of
				// any length in one.
				note(e, lang.Sprintf("%s is not offered: it can make a text of any length", call.FunctionName()))
			case overloads.Size:
				if slices.ContainsFunc(append(call.Args(), call.Target()), func(a ast.Expr) bool { return factsByName(tree, a) }) {
					note(e, lang.T("this cannot be counted: ask for a setting by its name"))
				}
			case operators.Equals, operators.NotEquals, operators.In:
				if t := tree.GetType(call.Args()[0].ID()); !comparable(t) {
					note(e, lang.Sprintf("values of type %s cannot be compared: compare their fields or values", cel.FormatCELType(t)))
				}
			}
		}
	}))
	return out
}

// comparable reports whether equality of values of a type rests on nothing that
// could be missing inside them.
func comparable(t *cel.Type) bool {
	switch t.Kind() {
	case types.StructKind, types.MapKind, types.DynKind, types.AnyKind:
		return false
	case types.ListKind:
		return len(t.Parameters()) == 0 || comparable(t.Parameters()[0]) || t.Parameters()[0].Kind() == types.TypeParamKind
	}
	return true
}

// factsByName reports whether an expression is a map of facts (see [factMap]).
func factsByName(tree *ast.AST, e ast.Expr) bool {
	if e.Kind() != ast.SelectKind {
		return false
	}
	s := snapshotTypes().byName[tree.GetType(e.AsSelect().Operand().ID()).TypeName()]
	if s == nil {
		return false
	}
	f := s.fields[e.AsSelect().FieldName()]
	return f != nil && !f.fact && f.goType.Kind() == reflect.Map && f.bulky
}
