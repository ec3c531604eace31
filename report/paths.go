package report

import (
	"encoding/json"
	"io"
	"time"

	"seawall/attack"
	"seawall/lang"
	"seawall/rule"
)

// PathsFormat is the format and version of attack paths in JSON; its schema is
// docs/schema/paths-1.json.
const PathsFormat = "seawall.paths/1"

// Paths is how an attack could go, and what ends it.
type Paths struct {
	Format  string    `json:"format"`
	Tool    string    `json:"tool"` // version of Seawall
	TakenAt time.Time `json:"takenAt"`
	Host    Host      `json:"host"`
	Engines []Engine  `json:"engines"`
	// Assumed is what is assumed of the host, where the answer is about what files declare.
	Assumed []string `json:"assumed,omitempty"`
	// Made are the changes that count as made.
	Made []PathChange `json:"made,omitempty"`
	// States are all that the rest of the answer names.
	States []PathState `json:"states"`
	// Entries and Targets are the ids of the states that were asked about.
	Entries []string `json:"entries"`
	Targets []string `json:"targets"`
	// SecretsLeftOut is how many secrets are no targets, for there are too many; --to
	// asks about them.
	SecretsLeftOut int `json:"secretsLeftOut,omitempty"`
	// Pairs are the entries and targets between which there is a path.
	Pairs []PathPair `json:"pairs"`
	// Paths are different ones, the worst first: those that are certain, then those
	// that are possible.
	Paths []Path  `json:"paths"`
	Cut   PathCut `json:"cut"`
	// Baseline is the comparison with earlier paths, where some were given.
	Baseline *PathsBaseline `json:"baseline,omitempty"`
	// Gaps are the lists of things that could not be read: there may be paths that
	// nobody sees.
	Gaps []rule.MissingFact `json:"gaps"`
	// Graph are all moves on the ways from entries to targets, for the formats that draw
	// them; worked out when it is asked for, since on a large host they are very many.
	Graph func() *PathGraph `json:"-"`
}

// PathState is something that an attacker has or wants.
type PathState struct {
	ID     string      `json:"id"`
	Kind   attack.Kind `json:"kind"`
	Name   string      `json:"name"` // in words
	Engine string      `json:"engine,omitempty"`
	// Members are the containers that are alike, where there are several.
	Members []string `json:"members,omitempty"`
	// IDs are those of the members' states.
	IDs []string `json:"ids,omitempty"`
}

// PathPair is an entry and a target, and what the cheapest path between them
// costs.
type PathPair struct {
	From string `json:"from"`
	To   string `json:"to"`
	// With are the further entries that it takes together with From.
	With     []string `json:"with,omitempty"`
	Cost     int      `json:"cost"`
	Possible bool     `json:"possible,omitempty"`
	// Implied: the entry becomes root on the host with no more effort, who has
	// all of it.
	Implied bool `json:"implied,omitempty"`
}

// Path is one way from an entry to a target.
type Path struct {
	From []string `json:"from"`
	To   string   `json:"to"`
	Cost int      `json:"cost"`
	// Possible: it rests on facts that were not seen.
	Possible bool `json:"possible,omitempty"`
	// Like are the other entries of the kind at which the path can begin too.
	Like []string  `json:"like,omitempty"`
	Hops []PathHop `json:"hops"`
}

// PathHop is one move of a path.
type PathHop struct {
	Step   string   `json:"step"`
	Title  string   `json:"title"`
	What   string   `json:"what,omitempty"`
	Why    string   `json:"why"`
	ATTACK string   `json:"attack"`
	From   []string `json:"from"`
	To     string   `json:"to"`
	Cost   int      `json:"cost"`
	// Evidence is what was seen, Missing what was not.
	Evidence []rule.Evidence    `json:"evidence,omitempty"`
	Missing  []rule.MissingFact `json:"missing,omitempty"`
	// Ends are the changes each of which alone ends it.
	Ends []PathChange `json:"ends"`
	// Proof is what was tried of it on the live host; nil if nothing was to be.
	Proof *PathProof `json:"proof,omitempty"`
}

// PathChange is a change.
type PathChange struct {
	ID         string            `json:"id"`
	Text       string            `json:"text"`
	Weight     int64             `json:"weight"`
	Disruption attack.Disruption `json:"disruption,omitempty"`
	// The rest is told of the changes of a cut.
	Containers []string `json:"containers,omitempty"` // that it is made to, if they are several
	IDs        []string `json:"ids,omitempty"`        // of the change to each of them
	Breaks     string   `json:"breaks,omitempty"`
	Run        string   `json:"run,omitempty"`
	Compose    string   `json:"compose,omitempty"`
	Daemon     string   `json:"daemon,omitempty"`
	Shell      string   `json:"shell,omitempty"`
	// Left is how many pairs still have a certain path after it and those before it.
	Left *int `json:"left,omitempty"`
}

// PathCut is the cheapest set of changes after which no certain path is left.
type PathCut struct {
	// Possible: there is one.
	Possible bool         `json:"possible"`
	Changes  []PathChange `json:"changes"`
	Cost     int64        `json:"cost"`
	// Lower is what no such set costs less than.
	Lower  int64 `json:"lower"`
	Proven bool  `json:"proven"` // none costs less
	// Uncut is a path that no change ends.
	Uncut []PathHop `json:"uncut,omitempty"`
}

// PathsJSON writes attack paths in the format described by
// docs/schema/paths-1.json.
func PathsJSON(w io.Writer, p *Paths) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(p); err != nil {
		return lang.Errorf("write attack paths: %w", err)
	}
	return nil
}

// Partial reports whether something that could not be read leaves paths open.
func (p *Paths) Partial() bool {
	for i := range p.Pairs {
		if p.Pairs[i].Possible {
			return true
		}
	}
	return len(p.Gaps) > 0
}

// Certain counts the pairs between which there is a path for certain.
func (p *Paths) Certain() int {
	n := 0
	for i := range p.Pairs {
		if !p.Pairs[i].Possible {
			n++
		}
	}
	return n
}
