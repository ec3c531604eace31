package rules_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"seawall/lab"
)

// liveSurroundings are the configurations of TestLive about what is around an
// engine: networks, plugins, registries, the swarm.
func liveSurroundings() []live {
	return []live{
		{
			name: "a daemon started by hand", versions: []lab.Version{lab.V20, lab.V28},
			fail: "engine-oom-unprotected",
			pass: "engine-forward-policy-kept engine-network-diagnostic-port engine-build-security-insecure engine-build-cache-unbounded " +
				"engine-cors-header-set engine-proxy-password-readable",
			na: "engine-containerd-config-writable engine-plugin-over-network engine-plugin-socket-replaceable engine-authorization-plugin-managed engine-authorization-bypass " +
				"registry-certificate-expired registry-certificate-weak registry-certificate-unusable engine-live-restore-undone rootless-host-loopback-reachable " +
				"network-bypasses-host-filter network-ignores-default-bind overlay-attachable swarm-service-engine-socket",
		},
		{
			name: "an API from long ago, open to web pages", versions: []lab.Version{lab.V20},
			options: lab.Options{DaemonJSON: `{"api-cors-header": "*"}`},
			fail:    "engine-old-api-accepted engine-cors-header-set",
		},
		{
			name: "careless settings of the network and the builder",
			options: lab.Options{DaemonJSON: `{"allow-direct-routing": true, "ip-forward-no-drop": true, "network-diagnostic-port": 7777,
				"proxies": {"https-proxy": "http://user:hunter2@proxy.example:3128"},
				"builder": {"gc": {"enabled": false}, "entitlements": {"security-insecure": true}}}`},
			fail: "engine-direct-routing-allowed engine-forward-policy-kept engine-network-diagnostic-port engine-build-security-insecure engine-build-cache-unbounded engine-proxy-password-readable",
		},
		{
			name:    "rules of the raw table left out",
			options: lab.Options{NoEngine: true},
			after: inHost(`DOCKER_INSECURE_NO_IPTABLES_RAW=1 setsid dockerd >/var/log/raw.log 2>&1 </dev/null &
				for i in $(seq 300); do docker version >/dev/null 2>&1 && exit; sleep 0.1; done; exit 1`),
			fail: "engine-direct-routing-allowed",
		},
		{
			name:    "a proxy's password in a unit, which ends the containers too",
			options: lab.Options{NoEngine: true, DaemonJSON: `{"live-restore": true}`, Files: unitsWithProxy},
			after:   activate,
			fail:    "engine-proxy-password-readable engine-live-restore-undone", pass: "engine-live-restore-off",
		},
		{
			name: "containerd of its own", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{Flags: []string{"--containerd", "/run/containerd/containerd.sock"}, Prepare: sh(`mkdir -p /etc/containerd /run/containerd
				echo 'version = 2' > /etc/containerd/config.toml; chmod 666 /etc/containerd/config.toml
				setsid containerd >/var/log/containerd.log 2>&1 </dev/null &
				for i in $(seq 100); do [ -S /run/containerd/containerd.sock ] && exit; sleep 0.1; done; exit 1`)},
			fail: "engine-containerd-config-writable", pass: "containerd-socket-accessible",
		},
		{
			name:    "plugins that anyone may be",
			options: lab.Options{Prepare: sh("mkdir -p /etc/docker/plugins /srv/open && chmod 777 /srv/open")},
			after:   openPlugins,
			fail:    "engine-plugin-over-network engine-plugin-socket-replaceable", pass: "engine-plugin-directory-writable",
		},
		{
			name: "a managed authorization plugin", versions: []lab.Version{lab.V20, lab.V28},
			after: authorizationPlugin,
			fail:  "engine-authorization-plugin-managed",
		},
		{
			name:  "a plugin that Debian's engine hands all requests", // mended in 28.5.2+dfsg4-2
			after: authorizationPlugin,
			pass:  "engine-authorization-bypass",
		},
		{
			name: "a plugin that Debian's engine hands some without their body", versions: []lab.Version{lab.V20},
			after: authorizationPlugin,
			fail:  "engine-authorization-bypass",
		},
		{
			name: "certificates of registries", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{Prepare: registryCertificates},
			fail:    "registry-certificate-expired registry-certificate-weak registry-certificate-unusable",
		},
		{
			name: "rootless with the host's loopback address", versions: []lab.Version{lab.V26, lab.V28},
			options: lab.Options{NoEngine: true},
			after: func(t *testing.T, h *lab.TestHost) {
				lab.RequireRootless(t)
				h.AddUser("alice")
				h.Exec("sh", "-ec", rootlessWithLoopback)
			},
			fail: "rootless-host-loopback-reachable", na: "engine-oom-unprotected",
		},
		{
			name: "networks past the filter", versions: []lab.Version{lab.V20, lab.V28},
			after: inHost(`ip link add v0 type veth peer name v1; ip link set v0 up
				docker network create -d macvlan -o parent=v0 lan >/dev/null`),
			fail: "network-bypasses-host-filter",
		},
		{
			name: "networks without protection",
			after: inHost(`docker network create -o com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected open >/dev/null
				docker network create -o com.docker.network.bridge.trusted_host_interfaces=eth1 trusting >/dev/null`),
			fail: "network-ports-unprotected network-trusts-interface",
		},
		{
			name: "options that the engine does not know", versions: []lab.Version{lab.V20},
			after: inHost(`docker network create -o com.docker.network.bridge.gateway_mode_ipv4=nat-unprotected open >/dev/null
				docker network create -o com.docker.network.bridge.trusted_host_interfaces=eth1 trusting >/dev/null`),
			pass: "network-ports-unprotected network-trusts-interface",
		},
		{
			name: "an address for ports that other networks ignore", versions: lab.Versions(),
			options: lab.Options{Flags: []string{"--ip", "127.0.0.1"}},
			after: func(t *testing.T, h *lab.TestHost) {
				h.Docker("network", "create", "app")
				h.Docker("network", "create", "-o", "com.docker.network.bridge.host_binding_ipv4=127.0.0.1", "bound")
				h.Run("-d", "--name", "web", "--network", "app", "-p", "8080:80", h.ImportSleep())
				if open := h.Docker("port", "web", "80"); open[:12] != "0.0.0.0:8080" {
					t.Errorf("the port is open on %s", open)
				}
			},
			fail: "network-ignores-default-bind", pass: "engine-default-bind-all",
		},
		{
			name: "a careless swarm of a manager and a worker", versions: []lab.Version{lab.V20, lab.V28},
			after: carelessSwarm,
			fail: "swarm-service-engine-socket swarm-service-sensitive-mount swarm-service-capability swarm-service-host-network swarm-service-no-memory-limit " +
				"swarm-config-holds-secret swarm-manager-runs-workloads overlay-attachable",
			engine: "/run/docker.sock",
		},
		{
			name:  "a swarm service without guards",
			after: unguardedService,
			fail:  "swarm-service-unconfined", pass: "swarm-service-no-memory-limit swarm-service-host-network", na: "swarm-manager-runs-workloads swarm-config-holds-secret",
		},
	}
}

