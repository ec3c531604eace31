package matrix

import (
	"net/netip"

	"seawall/reach"
	"seawall/reach/filter"
	"seawall/snapshot"
)

// Matrix is who reaches what.
type Matrix struct {
	Sources []Source
	Targets []Target
	// Cells are what is between them, by source and target.
	Cells [][]Cell
	// Gaps are the network namespaces that could not be read.
	Gaps []Gap

	// whole is what it was narrowed from, nil if it was not; rows and columns are
	// the places of its sources and targets there.
	whole         *Matrix
	rows, columns []int
}

// Gap is a network namespace of which something is not known.
type Gap struct {
	Name string
	Gap  snapshot.Gap
}

// SourceKind is what a source is.
type SourceKind string

// The kinds of sources.
const (
	Internet   SourceKind = "internet"  // addresses of the internet, by one interface
	Network    SourceKind = "network"   // those on the link of an interface
	Host       SourceKind = "host"      // the machine, or the namespace of an engine
	Containers SourceKind = "container" // containers that behave alike
)

// Source is a sender, or several that behave alike.
type Source struct {
	Kind SourceKind
	// Name in words: "internet by eth0", "10.99.0.0/24 at eth0", "this host",
	// "web, db and 3 more".
	Name string
	// Members are the containers that it stands for, those of Host that use its
	// network.
	Members []Member
	// Networks are those that its containers are attached to.
	Networks []string

	from    []reach.From // by any of these, one after the other
	crafted []reach.From // frames to a loopback address of the host
	raw     rawState     // of crafted frames
	spaces  []string     // of its members, in their order; "" where not read
	links   []netip.Prefix
	why     string // it is not known how it sends, or not all of it
	beside  string // how it sends past the rules of the host
}

// Member is a container.
type Member struct {
	Engine, Name, Project string
	addresses             []netip.Addr // on the networks that its source sends by
}

// TargetKind is what a target is.
type TargetKind string

// The kinds of targets.
const (
	API       TargetKind = "api"       // a TCP listener of an engine
	Published TargetKind = "published" // a port of a container, at addresses of the host
	Port      TargetKind = "container" // a port of a container, at its own addresses
	// OtherHost and OtherContainer are ports that nobody listens on and no rule
	// speaks of: what is let through to them is not stopped by any rule for all
	// ports. They are those of a host, and of the containers of a network.
	OtherHost      TargetKind = "other-host"
	OtherContainer TargetKind = "other-container"
	// Service is a program of the machine that belongs to no engine, and Metadata the
	// address of a cloud's metadata. Only [ForPaths] has them.
	Service  TargetKind = "service"
	Metadata TargetKind = "metadata"
)

// Target is something that connections are opened to.
type Target struct {
	Kind TargetKind
	// Name in words: "tcp://0.0.0.0:2375", "web 8080->80/tcp", "web 80/tcp".
	Name string
	// Engine that it belongs to.
	Engine   string
	Listener *snapshot.Listener // of an API
	// Members are the containers that it stands for.
	Members   []Member
	Published *snapshot.Port    // of Published
	Network   string            // of OtherContainer
	Service   *snapshot.Service // of Service
	Protocol  string            // "tcp" or "udp"
	Port      uint16
	// Addresses that it has. Of those that differ in nothing that any rule asks
	// for, one is tried.
	Addresses []netip.Addr

	space    string // where they are
	receiver string // namespace that it is forwarded to; "" for the same or unknown
}

// Cell is whether a source reaches a target.
type Cell struct {
	// Verdict is the best that the source has by any way.
	Verdict filter.Verdict
	// Ways are what becomes of it by each address, the best first.
	Ways []Way
	// Partly: it holds for a part of the source's addresses, which the ways tell.
	Partly bool
	// Why there is no way to try, where Ways is empty.
	Why string

	loopback bool // the target has loopback addresses only
}

// Way is one way to try a connection.
type Way struct {
	To netip.AddrPort
	// Crafted: the frames are made by hand, which takes the capability NET_RAW in
	// a container.
	Crafted bool
	reach.Answer
	// Predicted is the verdict of rules and routes; a probe that opened makes of it
	// [filter.Open].
	Predicted filter.Verdict
	// Probes are what came of trying, by the containers that tried.
	Probes []Probe

	goesOn bool // by a bridge of the target's host, to what was not read
}

// Probe is a connection that was tried.
type Probe struct {
	From string // the container, or the machine
	*snapshot.NetProbe
}

// Through says whether all rules that were read let it through: it is open, or
// would be if somebody listened, or goes on from the target's host to a container
// that was not read.
func (w *Way) Through() bool { return w.Verdict == filter.Open || w.Unheard || w.goesOn }

// Leaves says whether all rules that were read let it leave the machine, to where
// nothing was read.
func (w *Way) Leaves() bool { return w.Left && !w.goesOn && w.Verdict == filter.Unknown }

// Best is the way that decides.
func (c Cell) Best() *Way {
	if len(c.Ways) == 0 {
		return nil
	}
	return &c.Ways[0]
}

// Of is the matrix of a snapshot.
func Of(s *snapshot.Snapshot) *Matrix { return NewPlan(s, Everything).Matrix() }
