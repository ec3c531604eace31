package ownrule

import (
	"go.yaml.in/yaml/v3"

	"seawall/lang"
	"seawall/ownrule/expr"
)

// conditions compiles the rule's expressions.
func (f *file) conditions(m fields, kind string) *conditions {
	c := &conditions{kind: kind}
	c.otherwise = f.text(m, "otherwise")
	fail := f.need(m, "fail", lang.T("the condition of a finding"))
	message := f.need(m, "message", lang.T("what was seen"))
	if m.values["when"] != nil && c.otherwise == "" {
		f.fault(m.values["when"], "when without otherwise: say why the question does not arise")
	}
	if m.values["when"] == nil && m.values["otherwise"] != nil {
		f.fault(m.values["otherwise"], "otherwise without when")
	}
	if kind == "" {
		return c
	}
	if m.values["when"] != nil {
		f.need(m, "when", lang.T("the condition under which the question arises"))
		c.when = f.condition(m.values["when"], kind)
	}
	if fail != "" {
		c.fail = f.condition(m.values["fail"], kind)
	}
	if message != "" {
		c.message = f.message(m.values["message"], kind)
	}
	return c
}

// condition compiles one.
func (f *file) condition(n *yaml.Node, kind string) condition {
	p, faults := expr.Condition(kind, n.Value)
	for _, fault := range faults {
		f.faultIn(n, fault.Offset, fault.Text)
	}
	line, column := f.source.place(n, 0)
	return condition{Program: p, where: Fault{File: f.name, Line: line, Column: column}}
}
