package e2e

import (
	"context"
	"testing"

	"seawall/lab"
)

// misjudgedEngines are engines and hosts that are easily misjudged, and what
// must be said of them.
var misjudgedEngines = []struct {
	name     string
	versions []lab.Version // the newest if none
	options  lab.Options
	after    func(h *lab.TestHost) // once the engine runs
	as       []string              // words before the program
	subject  string                // "" for any
	judged
}{
	{
		name: "TCP without TLS on all addresses, beside a unix socket", versions: lab.Versions(),
		options: lab.Options{Flags: []string{"-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2375", "--tls=false"}},
		judged:  judged{fail: "api-tcp-without-tls api-on-all-interfaces engine-several-api-listeners"},
	},
	{
		name: "TCP with verified clients, by the file alone", versions: lab.Versions(),
		options: lab.Options{
			DaemonJSON: `{"hosts": ["unix:///run/docker.sock", "tcp://127.0.0.1:2376"], "tlsverify": true,
				"tlscacert": "/etc/tls/ca.pem", "tlscert": "/etc/tls/cert.pem", "tlskey": "/etc/tls/key.pem"}`,
			Prepare: certificates,
		},
		judged: judged{pass: "api-tcp-without-tls api-tls-without-client-verification api-certificate-expired api-on-loopback-reachable engine-socket-world-accessible"},
	},
	{
		name: "log level debug by a flag", versions: lab.Versions(),
		options: lab.Options{Flags: []string{"--log-level=debug"}},
		judged:  judged{fail: "engine-log-level"},
	},
	{
		name: "debug by the file", versions: lab.Versions(),
		options: lab.Options{DaemonJSON: `{"debug": true}`},
		judged:  judged{fail: "engine-debug-on"},
	},
	{
		name: "a cgroup parent by the file", versions: lab.Versions(),
		options: lab.Options{DaemonJSON: `{"cgroup-parent": "/foobar"}`},
		judged:  judged{fail: "engine-cgroup-parent-set"},
	},
	{
		name:    "logs thrown away",
		options: lab.Options{Flags: []string{"--log-driver=none"}},
		judged:  judged{fail: "engine-logging-off"},
	},
	{
		name:    "logs kept on the host",
		options: lab.Options{Flags: []string{"--log-driver=local"}},
		judged:  judged{fail: "engine-logs-local", pass: "engine-logging-off"},
	},
	{
		name: "a system call filter that allows everything, by a flag", versions: lab.Versions(),
		options: lab.Options{Flags: []string{"--seccomp-profile", "/etc/all.json"}, Files: map[string]string{"/etc/all.json": `{"defaultAction": "SCMP_ACT_ALLOW"}`}},
		after:   oneContainer,
		judged:  judged{fail: "engine-seccomp-off container-seccomp-off"},
	},
	{
		name: "new privileges allowed by a flag", versions: lab.Versions(),
		options: lab.Options{Flags: []string{"--no-new-privileges=false"}},
		after:   oneContainer,
		judged:  judged{fail: "engine-no-new-privileges-off container-new-privileges-allowed"},
	},
	{
		name: "no user namespaces: the engine's fault, said once", versions: lab.Versions(),
		after:  oneContainer,
		judged: judged{fail: "engine-userns-remap-off", na: "container-host-userns"},
	},
	{
		name: "another configuration file, its flag and path two words", versions: []lab.Version{lab.V20, lab.V28},
		options: lab.Options{
			Flags:   []string{"--config-file", "/run/other.json"},
			Files:   map[string]string{"/run/other.json": `{"iptables": false, "insecure-registries": ["0.0.0.0/0"]}`},
			Prepare: script("chmod 666 /run/other.json"),
		},
		judged: judged{fail: "engine-config-writable engine-iptables-off engine-insecure-registry"},
	},
	{
		name:    "started from a plain shell, settings in the file",
		options: lab.Options{DaemonJSON: `{"iptables": false, "insecure-registries": ["0.0.0.0/0"]}`},
		as:      []string{"dash", "-c", `exec "$@"`, "dash"},
		judged:  judged{fail: "engine-iptables-off engine-insecure-registry"},
	},
	{
		name:    "looked at from another process namespace",
		options: lab.Options{Flags: []string{"--iptables=false", "--insecure-registry", "0.0.0.0/0", "--cgroup-parent=/x", "--log-level=debug"}},
		as:      []string{"unshare", "--pid", "--fork", "--mount-proc", "--"},
		judged:  judged{fail: "engine-insecure-registry", unknown: "engine-cgroup-parent-set engine-log-level engine-iptables-off"},
	},
	{
		name: "looked at by a member of the socket's group, the file closed to others",
		options: lab.Options{
			DaemonJSON: `{"iptables": false, "insecure-registries": ["0.0.0.0/0"]}`,
			Prepare:    script("chmod 600 /etc/docker/daemon.json; useradd -m alice; usermod -aG docker alice"),
		},
		as:     []string{"runuser", "-u", "alice", "--"},
		judged: judged{fail: "engine-insecure-registry", unknown: "engine-iptables-off engine-config-writable"},
	},
	{
		name:    "DOCKER_HOST names a socket open to all, beside an unused one that is not",
		options: lab.Options{Flags: []string{"-H", "unix:///run/alt.sock"}, NoEngine: true},
		after:   alternativeSocket(`perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un("/run/docker.sock")) or die $!'; chmod 660 /run/docker.sock`),
		as:      []string{"env", "DOCKER_HOST=unix:///run/alt.sock"},
		subject: "unix:///run/alt.sock",
		judged:  judged{fail: "engine-socket-world-accessible"},
	},
	{
		name:    "the only socket is open to all and at a place of its own",
		options: lab.Options{Flags: []string{"-H", "unix:///run/alt.sock"}, NoEngine: true},
		after:   alternativeSocket("true"),
		subject: "unix:///run/alt.sock",
		judged:  judged{fail: "engine-socket-world-accessible"},
	},
	{
		name:    "unit files only below /usr/lib, /lib not merged, open to all",
		options: lab.Options{NoEngine: true, Files: map[string]string{"/usr/lib/systemd/system/docker.service": "[Service]\nExecStart=/usr/sbin/dockerd -H unix:///run/docker.sock\n"}},
		after:   asUnit,
		judged:  judged{fail: "engine-unit-writable"},
	},
	{
		name: "the data beside the host's own files, mounted on itself", versions: lab.Versions(),
		options: lab.Options{Flags: []string{"--data-root", "/srv/docker", "--storage-driver", "vfs"}},
		judged:  judged{fail: "engine-data-root-shared-filesystem"},
	},
	{
		name: "swarm off", versions: lab.Versions(),
		judged: judged{na: "swarm-autolock-off swarm-certificate-expiry swarm-manager-count swarm-service-secret-in-environment overlay-not-encrypted"},
	},
}

