package ruletest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"

	"seawall/rule"
)

// Files checks the Go files of the package under test against its list of
// rules: every rule written in a file must be listed, and a file that holds one
// rule must be named after it, "-" written as "_". Tables that generate rules
// have no ids of their own and may be named freely.
func Files(t *testing.T, rules []*rule.Rule) {
	t.Helper()
	listed := map[string]bool{}
	for _, r := range rules {
		listed[r.ID] = true
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		ids := idsIn(t, name)
		for _, id := range ids {
			if !listed[id] {
				t.Errorf("%s: rule %s is in no list", name, id)
			}
		}
		if len(ids) == 1 && name != strings.ReplaceAll(ids[0], "-", "_")+".go" {
			t.Errorf("%s holds only rule %s and should be named after it", name, ids[0])
		}
	}
}

// idsIn finds the literal ids of rules written in a file.
func idsIn(t *testing.T, name string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok && isRule(lit.Type) {
			for _, element := range lit.Elts {
				if id, ok := literalID(element); ok {
					ids = append(ids, id)
				}
			}
		}
		return true
	})
	return ids
}

func isRule(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "rule" && sel.Sel.Name == "Rule"
}

func literalID(e ast.Expr) (string, bool) {
	kv, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return "", false
	}
	key, ok := kv.Key.(*ast.Ident)
	if !ok || key.Name != "ID" {
		return "", false
	}
	lit, ok := kv.Value.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	id, err := strconv.Unquote(lit.Value)
	return id, err == nil
}
