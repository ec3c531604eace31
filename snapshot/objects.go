package snapshot

import (
	"slices"
	"strings"
	"time"
)

// Image is an image that the engine holds.
type Image struct {
	ID      string          `json:"id"`
	Tags    []string        `json:"tags,omitempty"`
	Created Fact[time.Time] `json:"created,omitzero"`
	// Asked: a person named it, or a file declares it. It is judged whether or not a
	// container uses it.
	Asked bool `json:"asked,omitempty"`
	// UsedBy are the names of the containers made from it.
	UsedBy []string       `json:"usedBy,omitempty"`
	User   Fact[string]   `json:"user,omitzero"`
	Env    Fact[[]EnvVar] `json:"env,omitzero"`
	Health Fact[bool]     `json:"health,omitzero"`
	// Labels as those of a container.
	Labels Fact[map[string]string] `json:"labels,omitzero"`

	Exposed Fact[[]string] `json:"exposed,omitzero"` // "22/tcp"
	Volumes Fact[[]string] `json:"volumes,omitzero"` // paths that VOLUME names
	// Build are the steps of its history that matter. It is read of images in use
	// only.
	Build Fact[[]BuildRemark] `json:"build,omitzero"`
	// Bases are the images that a Dockerfile builds on or copies from. A built image does
	// not tell.
	Bases Fact[[]BaseImage] `json:"bases,omitzero"`
	// Layers are the digests of the unpacked layers ("sha256:…"), lowest first.
	Layers Fact[[]string] `json:"layers,omitzero"`
	ImageContents
}

// Name is the first tag, else the id.
func (i Image) Name() string {
	if len(i.Tags) > 0 {
		return i.Tags[0]
	}
	return i.ID
}

// Is reports whether an image has this id, or this name, of which the tag latest may be
// left out.
func (i Image) Is(name string) bool {
	return i.ID == name || slices.Contains(i.Tags, name) || slices.Contains(i.Tags, name+":latest")
}

// Network is a network of the engine.
type Network struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Driver    string       `json:"driver"`
	Scope     string       `json:"scope,omitempty"`
	Internal  bool         `json:"internal,omitempty"`
	IPv6      bool         `json:"ipv6,omitempty"`
	Ingress   bool         `json:"ingress,omitempty"`
	Subnets   []string     `json:"subnets,omitempty"`
	Project   string       `json:"project,omitempty"`  // Compose project that made it
	Bridge    Fact[string] `json:"bridge,omitzero"`    // name of the bridge interface
	ICC       Fact[bool]   `json:"icc,omitzero"`       // enable_icc as the network has it
	Encrypted Fact[bool]   `json:"encrypted,omitzero"` // overlay only
	// Attachable: containers outside the swarm's services may join an overlay.
	Attachable bool `json:"attachable,omitempty"`
	NetworkOptions
	Labels Fact[map[string]string] `json:"labels,omitzero"`
	// Containers are the names of the running containers attached to it.
	Containers Fact[[]string] `json:"containers,omitzero"`
}

// Volume is a volume of the engine.
type Volume struct {
	Name       string `json:"name"`
	Driver     string `json:"driver"`
	Mountpoint string `json:"mountpoint,omitempty"`
	// Options are the driver's options, secrets redacted. A local volume with
	// type none and o=bind is a bind mount of its device.
	Options map[string]string       `json:"options,omitempty"`
	Labels  Fact[map[string]string] `json:"labels,omitzero"`
}

// BindSource is the host path that a local volume binds; "" if it is not a
// bind in disguise.
func (v Volume) BindSource() string { return bindSource(v.Driver, v.Options) }

// bindSource reads the options of the driver "local", which hands them to
// mount(8): o=bind makes the device a bind mount. The driver's name may be left
// out.
func bindSource(driver string, options map[string]string) string {
	if driver != "local" && driver != "" {
		return ""
	}
	for _, o := range splitComma(options["o"]) {
		if o == "bind" || o == "rbind" {
			return options["device"]
		}
	}
	return ""
}

// Project is a Compose project with the files on this host that it was made from.
type Project struct {
	Name  string `json:"name"`
	Files []File `json:"files,omitempty"`
}

// Plugin is a managed plugin of the engine.
type Plugin struct {
	Name           string   `json:"name"`
	Enabled        bool     `json:"enabled"`
	Types          []string `json:"types,omitempty"`
	Capabilities   CapSet   `json:"capabilities"`
	Mounts         []string `json:"mounts,omitempty"`         // host paths that it can write
	ReadOnlyMounts []string `json:"readOnlyMounts,omitempty"` // and those that it can read
	HostNetwork    bool     `json:"hostNetwork,omitempty"`
	AllDevices     bool     `json:"allDevices,omitempty"`
	Devices        []string `json:"devices,omitempty"` // of the host
}

