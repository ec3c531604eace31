package report

import (
	"encoding/json"
	"io"
	"time"

	"seawall/lang"
	"seawall/reach/filter"
	"seawall/reach/matrix"
	"seawall/snapshot"
)

// ReachFormat is the format and version of who reaches what in JSON; its schema
// is docs/schema/reach-1.json.
const ReachFormat = "seawall.reach/1"

// Reach is who can open a connection to what.
type Reach struct {
	Format  string    `json:"format"`
	Tool    string    `json:"tool"` // version of Seawall
	TakenAt time.Time `json:"takenAt"`
	Host    Host      `json:"host"`
	Engines []Engine  `json:"engines"`
	// ContainerNets: the networks of containers were asked for.
	ContainerNets bool `json:"containerNets"`
	// From and To are the names that the answer was narrowed to.
	From    string        `json:"from,omitempty"`
	To      string        `json:"to,omitempty"`
	Sources []ReachSource `json:"sources"`
	Targets []ReachTarget `json:"targets"`
	// Cells are in the order of sources, then targets.
	Cells []ReachCell `json:"cells"`
	// Policies are what the firewalls of the machine and of engines amount to,
	// whatever the answer was narrowed to.
	Policies []ReachPolicy `json:"policies"`
	// Remedies are what would close cells. Of some it was not worked out:
	// RemediesLeftOut is of how many.
	Remedies        []ReachRemedy `json:"remedies"`
	RemediesLeftOut int           `json:"remediesLeftOut,omitempty"`
	// Gaps are why something is not known.
	Gaps []ReachGap `json:"gaps"`
}

// ReachPolicy is a sentence about a firewall, as [matrix.Policy] tells.
type ReachPolicy struct {
	Space   string           `json:"space"`
	Topic   matrix.Topic     `json:"topic"`
	Family  string           `json:"family,omitempty"`
	Verdict matrix.Judgement `json:"verdict"`
	Target  string           `json:"target,omitempty"`
	Targets []string         `json:"targets,omitempty"`
	Sources []string         `json:"sources,omitempty"`
	Rule    *ReachStep       `json:"rule,omitempty"`
	Words   string           `json:"words"`

	named bool // the words name the rule
}

// ReachRemedy is what would close cells: a setting, or commands. Its id is its
// number, from 1.
type ReachRemedy struct {
	ID       int      `json:"id"`
	Setting  string   `json:"setting,omitempty"`
	Commands []string `json:"commands,omitempty"`
	Breaks   string   `json:"breaks,omitempty"`
	// Elsewhere are the cells that it closes and that the answer, which was narrowed,
	// does not hold, as "source → target".
	Elsewhere []string `json:"elsewhere,omitempty"`
}

// ReachSource is who opens connections. Its id is its number, from 1.
type ReachSource struct {
	ID       int               `json:"id"`
	Kind     matrix.SourceKind `json:"kind"`
	Name     string            `json:"name"`
	Networks []string          `json:"networks,omitempty"`
	Members  []ReachMember     `json:"members,omitempty"`
}

// ReachMember is a container.
type ReachMember struct {
	Engine  string `json:"engine"`
	Name    string `json:"name"`
	Project string `json:"project,omitempty"`
}

// ReachTarget is what connections are opened to. Its id is its number, from 1.
type ReachTarget struct {
	ID       int               `json:"id"`
	Kind     matrix.TargetKind `json:"kind"`
	Name     string            `json:"name"`
	Engine   string            `json:"engine,omitempty"`
	Network  string            `json:"network,omitempty"`
	Protocol string            `json:"protocol"`
	Port     uint16            `json:"port"`
	// Addresses that it has: of a container's port, those of the first container.
	Addresses []string      `json:"addresses"`
	Members   []ReachMember `json:"members,omitempty"`
	// Stranger is what a client without a certificate gets from an API, in words;
	// Handshake is what was seen.
	Stranger  string              `json:"stranger,omitempty"`
	Handshake *snapshot.Handshake `json:"handshake,omitempty"`
}

// ReachCell is whether a source reaches a target.
type ReachCell struct {
	Source  int            `json:"source"`
	Target  int            `json:"target"`
	Verdict filter.Verdict `json:"verdict"`
	// Partly: it holds for a part of the source's addresses.
	Partly bool `json:"partly,omitempty"`
	// Why there is no way to try, where there is none.
	Why string `json:"why,omitempty"`
	// Remedies are the ids of those that close it.
	Remedies []int `json:"remedies,omitempty"`
	// Ways are what becomes of it by each address, the best first.
	Ways []ReachWay `json:"ways"`
}

// ReachWay is one way to try a connection.
type ReachWay struct {
	To string `json:"to"`
	// Senders are the addresses that it holds for, as ranges: where it holds for
	// some only.
	Senders []string `json:"senders,omitempty"`
	// Crafted: the frames are made by hand.
	Crafted bool           `json:"crafted,omitempty"`
	Verdict filter.Verdict `json:"verdict"`
	// Predicted is the verdict of rules and routes, where a probe tells another.
	Predicted filter.Verdict `json:"predicted,omitempty"`
	// Through: all rules that were read let it through.
	Through bool `json:"through"`
	// Unheard: it is blocked by nothing but that nobody listens.
	Unheard bool `json:"unheard,omitempty"`
	// Space is the network where it ends, By the rule, policy or route that decides.
	Space string     `json:"space,omitempty"`
	By    *ReachStep `json:"by,omitempty"`
	Why   string     `json:"why,omitempty"`
	// Hops are the networks on the way: where one source and one target were
	// asked for.
	Hops   []ReachHop   `json:"hops,omitempty"`
	Probes []ReachProbe `json:"probes,omitempty"`
}

// ReachHop is a network on the way.
type ReachHop struct {
	Space   string      `json:"space"`
	In      string      `json:"in,omitempty"`
	Port    string      `json:"port,omitempty"` // of a bridge
	Bridged bool        `json:"bridged,omitempty"`
	Out     string      `json:"out,omitempty"`
	To      string      `json:"to,omitempty"`
	Trail   []ReachStep `json:"trail"`
}

// ReachStep is something that packets met.
type ReachStep struct {
	Reply  bool   `json:"reply,omitempty"` // on the way back
	Hook   string `json:"hook,omitempty"`
	Kind   string `json:"kind"`
	Tool   string `json:"tool,omitempty"`
	Family string `json:"family,omitempty"`
	Table  string `json:"table,omitempty"`
	Chain  string `json:"chain,omitempty"`
	Number int    `json:"number,omitempty"` // of a rule in its chain, from 1
	Text   string `json:"text,omitempty"`   // of a rule, in its tool's words
	Effect string `json:"effect,omitempty"`
}

// ReachProbe is a connection that was tried.
type ReachProbe struct {
	From    string `json:"from"`
	Address string `json:"address"`
	Outcome string `json:"outcome"`
	Why     string `json:"why,omitempty"`
	Service string `json:"service,omitempty"` // who answered
	// Disagrees with what was predicted.
	Disagrees bool `json:"disagrees,omitempty"`
}

// ReachGap is why something is not known.
type ReachGap struct {
	What string `json:"what"`
	snapshot.Gap
}

// Partial reports whether something could not be read.
func (r *Reach) Partial() bool { return len(r.Gaps) > 0 }

// ReachJSON writes it in the format described by docs/schema/reach-1.json.
func ReachJSON(w io.Writer, r *Reach) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return lang.Errorf("write JSON: %w", err)
	}
	return nil
}
