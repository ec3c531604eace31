package rules_test

import (
	"testing"
	"time"

	"seawall/lab"
)

// liveObjects are the configurations of TestLive that take programs, files or
// other machines beside the engine.
func liveObjects() []live {
	return []live{
		{
			name:    "a certificate with a short key",
			options: lab.Options{Flags: tlsFlags("127.0.0.1:2376", "--tlsverify"), Prepare: weakCertificates(90 * 24 * time.Hour)},
			fail:    "api-certificate-weak", pass: "api-certificate-expired api-certificate-expiring",
		},
		{
			name:    "systemd holds the sockets, its files are open to others",
			options: lab.Options{NoEngine: true, Files: unitFiles},
			after:   activate,
			fail:    "api-tcp-socket-activated api-tcp-without-tls engine-unit-writable engine-several-api-listeners", pass: "engine-socket-world-accessible",
		},
		{
			name:    "an ordinary user sees one of two listeners",
			options: lab.Options{Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375", "--tls=false"}, Prepare: sh("useradd -m alice; usermod -aG docker alice")},
			as:      []string{"runuser", "-u", "alice", "--"},
			fail:    "engine-api-exposed-warning engine-socket-group-members", unknown: "engine-several-api-listeners api-tcp-without-tls",
		},
		{
			name:    "the file was changed and the engine not restarted",
			options: lab.Options{DaemonJSON: `{"log-level": "warn"}`},
			after:   inHost(`echo '{"log-level": "warn", "icc": false}' > /etc/docker/daemon.json`),
			fail:    "engine-settings-disagree default-bridge-icc-enabled", pass: "engine-config-invalid",
		},
		{
			name: "a storage driver of old", versions: []lab.Version{lab.V20},
			options: lab.Options{Flags: []string{"--storage-driver", "overlay"}},
			fail:    "engine-legacy-storage-driver",
		},
		{
			name:  "a managed plugin with the rights of root",
			after: managedPlugin,
			fail:  "engine-plugin-powerful",
		},
		{
			name:  "two managers",
			after: secondManager,
			fail:  "swarm-manager-count swarm-autolock-off", pass: "swarm-certificate-expiry", na: "swarm-service-secret-in-environment",
			engine: "/run/docker.sock",
		},
		{
			name: "volumes, images and another service", versions: []lab.Version{lab.V20, lab.V28},
			after: func(t *testing.T, h *lab.TestHost) {
				h.Docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=/etc", "disguised")
				h.Docker("volume", "create", "plain")
				image, err := h.Busybox()
				if err != nil {
					t.Fatal(err)
				}
				image.Ref, image.Changes = "lab/careless:1", append(image.Changes, "ENV DB_PASSWORD=hunter2")
				h.ImportImage(image)
				h.Run("--network", "none", image.Ref)
				h.Exec("sh", "-ec", "busybox httpd -p 127.0.0.1:8080 -h /srv")
				h.WriteFile("/root/.docker/config.json", `{"HttpHeaders": {"Authorization": "Bearer abcdefgh"}}`, 0o600)
			},
			fail: "volume-binds-host-path image-secret-in-environment image-runs-as-root host-not-dedicated client-secret-header",
			pass: "client-config-readable client-config-writable client-config-invalid",
		},
		{
			// Most of /proc/sys is the machine's, not the host's: files of its own
			// stand in its place.
			name:  "kernel settings of a careless machine",
			after: inHost(kernelSettings + ownSysctls),
			na:    "host-sysctl-apparmor-unconfined", // there is no limit to step around
			fail: "host-sysctl-unprivileged-bpf host-sysctl-apparmor-userns host-sysctl-ptrace host-sysctl-kernel-pointers host-sysctl-kernel-log " +
				"host-sysctl-perf-events host-sysctl-io-uring host-sysctl-bpf-jit host-sysctl-userfaultfd host-sysctl-kexec host-sysctl-sysrq host-sysctl-hardlinks host-sysctl-symlinks " +
				"host-sysctl-fifos host-sysctl-regular-files host-sysctl-suid-dumpable host-sysctl-aslr host-sysctl-low-memory host-sysctl-terminal-injection " +
				"host-user-namespaces-open host-core-pattern-in-container host-cpu-vulnerable",
		},
		{
			name: "a limit of user namespaces that can be stepped around",
			after: inHost(kernelSettings + `set_ kernel/apparmor_restrict_unprivileged_userns 1
` + ownSysctls),
			fail: "host-sysctl-apparmor-unconfined", pass: "host-sysctl-apparmor-userns",
		},
	}
}

const kernelSettings = `mkdir -p /run/sys /run/cpu
cp -r /proc/sys/. /run/sys 2>/dev/null || true
cd /run/sys
set_() { mkdir -p $(dirname $1); rm -f $1; echo "$2" > $1; }
set_ kernel/unprivileged_bpf_disabled 0
set_ kernel/apparmor_restrict_unprivileged_userns 0
set_ kernel/apparmor_restrict_unprivileged_unconfined 0
set_ kernel/yama/ptrace_scope 0
set_ kernel/kptr_restrict 0
set_ kernel/dmesg_restrict 0
set_ kernel/perf_event_paranoid 1
set_ kernel/io_uring_disabled 0
set_ kernel/kexec_load_disabled 0
set_ kernel/sysrq 1
set_ kernel/randomize_va_space 1
set_ kernel/unprivileged_userns_clone 1
set_ kernel/core_pattern '|/var/lib/docker/overlay2/0123/diff/x %p'
set_ user/max_user_namespaces 1000
set_ net/core/bpf_jit_harden 0
set_ vm/unprivileged_userfaultfd 1
set_ vm/mmap_min_addr 4096
set_ fs/protected_hardlinks 0
set_ fs/protected_symlinks 0
set_ fs/protected_fifos 0
set_ fs/protected_regular 0
set_ fs/suid_dumpable 1
set_ dev/tty/legacy_tiocsti 1
echo Vulnerable > /run/cpu/meltdown
mount --bind /run/cpu /sys/devices/system/cpu/vulnerabilities
`

// ownSysctls puts the settings made so far in place of the machine's.
const ownSysctls = "mount --bind /run/sys /proc/sys\n"

// copySelf puts the test binary into the host, to play a program there.
func copySelf(t *testing.T, h *lab.TestHost, name string) {
	t.Helper()
	h.CopyIn(lab.Self(t), name, 0o755)
}

// unitFiles are those of a packaged engine, with a TCP port in its socket unit.
var unitFiles = map[string]string{
	"/usr/lib/systemd/system/docker.service": "[Service]\nExecStart=/usr/sbin/dockerd -H fd://\n",
	"/usr/lib/systemd/system/docker.socket":  "[Socket]\nListenStream=/run/docker.sock\nListenStream=0.0.0.0:2375\n",
}

// activate starts the engine as systemd would: with sockets that it is handed,
// in the cgroup of its unit. The test binary plays systemd.
func activate(t *testing.T, h *lab.TestHost) {
	copySelf(t, h, "/usr/lib/systemd/systemd")
	h.Exec("sh", "-ec", `chmod 666 /usr/lib/systemd/system/docker.service
for d in /sys/fs/cgroup/*/; do mkdir -p $d/system.slice/docker.service; done 2>/dev/null || true
mkdir -p /sys/fs/cgroup/system.slice/docker.service 2>/dev/null || true
cat >/start <<'END'
for d in /sys/fs/cgroup/*/ /sys/fs/cgroup/; do echo 0 >$d/system.slice/docker.service/cgroup.procs; done 2>/dev/null
exec dockerd -H fd:// --tls=false
END
`+listens+`="unix:/run/docker.sock tcp:0.0.0.0:2375" setsid /usr/lib/systemd/systemd sh /start >/var/log/systemd.log 2>&1 </dev/null &
for i in $(seq 300); do docker version >/dev/null 2>&1 && exit; sleep 0.1; done; cat /var/log/systemd.log >&2; exit 1`)
}

// managedPlugin makes and enables a plugin that can do what root can. The test
// binary plays its server.
func managedPlugin(t *testing.T, h *lab.TestHost) {
	copySelf(t, h, "/srv/plugin/rootfs/plugin")
	h.WriteFile("/srv/plugin/config.json", `{"description": "powerful", "entrypoint": ["/plugin"], "network": {"type": "host"},
		"env": [{"name": "`+listens+`", "value": "unix:/run/docker/plugins/p.sock"}],
		"interface": {"types": ["lab.dummy/1.0"], "socket": "p.sock"},
		"linux": {"capabilities": ["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"], "allowAllDevices": true},
		"mounts": [{"type": "bind", "source": "/etc", "destination": "/host", "options": ["rbind"]}]}`, 0o644)
	h.Exec("mkdir", "-p", "/srv/plugin/rootfs/host", "/srv/plugin/rootfs/run/docker/plugins")
	h.Docker("plugin", "create", "lab/powerful", "/srv/plugin")
	h.Docker("plugin", "enable", "lab/powerful")
}

// secondManager makes a swarm of two managers: the host's engine, and one in a
// network namespace of its own.
func secondManager(_ *testing.T, h *lab.TestHost) {
	h.Exec("sh", "-ec", secondEngine+`
docker -H unix:///run/two.sock swarm join --advertise-addr 10.77.0.2 --token $(docker swarm join-token -q manager) 10.77.0.1:2377 >/dev/null || { tail -5 /var/log/two.log >&2; exit 1; }
for i in $(seq 100); do [ $(docker info -f '{{.Swarm.Managers}}') = 2 ] && exit; sleep 0.1; done; docker info >&2; exit 1`)
}

// secondEngine starts an engine in a network namespace of its own and makes a
// swarm of the first one.
const secondEngine = `ip netns add two
ip link add v0 type veth peer name v1 netns two
ip addr add 10.77.0.1/24 dev v0 && ip link set v0 up
ip -n two addr add 10.77.0.2/24 dev v1 && ip -n two link set v1 up && ip -n two link set lo up
setsid nsenter --net=/run/netns/two dockerd -H unix:///run/two.sock --data-root /home/two --exec-root /run/two --pidfile /run/two.pid >/var/log/two.log 2>&1 </dev/null &
for i in $(seq 200); do docker -H unix:///run/two.sock version >/dev/null 2>&1 && break; sleep 0.1; done
docker swarm init --advertise-addr 10.77.0.1 >/dev/null`