// Swarm is the engine's part in a swarm. It is absent where swarm is off.
type Swarm struct {
	NodeID            string               `json:"nodeId"`
	Manager           bool                 `json:"manager"`
	Managers          int                  `json:"managers,omitempty"`
	Nodes             int                  `json:"nodes,omitempty"`
	AutoLock          Fact[bool]           `json:"autoLock,omitzero"`
	CertificateExpiry Fact[time.Duration]  `json:"certificateExpiry,omitzero"`
	Services          Fact[[]SwarmService] `json:"services,omitzero"`
	NodeList          Fact[[]SwarmNode]    `json:"nodeList,omitzero"`
	Configs           Fact[[]SwarmConfig]  `json:"configs,omitzero"`
	// Secrets are the names of its secrets, which no engine tells.
	Secrets Fact[[]string] `json:"secrets,omitzero"`
}

// SwarmService is a service of the swarm, as far as rules judge it.
type SwarmService struct {
	Name  string   `json:"name"`
	Image string   `json:"image,omitempty"`
	Env   []EnvVar `json:"env,omitempty"`
	ServiceSpec
}

// Client is one user's Docker CLI configuration.
type Client struct {
	// User is the account; Dir its configuration directory (~/.docker).
	User string `json:"user"`
	Dir  string `json:"dir"`
	// Files are the files of the configuration that hold keys or credentials,
	// with their modes: config.json, key.pem, context TLS material.
	Files Fact[[]File] `json:"files,omitzero"`
	// Config is absent where there is no config.json.
	Config Fact[ClientConfig] `json:"config,omitzero"`
	// Contexts are the CLI contexts.
	Contexts Fact[[]Context] `json:"contexts,omitzero"`
	// DockerHost is DOCKER_HOST as profile files (or, for the calling user, the
	// environment) set it; absent if they don't.
	DockerHost Fact[string] `json:"dockerHost,omitzero"`
	// DockerTLSVerify: DOCKER_TLS_VERIFY is set, to whatever but the empty text,
	// in the profile files or the environment; absent if it is not.
	DockerTLSVerify Fact[bool] `json:"dockerTlsVerify,omitzero"`
	// PluginDirs are the directories the CLI runs plugins from, with the
	// plugins in them.
	PluginDirs Fact[[]File] `json:"pluginDirs,omitzero"`
	// HelperFiles are the programs of the credential helpers that config.json names,
	// as the usual directories of programs hold them. It is a gap where one is not
	// found there.
	HelperFiles Fact[[]File] `json:"helperFiles,omitzero"`
}

// ClientConfig is config.json without its secrets.
type ClientConfig struct {
	CurrentContext string `json:"currentContext,omitempty"`
	// ClearCredentials are the registries whose credentials stand in the file.
	ClearCredentials []string `json:"clearCredentials,omitempty"`
	// Helpers are the credential helpers by registry; "" is credsStore.
	Helpers map[string]string `json:"helpers,omitempty"`
	// ProxyCredentials are the proxies whose URLs hold a password, by endpoint.
	ProxyCredentials []string `json:"proxyCredentials,omitempty"`
	// SecretHeaders are the names of HttpHeaders that carry a secret.
	SecretHeaders   []string `json:"secretHeaders,omitempty"`
	PluginExtraDirs []string `json:"pluginExtraDirs,omitempty"`
	// Error is why the file cannot be parsed, with the line.
	Error string `json:"error,omitempty"`
}

// Context is a Docker CLI context.
type Context struct {
	Name string `json:"name"`
	Host string `json:"host"` // "tcp://10.0.0.5:2376", "ssh://ops@build1", …
	// TLS: the context has TLS material.
	TLS bool `json:"tls,omitempty"`
	// SkipTLSVerify: the server's certificate is not verified.
	SkipTLSVerify bool `json:"skipTlsVerify,omitempty"`
}

// ImageRegistry is the registry in an image's name: what stands before the first
// slash if it looks like a host, else Docker Hub (distribution/reference,
// splitDockerDomain). An image
// made on the host can have any name.
func ImageRegistry(name string) string {
	host, _, slash := strings.Cut(name, "/")
	if !slash || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return "docker.io"
	}
	return host
}
