package attack

import (
	"cmp"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// Disruption says what a change interrupts.
type Disruption string

// The disruptions, the least first.
const (
	Nothing  Disruption = ""                           // what runs goes on
	Relogin  Disruption = "new login of the user"      // sessions keep what they have
	Recreate Disruption = "the container is made anew" //
	Redeploy Disruption = "its users are made anew"    // of a network, volume or image
	Restart  Disruption = "restart of the engine"      // containers too, without live-restore
	Reboot   Disruption = "restart of the host"        //
	Rebuild  Disruption = "the engine is set up anew"  // images and containers with it
)

// ChangeKind is a kind of change. In its texts {engine}, {subject} and {detail}
// stand for those of the change.
type ChangeKind struct {
	ID string // "drop-capability"
	// Text is what to do, in the imperative, one sentence.
	Text string
	// Weight is the effort and risk of the change, from 1; a person may set it
	// otherwise.
	Weight     int64
	Disruption Disruption
	// Breaks says what may stop working.
	Breaks string
	// Run, Compose, Daemon and Shell are exact lines, as those of a rule's fix.
	Run, Compose, Daemon, Shell string
}

// Change is one change to one thing.
type Change struct {
	Kind    *ChangeKind
	Engine  string // name of the engine; "" for what is the host's
	Subject string // container, user, network, …; "" for the engine or host
	Detail  string // what of it: a capability, a path
}

// ID is a name for command lines: "drop-capability:web:SYS_ADMIN". Of an engine
// that is not the system's own it ends with @ and the engine.
func (c Change) ID() string {
	id := c.Kind.ID
	for _, part := range []string{c.Subject, c.Detail} {
		if part != "" {
			id += ":" + part
		}
	}
	if key := rule.EngineKey(c.Engine); key != "" {
		id += "@" + key
	}
	return id
}

// String is what to do: "Run web without CAP_SYS_ADMIN".
func (c Change) String() string { return c.fill(lang.T(c.Kind.Text)) }

// Fix is the change in the form of a rule's fix.
func (c Change) Fix() rule.Fix {
	k := c.Kind
	return rule.Fix{Text: lang.Sprintf("%s.", c), Run: c.fill(k.Run), Compose: c.fill(k.Compose), Daemon: c.fill(k.Daemon), Shell: c.fill(k.Shell), Breaks: c.fill(lang.T(k.Breaks))}
}

func (c Change) fill(text string) string {
	engine := lang.T("the engine")
	if key := rule.EngineKey(c.Engine); key != "" {
		engine = lang.Sprintf("the engine %s", key)
	}
	return strings.NewReplacer("{engine}", engine, "{subject}", c.Subject, "{detail}", c.Detail).Replace(text)
}

// Compare orders changes by kind, engine, subject and detail.
func (c Change) Compare(d Change) int {
	return cmp.Or(cmp.Compare(c.Kind.ID, d.Kind.ID), cmp.Compare(c.Engine, d.Engine), cmp.Compare(c.Subject, d.Subject), cmp.Compare(c.Detail, d.Detail))
}
