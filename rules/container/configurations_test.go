package container

import (
	"slices"
	"testing"

	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// TestConfigurations judges configurations that other auditors are known to get
// wrong: which rules must fail on the last container, and which must not.
func TestConfigurations(t *testing.T) {
	tests := []struct {
		name  string
		run   string
		facts func(*snapshot.Snapshot)
		fails []string // these and maybe others
		not   []string // none of these
	}{
		{
			name: "a name that contains nil, everything switched off",
			run:  "docker run --name h1-vanilla --cap-add ALL --security-opt seccomp=unconfined -v /var/run/docker.sock:/var/run/docker.sock --pid host alpine",
			fails: []string{
				"container-capability-all-added", "container-seccomp-off", "engine-socket-mounted", "container-host-pid",
			},
			not: []string{"container-capability-sys-admin", "container-default-capabilities-kept"},
		},
		{
			name:  "a label that asks auditors to look away",
			run:   "docker run --label docker_bench_security --privileged alpine",
			fails: []string{"container-privileged"},
		},
		{
			name:  "root by number",
			run:   "docker run --user 0:0 alpine",
			fails: []string{"container-runs-as-root"},
		},
		{
			name:  "root by another name, running",
			run:   "docker run --user toor alpine",
			facts: running(func(*snapshot.Process) {}),
			fails: []string{"container-runs-as-root"},
		},
		{
			name: "privileged says it once",
			run:  "docker run --privileged alpine",
			facts: running(func(p *snapshot.Process) {
				p.CapBounding = snapshot.See(snapshot.AllCaps, p.CapBounding.Origin())
				p.SeccompMode = snapshot.See(0, p.SeccompMode.Origin())
				p.Label = snapshot.See("unconfined", p.Label.Origin())
			}),
			fails: []string{"container-privileged"},
			not: []string{
				"container-capability-all-added", "container-capability-sys-admin", "container-seccomp-off", "container-apparmor-off",
				"container-device-mapped", "container-unmasked-paths", "container-capabilities-beyond-settings", "container-default-capabilities-kept",
			},
		},
		{
			name:  "seccomp off and label off, on a host without SELinux",
			run:   "docker run --security-opt seccomp=unconfined --security-opt label=disable alpine",
			fails: []string{"container-seccomp-off"},
			not:   []string{"container-selinux-off"},
		},
		{
			name:  "no-new-privileges by value",
			run:   "docker run --security-opt no-new-privileges:false alpine",
			fails: []string{"container-new-privileges-allowed"},
		},
		{
			name:  "the socket's directory",
			run:   "docker run -v /run:/hostrun alpine",
			fails: []string{"engine-socket-mounted", "container-sensitive-mount"},
			not:   []string{"containerd-socket-mounted"},
		},
		{
			name:  "containerd's own socket",
			run:   "docker run -v /run/docker/containerd/containerd.sock:/c alpine",
			fails: []string{"containerd-socket-mounted"},
			not:   []string{"engine-socket-mounted"},
		},
		{
			name:  "all of the host, read-only",
			run:   "docker run -v /:/host:ro alpine",
			fails: []string{"engine-socket-mounted", "container-sensitive-mount"},
		},
		{
			name:  "IPv6, below 1024",
			run:   "docker run -p '[::]:81:80' alpine",
			fails: []string{"port-privileged-published", "port-published-on-all-interfaces"},
		},
		{
			name:  "restart always",
			run:   "docker run --restart always alpine",
			fails: []string{"container-restart-unbounded"},
		},
		{
			name:  "sshd",
			run:   "docker run alpine /usr/sbin/sshd -D",
			fails: []string{"container-runs-sshd"},
		},
		{
			name: "a quota is a limit",
			run:  "docker run --cpu-quota 50000 alpine",
			not:  []string{"container-no-cpu-limit"},
		},
		{
			name:  "an engine without remapping, default capabilities",
			run:   "docker run alpine",
			fails: []string{"container-default-capabilities-kept"},
			not:   []string{"container-host-userns"}, // the engine's fault: engine-userns-remap-off
		},
		{
			name: "a host without AppArmor and SELinux",
			run:  "docker run alpine",
			facts: func(s *snapshot.Snapshot) {
				s.Host.AppArmor = snapshot.See(snapshot.AppArmor{}, s.Host.AppArmor.Origin())
				setting(func(t *snapshot.Settings) *snapshot.Fact[bool] { return &t.AppArmor }, false)(s)
			},
			not: []string{"container-apparmor-off", "container-selinux-off"},
		},
		{
			name: "a socket that is not the engine's",
			run:  "docker run -v /run/mysqld/mysqld.sock:/m.sock alpine",
			not:  []string{"engine-socket-mounted", "containerd-socket-mounted", "container-sensitive-mount"},
		},
		{
			name:  "a mount of the socket that died with a restart of the engine",
			run:   "docker run -v /run/docker.sock:/s alpine",
			facts: running(func(*snapshot.Process) {}),
			fails: []string{"engine-socket-mounted"},
		},
		{
			name:  "a parent directory in which the kernel shows no socket",
			run:   "docker run -v /run:/r alpine",
			facts: running(func(*snapshot.Process) {}),
			not:   []string{"engine-socket-mounted"},
		},
		{
			name: "a socket that only the kernel shows",
			run:  "docker run alpine",
			facts: running(func(p *snapshot.Process) {
				p.ControlSockets = snapshot.See([]snapshot.ControlSocket{{Path: "/x/y", Host: "/srv/y", Service: "engine"}}, p.ControlSockets.Origin())
			}),
			fails: []string{"engine-socket-mounted"},
		},
		{
			name:  "both sockets by one mount are one finding",
			run:   "docker run -v /:/h alpine",
			fails: []string{"engine-socket-mounted"},
			not:   []string{"containerd-socket-mounted"},
		},
		{
			name:  "a proxy is told apart",
			run:   "docker run -v /run/docker.sock:/run/docker.sock ghcr.io/tecnativa/docker-socket-proxy:0.3",
			fails: []string{"engine-socket-proxy"},
			not:   []string{"engine-socket-mounted"},
		},
		{
			name:  "an image that only calls itself a proxy",
			run:   "docker run -v /run/docker.sock:/run/docker.sock evil/docker-socket-proxy",
			fails: []string{"engine-socket-mounted"},
			not:   []string{"engine-socket-proxy"},
		},
		{
			name: "a capability that the kernel does not grant",
			run:  "docker run --cap-add SYS_ADMIN alpine",
			facts: running(func(*snapshot.Process) {
			}),
			not: []string{"container-capability-sys-admin"},
		},
		{
			name: "a capability that nobody asked for",
			run:  "docker run alpine",
			facts: running(func(p *snapshot.Process) {
				p.CapBounding = snapshot.See(snapshot.DefaultCaps|snapshot.Caps("SYS_ADMIN"), p.CapBounding.Origin())
			}),
			fails: []string{"container-capabilities-beyond-settings"},
			not:   []string{"container-capability-sys-admin"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := trial.Load(rule.Example{Run: tt.run, Facts: tt.facts})
			if err != nil {
				t.Fatal(err)
			}
			failed := findings(s)
			for _, id := range tt.fails {
				if !slices.Contains(failed, id) {
					t.Errorf("%s did not fail; failed: %v", id, failed)
				}
			}
			for _, id := range tt.not {
				if slices.Contains(failed, id) {
					t.Errorf("%s failed", id)
				}
			}
		})
	}
}

// findings lists the rules that fail on any container.
func findings(s *snapshot.Snapshot) []string {
	var ids []string
	for _, r := range rule.Evaluate(s, Rules()) {
		if r.Verdict == rule.Failed {
			ids = append(ids, r.Rule)
		}
	}
	return ids
}

// TestSensitivePaths judges mounts by their path and mode.
func TestSensitivePaths(t *testing.T) {
	tests := []struct {
		mount string
		want  rule.Severity // 0: no finding
	}{
		{"/:/h", rule.Critical}, {"/:/h:ro", rule.High},
		{"/etc/shadow:/s", rule.Critical}, {"/etc/shadow:/s:ro", rule.High},
		{"/root:/r", rule.Critical}, {"/var/lib/docker:/d", rule.Critical}, {"/var/lib/docker/volumes:/d:ro", rule.High},
		{"/proc/sys:/p", rule.Critical}, {"/proc:/host/proc:ro", rule.Medium}, {"/sys:/host/sys:ro", rule.Low},
		{"/dev/vda:/disk", rule.High}, {"/dev/mem:/m", rule.Critical}, {"/dev/null:/n", 0}, {"/dev/log:/dev/log", 0},
		{"/etc:/x:ro", rule.High}, {"/etc/localtime:/etc/localtime:ro", 0}, {"/etc/ssl/certs:/c:ro", 0}, {"/etc/nginx:/etc/nginx", 0},
		{"/var/run:/r", rule.High}, {"/var:/v:ro", rule.High}, {"/srv/app:/app", 0}, {"/opt:/opt", 0}, {"/usr/local:/l", rule.Critical}, {"/var/lib:/l:ro", rule.High},
		{"/home:/h", rule.High}, {"/home/alice:/h:ro", rule.Medium}, {"/home/alice/src:/src", 0}, {"/home/alice/.ssh/id:/id:ro", rule.High},
		{"/var/log:/l:ro", rule.Low}, {"/var/log/nginx:/l", 0}, {"/usr/share/zoneinfo:/z:ro", 0}, {"/lib/modules:/m:ro", rule.Low},
		{"/etc/passwd:/etc/passwd:ro", 0}, {"/etc/passwd:/p", rule.Critical}, {"/etc/cron.d/x:/x", rule.Critical}, {"/etc/group:/etc/group:ro", 0},
		{"/etc/../etc/shadow:/s", rule.Critical}, {"/etcetera:/e", 0}, {"/run/mysqld:/m", 0}, {"/tmp/.sshx:/x", 0},
		{"/dev/shm:/dev/shm", rule.Medium}, {"/tmp:/tmp", rule.Medium}, {"/tmp/build:/tmp", 0}, {"/sys/kernel/debug:/d:ro", rule.Low}, {"/etc/apt:/a:ro", 0},
		{"/home/alice/.git-credentials:/c:ro", rule.High}, {"/srv/keys/id_ed25519:/k:ro", rule.High}, {"/home/alice/.npmrcs:/x", 0}, {"/etc/wireguard:/w:ro", rule.Medium},
		{"/run/systemd/journal/socket:/j", 0}, {"/run/systemd/resolve/resolv.conf:/r:ro", 0}, {"/run/systemd:/s", rule.High}, {"/dev/uinput:/u", rule.High}, {"/dev/input/event0:/i", rule.Medium},
	}
	for _, tt := range tests {
		t.Run(tt.mount, func(t *testing.T) {
			s, err := trial.Load(rule.Example{Run: "docker run -v " + tt.mount + " alpine"})
			if err != nil {
				t.Fatal(err)
			}
			got := rule.Severity(0)
			for _, r := range rule.Evaluate(s, []*rule.Rule{sensitiveMount()}) {
				if r.Verdict == rule.Failed {
					got = r.Severity
				}
			}
			if got != tt.want {
				t.Errorf("severity %d, want %d", got, tt.want)
			}
		})
	}
}
