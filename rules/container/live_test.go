package container

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/reach/matrix"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/livehost"
	"seawall/source/runline"
)

// inside is the variable that makes the test binary take a snapshot instead of
// running tests: copied into a mini host, it sees that host as its own.
const inside = "SEAWALL_TEST_COLLECT"

func TestMain(m *testing.M) {
	if os.Getenv(inside) != "" {
		os.Exit(collectInside())
	}
	os.Exit(m.Run())
}

func collectInside() int {
	s, err := livehost.Collect(context.Background(), livehost.Options{
		Tool: "test", Plan: func(s *snapshot.Snapshot) livehost.NetPlan { return matrix.NewPlan(s, matrix.ForRules) },
	})
	if err == nil {
		err = s.Encode(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// audited takes a snapshot inside the mini host. The words come before the
// program: "runuser", "-u", "alice", "--".
func audited(t *testing.T, h *lab.TestHost, words ...string) *snapshot.Snapshot {
	t.Helper()
	h.CopyIn(lab.Self(t), "/usr/local/bin/collect", 0o755)
	cmd := h.Command(t.Context(), append(words, "/usr/local/bin/collect")...)
	cmd.Env = append(cmd.Env, inside+"=1")
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("collect: %v\n%s", err, complaints.String())
	}
	s, err := snapshot.Decode(&out)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// live are containers that are really started: the rules that must fail and
// those that must not.
var live = []struct {
	name, flags string
	fails, not  []string
}{
	{"plain", "",
		[]string{"container-runs-as-root", "container-rootfs-writable", "container-default-capabilities-kept", "container-no-memory-limit", "container-on-default-bridge", "container-net-raw-on-shared-bridge", "container-no-pids-limit", "container-no-cpu-limit", "container-no-healthcheck",
			"container-capabilities-wide", "container-in-host-userns", "container-gains-privileges"},
		[]string{"container-without-seccomp", "container-host-device-given", "container-host-userns", "container-seccomp-off", "container-apparmor-off", "container-privileged", "engine-socket-mounted", "container-sensitive-mount", "container-capabilities-beyond-settings"}},
	{"good", "--network none --cap-drop ALL --read-only --user 1000:1000 --security-opt no-new-privileges --memory 64m --pids-limit 20 --cpu-quota 50000 --health-cmd true",
		nil,
		[]string{"container-runs-as-root", "container-rootfs-writable", "container-default-capabilities-kept", "container-no-memory-limit", "container-no-pids-limit", "container-no-cpu-limit", "container-new-privileges-allowed", "container-on-default-bridge", "container-no-healthcheck", "container-net-raw-on-shared-bridge",
			"container-capabilities-wide", "container-gains-privileges", "container-without-seccomp", "container-host-device-given"}},
	{"priv", "--privileged", []string{"container-privileged", "container-without-seccomp", "container-capabilities-wide", "container-host-device-given", "container-gains-privileges"},
		[]string{"container-seccomp-off", "container-capability-sys-admin", "container-capability-all-added", "container-device-mapped", "container-capabilities-beyond-settings", "container-unmasked-paths"}},
	{"caps", "--cap-add SYS_ADMIN --cap-add net_admin", []string{"container-capability-sys-admin", "container-capability-net-admin"}, []string{"container-capability-bpf"}},
	{"noseccomp", "--security-opt seccomp=unconfined", []string{"container-seccomp-off", "container-without-seccomp"}, nil},
	{"nnpoff", "--security-opt no-new-privileges:false", []string{"container-new-privileges-allowed"}, nil},
	{"root0", "--user 0:0", []string{"container-runs-as-root"}, nil},
	{"sock", "-v /var/run/docker.sock:/s:ro", []string{"engine-socket-mounted"}, []string{"containerd-socket-mounted"}},
	{"rundir", "-v /run:/hostrun", []string{"engine-socket-mounted", "container-sensitive-mount"}, nil},
	{"rootro", "-v /:/host:ro", []string{"engine-socket-mounted", "container-sensitive-mount"}, nil},
	{"ctrd", "-v /run/docker/containerd:/c", []string{"containerd-socket-mounted"}, []string{"engine-socket-mounted"}},
	{"disguised", "-v disguised:/x", []string{"engine-socket-mounted", "container-sensitive-mount"}, nil},
	{"ordinary", "-v data:/data -v /srv:/srv", nil, []string{"engine-socket-mounted", "container-sensitive-mount"}},
	{"shadow", "-v /etc/shadow:/x:ro", []string{"container-sensitive-mount"}, nil},
	{"shared", "--mount type=bind,src=/var/lib/docker,dst=/d,bind-propagation=rshared", []string{"container-mount-propagation-shared", "container-sensitive-mount"}, nil},
	{"hosts", "--pid host --network host --ipc host --uts host", []string{"container-host-pid", "container-host-network", "container-host-ipc", "container-host-uts"}, []string{"container-on-default-bridge"}},
	{"joins", "--network container:plain --pid container:hosts", []string{"container-joins-namespace", "container-host-pid"}, []string{"container-host-network"}},
	{"device", "--device /dev/fuse --device-cgroup-rule 'c 188:* rw'", []string{"container-device-mapped", "container-device-cgroup-rule", "container-host-device-given"}, nil},
	{"ports", "-p 8080:80 -p 127.0.0.1:81:81", []string{"port-published-on-all-interfaces", "port-privileged-published"}, nil},
	{"always", "--restart always", []string{"container-restart-unbounded"}, nil},
	{"env", "-e DB_PASSWORD=hunter2", []string{"container-secret-in-environment"}, nil},
	{"unmasked", "--security-opt systempaths=unconfined", []string{"container-unmasked-paths"}, nil},
	{"link", "--link plain:p", []string{"container-legacy-links"}, nil},
	{"allcaps", "--cap-add ALL --cap-drop SYS_ADMIN", []string{"container-capability-all-added"}, []string{"container-capability-sys-admin", "container-default-capabilities-kept"}},
	{"addwins", "--cap-add NET_RAW --cap-drop NET_RAW", []string{"container-default-capabilities-kept"}, nil},
	{"cgroupns", "--cgroupns host", []string{"container-host-cgroupns"}, nil},
	{"ownns", "--cgroupns private", nil, []string{"container-host-cgroupns"}},
	{"bus", "-v /run/dbus:/run/dbus:ro", []string{"container-service-socket-mounted"}, []string{"container-sensitive-mount"}},
	{"taker", "--volumes-from ordinary", []string{"container-takes-volumes"}, []string{"container-sensitive-mount"}},
	{"client", "-e DOCKER_HOST=tcp://10.0.0.9:2375", []string{"container-docker-host-plaintext"}, nil},
	{"tlsclient", "-e DOCKER_HOST=tcp://10.0.0.9:2376 -e DOCKER_TLS_VERIFY=1", nil, []string{"container-docker-host-plaintext"}},
	{"greedy", "--oom-kill-disable --memory 64m --memory-swap -1", []string{"container-spared-by-oom-killer", "container-swap-unlimited"}, nil},
	{"modest", "--memory 64m", nil, []string{"container-spared-by-oom-killer", "container-swap-unlimited"}},
	{"localnet", "--sysctl net.ipv4.conf.all.route_localnet=1", []string{"container-sysctl-weakened"}, nil},
	{"shareable", "--ipc shareable", []string{"container-ipc-shareable"}, nil},
	{"execs", "--read-only --tmpfs /tmp:exec", []string{"container-tmpfs-executable"}, []string{"container-rootfs-writable"}},
	{"drops", "--log-opt mode=non-blocking", []string{"container-log-may-drop"}, nil},
	{"labelled", "--label app.password=hunter2", []string{"container-secret-in-label"}, nil},
	{"checked", "--health-cmd 'curl -u admin:hunter2 localhost'", []string{"container-secret-in-healthcheck"}, nil},
	{"manager", "-p 9000:9000 -v /run/docker.sock:/s", []string{"engine-socket-holder-published"}, nil},
	{"local", "-p 127.0.0.1:9001:9000 -v /run/docker.sock:/s", nil, []string{"engine-socket-holder-published"}},
	{"api", "-p 12375:2375", []string{"port-engine-api-published"}, nil},
	{"store", "-p 16379:6379", []string{"port-data-service-published"}, []string{"port-amplifier-published"}},
	{"clock", "-p 10123:123/udp", []string{"port-amplifier-published"}, []string{"port-data-service-published"}},
	{"range", "-p 127.0.0.1:21000-21050:21000-21050 -p 20000-20050:20000-20050/udp", []string{"port-range-published"}, nil},
	{"peer", "--pid container:sock", []string{"container-joins-namespace"}, nil},
	{"quiet", "--log-driver none --cgroup-parent /other --cpuset-cpus 0", []string{"container-logging-off", "container-cgroup-parent-set"}, []string{"container-no-cpu-limit"}},
}

// TestRealEngines starts containers on real engines. What the audit says of
// each must be right, and the same as of its run line before it was started.
func TestRealEngines(t *testing.T) {
	for _, version := range lab.Versions() {
		t.Run(string(version), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: version})
			image := h.ImportSleep()
			h.Docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=/run", "disguised")
			var lines []string
			for _, c := range live {
				flags := "--name " + c.name + " " + c.flags
				h.Run(append(words(t, flags), image)...)
				lines = append(lines, "docker run "+flags+" "+image)
			}
			s := audited(t, h)
			checkLive(t, s)
			checkDeclared(t, s, lines)
			h.AddUser("alice", "docker")
			checkUnprivileged(t, s, audited(t, h, "runuser", "-u", "alice", "--"))
		})
	}
}

