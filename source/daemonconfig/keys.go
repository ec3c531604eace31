package daemonconfig

// kind is the form of a setting's value.
type kind uint8

const (
	boolean kind = iota
	text         // strings and numbers
	list         // array of strings; the flag is repeated
	object       // in the file an object; the flag is repeated, name=value
)

// key is one setting: its name in daemon.json, its flags, and its form.
type key struct {
	name  string // in daemon.json; "" where only a flag sets it
	flag  string // long flag, "" where only the file sets it
	short byte   // one-letter flag, 0 if there is none
	kind  kind
}

// keys returns every setting of dockerd 19.03 to 29 (moby, cmd/dockerd/config*.go
// and daemon/config). A key that is not here stops the daemon from starting.
func keys() []key {
	return []key{
		// Access.
		{"hosts", "host", 'H', list},
		{"group", "group", 'G', text},
		{"tls", "tls", 0, boolean},
		{"tlsverify", "tlsverify", 0, boolean},
		{"tlscacert", "tlscacert", 0, text},
		{"tlscert", "tlscert", 0, text},
		{"tlskey", "tlskey", 0, text},
		{"api-cors-header", "api-cors-header", 0, text},
		{"authorization-plugins", "authorization-plugin", 0, list},
		{"metrics-addr", "metrics-addr", 0, text},
		{"min-api-version", "", 0, text},
		// Where things are.
		{"", "config-file", 0, text},
		{"data-root", "data-root", 0, text},
		{"graph", "graph", 'g', text},
		{"exec-root", "exec-root", 0, text},
		{"pidfile", "pidfile", 'p', text},
		{"containerd", "containerd", 0, text},
		{"containerd-namespace", "containerd-namespace", 0, text},
		{"containerd-plugins-namespace", "containerd-plugins-namespace", 0, text},
		{"containerd-plugin-namespace", "", 0, text},
		{"cri-containerd", "cri-containerd", 0, boolean},
		{"cdi-spec-dirs", "cdi-spec-dir", 0, list},
		{"init-path", "init-path", 0, text},
		{"userland-proxy-path", "userland-proxy-path", 0, text},
		// Isolation.
		{"rootless", "rootless", 0, boolean},
		{"userns-remap", "userns-remap", 0, text},
		{"seccomp-profile", "seccomp-profile", 0, text},
		{"selinux-enabled", "selinux-enabled", 0, boolean},
		{"no-new-privileges", "no-new-privileges", 0, boolean},
		{"default-cgroupns-mode", "default-cgroupns-mode", 0, text},
		{"default-ipc-mode", "default-ipc-mode", 0, text},
		{"default-ulimits", "default-ulimit", 0, object},
		{"default-shm-size", "default-shm-size", 0, text},
		{"cgroup-parent", "cgroup-parent", 0, text},
		{"cpu-rt-period", "cpu-rt-period", 0, text},
		{"cpu-rt-runtime", "cpu-rt-runtime", 0, text},
		{"init", "init", 0, boolean},
		{"default-runtime", "default-runtime", 0, text},
		{"runtimes", "add-runtime", 0, object},
		{"exec-opts", "exec-opt", 0, list},
		{"oom-score-adjust", "oom-score-adjust", 0, text},
		{"node-generic-resources", "node-generic-resource", 0, list},
		// Network.
		{"icc", "icc", 0, boolean},
		{"bridge", "bridge", 'b', text},
		{"bridge-accept-fwmark", "bridge-accept-fwmark", 0, text},
		{"bip", "bip", 0, text},
		{"bip6", "bip6", 0, text},
		{"ip", "ip", 0, text},
		{"iptables", "iptables", 0, boolean},
		{"ip6tables", "ip6tables", 0, boolean},
		{"ip-forward", "ip-forward", 0, boolean},
		{"ip-forward-no-drop", "ip-forward-no-drop", 0, boolean},
		{"ip-masq", "ip-masq", 0, boolean},
		{"ipv6", "ipv6", 0, boolean},
		{"allow-direct-routing", "allow-direct-routing", 0, boolean},
		{"firewall-backend", "firewall-backend", 0, text},
		{"userland-proxy", "userland-proxy", 0, boolean},
		{"fixed-cidr", "fixed-cidr", 0, text},
		{"fixed-cidr-v6", "fixed-cidr-v6", 0, text},
		{"default-gateway", "default-gateway", 0, text},
		{"default-gateway-v6", "default-gateway-v6", 0, text},
		{"default-address-pools", "default-address-pool", 0, object},
		{"default-network-opts", "default-network-opt", 0, object},
		{"dns", "dns", 0, list},
		{"dns-opts", "dns-opt", 0, list},
		{"dns-search", "dns-search", 0, list},
		{"host-gateway-ip", "host-gateway-ip", 0, text},
		{"host-gateway-ips", "", 0, list},
		{"mtu", "mtu", 0, text},
		{"network-control-plane-mtu", "network-control-plane-mtu", 0, text},
		{"network-diagnostic-port", "network-diagnostic-port", 0, text},
		{"swarm-default-advertise-addr", "swarm-default-advertise-addr", 0, text},
		{"http-proxy", "http-proxy", 0, text},
		{"https-proxy", "https-proxy", 0, text},
		{"no-proxy", "no-proxy", 0, text},
		{"proxies", "", 0, object},
		// Registries, storage, images.
		{"insecure-registries", "insecure-registry", 0, list},
		{"registry-mirrors", "registry-mirror", 0, list},
		{"allow-nondistributable-artifacts", "allow-nondistributable-artifacts", 0, list},
		{"storage-driver", "storage-driver", 's', text},
		{"storage-opts", "storage-opt", 0, list},
		{"max-concurrent-downloads", "max-concurrent-downloads", 0, text},
		{"max-concurrent-uploads", "max-concurrent-uploads", 0, text},
		{"max-download-attempts", "max-download-attempts", 0, text},
		{"builder", "", 0, object},
		// Running and logging.
		{"debug", "debug", 'D', boolean},
		{"experimental", "experimental", 0, boolean},
		{"features", "feature", 0, object},
		{"labels", "label", 0, list},
		{"live-restore", "live-restore", 0, boolean},
		{"log-driver", "log-driver", 0, text},
		{"log-level", "log-level", 'l', text},
		{"log-format", "log-format", 0, text},
		{"log-opts", "log-opt", 0, object},
		{"raw-logs", "raw-logs", 0, boolean},
		{"shutdown-timeout", "shutdown-timeout", 0, text},
		{"deprecated-key-path", "", 0, text},
		{"", "validate", 0, boolean},
		{"", "version", 'v', boolean},
		{"", "help", 'h', boolean},
		// Of engines before 23.0.
		{"cluster-store", "cluster-store", 0, text},
		{"cluster-advertise", "cluster-advertise", 0, text},
		{"cluster-store-opts", "cluster-store-opt", 0, object},
		{"disable-legacy-registry", "disable-legacy-registry", 0, boolean},
	}
}

// ID is the name a setting is kept under: that of daemon.json, or of the flag
// where only a flag sets it.
func (k key) id() string {
	if k.name != "" {
		return k.name
	}
	return k.flag
}
