package rules_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/source/composefile"
)

// A variant is one way in which a part of a Compose service can be written.
type variant string

// serviceParts are the parts of a service from which the facts of a container come, in
// the ways in which they can be written. A service of the test has some of them.
var serviceParts = [][]variant{
	{"privileged: true", "privileged: false"},
	{"cap_add: [SYS_ADMIN]", "cap_add: [NET_ADMIN, CAP_SYS_PTRACE]", "cap_add: [ALL]", "cap_add: [net_raw]"},
	{"cap_drop: [ALL]", "cap_drop: [NET_RAW, CAP_MKNOD]", "cap_drop: [all]"},
	{"read_only: true"},
	{`user: "1000"`, `user: "0:0"`, "user: nobody", `user: "1000:1000"`, "user: root"},
	{"group_add: [\"999\"]", "group_add: [root]"},
	{"network_mode: host", "network_mode: none", "network_mode: bridge", "network_mode: service:s0", "networks: [back]", "networks: {default: {}, back: {aliases: [x]}}"},
	{"pid: host", "pid: service:s0"},
	{"ipc: host", "ipc: private", "ipc: none", "ipc: shareable", "ipc: service:s0"},
	{"uts: host"},
	{"userns_mode: host"},
	{"cgroup: host", "cgroup: private"},
	{
		"volumes: [\"/etc:/x:ro\"]", "volumes: [/var/run/docker.sock:/var/run/docker.sock]", "volumes: [data:/data]", "volumes: [/cache]", "volumes: [hidden:/h]",
		"volumes: [{type: bind, source: /srv, target: /s, read_only: true}, {type: tmpfs, target: /t}]", "volumes: [./here:/here, \"/:/host:ro,rslave\"]",
		"volumes: [{type: volume, source: data, target: /d, volume: {nocopy: true}}]", "volumes: [{type: bind, source: /mnt, target: /m, bind: {propagation: rshared}}]",
	},
	{"tmpfs: /tmp", "tmpfs: [/run, \"/scratch:exec,size=1m\"]"},
	{"devices: [/dev/null:/dev/zero2]", "devices: [\"/dev/kmsg:/dev/kmsg:r\"]"},
	{"device_cgroup_rules: [\"b *:* rwm\"]"},
	{"ports: [\"8080:80\"]", "ports: [\"127.0.0.1:81:80\", \"82:80/udp\"]", "ports: [\"80\"]", "ports: [{target: 80, published: \"9000\", host_ip: 127.0.0.1, protocol: tcp}]", "ports: [\"7000-7002:7000-7002\"]"},
	{"mem_limit: 64m", "mem_limit: 64m\nmemswap_limit: 128m", "deploy: {resources: {limits: {memory: 50M, cpus: \"0.5\", pids: 40}}}"},
	{"cpus: 0.5", "cpu_shares: 512", "cpuset: \"0\""},
	{"pids_limit: 100", "pids_limit: -1"},
	{"ulimits: {nofile: {soft: 1000, hard: 2000}, nproc: 65535}"},
	{"restart: unless-stopped", "restart: \"no\"", "restart: on-failure:3", "restart: always"},
	{"logging: {driver: none}", "logging: {driver: json-file, options: {max-size: 10m}}"},
	{"sysctls: [kernel.msgmax=65536]", "sysctls: {kernel.shmmni: 4096}"},
	{"environment: {PASSWORD: hunter2hunter2, HOME: /x}", "environment: [DOCKER_HOST=tcp://10.0.0.1:2375]", "environment: [A=b]"},
	{"command: [sleep, \"1000\"]", "command: sleep 1000", "entrypoint: [\"/bin/sh\", \"-c\"]\ncommand: [\"sleep 1\"]"},
	{"healthcheck: {test: [CMD, \"true\"]}", "healthcheck: {disable: true}", "healthcheck: {test: \"exit 0\", interval: 5s}"},
	{"oom_score_adj: -500", "oom_kill_disable: true"},
	{"extra_hosts: [\"metadata:169.254.169.254\"]", "extra_hosts: {a: 10.0.0.1}"},
	{"labels: {a.token: abcdefghijklmnop}", "labels: [x=y]"},
	{
		"security_opt: [\"no-new-privileges:true\"]", "security_opt: [no-new-privileges=false]", "security_opt: [seccomp:unconfined, \"no-new-privileges\"]",
		"security_opt: [\"label:disable\"]", "security_opt: [systempaths=unconfined]", "security_opt: [apparmor=unconfined]",
	},
	{"volumes_from: [s0]", "volumes_from: [s0:ro]"},
	{"secrets: [token]", "configs: [{source: settings, target: /etc/settings}]"},
}

const composeEnd = `networks:
  back: {internal: true, driver_opts: {com.docker.network.bridge.enable_icc: "false"}}
volumes:
  data:
  hidden: {driver_opts: {type: none, o: bind, device: /etc}}
secrets:
  token: {file: ./token}
configs:
  settings: {file: ./settings}
`

