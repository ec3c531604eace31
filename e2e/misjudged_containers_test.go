package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seawall/lab"
	"seawall/report"
	"seawall/rule"
)

// judged is what must be said of a subject: rule ids separated by spaces, by
// verdict.
type judged struct {
	fail, pass, unknown, na string
}

// check compares the verdicts about one subject with those wanted. Of an empty
// subject, a rule's worst verdict counts: it fails if it fails on any subject,
// is unknown if it is on any, and passes if it does on any.
func (j judged) check(t *testing.T, r *report.Report, subject string) {
	t.Helper()
	for want, ids := range map[rule.Verdict]string{rule.Failed: j.fail, rule.Passed: j.pass, rule.Unknown: j.unknown, rule.NotApplicable: j.na} {
		for id := range strings.FieldsSeq(ids) {
			got, message := worst(r, id, subject)
			if got != want {
				t.Errorf("%s is %q, want %q%s", id, got, want, message)
			}
		}
	}
}

func worst(r *report.Report, id, subject string) (worst rule.Verdict, messages string) {
	order := []rule.Verdict{"", rule.NotApplicable, rule.Passed, rule.Unknown, rule.Failed}
	for _, x := range r.Results {
		if x.Rule != id || subject != "" && x.Subject.Name != subject {
			continue
		}
		if slices.Index(order, x.Verdict) > slices.Index(order, worst) {
			worst = x.Verdict
		}
		messages += fmt.Sprintf("\n  %s: %s: %s", x.Subject.Name, x.Verdict, x.Message)
	}
	return worst, messages
}

// misjudged are containers that are easily misjudged, as flags of docker run.
// The name is that of the subtest; the container has it too where it matters.
var misjudged = []struct {
	name      string
	container string // the container's name; "" for any
	flags     string
	image     string // "" for one that sleeps as root
	judged
}{
	{
		name: "a name that contains nil, everything switched off", container: "h1-vanilla",
		flags:  "--cap-add ALL --security-opt seccomp=unconfined --pid host -v /run/docker.sock:/run/docker.sock",
		judged: judged{fail: "container-capability-all-added container-seccomp-off container-host-pid engine-socket-mounted container-runs-as-root"},
	},
	{
		name: "a label that asks auditors to look away", container: "docker-bench-security",
		flags:  "--privileged --label docker_bench_security --label seawall",
		judged: judged{fail: "container-privileged"},
	},
	{
		name: "root by number", flags: "--user 0:0",
		judged: judged{fail: "container-runs-as-root"},
	},
	{
		name: "root by another name", image: "lab/toor:1",
		judged: judged{fail: "container-runs-as-root"},
	},
	{
		name: "privileged: one finding that says it all", flags: "--privileged",
		judged: judged{fail: "container-privileged", na: "container-seccomp-off container-apparmor-off container-capability-sys-admin container-capability-net-admin container-device-mapped container-unmasked-paths"},
	},
	{
		name: "all capabilities added", flags: "--cap-add ALL",
		judged: judged{fail: "container-capability-all-added"},
	},
	{
		name: "the system call filter alone is off", flags: "--security-opt seccomp=unconfined",
		judged: judged{fail: "container-seccomp-off", pass: "container-privileged container-unmasked-paths"},
	},
	{
		name: "SELinux labels off on a kernel without SELinux", flags: "--security-opt label=disable",
		judged: judged{na: "container-selinux-off"},
	},
	{
		name: "a system call filter that allows everything", flags: "--security-opt seccomp=/tmp/allow-all.json",
		judged: judged{fail: "container-seccomp-off"},
	},
	{
		name: "no-new-privileges:false", flags: "--security-opt no-new-privileges:false",
		judged: judged{fail: "container-new-privileges-allowed"},
	},
	{
		name: "the directory of the engine's socket", flags: "-v /run:/hostrun",
		judged: judged{fail: "engine-socket-mounted container-sensitive-mount"},
	},
	{
		name: "the whole host", flags: "-v /:/host",
		judged: judged{fail: "engine-socket-mounted container-sensitive-mount"},
	},
	{
		name: "containerd's socket", flags: "-v /run/docker/containerd/containerd.sock:/c.sock",
		judged: judged{fail: "containerd-socket-mounted", pass: "engine-socket-mounted"},
	},
	{name: "passwords of the host", flags: "-v /etc/shadow:/s", judged: judged{fail: "container-sensitive-mount"}},
	{name: "root's home", flags: "-v /root:/r", judged: judged{fail: "container-sensitive-mount"}},
	{name: "the engine's data", flags: "-v /var/lib/docker:/d", judged: judged{fail: "container-sensitive-mount"}},
	{name: "kernel settings", flags: "-v /proc/sys:/p", judged: judged{fail: "container-sensitive-mount"}},
	{name: "the host's disk", flags: "-v /dev/vda:/disk", judged: judged{fail: "container-sensitive-mount"}},
	{name: "the host's configuration, read-only under another name", flags: "-v /etc:/x:ro", judged: judged{fail: "container-sensitive-mount"}},
	{
		name: "a system port on all IPv6 addresses", flags: "-p [::]:81:80",
		judged: judged{fail: "port-privileged-published port-published-on-all-interfaces"},
	},
	{
		name: "restarted always", flags: "--restart always",
		judged: judged{fail: "container-restart-unbounded"},
	},
	{
		name: "an ssh server that an entry point starts, in an image without ps", image: "lab/sshd:1",
		judged: judged{fail: "container-runs-sshd"},
	},
	{
		name: "a processor limit by quota", flags: "--cpu-quota 50000",
		judged: judged{pass: "container-no-cpu-limit", fail: "container-no-memory-limit"},
	},
	{
		name: "no options at all: default capabilities, a kernel without AppArmor and SELinux",
		judged: judged{
			fail: "container-default-capabilities-kept container-net-raw-on-shared-bridge", pass: "container-runs-sshd",
			na: "container-apparmor-off container-selinux-off container-host-userns", // the missing remapping is the engine's fault
		},
	},
	{
		name: "a variable with a word that is an instruction", image: "lab/additional:1",
		judged: judged{pass: "container-secret-in-environment"},
	},
	{
		name: "a password among the image's variables", image: "lab/password:1",
		judged: judged{fail: "container-secret-in-environment"},
	},
	{
		name: "an image whose ps never returns", image: "lab/hangs:1",
		judged: judged{fail: "container-runs-as-root", pass: "container-runs-sshd"},
	},
}

