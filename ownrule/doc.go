// Package ownrule reads the rules that a person brings: a YAML file of rules
// whose conditions are CEL expressions (see [seawall/ownrule/expr]), with the
// metadata and the examples that the rulebook's own rules have. A rule is tried
// on its examples when it is read.
//
// A mistake is a [Fault] with file, line and column, also inside expressions.
package ownrule
