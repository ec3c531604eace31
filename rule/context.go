package rule

import (
	"seawall/currency"
	"seawall/lang"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// Context is a check's window on the world: the subject's surroundings, and
// the witness of what the check reads.
type Context struct {
	Snapshot *snapshot.Snapshot
	Host     *snapshot.Host
	// Engine is the engine the subject belongs to; nil for subjects that belong
	// to the host.
	Engine *snapshot.Engine

	container *snapshot.Container // the subject, if it is one
	world     World
	rule      *Rule
	refs      []string
	read      []Evidence // every fact read
	cited     []Evidence // the facts that a failing check named
	missed    []MissingFact

	few [4]Evidence // room for read, which rarely needs more
}

// Reach is who reaches the APIs, and from outside the published ports, as the
// network namespaces of the snapshot tell. It is found once for all rules.
func (c *Context) Reach() *matrix.Matrix { return c.world.Reach() }

// Currency is how up to date the host is. It is found once for all rules. It leaves
// no evidence: a check cites what decides, and tells of what was not read.
func (c *Context) Currency() *currency.Report { return c.world.Currency() }

// Answer is what a check returns. Only the methods of [Context] make one.
type Answer struct {
	verdict  Verdict
	message  string
	severity Severity
	reason   string
}

// stopped is what Stop panics with; evaluate recovers it.
type stopped struct{}

// Saw records a fact that was read (see [snapshot.Witness]).
func (c *Context) Saw(o snapshot.Origin, value any) {
	for i := range c.read {
		if c.read[i].Fact == o.Path && c.read[i].Source == o.Source {
			return // read again
		}
	}
	c.read = append(c.read, Evidence{Fact: o.Path, Value: value, Source: o.Source})
}

// Missed records a fact that could not be read.
func (c *Context) Missed(o snapshot.Origin, g snapshot.Gap) {
	c.missed = append(c.missed, MissingFact{Fact: o.Path, Source: o.Source, Gap: g})
}

// Stop ends the check as unknown. It does not return.
func (c *Context) Stop() { panic(stopped{}) }

// Cite names evidence for a failing answer, in place of all facts read: the
// one mount out of many. The path is the fact's, narrowed to the part meant.
func (c *Context) Cite(o snapshot.Origin, value any) {
	c.cited = append(c.cited, Evidence{Fact: o.Path, Value: value, Source: o.Source})
}

// Fail answers that the fault is there. The message says what was seen, on
// this subject, in one sentence without a full stop.
func (c *Context) Fail(format string, args ...any) Answer {
	return Answer{verdict: Failed, message: lang.Sprintf(format, args...)}
}

// FailAs is Fail with a severity of its own and the reason why it differs from
// the rule's: "root in the container is user 100000 on the host".
func (c *Context) FailAs(s Severity, reason, format string, args ...any) Answer {
	a := c.Fail(format, args...)
	a.severity, a.reason = s, lang.T(reason)
	return a
}

// Pass answers that the fault is not there. It becomes unknown if a fact that
// the check tried could not be read.
func (c *Context) Pass(format string, args ...any) Answer {
	return Answer{verdict: Passed, message: lang.Sprintf(format, args...)}
}

// NotApplicable answers that the question does not arise, and why. It becomes
// unknown if a fact that the check tried could not be read.
func (c *Context) NotApplicable(format string, args ...any) Answer {
	return Answer{verdict: NotApplicable, message: lang.Sprintf(format, args...)}
}