// misjudgedImages makes the images of the table.
func misjudgedImages(t *testing.T, h *lab.TestHost) {
	t.Helper()
	make := func(ref string, change func(*lab.Image)) {
		image, err := h.Busybox()
		if err != nil {
			t.Fatal(err)
		}
		image.Ref = ref
		change(&image)
		h.ImportImage(image)
	}
	make("lab/toor:1", func(i *lab.Image) {
		i.Files["etc/passwd"] = []byte("root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n")
		i.Changes = append(i.Changes, "USER toor")
	})
	make("lab/sshd:1", func(i *lab.Image) {
		delete(i.Links, "bin/ps")
		i.Files["usr/sbin/sshd"] = []byte("#!/bin/sh\nwhile :; do sleep 3600; done\n")
		i.Files["start"] = []byte("#!/bin/sh\n/usr/sbin/sshd -D &\nwhile :; do sleep 3600; done\n")
		i.Changes = append(i.Changes, `CMD ["/start"]`)
	})
	make("lab/additional:1", func(i *lab.Image) { i.Changes = append(i.Changes, `ENV ADDITIONAL="COPY ADD TO"`) })
	make("lab/password:1", func(i *lab.Image) { i.Changes = append(i.Changes, "ENV DB_PASSWORD=hunter2") })
	make("lab/hangs:1", func(i *lab.Image) {
		delete(i.Links, "bin/ps")
		i.Files["bin/ps"] = []byte("#!/bin/sh\nwhile :; do sleep 3600; done\n")
	})
}

// TestMisjudgedContainers makes each container of the table on engines of three
// releases and asks for the right verdicts.
func TestMisjudgedContainers(t *testing.T) {
	for _, version := range lab.Versions() {
		t.Run(string(version), func(t *testing.T) {
			h := newHost(t, lab.Options{Version: version, Files: map[string]string{"/tmp/allow-all.json": `{"defaultAction": "SCMP_ACT_ALLOW"}`}})
			misjudgedImages(t, h)
			sleep := h.ImportSleep()
			h.Exec("mknod", "/dev/vda", "b", "240", "0") // a number for experiments: there is no disk behind it
			names := make([]string, len(misjudged))
			for i, m := range misjudged {
				if names[i] = m.container; names[i] == "" {
					names[i] = fmt.Sprintf("container-%d", i)
				}
				args := append([]string{"--name", names[i]}, strings.Fields(m.flags)...)
				if m.image == "" {
					m.image = sleep
				}
				h.Run(append(args, m.image)...)
			}
			start := time.Now()
			r := audit(t, h)
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("the audit took %s", took)
			}
			for i, m := range misjudged {
				t.Run(m.name, func(t *testing.T) { m.check(t, r, names[i]) })
			}
			t.Run("images", func(t *testing.T) {
				judged{unknown: "image-runs-as-root"}.check(t, r, "lab/toor:1")
				judged{fail: "image-secret-in-environment image-runs-as-root"}.check(t, r, "lab/password:1")
				judged{pass: "image-secret-in-environment"}.check(t, r, "lab/additional:1")
			})
		})
	}
}

// TestOnlyContainer: a container is judged though its name contains nil and
// there is no other.
func TestOnlyContainer(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V20})
	h.Run("--name", "vanilla-app", "--privileged", h.ImportSleep())
	judged{fail: "container-privileged container-runs-as-root"}.check(t, audit(t, h), "vanilla-app")
}
