package rules_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/cis"
	"seawall/compliance"
	"seawall/lab"
	"seawall/rule"
	"seawall/rules"
)

// TestCompliance sets real hosts against the whole benchmark: one on which
// nearly everything is wrong, and a well-configured one. What is wanted of each
// recommendation is what an auditor with the benchmark in hand would say.
func TestCompliance(t *testing.T) {
	t.Run("bad", func(t *testing.T) {
		h := lab.New(t, lab.Options{NoEngine: true, LAN: true, Files: badFiles(), DaemonJSON: badDaemon})
		makeBad(t, h)
		asRoot := compare(t, h, badWanted)
		notBetter(t, asRoot, table(t, h, "runuser", "-u", "alice", "--"))
	})
	t.Run("good", func(t *testing.T) {
		h := lab.New(t, lab.Options{Flags: tlsFlags("127.0.0.1:2376", "--tlsverify"), DaemonJSON: goodDaemon, Prepare: prepareGood})
		makeGood(t, h)
		compare(t, h, goodWanted)
	})
}

// compare audits the host. Each line of wanted is a number and the states that
// are right; the security modules of the kernel are the machine's.
func compare(t *testing.T, h *lab.TestHost, wanted string) *compliance.Table {
	t.Helper()
	table := table(t, h)
	want := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(wanted)) {
		numbers, states, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for number := range strings.FieldsSeq(numbers) {
			if want[number] != "" {
				t.Errorf("%s stands twice in what is wanted", number)
			}
			want[number] = states
		}
	}
	for _, e := range table.Recommendations {
		if !slices.Contains(strings.Fields(want[e.Number]), string(e.State)) {
			t.Errorf("%s %s is %s, want %q: %s%s", e.Number, e.Title, e.State, want[e.Number], e.Reason, behind(e))
		}
		delete(want, e.Number)
	}
	for number := range want {
		t.Errorf("%s is wanted, and not in the table", number)
	}
	return table
}

// table audits the host, by the words before the auditor, and sets it against
// the benchmark.
func table(t *testing.T, h *lab.TestHost, as ...string) *compliance.Table {
	t.Helper()
	s := audit(t, h, as)
	book := rules.Book().Rules()
	return compliance.Set(cis.Selection{Release: cis.V18, Level: 2}, compliance.Audit{Snapshot: s, Book: book, Asked: book, Results: rule.Evaluate(s, book)})
}

// notBetter: what fails for root neither passes nor is not applicable for an
// ordinary user, who sees less.
func notBetter(t *testing.T, root, user *compliance.Table) {
	t.Helper()
	for i, e := range user.Recommendations {
		r := root.Recommendations[i]
		if r.State == compliance.Fail && (e.State == compliance.Pass || e.State == compliance.NotApplicable || e.State == compliance.Manual) {
			t.Errorf("%s %s fails for root, and is %s for a user: %s", e.Number, e.Title, e.State, e.Reason)
		}
	}
	t.Logf("for a user: %v", user.Counts)
}

// behind lists what keeps a recommendation from passing.
func behind(e *compliance.Entry) string {
	out := ""
	for _, b := range e.Behind {
		out += fmt.Sprintf("\n  %s on %s: %s", b.Rule, b.Subject.Name, b.Verdict)
	}
	return out
}

const badDaemon = `{"data-root": "/srv/docker", "log-level": "debug", "iptables": false, "insecure-registries": ["0.0.0.0/0"], "cgroup-parent": "/foobar",
	"seccomp-profile": "/etc/allow-all.json", "experimental": true, "tlscacert": "/etc/tls/ca.pem", "tlscert": "/etc/tls/cert.pem", "tlskey": "/etc/tls/key.pem"}`

func badFiles() map[string]string {
	files := map[string]string{"/etc/allow-all.json": `{"defaultAction": "SCMP_ACT_ALLOW"}`, "/etc/tls/ca.pem": "", "/etc/tls/cert.pem": "", "/etc/tls/key.pem": ""}
	for name, text := range unitFiles {
		files[name] = text
	}
	return files
}

func makeBad(t *testing.T, h *lab.TestHost) {
	h.Exec("sh", "-ec", engineFiles+"chown -R 1001:1001 $files /etc/tls; chmod 777 /etc/docker; chmod 666 $plain /etc/tls/*")
	h.AddUser("alice", "docker")
	activate(t, h)
	h.Exec("sh", "-ec", "chown 1001 /run/docker.sock; chmod 666 /run/docker.sock; chgrp 1001 /run/docker/containerd/containerd.sock; chmod 662 /run/docker/containerd/containerd.sock")
	image, err := h.Sleep()
	if err != nil {
		t.Fatal(err)
	}
	image.Ref, image.Changes = "lab/careless:1", append(image.Changes, "ENV DB_PASSWORD=hunter2")
	image.Files["usr/sbin/sshd"] = image.Files["sleep"]
	h.ImportImage(image)
	h.Exec("sh", "-ec", "for i in $(seq 11); do docker create "+image.Ref+" >/dev/null; echo $i >/f; tar -C / -c f | docker import - lab/pile:$i >/dev/null; done")
	h.Run("--name", "privileged", "--privileged", "--pid=host", "--network=host", "--ipc=host", "--uts=host", "--restart=always",
		"--mount", "type=bind,src=/etc,dst=/x", "--mount", "type=bind,src=/srv,dst=/s,bind-propagation=rshared", "-v", "/var/run/docker.sock:/s.sock", image.Ref)
	h.Run("--name", "plain", "-p", "80:80", "--cgroup-parent", "/other", image.Ref, "/usr/sbin/sshd", "1000000")
	h.Exec("sh", "-ec", "docker swarm init --advertise-addr 127.0.0.1 --cert-expiry 8760h >/dev/null; "+
		"docker service create --detach --no-resolve-image --replicas 0 --name db --env DB_PASSWORD=x busybox >/dev/null; sleep 1")
}

