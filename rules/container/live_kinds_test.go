package container

import (
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/rule"
)

// generous is a runtime that gives containers a capability that nobody asked
// for.
const generous = `#!/bin/sh
spec= want=
for arg; do
	[ -z "$want" ] || spec=$arg/config.json
	want=
	case $arg in
	--bundle | -b) want=1 ;;
	--bundle=*) spec=${arg#*=}/config.json ;;
	esac
done
[ ! -f "$spec" ] || sed -i 's/"CAP_CHOWN"/"CAP_CHOWN","CAP_SYS_PTRACE"/g' "$spec"
exec runc "$@"
`

// liveKinds are the containers of TestLiveKinds and the rules that must fail.
func liveKinds() map[string][]string {
	kinds := map[string][]string{
		"sshd":   {"container-runs-sshd"},
		"proxy":  {"engine-socket-proxy"},
		"beyond": {"container-capabilities-beyond-settings"},

		"grouped":  {"container-in-engine-group"},
		"cgroups":  {"container-writable-cgroups"},
		"looping":  {"container-restart-loop"},
		"local":    {},
		"unpinned": {"container-image-unpinned"},
		"stale":    {"container-image-replaced"},
		"spared":   {"container-spared-by-oom-killer"},
		"told":     {"container-secret-in-command", "container-secret-in-log-options"},
	}
	for _, k := range dangerous() {
		id := k.rule().ID
		kinds[id] = []string{id}
	}
	return kinds
}

// TestLiveKinds starts containers that take an image, a command or a runtime of
// their own, and one for each capability that this machine can
// give.
func TestLiveKinds(t *testing.T) {
	missing, err := lab.MissingCapabilities()
	if err != nil {
		t.Fatal(err)
	}
	h := lab.New(t, lab.Options{
		Flags: []string{"--add-runtime", "generous=/usr/local/bin/generous"},
		Files: map[string]string{"/usr/local/bin/generous": generous},
	})
	h.Exec("chmod", "755", "/usr/local/bin/generous")
	image := h.ImportSleep()
	h.Docker("tag", image, "tecnativa/docker-socket-proxy:1")
	sshd, err := h.Busybox()
	if err != nil {
		t.Fatal(err)
	}
	sshd.Ref, sshd.Files["usr/sbin/sshd"] = "lab/sshd:1", []byte("#!/bin/sh\nexec sleep 600\n")
	h.ImportImage(sshd)
	h.Run("--name", "sshd", "--network", "none", sshd.Ref, "/usr/sbin/sshd", "-D")
	h.Run("--name", "proxy", "-v", "/run/docker.sock:/var/run/docker.sock", "tecnativa/docker-socket-proxy:1")
	h.Run("--name", "beyond", "--network", "none", "--runtime", "generous", image)
	started := map[string]bool{"sshd": true, "proxy": true, "beyond": true}
	for _, name := range startWorkloads(t, h, image, sshd.Ref) {
		started[name] = true
	}
	for _, k := range dangerous() {
		if slices.Contains(missing, "CAP_"+k.name) {
			t.Logf("NOT RUN: %s: the engine refuses a capability that this machine lacks", k.rule().ID)
			continue
		}
		started[k.rule().ID] = true
		h.Run("--name", k.rule().ID, "--network", "none", "--cap-add", k.name, image)
	}
	got := verdicts(audited(t, h))
	for name, ids := range liveKinds() {
		if !started[name] {
			continue
		}
		for id, r := range got[name] {
			if want := slices.Contains(ids, id); want && r.Verdict != rule.Failed {
				t.Errorf("%s: %s is %s (%s), want fail", name, id, r.Verdict, r.Message)
			} else if !want && r.Verdict == rule.Failed && kind(id) && name != "beyond" {
				t.Errorf("%s: %s fails (%s)", name, id, r.Message)
			}
		}
		if len(got[name]) != len(asked()) {
			t.Errorf("%s: %d rules judged it, want %d", name, len(got[name]), len(asked()))
		}
	}
}

// startWorkloads makes the containers whose faults lie in how they were made
// and used; image and other are two images.
func startWorkloads(t *testing.T, h *lab.TestHost, image, other string) []string {
	t.Helper()
	h.Run("--name", "grouped", "--network", "none", "--user", "1000", "--group-add", strings.TrimSpace(h.Exec("stat", "-c", "%g", "/run/docker.sock")), image)
	h.Run("--name", "cgroups", "--network", "none", "--security-opt", "writable-cgroups=true", image)
	h.Run("--name", "looping", "--network", "none", "--restart", "always", image, "/sleep", "badly")
	h.Exec("sh", "-ec", "for i in $(seq 600); do [ $(docker inspect -f '{{.RestartCount}}' looping) -ge 3 ] && exit; sleep 0.1; done; exit 1")
	h.ServeRegistry()
	h.Docker("tag", other, "127.0.0.1:5000/app:latest")
	h.Run("--name", "local", "--network", "none", "127.0.0.1:5000/app")
	h.Docker("tag", image, "127.0.0.1:5000/sleep:latest")
	h.Docker("push", "127.0.0.1:5000/sleep:latest")
	h.Run("--name", "unpinned", "--network", "none", "127.0.0.1:5000/sleep")
	h.Docker("tag", image, "lab/app:1")
	h.Run("--name", "stale", "--network", "none", "lab/app:1")
	h.Docker("tag", other, "lab/app:1")
	// What is not started need not reach the log server.
	h.Docker("create", "--name", "told", "--network", "none", "--log-driver", "splunk", "--log-opt", "splunk-token=176FCEBF",
		"--log-opt", "splunk-url=http://127.0.0.1:8088", image, "/sleep", "--password=hunter2")
	// Nor need what this machine may lack the capability for.
	h.Docker("create", "--name", "spared", "--network", "none", "--oom-score-adj", "-500", image)
	return []string{"grouped", "cgroups", "looping", "local", "unpinned", "stale", "told", "spared"}
}

// kind reports whether a rule must fail only on the containers made for it.
func kind(id string) bool {
	for _, ids := range liveKinds() {
		if slices.Contains(ids, id) {
			return true
		}
	}
	return false
}

// bypasses is the rule about ports of containers that run.
const bypasses = "published-port-bypasses-host-firewall"

// notLive are the rules that no test here sees fail on a real engine, and why.
var notLive = map[string]string{
	"container-apparmor-off":     "takes a kernel with AppArmor",
	"container-selinux-off":      "takes a kernel with SELinux",
	bypasses:                     "takes a firewall on the host: package rules has one",
	"container-without-apparmor": "takes a kernel with AppArmor",
	"container-without-selinux":  "takes a kernel with SELinux",
}

// TestEveryRuleIsLive: each rule fails on a real container, or is listed with
// the reason why none can be made.
func TestEveryRuleIsLive(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range live {
		for _, id := range c.fails {
			seen[id] = true
		}
	}
	for _, d := range liveDefaults {
		for _, id := range d.fails {
			seen[id] = true
		}
	}
	for _, kinds := range []map[string][]string{liveKinds(), liveObserved} {
		for _, ids := range kinds {
			for _, id := range ids {
				seen[id] = true
			}
		}
	}
	for _, r := range Rules() {
		switch _, excused := notLive[r.ID]; {
		case seen[r.ID] && excused:
			t.Errorf("%s fails on a real engine: take it off notLive", r.ID)
		case !seen[r.ID] && !excused:
			t.Errorf("%s fails in no live table: add a container, or say in notLive why there can be none", r.ID)
		}
	}
}
