package snapshot

// ServiceSpec is what a swarm service asks for its containers, on whatever node
// they run.
type ServiceSpec struct {
	CapAdd CapSet         `json:"capAdd"`
	Mounts []ServiceMount `json:"mounts,omitempty"`
	// HostNetwork: its containers use the network of their node.
	HostNetwork bool `json:"hostNetwork,omitempty"`
	// Unconfined are the kernel's guards that the service switches off:
	// "seccomp", "AppArmor", "SELinux".
	Unconfined []string `json:"unconfined,omitempty"`
	// MemoryLimit is in bytes; 0 if there is none.
	MemoryLimit int64 `json:"memoryLimit,omitempty"`
}

// ServiceMount is a path of the node in a service's containers: a bind mount, or
// a volume that is one in disguise.
type ServiceMount struct {
	Source   string `json:"source"`
	Target   string `json:"target"`
	ReadOnly bool   `json:"readOnly,omitempty"`
}

// NewServiceMount is a mount as a service declares it, and whether it brings a
// path of the node: the driver and its options are those of a volume.
func NewServiceMount(kind, source, target string, readOnly bool, driver string, options map[string]string) (ServiceMount, bool) {
	m := ServiceMount{Source: source, Target: target, ReadOnly: readOnly}
	if kind == "volume" {
		m.Source = bindSource(driver, options)
	}
	return m, m.Source != "" && (kind == "bind" || kind == "volume")
}

// SwarmNode is a node of the swarm.
type SwarmNode struct {
	Name    string `json:"name"`
	Manager bool   `json:"manager,omitempty"`
	// Availability is "active", "pause" or "drain": a drained node runs no tasks.
	Availability string `json:"availability"`
}

// SwarmConfig is a config of the swarm without its content.
type SwarmConfig struct {
	Name string `json:"name"`
	// Secrets are the places in the content that hold a secret: "line 4:
	// db_password", "line 9".
	Secrets []string `json:"secrets,omitempty"`
}