// words splits flags; only quotes around a whole word are known.
func words(t *testing.T, flags string) []string {
	t.Helper()
	var out []string
	for i, part := range strings.Split(flags, "'") {
		if i%2 == 1 {
			out = append(out, part)
			continue
		}
		out = append(out, strings.Fields(part)...)
	}
	return out
}

// asked are the rules of an audit without an observation.
func asked() []*rule.Rule {
	return slices.DeleteFunc(Rules(), func(r *rule.Rule) bool { return r.Observed })
}

// verdicts judges the containers by all rules.
func verdicts(s *snapshot.Snapshot) map[string]map[string]rule.Result {
	out := map[string]map[string]rule.Result{}
	for _, r := range rule.Evaluate(s, asked()) {
		if out[r.Subject.Name] == nil {
			out[r.Subject.Name] = map[string]rule.Result{}
		}
		out[r.Subject.Name][r.Rule] = r
	}
	return out
}

func checkLive(t *testing.T, s *snapshot.Snapshot) {
	t.Helper()
	got := verdicts(s)
	for _, c := range live {
		for id, r := range got[c.name] {
			switch {
			case slices.Contains(c.fails, id) && r.Verdict != rule.Failed:
				t.Errorf("%s: %s is %s (%s), want fail", c.name, id, r.Verdict, r.Message)
			case slices.Contains(c.not, id) && r.Verdict != rule.Passed && r.Verdict != rule.NotApplicable:
				t.Errorf("%s: %s is %s (%s), want pass or not applicable", c.name, id, r.Verdict, r.Message)
			case r.Verdict == rule.Unknown:
				t.Errorf("%s: %s is unknown: %s", c.name, id, r.Message)
			case r.Verdict == rule.Failed && id == "container-capabilities-beyond-settings":
				t.Errorf("%s: %s", c.name, r.Message)
			}
		}
		if len(got[c.name]) != len(asked()) {
			t.Errorf("%s: %d rules judged it, want %d", c.name, len(got[c.name]), len(asked()))
		}
	}
}

