package rules_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"seawall/lab"
)

// liveEngines are the configurations that TestLive makes.
func liveEngines() []live {
	const all = "engine-runs-as-root engine-userns-remap-off engine-no-new-privileges-off engine-live-restore-off engine-userland-proxy-on " +
		"engine-log-rotation-missing engine-logs-local engine-default-ulimits engine-no-authorization-plugin engine-default-bind-all default-bridge-icc-enabled"
	return []live{
		{
			name: "default", versions: lab.Versions(), fail: all,
			pass: "engine-seccomp-off engine-iptables-off engine-insecure-registry engine-debug-on engine-log-level engine-experimental-on engine-cgroup-parent-set " +
				"engine-legacy-storage-driver engine-metrics-exposed engine-logging-off engine-settings-disagree engine-several-api-listeners engine-api-exposed-warning " +
				"engine-socket-world-accessible engine-socket-group-members engine-socket-acl engine-socket-not-owned-by-root engine-socket-parent-writable engine-socket-copies " +
				"containerd-socket-accessible engine-binary-writable engine-data-root-reachable",
			na: "api-tcp-without-tls api-on-all-interfaces rootless-without-cgroup-delegation engine-plugin-powerful engine-tls-key-readable swarm-autolock-off overlay-not-encrypted engine-registry-mirror-plaintext engine-ip6tables-off",
		},
		{
			name: "hardened by the file", versions: lab.Versions(),
			options: lab.Options{DaemonJSON: `{"icc": false, "no-new-privileges": true, "live-restore": true, "userland-proxy": false, "ip": "127.0.0.1",
				"log-driver": "syslog", "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 65536}}}`},
			pass: "engine-no-new-privileges-off engine-live-restore-off engine-userland-proxy-on engine-log-rotation-missing engine-logs-local engine-default-ulimits " +
				"engine-default-bind-all default-bridge-icc-enabled engine-settings-disagree engine-config-writable engine-config-invalid engine-config-newer-than-process",
		},
		{
			name:    "hardened by flags",
			options: lab.Options{Flags: []string{"--icc=false", "--no-new-privileges", "--live-restore", "--userland-proxy=false", "--ip", "127.0.0.1", "--log-opt", "max-size=10m"}},
			pass:    "engine-no-new-privileges-off engine-live-restore-off engine-userland-proxy-on engine-log-rotation-missing engine-default-bind-all default-bridge-icc-enabled",
			fail:    "engine-logs-local",
		},
		{
			name: "icc=false that nothing enforces", versions: lab.Versions(),
			options: lab.Options{Flags: []string{"--icc=false"}},
			after: func(_ *testing.T, h *lab.TestHost) {
				image := h.ImportBusybox()
				h.Run("-d", "--name", "one", image, "sleep", "600")
				h.Run("-d", "--name", "two", image, "sleep", "600")
				h.Exec("sh", "-c", "echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables")
				h.Docker("exec", "one", "ping", "-c1", "-W2", h.Docker("inspect", "-f", "{{.NetworkSettings.Networks.bridge.IPAddress}}", "two"))
			},
			fail: "network-icc-not-enforced", pass: "default-bridge-icc-enabled",
		},
		{
			name: "careless by the file", versions: lab.Versions(),
			options: lab.Options{DaemonJSON: `{"debug": true, "log-level": "debug", "experimental": true, "insecure-registries": ["0.0.0.0/0"], "registry-mirrors": ["http://mirror.example"],
				"log-driver": "none", "cgroup-parent": "/foobar", "metrics-addr": "0.0.0.0:9323", "iptables": false, "no-new-privileges": false}`},
			fail: "engine-debug-on engine-log-level engine-experimental-on engine-insecure-registry engine-registry-mirror-plaintext engine-logging-off " +
				"engine-cgroup-parent-set engine-metrics-exposed engine-iptables-off engine-no-new-privileges-off",
			na: "engine-logs-local",
		},
		{
			name: "careless by flags", versions: lab.Versions(),
			options: lab.Options{Flags: []string{"--log-level=debug", "--insecure-registry", "registry.example:5000", "--log-driver=local", "--cgroup-parent=/foobar",
				"--iptables=false", "--no-new-privileges=false", "--seccomp-profile=/etc/allow-all.json"},
				Files: map[string]string{"/etc/allow-all.json": `{"defaultAction": "SCMP_ACT_ALLOW"}`}},
			fail: "engine-log-level engine-insecure-registry engine-logs-local engine-cgroup-parent-set engine-iptables-off engine-no-new-privileges-off engine-seccomp-off",
			pass: "engine-log-rotation-missing",
		},
		{ // 20.10 takes the name for a path
			name: "seccomp off by name", versions: []lab.Version{lab.V26, lab.V28},
			options: lab.Options{DaemonJSON: `{"seccomp-profile": "unconfined"}`}, fail: "engine-seccomp-off",
		},
		{
			name: "another configuration file, open to all",
			options: lab.Options{Flags: []string{"--config-file", "/run/other.json"},
				Files:   map[string]string{"/run/other.json": `{"iptables": false, "insecure-registries": ["0.0.0.0/0"]}`},
				Prepare: run("chmod", "666", "/run/other.json")},
			fail: "engine-config-writable engine-iptables-off engine-insecure-registry",
		},
		{
			name: "user namespaces remapped", versions: lab.Versions(),
			options: lab.Options{Flags: []string{"--userns-remap", "default"}, Prepare: sh("id dockremap >/dev/null 2>&1 || adduser --system --group --no-create-home dockremap; echo dockremap:100000:65536 >>/etc/subuid; echo dockremap:100000:65536 >>/etc/subgid")},
			fail:    "engine-runs-as-root", pass: "engine-userns-remap-off",
		},
		{
			name: "files open to others", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{DaemonJSON: `{}`, Prepare: sh("mkdir -p /etc/docker/plugins /etc/docker/certs.d/r.example && touch /etc/docker/certs.d/r.example/ca.crt && chmod 777 /etc/docker/plugins && chmod 666 /etc/docker/certs.d/r.example/ca.crt && chmod 757 $(dirname $(command -v runc))")},
			after:   inHost("chmod 755 /var/lib/docker; usermod -aG docker alice 2>/dev/null || { useradd -m alice && usermod -aG docker alice; }"),
			fail:    "engine-plugin-directory-writable engine-tls-file-writable engine-binary-writable engine-data-root-reachable engine-socket-group-members",
			pass:    "engine-config-writable",
		},
		{
			name:    "TCP without TLS", // dockerd waits 15 s before it serves it
			options: lab.Options{Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375"}},
			fail:    "api-tcp-without-tls api-on-all-interfaces engine-several-api-listeners",
			pass:    "engine-api-exposed-warning", // judged at the listener
			na:      "api-tls-without-client-verification api-certificate-expired api-on-loopback-reachable",
		},
		{
			name: "TCP on the loopback address, a container with the host's network", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://127.0.0.1:2375"}},
			after: func(_ *testing.T, h *lab.TestHost) {
				h.Run("-d", "--network", "host", h.ImportSleep())
			},
			fail: "api-tcp-without-tls api-on-loopback-reachable", pass: "api-on-all-interfaces",
		},
		{
			name: "TLS without client verification", versions: lab.Versions(),
			options: lab.Options{Flags: tlsFlags("0.0.0.0:2376", "--tlsverify=false"), Prepare: certificates(time.Hour)},
			fail:    "api-tls-without-client-verification api-certificate-expiring api-on-all-interfaces",
			pass:    "api-tcp-without-tls api-tls-old-version api-certificate-weak",
		},
		{
			name: "TLS with client verification", versions: lab.Versions(),
			options: lab.Options{Flags: tlsFlags("127.0.0.1:2376", "--tlsverify"), Prepare: certificates(90 * 24 * time.Hour)},
			pass: "api-tcp-without-tls api-tls-without-client-verification api-certificate-expired api-certificate-expiring api-certificate-weak api-tls-old-version " +
				"api-on-all-interfaces api-on-loopback-reachable engine-tls-key-readable engine-tls-file-writable",
		},
		{
			name:    "an expired certificate, a key open to all",
			options: lab.Options{Flags: tlsFlags("127.0.0.1:2376", "--tlsverify"), Prepare: certificates(-time.Hour)},
			after:   inHost("chmod 644 /etc/tls/key.pem; chmod 666 /etc/tls/ca.pem"),
			fail:    "api-certificate-expired engine-tls-key-readable engine-tls-file-writable",
		},
		{
			name: "rootless", versions: []lab.Version{lab.V26, lab.V28},
			after: func(_ *testing.T, h *lab.TestHost) {
				h.AddUser("alice")
				h.StartRootless("alice", "--storage-driver", "vfs")
			},
			engine: "/run/user/",
			fail:   "rootless-without-cgroup-delegation rootless-source-addresses-lost rootless-slow-storage-driver",
			pass: "rootless-host-loopback-reachable engine-runs-as-root engine-socket-world-accessible engine-socket-group-members engine-socket-not-owned-by-root engine-socket-parent-writable " +
				"engine-binary-writable engine-data-root-reachable",
			na: "engine-userns-remap-off engine-config-writable", // there is no configuration
		},
		{
			name: "sockets open to others",
			after: inHost("chmod 666 /run/docker.sock && mkdir -p /srv/c && touch /srv/c/docker.sock && mount --bind /run/docker.sock /srv/c/docker.sock; " +
				"chown 1001 /run/docker.sock; chmod 711 /run/docker /run/docker/containerd; chmod 666 /run/docker/containerd/containerd.sock"),
			fail: "engine-socket-not-owned-by-root containerd-socket-accessible engine-socket-world-accessible engine-socket-copies", pass: "engine-socket-parent-writable",
		},
		{
			name:    "a second socket, open to all, in an open directory",
			options: lab.Options{Flags: []string{"-H", "unix:///run/docker.sock", "-H", "unix:///srv/open/alt.sock"}, Prepare: sh("mkdir -p /srv/open && chmod 777 /srv/open")},
			after:   inHost("chmod 666 /srv/open/alt.sock"),
			fail:    "engine-socket-world-accessible engine-socket-parent-writable engine-several-api-listeners",
		},
		{
			name:    "the data beside other files", // dockerd mounts the directory on itself
			options: lab.Options{Flags: []string{"--data-root", "/srv/docker"}},
			fail:    "engine-data-root-shared-filesystem",
		},
		{
			name:    "the auditor is in another process namespace",
			options: lab.Options{Flags: []string{"--insecure-registry", "0.0.0.0/0", "--cgroup-parent=/x", "--log-level=debug"}},
			as:      []string{"unshare", "--pid", "--fork", "--mount-proc", "--"},
			fail:    "engine-insecure-registry", unknown: "engine-cgroup-parent-set engine-log-level engine-default-ulimits engine-config-writable",
		},
		{
			name:  "an ACL on the socket",
			after: func(t *testing.T, h *lab.TestHost) { grant(t, h.Sock(), 1001) },
			fail:  "engine-socket-acl", pass: "engine-socket-world-accessible engine-socket-group-members",
		},
		{
			name: "IPv6 without a filter", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{Flags: []string{"--ip6tables=false"}},
			after:   inHost("docker network create --ipv6 --subnet fd00:6::/64 six >/dev/null"),
			fail:    "engine-ip6tables-off", pass: "engine-iptables-off",
		},
		{
			name: "one network for three projects",
			after: func(_ *testing.T, h *lab.TestHost) {
				image := h.ImportSleep()
				h.Docker("network", "create", "shared")
				for _, project := range []string{"shop", "wiki", "mail"} {
					h.Run("-d", "--name", project+"-web-1", "--network", "shared", "--label", "com.docker.compose.project="+project, image)
				}
			},
			fail: "network-joins-projects",
		},
		{
			name:    "a directory that a group without members can write",
			options: lab.Options{Prepare: sh("mkdir -p /etc/docker/plugins; chgrp staff /etc/docker/plugins; chmod 2775 /etc/docker/plugins")},
			pass:    "engine-plugin-directory-writable",
		},
		{
			name:  "kernel settings",
			after: inHost("cd /proc/sys/net/ipv4/conf/all; echo 1 > route_localnet"),
			fail:  "host-sysctl-route-localnet", pass: "host-sysctl-aslr host-seccomp-unsupported",
		},
		{
			name: "contexts",
			after: inHost(`mkdir -p /root/.docker
				docker context create plain --docker host=tcp://10.0.0.5:2375 >/dev/null
				docker context create careless --docker host=tcp://10.0.0.6:2376,skip-tls-verify=true >/dev/null
				touch /root/.docker/key.pem; chmod 755 /root /root/.docker; chmod 644 /root/.docker/key.pem`),
			fail: "client-context-plaintext-tcp client-context-skips-verification client-key-readable",
		},
		{
			name:  "the file changed after the start",
			after: inHost(`mkdir -p /etc/docker; sleep 1.1; echo '{"icc": false,' > /etc/docker/daemon.json`),
			fail:  "engine-config-invalid engine-config-newer-than-process",
		},
		{
			name: "swarm", versions: []lab.Version{lab.V20, lab.V28},
			options: lab.Options{LAN: true},
			after: inHost("docker swarm init --advertise-addr 127.0.0.1 --cert-expiry 8760h >/dev/null && docker network create -d overlay app >/dev/null; " +
				"docker service create --detach --no-resolve-image --replicas 0 --name db --env DB_PASSWORD=x busybox >/dev/null; sleep 1"),
			fail: "swarm-service-secret-in-environment swarm-autolock-off swarm-certificate-expiry overlay-not-encrypted", pass: "swarm-manager-count", na: "engine-live-restore-off",
		},
		{
			name:    "an ordinary user in the docker group looks",
			options: lab.Options{DaemonJSON: `{"iptables": false, "insecure-registries": ["0.0.0.0/0"], "userland-proxy": false}`, Prepare: sh("chmod 600 /etc/docker/daemon.json; useradd -m alice; usermod -aG docker alice")},
			as:      []string{"runuser", "-u", "alice", "--"},
			fail:    "engine-insecure-registry", unknown: "engine-userland-proxy-on engine-default-ulimits engine-binary-writable",
		},
		{
			name:    "an ordinary user looks at a socket open to all, and there may be others",
			options: lab.Options{Prepare: sh("useradd -m alice; useradd -m bob; usermod -aG docker bob")},
			after:   inHost("chmod 666 /run/docker.sock"),
			as:      []string{"runuser", "-u", "alice", "--"},
			fail:    "engine-socket-world-accessible engine-socket-group-members",
			unknown: "engine-several-api-listeners engine-socket-not-owned-by-root containerd-socket-accessible api-tcp-without-tls",
		},
		{
			name: "clients and sudo",
			after: inHost(`useradd -m bob; mkdir -p /home/bob/.docker /etc/sudoers.d /usr/local/lib/docker/cli-plugins
				echo '{"auths": {"r.example": {"auth": "dXNlcjpwYXNz"}}, "proxies": {"default": {"httpProxy": "http://u:p@proxy.example:3128"}}}' > /home/bob/.docker/config.json
				chmod 644 /home/bob/.docker/config.json; chmod 755 /home/bob /home/bob/.docker; chown -R bob: /home/bob/.docker
				echo 'export DOCKER_HOST=tcp://10.0.0.5:2375' >> /home/bob/.profile
				echo 'bob ALL=(root) NOPASSWD: /usr/bin/docker' > /etc/sudoers.d/bob; chmod 440 /etc/sudoers.d/bob
				touch /etc/sudoers; grep -q includedir /etc/sudoers || echo '@includedir /etc/sudoers.d' >> /etc/sudoers
				chmod 777 /usr/local/lib/docker/cli-plugins
				useradd -m carol; mkdir /home/carol/.docker; echo '{"auths": {},}' > /home/carol/.docker/config.json
				chown -R carol: /home/carol/.docker; chmod 755 /home/carol /home/carol/.docker; chmod 666 /home/carol/.docker/config.json`),
			fail: "client-config-invalid client-config-writable client-docker-host-plaintext client-credentials-in-clear client-proxy-password client-config-readable client-plugin-directory-writable user-sudo-docker",
		},
	}
}

// grant gives a user read and write permission by a POSIX ACL: version 2, then
// entries of tag, permission and id (include/uapi/linux/posix_acl_xattr.h).
func grant(t *testing.T, name string, uid uint32) {
	t.Helper()
	const none = 0xffffffff
	acl := binary.LittleEndian.AppendUint32(nil, 2)
	for _, e := range []struct {
		tag, perm uint16
		id        uint32
	}{{0x01, 6, none}, {0x02, 6, uid}, {0x04, 6, none}, {0x10, 6, none}, {0x20, 0, none}} {
		acl = binary.LittleEndian.AppendUint16(acl, e.tag)
		acl = binary.LittleEndian.AppendUint16(acl, e.perm)
		acl = binary.LittleEndian.AppendUint32(acl, e.id)
	}
	if err := unix.Setxattr(name, "system.posix_acl_access", acl, 0); err != nil {
		t.Fatal(err)
	}
}

// run is a command for Options.Prepare.
func run(args ...string) func(context.Context, *lab.Host) error {
	return func(ctx context.Context, h *lab.Host) error {
		_, err := h.Exec(ctx, args...)
		return err
	}
}

// sh is a shell script for Options.Prepare.
func sh(script string) func(context.Context, *lab.Host) error { return run("sh", "-ec", script) }

// inHost is a shell script for live.after.
func inHost(script string) func(*testing.T, *lab.TestHost) {
	return func(_ *testing.T, h *lab.TestHost) { h.Exec("sh", "-ec", script) }
}