var unitsWithProxy = map[string]string{
	"/usr/lib/systemd/system/docker.service":           "[Service]\nExecStart=/usr/sbin/dockerd -H fd://\n",
	"/usr/lib/systemd/system/docker.socket":            "[Socket]\nListenStream=/run/docker.sock\n",
	"/etc/systemd/system/docker.service.d/proxy.conf":  "[Service]\nEnvironment=\"HTTPS_PROXY=http://user:hunter2@proxy.example:3128\"\n",
	"/etc/systemd/system/docker.service.d/harmless.md": "HTTP_PROXY=http://user:hunter2@proxy.example:3128\n",
}

// rootlessWithLoopback starts alice's engine as a unit that sets the variable
// would.
const rootlessWithLoopback = `uid=$(id -u alice); install -d -m 700 -o alice /run/user/$uid
setsid runuser -u alice -- env -i HOME=/home/alice USER=alice XDG_RUNTIME_DIR=/run/user/$uid PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
DOCKERD_ROOTLESS_ROOTLESSKIT_DISABLE_HOST_LOOPBACK=false /usr/share/docker.io/contrib/dockerd-rootless.sh --storage-driver vfs >/var/log/alice.log 2>&1 </dev/null &
for i in $(seq 300); do docker -H unix:///run/user/$uid/docker.sock version >/dev/null 2>&1 && exit; sleep 0.1; done; tail -5 /var/log/alice.log >&2; exit 1`