// services writes a Compose file with services of a few parts each. The first, which
// others join, is plain.
func services(r *rand.Rand, n int) string {
	var b strings.Builder
	b.WriteString("services:\n  s0: {image: " + lab.BusyboxRef + ", ipc: shareable, volumes: [data:/data]}\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "  s%d:\n    image: %s\n", i, lab.BusyboxRef)
		have := map[string]bool{}
		for range 1 + r.IntN(7) {
			list := serviceParts[r.IntN(len(serviceParts))]
			part := string(list[r.IntN(len(list))])
			if slices.ContainsFunc(names(part), func(name string) bool { return have[name] }) || refused(have, part) {
				continue
			}
			have[part] = true
			for _, name := range names(part) {
				have[name] = true
			}
			b.WriteString("    " + strings.ReplaceAll(part, "\n", "\n    ") + "\n")
		}
	}
	return b.String() + composeEnd
}

// names are those of what a part consists of.
func names(part string) []string {
	var out []string
	for line := range strings.Lines(part) {
		name, _, _ := strings.Cut(line, ":")
		out = append(out, name)
	}
	return out
}

// refused reports whether the engine or Compose refuses a part beside others.
func refused(have map[string]bool, part string) bool {
	both := func(a, b string) bool {
		return strings.HasPrefix(part, a) && hasPrefix(have, b) || strings.HasPrefix(part, b) && hasPrefix(have, a)
	}
	return both("network_mode", "networks") || both("network_mode", "ports") || both("network_mode", "extra_hosts") ||
		both("deploy", "mem_limit") || both("deploy", "cpus") || both("deploy", "pids_limit") ||
		both("oom_kill_disable", "memswap") || both("sysctls", "ipc: host") || both("sysctls", "ipc: service") || both("privileged: true", "userns_mode")
}

func hasPrefix(have map[string]bool, prefix string) bool {
	for part := range have {
		if strings.HasPrefix(part, prefix) {
			return true
		}
	}
	return false
}

// composeHost is a host with Compose, and the files that the services of the test name.
func composeHost(t *testing.T) *lab.TestHost {
	t.Helper()
	h := lab.New(t, lab.Options{Version: lab.V26, Extras: true})
	h.ImportBusybox()
	h.Exec("mkdir", "-p", "/srv/made/here")
	for _, name := range []string{"token", "settings"} {
		h.WriteFile("/srv/made/"+name, "x", 0o600)
	}
	return h
}

// TestDeclaredIsRunning makes services of Compose files with Compose itself, and
// compares what every rule about containers says of them before and after. Before, a
// rule may not know; what it knows is the same.
func TestDeclaredIsRunning(t *testing.T) {
	h := composeHost(t)
	r := rand.New(rand.NewPCG(26, 11))
	const files, each = 4, 100
	unknown, judged := 0, 0
	for i := range files {
		text := services(r, each)
		h.WriteFile("/srv/made/compose.yaml", text, 0o644)
		if out, err := h.Command(t.Context(), "docker", "compose", "-f", "/srv/made/compose.yaml", "create", "--pull", "never").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s\n%s", err, out, text)
		}
		u, j := compareDeclared(t, audit(t, h, nil), text)
		unknown, judged = unknown+u, judged+j
		h.Docker("compose", "-f", "/srv/made/compose.yaml", "down", "--timeout", "1")
		if t.Failed() {
			t.Logf("file %d", i)
			return
		}
	}
	t.Logf("%d verdicts, %d of them unknown before", judged, unknown)
	if unknown*5 > judged {
		t.Errorf("%d of %d verdicts are unknown before it runs", unknown, judged)
	}
}

// compareDeclared judges the containers of a snapshot, and those that the file declares
// in their place.
func compareDeclared(t *testing.T, s *snapshot.Snapshot, text string) (unknown, judged int) {
	t.Helper()
	p, err := composefile.Load(t.Context(), []composefile.File{{Name: "/srv/made/compose.yaml", Content: []byte(text)}}, composefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Warnings) > 0 {
		t.Error(p.Warnings)
	}
	made := verdicts(s)
	e := &s.Engines[0]
	running, _ := e.Containers.Peek()
	if len(running) != len(p.Containers) {
		t.Fatalf("%d containers are declared, %d made", len(p.Containers), len(running))
	}
	e.Containers = snapshot.See(p.Containers, e.Containers.Origin())
	for key, before := range verdicts(s) {
		after := made[key]
		judged++
		switch {
		case before.Verdict == rule.Unknown && after.Verdict != rule.Unknown:
			unknown++
		case before.Verdict != after.Verdict:
			t.Errorf("%s: declared %v (%s), made %v (%s)\n%s", key, before.Verdict, before.Message, after.Verdict, after.Message, serviceText(text, key))
		}
	}
	return unknown, judged
}

func verdicts(s *snapshot.Snapshot) map[string]rule.Result {
	out := map[string]rule.Result{}
	for _, r := range rule.Evaluate(s, rules.Book().Rules()) {
		if r.Subject.Kind == rule.KindContainer {
			out[r.Rule+" "+r.Subject.Name] = r
		}
	}
	return out
}

// serviceText is the part of a file that declares a service.
func serviceText(text, key string) string {
	_, name, _ := strings.Cut(key, "made-")
	name = strings.TrimSuffix(name, "-1")
	_, after, _ := strings.Cut(text, "  "+name+":\n")
	body, _, _ := strings.Cut(after, "\n  s")
	return body
}
