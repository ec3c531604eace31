package advice

import (
	"slices"

	"seawall/confinement"
	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// Capabilities are those to add after all are dropped.
type Capabilities struct {
	Setting
	// Add are the capabilities to add, by number.
	Add []Capability `json:"add"`
	// Idle are those that the container has and was not seen to need.
	Idle snapshot.CapSet `json:"idle"`
	// ExecOnly are those that only exec sessions used: who needs them there gives them
	// to the session.
	ExecOnly snapshot.CapSet `json:"execOnly"`
	// Refused are those that were asked for in earnest and never granted.
	Refused snapshot.CapSet `json:"refused"`
	// HeldNow is the most that its processes can hold as it is set up.
	HeldNow snapshot.CapSet `json:"heldNow"`
}

// Cause says why a capability is advised.
type Cause string

// Causes.
const (
	Used Cause = "used" // the container was seen to use it
	File Cause = "file" // a program of its image cannot be started without
	// Tried: a copy that was run without it asked for it, and worked with it.
	Tried Cause = "tried"
)

// Capability is one to add.
type Capability struct {
	Name   string `json:"name"` // without CAP_
	Cause  Cause  `json:"cause"`
	Reason string `json:"reason"`
	// Evidence are the checks that show its use, the first first.
	Evidence []observation.Capability `json:"evidence"`
	// Files are the programs that are marked to have it.
	Files []string `json:"files,omitempty"`
}

// Set are the capabilities to add.
func (c Capabilities) Set() snapshot.CapSet {
	var set snapshot.CapSet
	for _, x := range c.Add {
		set |= snapshot.Caps(x.Name)
	}
	return set
}

func capabilities(in Input, b Basis) Capabilities {
	out := Capabilities{Add: []Capability{}, HeldNow: heldNow(in)}
	if in.Seen == nil {
		return unobserved(in, out)
	}
	out.Verdict, out.Reasons = b.verdict()
	if out.Reasons == nil {
		out.Reasons = []string{}
	}
	used := in.Seen.Used(observation.Workload)
	out.ExecOnly = in.Seen.Used(observation.Exec) &^ used
	if checked, _ := in.Container.Health.Peek(); checked && out.ExecOnly != 0 {
		used, out.ExecOnly = used|out.ExecOnly, 0 // the health check may be what used them
	}
	for _, name := range used.Names() {
		evidence := in.Seen.Evidence(name)
		out.Add = append(out.Add, Capability{Name: name, Cause: Used, Reason: observation.Reason(evidence), Evidence: evidence})
	}
	out.addFiles(in)
	out.Refused = in.Seen.Refused()
	if out.Refused != 0 {
		out.Reasons = append(out.Reasons, lang.Sprintf("it asked for %s, which it has not, and went on without: whether that was meant is not known", out.Refused))
	}
	out.Idle = out.HeldNow &^ out.Set()
	return out
}

// heldNow is the bounding set of its process, else what its settings ask for.
func heldNow(in Input) snapshot.CapSet {
	if in.Seen != nil && in.Seen.Bounding != nil {
		return *in.Seen.Bounding
	}
	caps := confinement.CapabilitiesOf(quiet{}, in.Container)
	if caps.Kernel {
		return caps.Bounding
	}
	return caps.Asked
}

// unobserved is what settings and files alone tell: an ordinary user who can gain
// nothing needs nothing.
func unobserved(in Input, out Capabilities) Capabilities {
	text := lang.T("nothing was seen of what it uses. What it can hold is not known")
	if caps := confinement.CapabilitiesOf(quiet{}, in.Container); caps.Kernel || caps.Complete {
		text = lang.Sprintf("nothing was seen of what it uses. It can hold at most: %s. That is no advice to keep them", orNone(out.HeldNow))
	}
	out.Setting = setting(Unknown, text)
	out.addFiles(in)
	u := confinement.UserOf(quiet{}, in.Engine, in.Container)
	if !u.Known || u.Root || !startsAsUser(in) {
		return out
	}
	setID, known := privilegedFiles(in)
	if !known || len(setID) > 0 {
		return out
	}
	out.Setting = setting(Holds, lang.Sprintf("it starts as an ordinary user (%s), and its image has no program that gives privileges: it can hold none", u.Name))
	out.Idle = out.HeldNow
	return out
}

// startsAsUser reports whether the settings make its first program an ordinary user's.
func startsAsUser(in Input) bool {
	who := confinement.NamedUser(quiet{}, in.Container.User, "")
	if value, known := in.Container.User.Peek(); (!known || value == "") && in.Image != nil {
		who = confinement.NamedUser(quiet{}, in.Image.User, "")
	}
	return who.Known && !who.Root
}

// addFiles adds what the marked programs of the image need to be started: without, the
// kernel refuses to (EPERM), also under no-new-privileges.
func (c *Capabilities) addFiles(in Input) {
	if in.Image == nil {
		c.Reasons = append(c.Reasons, lang.T("the image's files were not read: a program with file capabilities could not be started without them"))
		return
	}
	files, known := in.Image.CapabilityFiles.Peek()
	if !known {
		c.Reasons = append(c.Reasons, lang.Sprintf("the image's files were not read (%s): a program with file capabilities could not be started without them", lang.T(in.Image.CapabilityFiles.Gap().Detail)))
		return
	}
	for _, f := range files {
		if !f.CapsEffective {
			continue // it starts with what it can have
		}
		if beyond := f.Capabilities &^ c.HeldNow; beyond != 0 && c.HeldNow != 0 {
			c.Reasons = append(c.Reasons, lang.Sprintf("%s is marked to have %s and cannot be started as it is set up: it is left out", f.Path, beyond))
			continue
		}
		for _, name := range f.Capabilities.Names() {
			c.addFile(name, f.Path)
		}
	}
}

// AddTried adds what a copy was refused and worked with.
func (c *Capabilities) AddTried(set snapshot.CapSet) {
	for _, name := range (set &^ c.Set()).Names() {
		c.Add = append(c.Add, Capability{
			Name: name, Cause: Tried, Evidence: []observation.Capability{}, Reason: lang.T("a copy that ran without was refused it, and did not work"),
		})
	}
	c.inOrder()
	c.Idle &^= set
}

func (c *Capabilities) inOrder() {
	order := snapshot.AllCaps.Names()
	slices.SortStableFunc(c.Add, func(a, b Capability) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
}

func (c *Capabilities) addFile(name, file string) {
	at := slices.IndexFunc(c.Add, func(x Capability) bool { return x.Name == name })
	if at < 0 {
		at = len(c.Add)
		c.Add = append(c.Add, Capability{Name: name, Cause: File, Evidence: []observation.Capability{}})
	}
	x := &c.Add[at]
	x.Files = append(x.Files, file)
	if x.Cause == File {
		x.Reason = lang.Sprintf("%s is marked to have it (file capability) and is not started without; leave it out if nobody runs it", lang.Comma(x.Files))
	}
	c.inOrder()
}

func orNone(set snapshot.CapSet) string {
	if set == 0 {
		return lang.T("none")
	}
	return set.String()
}

// quiet is a witness of reads that decide no rule.
type quiet struct{}

func (quiet) Saw(snapshot.Origin, any)             {}
func (quiet) Missed(snapshot.Origin, snapshot.Gap) {}
func (quiet) Stop()                                {}