// openPlugins describes two plugins: one at a TCP address, one with a socket in
// a directory that everybody can write. The test binary plays the latter.
func openPlugins(t *testing.T, h *lab.TestHost) {
	copySelf(t, h, "/usr/local/bin/plugin")
	h.WriteFile("/etc/docker/plugins/far.spec", "tcp://10.0.0.5:9000\n", 0o644)
	h.WriteFile("/etc/docker/plugins/near.json", `{"Name": "near", "Addr": "unix:///srv/open/near.sock"}`, 0o644)
	h.Exec("sh", "-ec", listens+`=authz:/srv/open/near.sock setsid /usr/local/bin/plugin >/dev/null 2>&1 </dev/null &
for i in $(seq 100); do [ -S /srv/open/near.sock ] && exit; sleep 0.1; done; exit 1`)
}

// authorizationPlugin makes a managed authorization plugin that allows all, and
// restarts the engine with it.
func authorizationPlugin(t *testing.T, h *lab.TestHost) {
	copySelf(t, h, "/srv/plugin/rootfs/plugin")
	h.WriteFile("/srv/plugin/config.json", `{"description": "allows all", "entrypoint": ["/plugin"], "network": {"type": "none"},
		"env": [{"name": "`+listens+`", "value": "authz:/run/docker/plugins/p.sock"}],
		"interface": {"types": ["docker.authz/1.0"], "socket": "p.sock"}, "linux": {"capabilities": []}}`, 0o644)
	h.Exec("mkdir", "-p", "/srv/plugin/rootfs/run/docker/plugins")
	h.Docker("plugin", "create", "lab/authz", "/srv/plugin")
	h.Docker("plugin", "enable", "lab/authz")
	h.RestartDaemon("--authorization-plugin", "lab/authz")
}

// allowAll answers as an authorization plugin that allows everything.
func allowAll(address string) error {
	l, err := net.Listen("unix", address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", address, err)
	}
	server := http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := `{"Allow": true}`
		if r.URL.Path == "/Plugin.Activate" {
			answer = `{"Implements": ["authz"]}`
		}
		w.Header().Set("Content-Type", "application/vnd.docker.plugins.v1+json")
		_, _ = io.WriteString(w, answer)
	})}
	return server.Serve(l)
}

// carelessSwarm makes a swarm of the host's engine and a worker in a network
// namespace of its own, with services and a config as they should not be.
func carelessSwarm(_ *testing.T, h *lab.TestHost) {
	h.Exec("sh", "-ec", secondEngine+`
docker -H unix:///run/two.sock swarm join --advertise-addr 10.77.0.2 --token $(docker swarm join-token -q worker) 10.77.0.1:2377 >/dev/null || { tail -5 /var/log/two.log >&2; exit 1; }
docker network create -d overlay --attachable app >/dev/null
printf 'listen 80\ndb_password = hunter2\n' | docker config create app.conf - >/dev/null
s() { docker service create --detach --no-resolve-image --replicas 0 "$@" busybox >/dev/null; }
s --name socket --mount type=bind,src=/var/run/docker.sock,dst=/s.sock
s --name mount --mount type=volume,src=v,dst=/e,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/etc
s --name capable --cap-add SYS_ADMIN
s --name near --network host
for i in $(seq 100); do [ $(docker info -f '{{.Swarm.Nodes}}') = 2 ] && exit; sleep 0.1; done; docker info >&2; exit 1`)
}

// unguardedService makes a service that docker service create cannot: without
// seccomp and AppArmor.
func unguardedService(_ *testing.T, h *lab.TestHost) {
	h.Exec("sh", "-ec", `docker swarm init --advertise-addr 127.0.0.1 >/dev/null
curl -sf --unix-socket /run/docker.sock -H 'Content-Type: application/json' http://docker/services/create -d '{"Name": "open",
"TaskTemplate": {"ContainerSpec": {"Image": "busybox", "Privileges": {"Seccomp": {"Mode": "unconfined"}, "AppArmor": {"Mode": "disabled"}}},
"Resources": {"Limits": {"MemoryBytes": 67108864}}}, "Mode": {"Replicated": {"Replicas": 0}}}'`)
}
