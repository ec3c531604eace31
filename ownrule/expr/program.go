package expr

import (
	"errors"
	"reflect"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"seawall/lang"
	"seawall/snapshot"
)

// Program is a compiled expression. It may be evaluated by several goroutines at
// once.
type Program struct {
	plans [len(limits)]func() (cel.Program, error)
	typ   *cel.Type
}

// limits are the costs that one evaluation may have, in CEL's units: a
// comparison costs one. All subjects of a rule together stay in bounds: the more
// there are, the less each may cost.
var limits = [...]struct {
	subjects int // as many at most
	cost     uint64
}{{20, 1_000_000}, {200, 100_000}, {1 << 62, 10_000}}

// newProgram makes the plans, each when it is first needed.
func newProgram(e *cel.Env, ast *cel.Ast) *Program {
	p := &Program{typ: ast.OutputType()}
	for i, limit := range limits {
		p.plans[i] = sync.OnceValues(func() (cel.Program, error) {
			return e.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(limit.cost))
		})
	}
	return p
}

// Subject is what an expression is evaluated for.
type Subject struct {
	// Kind is its kind, and the name it has in expressions; Value points to it.
	Kind  string
	Value any
	// Engine is the engine it belongs to; nil if it belongs to the host.
	Engine   *snapshot.Engine
	Snapshot *snapshot.Snapshot
	// Among is how many subjects are judged by the same rule.
	Among int
}

// activation gives an expression its variables.
type activation struct {
	Subject
	reader *Reader
}

// Parent is nil: all variables are here.
func (a *activation) Parent() cel.Activation { return nil }

// ResolveName finds a variable.
func (a *activation) ResolveName(name string) (any, bool) {
	p := place{reader: a.reader, engine: a.Engine}
	switch {
	case name == a.Kind:
		return p.object(reflect.ValueOf(a.Value).Elem()), true
	case name == "host":
		return p.object(reflect.ValueOf(&a.Snapshot.Host).Elem()), true
	case name == "snapshot":
		return p.object(reflect.ValueOf(a.Snapshot).Elem()), true
	case name == "engine" && a.Engine != nil:
		return p.object(reflect.ValueOf(a.Engine).Elem()), true
	}
	return nil, false
}

// Bool evaluates a condition. What was read is with the reader. An error means
// that it is not decided: [ErrMissed] if facts have no value.
func (p *Program) Bool(s Subject, r *Reader) (bool, error) {
	v, err := p.eval(s, r)
	if err != nil {
		return false, err
	}
	b, ok := v.(types.Bool)
	if !ok {
		return false, lang.Errorf("it gave a %s", v.Type().TypeName())
	}
	return bool(b), nil
}

// Text evaluates an expression and words its value.
func (p *Program) Text(s Subject, r *Reader) (string, error) {
	v, err := p.eval(s, r)
	if err != nil {
		return "", err
	}
	return words(v), nil
}

// ErrMissed says that an expression is not decided for want of facts, which the
// reader has.
var ErrMissed = lang.Sentinel("facts have no value")

// ErrCost says that an evaluation was ended at its limit.
var ErrCost = lang.Sentinel("the expression costs too much on this snapshot")

func (p *Program) eval(s Subject, r *Reader) (ref.Val, error) {
	plan := 0
	for s.Among > limits[plan].subjects {
		plan++
	}
	program, err := p.plans[plan]()
	if err != nil {
		return nil, err
	}
	v, _, err := program.Eval(&activation{Subject: s, reader: r})
	var missed *missedError
	var cancelled interpreter.EvalCancelledError
	switch {
	case err == nil:
		return v, nil
	case errors.As(err, &missed):
		r.Missed(missed.at, missed.gap)
		return nil, ErrMissed
	case errors.As(err, &cancelled):
		return nil, lang.Errorf("%w: more than %d steps", ErrCost, limits[plan].cost)
	}
	return nil, errors.New(strings.Join(strings.Fields(err.Error()), " "))
}
