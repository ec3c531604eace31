package attack

import (
	"cmp"
	"strings"

	"seawall/lang"
	"seawall/rule"
)

// Kind is a kind of state.
type Kind string

// The kinds of states. Those before Container are where an attack begins.
const (
	Internet    Kind = "internet"     // addresses of the internet
	LAN         Kind = "lan"          // machines on a network of the host; Name is the network
	LocalUser   Kind = "user"         // an ordinary account of the host; Name is the account
	ImageAuthor Kind = "image-author" // whoever may change an image; Name is the image

	// Account is an account of the host in other hands: an intruder has its rights,
	// and with them also what is the user's own.
	Account       Kind = "account"
	Container     Kind = "container"      // code that runs in a container as its user
	ContainerRoot Kind = "container-root" // code that runs in a container as its root
	Network       Kind = "network"        // who can send on a network of containers
	// Uplink is who can send to the host and beyond by a network of containers, also
	// where these do not reach each other.
	Uplink Kind = "uplink"
	// Processes is who has the rights of processes of containers that are alike to the
	// kernel, by /proc; Name says what they have in common.
	Processes  Kind = "processes"
	Volume     Kind = "volume"      // who can write the files of a volume
	VolumeRead Kind = "volume-read" // who can read them

	EngineRead    Kind = "engine-read" // who can ask an engine, and not order it
	EngineControl Kind = "engine"      // who controls an engine
	HostRead      Kind = "host-read"   // who can read all files of the host
	HostRoot      Kind = "host-root"   // root on the host
	Registry      Kind = "registry"    // credentials for a registry; Name is the registry
	Secret        Kind = "secret"      // keys, tokens or passwords; Name says which
	SwarmManager  Kind = "swarm"       // who orders a swarm
	OtherHost     Kind = "other-host"  // another machine; Name is its address
	Outage        Kind = "outage"      // who can stop the host
)

// State is something that an attacker can have. Names are those of the field and
// stay the same from one audit to the next.
type State struct {
	Kind   Kind
	Engine string // name of the engine it belongs to; "" for the host's
	Name   string
}

// ID is a short name for command lines: "host-root", "container:web",
// "user:alice". Of an engine that is not the system's own it ends with @ and the
// engine.
func (s State) ID() string {
	id := string(s.Kind)
	if s.Name != "" {
		id += ":" + s.Name
	}
	if key := rule.EngineKey(s.Engine); key != "" {
		id += "@" + key
	}
	return id
}

// Compare orders states by kind, engine and name.
func (s State) Compare(t State) int {
	return cmp.Or(cmp.Compare(s.Kind, t.Kind), cmp.Compare(s.Engine, t.Engine), cmp.Compare(s.Name, t.Name))
}

// words are what states of a kind are called, with the name for *.
var words = map[Kind]string{
	Internet:      lang.N("the internet"),
	LAN:           lang.N("a machine on *"),
	LocalUser:     lang.N("user *"),
	Account:       lang.N("the account of *"),
	ImageAuthor:   lang.N("who made image *"),
	Container:     lang.N("code in container *"),
	ContainerRoot: lang.N("root in container *"),
	Network:       lang.N("network *"),
	Uplink:        lang.N("sending from network *"),
	Processes:     lang.N("the processes of containers (*)"),
	Volume:        lang.N("the files of volume *"),
	VolumeRead:    lang.N("reading volume *"),
	EngineRead:    lang.N("asking the engine"),
	EngineControl: lang.N("control of the engine"),
	HostRead:      lang.N("reading all files of the host"),
	HostRoot:      lang.N("root on the host"),
	Registry:      lang.N("the credentials for registry *"),
	Secret:        "*",
	SwarmManager:  lang.N("control of the swarm"),
	OtherHost:     lang.N("machine *"),
	Outage:        lang.N("stopping the host"),
}

// SomeUser is the name of states that are those of some account of the host, whichever.
const SomeUser = "of the host"

var someUser = map[Kind]string{LocalUser: lang.N("user of the host"), Account: lang.N("the account of some user of the host")}

// nameless are states of a kind without a name: any of them.
var nameless = map[Kind]string{
	LAN: lang.N("a machine on a network of the host"), LocalUser: lang.N("any account of the host"), Account: lang.N("some account of the host"), Uplink: lang.N("sending from a network"),
	Registry: lang.N("the credentials for some registry"), Secret: lang.N("some secret"),
}

// general are the names of kinds of which a state has a name of its own.
var general = map[Kind]string{
	LAN: lang.N("a machine on a network of the host"), LocalUser: lang.N("an account of the host"), Account: lang.N("an account that was taken over"),
	ImageAuthor: lang.N("who made an image"), Container: lang.N("code in a container"), ContainerRoot: lang.N("root in a container"),
	Network: lang.N("a network"), Uplink: lang.N("sending from a network"), Processes: lang.N("processes of containers"), Volume: lang.N("the files of a volume"), VolumeRead: lang.N("reading a volume"),
	Registry: lang.N("the credentials for a registry"), Secret: lang.N("a secret"), OtherHost: lang.N("another machine"),
}

// General is any state of the kind, in words: "root in a container".
func (k Kind) General() string {
	if text, has := general[k]; has {
		return lang.T(text)
	}
	return lang.T(words[k])
}

// String is the state in words: "root in container web".
func (s State) String() string {
	text := strings.ReplaceAll(lang.T(words[s.Kind]), "*", InWords(s.Name))
	if any, has := nameless[s.Kind]; has && s.Name == "" {
		text = lang.T(any)
	}
	if s.Name == SomeUser {
		text = lang.T(someUser[s.Kind])
	}
	if key := rule.EngineKey(s.Engine); key != "" {
		text += " @ " + key
	}
	return text
}

// Begins reports whether an attack can begin at states of a kind, if nobody says
// otherwise: from outside, by an account, or by a fault in what a container runs.
func (k Kind) Begins() bool {
	return k == Internet || k == LAN || k == LocalUser || k == Container
}

// Ends reports whether states of a kind are what attacks are for, if nobody says
// otherwise.
func (k Kind) Ends() bool {
	switch k {
	case EngineControl, HostRead, HostRoot, Registry, Secret, SwarmManager, OtherHost:
		return true
	}
	return false
}
