package rule

// Kind is a kind of subject.
type Kind string

// The kinds of subjects a rule can judge.
const (
	KindHost      Kind = "host"
	KindEngine    Kind = "engine"
	KindListener  Kind = "listener"
	KindClient    Kind = "client"
	KindUser      Kind = "user"
	KindImage     Kind = "image"
	KindContainer Kind = "container"
	KindNetwork   Kind = "network"
	KindVolume    Kind = "volume"
	KindSwarm     Kind = "swarm"
)

// Kinds lists all kinds in the order reports show them.
func Kinds() []Kind {
	return []Kind{KindHost, KindEngine, KindListener, KindClient, KindUser,
		KindImage, KindContainer, KindNetwork, KindVolume, KindSwarm}
}

// Subject names what a result is about. Names are stable between audits:
// container names rather than ids.
type Subject struct {
	Kind Kind   `json:"kind"`
	Name string `json:"name"`
	// Engine is the name of the engine it belongs to; "" for what belongs to
	// the host.
	Engine string `json:"engine,omitempty"`
	// Project and Service are the Compose project and service of a container
	// made by Compose.
	Project string `json:"project,omitempty"`
	Service string `json:"service,omitempty"`
}
