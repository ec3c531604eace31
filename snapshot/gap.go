package snapshot

// Reason says in one word why a fact could not be read.
type Reason string

// The reasons of gaps.
const (
	ReasonNotCollected Reason = "not-collected" // no source asked for it
	ReasonPermission   Reason = "permission"    // the kernel or the engine refused
	ReasonRemote       Reason = "remote"        // the engine runs on another machine
	ReasonNamespace    Reason = "namespace"     // Seawall runs in a namespace that hides it
	ReasonTimeout      Reason = "timeout"       // no answer within the deadline
	ReasonUnsupported  Reason = "unsupported"   // this kernel or engine version does not tell
	ReasonMalformed    Reason = "malformed"     // it was read and could not be understood
	ReasonVanished     Reason = "vanished"      // it went away while it was being read
	ReasonUnresolved   Reason = "unresolved"    // a declared value that depends on something not known
	ReasonFailed       Reason = "failed"        // any other error
)

// Gap is the record of a fact that was asked for and could not be read.
type Gap struct {
	Reason Reason `json:"reason"`
	// Detail says what was tried and what happened.
	Detail string `json:"detail"`
	// Remedy says what would make the fact readable: "run as root".
	Remedy string `json:"remedy,omitempty"`
}