// badWanted: the kernel does not tell its audit rules in the lab (package
// auditrule), the storage driver is a good one, and live restore cannot be had in a swarm.
const badWanted = `
1.1.1: fail
1.1.2: manual
1.1.3 1.1.4 1.1.5 1.1.6 1.1.7 1.1.8 1.1.9 1.1.10 1.1.11 1.1.13 1.1.14 1.1.17 1.1.18: unknown
1.1.12 1.1.15 1.1.16: unknown not-applicable
1.2.1 1.2.2: manual
2.1 2.2 2.3 2.4 2.5: fail
2.6 2.7: pass
2.8 2.9 2.10 2.11: fail
2.12: not-applicable
2.13 2.14 2.15: fail
2.16: not-applicable
2.17 2.18 2.19: fail
3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14 3.15 3.16 3.17 3.18 3.19 3.20 3.21 3.22 3.23 3.24: fail
4.1: fail
4.2 4.3 4.4 4.5: manual
4.6: fail
4.7 4.8 4.9: manual
4.10: fail
4.11 4.12: manual
5.1: pass
5.2 5.3: fail not-applicable
5.4 5.5 5.6 5.7 5.8: fail
5.9: manual
5.10 5.11 5.12 5.13 5.14 5.15 5.16 5.17 5.18: fail
5.19: manual
5.20 5.21 5.22: fail
5.23 5.24: manual
5.25 5.26 5.27: fail
5.28: manual
5.29 5.30 5.31 5.32: fail
6.1 6.2: fail
7.1: pass
7.2 7.3 7.4 7.5: fail
7.6: manual
7.7: fail
7.8 7.9: manual
`

const goodDaemon = `{"icc": false, "no-new-privileges": true, "live-restore": true, "userland-proxy": false, "ip": "127.0.0.1", "userns-remap": "remap",
	"log-driver": "gelf", "log-opts": {"gelf-address": "udp://127.0.0.1:12201"}, "default-ulimits": {"nofile": {"Name": "nofile", "Soft": 512, "Hard": 1024}}}`

func prepareGood(ctx context.Context, h *lab.Host) error {
	_, err := h.Exec(ctx, "sh", "-ec", `useradd --system remap; echo remap:100000:65536 | tee /etc/subuid > /etc/subgid
		mkdir -p /etc/docker/certs.d/r.example; touch /etc/docker/certs.d/r.example/ca.crt; chmod 444 /etc/docker/certs.d/r.example/ca.crt`)
	if err != nil {
		return err
	}
	return certificates(90*24*time.Hour)(ctx, h)
}

func makeGood(t *testing.T, h *lab.TestHost) {
	image, err := h.Busybox()
	if err != nil {
		t.Fatal(err)
	}
	image.Ref, image.Changes = "lab/careful:1", append(image.Changes, "USER 1000:1000", "HEALTHCHECK CMD true")
	h.ImportImage(image)
	h.Docker("network", "create", "app")
	h.Run("--name", "web", "--network", "app", "--cap-drop", "ALL", "--read-only", "--memory", "64m", "--pids-limit", "20", "--cpu-quota", "50000",
		"--restart", "on-failure:5", "-p", "127.0.0.1:8080:8080", "-v", "data:/data", image.Ref, "sleep", "1000000")
}

// goodWanted: the engine is root's and has no authorization plugin; systemd does
// not run it.
const goodWanted = `
1.1.1 1.1.2: pass
1.1.3 1.1.4 1.1.5 1.1.6 1.1.8 1.1.9 1.1.10 1.1.11 1.1.14 1.1.17 1.1.18: unknown
1.1.7 1.1.13: not-applicable
1.1.12 1.1.15 1.1.16: unknown not-applicable
1.2.1 1.2.2: manual
2.1: fail
2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11: pass
2.12: not-applicable
2.13: fail
2.14 2.15 2.16 2.17 2.18 2.19: pass
3.1 3.2 3.3 3.4: not-applicable
3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14 3.15 3.16 3.17 3.18 3.19 3.20: pass
3.21 3.22: not-applicable
3.23 3.24: pass
4.1: pass
4.2 4.3 4.4 4.5: manual
4.6: pass
4.7 4.9: manual
4.8: pass
4.10: pass
4.11 4.12: manual
5.1: pass
5.2 5.3: pass not-applicable
5.4 5.5 5.6 5.7 5.8: pass
5.9: manual
5.10 5.11 5.12 5.13 5.14 5.15 5.16 5.17 5.18: pass
5.19: manual
5.20 5.21 5.22: pass
5.23 5.24: manual
5.25 5.26 5.27: pass
5.28: manual
5.29 5.30 5.31 5.32: pass
6.1 6.2: pass
7.1 7.2 7.3 7.4 7.5 7.6 7.7 7.8 7.9: not-applicable
`
