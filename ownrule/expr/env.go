package expr

import (
	"reflect"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/overloads"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/ext"

	"seawall/lang"
	"seawall/snapshot"
)

// The limits of an expression.
const (
	maxLength  = 4000 // characters
	maxNodes   = 2000 // of its syntax tree, macros written out
	maxDepth   = 50   // of nested brackets
	maxNesting = 3    // of macros that walk a list, such as exists
	maxRegexp  = 1000 // instructions of a compiled regular expression
)

// variables are the names that expressions see besides their subject, and its
// engine where it has one.
var variables = map[string]reflect.Type{
	"snapshot": reflect.TypeFor[snapshot.Snapshot](),
	"host":     reflect.TypeFor[snapshot.Host](),
	"engine":   reflect.TypeFor[snapshot.Engine](),
}

// subjects are the kinds of subjects, by the names that reports give them.
var subjects = map[string]reflect.Type{
	"host":      reflect.TypeFor[snapshot.Host](),
	"engine":    reflect.TypeFor[snapshot.Engine](),
	"listener":  reflect.TypeFor[snapshot.Listener](),
	"client":    reflect.TypeFor[snapshot.Client](),
	"user":      reflect.TypeFor[snapshot.User](),
	"image":     reflect.TypeFor[snapshot.Image](),
	"container": reflect.TypeFor[snapshot.Container](),
	"network":   reflect.TypeFor[snapshot.Network](),
	"volume":    reflect.TypeFor[snapshot.Volume](),
	"swarm":     reflect.TypeFor[snapshot.Swarm](),
}

// OfHost reports whether subjects of a kind belong to the host, not to an
// engine: their expressions do not know one.
func OfHost(subject string) bool {
	return subject == "host" || subject == "client" || subject == "user"
}

// Names are the variables of the expressions about a kind of subject.
func Names(subject string) []string {
	names := []string{subject}
	for _, n := range []string{"engine", "host", "snapshot"} {
		if n != subject && !(n == "engine" && OfHost(subject)) {
			names = append(names, n)
		}
	}
	return names
}

// world is what all expressions share: types and functions.
type world struct {
	provider *provider
	base     *cel.Env

	mu    sync.Mutex
	bySub map[string]*cel.Env
}

// newWorld makes the environment. An error is a mistake of the program, which
// the tests find.
var newWorld = sync.OnceValues(func() (*world, error) {
	registry, err := types.NewRegistry()
	if err != nil {
		return nil, err
	}
	p := &provider{Registry: registry, catalog: snapshotTypes(), unknown: map[string]*structType{}}
	options := append([]cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(pureFunctions())),
		cel.CustomTypeProvider(p), cel.CustomTypeAdapter(p),
		ext.Strings(),
		cel.ParserExpressionSizeLimit(maxLength), cel.ParserRecursionLimit(maxDepth), cel.ParserErrorRecoveryLimit(5),
		cel.ExpressionNodeLimit(maxNodes), cel.RegexProgramSizeLimit(maxRegexp),
		cel.ASTValidators(cel.ValidateComprehensionNestingLimit(maxNesting), cel.ValidateRegexLiterals(),
			cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(), cel.ValidateHomogeneousAggregateLiterals()),
	}, functions()...)
	base, err := cel.NewCustomEnv(options...)
	if err != nil {
		return nil, lang.Errorf("expressions: %w", err)
	}
	return &world{provider: p, base: base, bySub: map[string]*cel.Env{}}, nil
})

// pureFunctions are the standard functions without dyn, which hides types, and
// without those that read the host's time zones.
func pureFunctions() *env.LibrarySubset {
	subset := env.NewLibrarySubset().AddExcludedFunctions(env.NewFunction("dyn"))
	for name, id := range map[string]string{
		overloads.TimeGetFullYear:     overloads.TimestampToYearWithTz,
		overloads.TimeGetMonth:        overloads.TimestampToMonthWithTz,
		overloads.TimeGetDayOfYear:    overloads.TimestampToDayOfYearWithTz,
		overloads.TimeGetDayOfMonth:   overloads.TimestampToDayOfMonthZeroBasedWithTz,
		overloads.TimeGetDate:         overloads.TimestampToDayOfMonthOneBasedWithTz,
		overloads.TimeGetDayOfWeek:    overloads.TimestampToDayOfWeekWithTz,
		overloads.TimeGetHours:        overloads.TimestampToHoursWithTz,
		overloads.TimeGetMinutes:      overloads.TimestampToMinutesWithTz,
		overloads.TimeGetSeconds:      overloads.TimestampToSecondsWithTz,
		overloads.TimeGetMilliseconds: overloads.TimestampToMillisecondsWithTz,
	} {
		subset.AddExcludedFunctions(env.NewFunction(name, env.NewOverload(id, nil, nil)))
	}
	return subset
}

// env is the environment for a kind of subject.
func (w *world) env(subject string) (*cel.Env, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if e := w.bySub[subject]; e != nil {
		return e, nil
	}
	var options []cel.EnvOption
	for _, name := range Names(subject) {
		t, ok := subjects[name]
		if !ok {
			t = variables[name]
		}
		options = append(options, cel.Variable(name, snapshotTypes().byType[t].cel))
	}
	e, err := w.base.Extend(options...)
	if err != nil {
		return nil, lang.Errorf("expressions about a %s: %w", subject, err)
	}
	w.bySub[subject] = e
	return e, nil
}

// sizes leaves the sizes of values open: those of a host are not known before.
type sizes struct{}

// EstimateCallCost leaves the estimate to CEL.
func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// EstimateSize knows none.
func (sizes) EstimateSize(cost.AstNode) *cost.SizeEstimate { return nil }