// checkDeclared judges the run lines on the same host and engine.
func checkDeclared(t *testing.T, running *snapshot.Snapshot, lines []string) {
	t.Helper()
	list := make([]snapshot.Container, len(lines))
	for i, line := range lines {
		c, err := runline.Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		list[i] = c
	}
	var copied bytes.Buffer
	if err := running.Encode(&copied); err != nil {
		t.Fatal(err)
	}
	declared, err := snapshot.Decode(&copied)
	if err != nil {
		t.Fatal(err)
	}
	e := &declared.Engines[0]
	e.Containers = snapshot.See(list, e.Containers.Origin())
	real, said := verdicts(running), verdicts(declared)
	for _, c := range live {
		for id, r := range real[c.name] {
			d := said[c.name][id]
			if d.Verdict == rule.Unknown && d.Gaps[0].Reason == snapshot.ReasonUnresolved {
				continue // the image decides, which a declaration does not show
			}
			if d.Verdict != r.Verdict && id != "container-capabilities-beyond-settings" && id != bypasses { // which are about what runs
				t.Errorf("%s %s: running %s (%s), declared %s (%s)", c.name, id, r.Verdict, r.Message, d.Verdict, d.Message)
			}
		}
	}
}

// checkUnprivileged: who may use the API but not read other users' processes
// sees less, and nothing passes that root would fail.
func checkUnprivileged(t *testing.T, root, user *snapshot.Snapshot) {
	t.Helper()
	asRoot, asUser := verdicts(root), verdicts(user)
	unknown := 0
	for _, c := range live {
		for id, r := range asRoot[c.name] {
			u := asUser[c.name][id]
			if u.Verdict == rule.Unknown {
				unknown++
			} else if u.Verdict != r.Verdict {
				t.Errorf("%s %s: root says %s (%s), an ordinary user %s (%s)", c.name, id, r.Verdict, r.Message, u.Verdict, u.Message)
			}
		}
	}
	t.Logf("unknown to an ordinary user: %d of %d", unknown, len(live)*len(asked()))
}