// TestMisjudgedEngines makes each engine and host of the table.
func TestMisjudgedEngines(t *testing.T) {
	for _, m := range misjudgedEngines {
		versions := m.versions
		if len(versions) == 0 {
			versions = []lab.Version{lab.V28}
		}
		for _, v := range versions {
			t.Run(m.name+"/"+string(v), func(t *testing.T) {
				m.options.Version = v
				h := newHost(t, m.options)
				if m.after != nil {
					m.after(h)
				}
				o := execute(t, h, append(m.as[:len(m.as):len(m.as)], programInside, "audit", "--exit-zero", "--format", "json")...)
				m.check(t, parse(t, o), m.subject)
			})
		}
	}
}

// script is a shell script for Options.Prepare.
func script(text string) func(context.Context, *lab.Host) error {
	return func(ctx context.Context, h *lab.Host) error {
		_, err := h.Exec(ctx, "sh", "-ec", text)
		return err
	}
}

func oneContainer(h *lab.TestHost) { h.Run("--network", "none", h.ImportSleep()) }

// alternativeSocket starts the engine at /run/alt.sock, which anyone may use,
// after the command.
func alternativeSocket(command string) func(h *lab.TestHost) {
	return func(h *lab.TestHost) {
		h.Exec("sh", "-ec", command)
		h.Exec("sh", "-ec", `setsid dockerd -H unix:///run/alt.sock >/var/log/alt.log 2>&1 </dev/null &
for i in $(seq 300); do docker -H unix:///run/alt.sock version >/dev/null 2>&1 && chmod 666 /run/alt.sock && exit; sleep 0.1; done; cat /var/log/alt.log >&2; exit 1`)
	}
}

// asUnit makes /lib a directory of its own and starts the engine in the cgroup
// of its unit, as systemd would.
func asUnit(h *lab.TestHost) {
	h.Exec("busybox", "sh", "-ec", `mkdir /lib.new
for f in /usr/lib/*; do [ "$f" = /usr/lib/systemd ] || ln -s "$f" /lib.new/; done
rm /lib; mv /lib.new /lib
chmod 666 /usr/lib/systemd/system/docker.service`)
	startInUnit(h, "docker.service", "/usr/sbin/dockerd -H unix:///run/docker.sock")
}

// startInUnit starts an engine in the cgroup of a unit, as systemd would.
func startInUnit(h *lab.TestHost, unit, command string) {
	h.Exec("sh", "-ec", `for d in /sys/fs/cgroup/*/ /sys/fs/cgroup/; do mkdir -p $d/system.slice/`+unit+`; done 2>/dev/null || true
cat >/start <<'END'
for d in /sys/fs/cgroup/*/ /sys/fs/cgroup/; do echo 0 >$d/system.slice/`+unit+`/cgroup.procs; done 2>/dev/null
exec `+command+`
END
setsid sh /start >/var/log/unit.log 2>&1 </dev/null &
for i in $(seq 300); do docker version >/dev/null 2>&1 && exit; sleep 0.1; done; cat /var/log/unit.log >&2; exit 1`)
}
