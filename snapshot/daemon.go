package snapshot

// DaemonDetails are facts of a daemon beyond the files it reads: what stands in
// some of them, and how the process was started.
type DaemonDetails struct {
	// OOMScore is the adjustment of the kernel's choice of whom to kill when
	// memory runs out (proc(5), oom_score_adj): -1000 never to 1000 first.
	OOMScore Fact[int] `json:"oomScore,omitzero"`
	// ProxyPasswords are the places where the password of a proxy stands: paths
	// as in Daemon.Files, and "command line".
	ProxyPasswords Fact[[]ProxyPassword] `json:"proxyPasswords,omitzero"`
	// PluginSpecs are the plugins that a file in a plugin directory describes.
	PluginSpecs Fact[[]PluginSpec] `json:"pluginSpecs,omitzero"`
	// RegistryFiles are the certificates and keys below certs.d.
	RegistryFiles Fact[[]RegistryFile] `json:"registryFiles,omitzero"`
	// Rootlesskit is the process that gives a rootless daemon its network;
	// absent for other daemons.
	Rootlesskit Fact[Rootlesskit] `json:"rootlesskit,omitzero"`
	// AuditPaths are the files and directories of the engine whose changes belong
	// in the audit log, those that exist.
	AuditPaths Fact[[]AuditPath] `json:"auditPaths,omitzero"`
}

// CommandLine is the place of what stands in a daemon's arguments.
const CommandLine = "command line"

// ProxyPassword is a place where the password of a proxy stands in clear.
type ProxyPassword struct {
	Place   string `json:"place"`   // a path, or CommandLine
	Setting string `json:"setting"` // "https-proxy", "HTTPS_PROXY"
}

// PluginSpec is a plugin that a file describes by the address it answers at
// (moby, pkg/plugins/discovery.go).
type PluginSpec struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Address string `json:"address"` // "unix:///run/p.sock", "tcp://10.0.0.5:9000"
	// Verified: the plugin is asked over TLS, by a certificate of a CA that the
	// file names.
	Verified bool `json:"verified,omitempty"`
	// Socket is the socket of a plugin on a unix address, absent where it does
	// not exist or the address is another.
	Socket Fact[File] `json:"socket,omitzero"`
}

// RegistryFile is a certificate or key that the engine uses at a registry.
type RegistryFile struct {
	Registry string `json:"registry"` // "registry.example:5000"
	Path     string `json:"path"`
	// Client: it is the engine's own certificate or key (.cert, .key); else it
	// is of a CA that the registry is verified by (.crt).
	Client bool `json:"client,omitempty"`
	// Certificates are those in the file; none in a key.
	Certificates []Certificate `json:"certificates,omitempty"`
	// Problem says why the engine cannot use the file.
	Problem string `json:"problem,omitempty"`
}

// Rootlesskit is what its command line says of a rootless daemon's network.
type Rootlesskit struct {
	Network string `json:"network,omitempty"` // "slirp4netns", "pasta", "vpnkit", "host", …
	// HostLoopback: containers reach the host's loopback addresses.
	HostLoopback bool `json:"hostLoopback,omitempty"`
}
