package steps_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/lab"
)

// TestLiveUsersRemapped: where user namespaces are remapped, root in a container may not
// write what root of the host owns, nor connect to its sockets; one that opts out
// may.
func TestLiveUsersRemapped(t *testing.T) {
	opts := lab.Options{DaemonJSON: `{"userns-remap": "remap"}`, Prepare: func(ctx context.Context, h *lab.Host) error {
		_, err := h.Exec(ctx, "sh", "-c", "useradd --system remap; echo remap:100000:65536 | tee /etc/subuid > /etc/subgid")
		return err
	}}
	var proofs []proof
	for _, p := range []proof{
		{step: "etc-mount-rw", run: "-v /etc:/x", try: "attempt write /x"},
		{step: "host-keys-mount", run: "-v /etc:/x:ro", try: "attempt read /x/shadow"},
		{step: "docker-sock-mount", run: "-v /run/docker.sock:/s", try: "attempt connect /s"},
		{step: "suid-drop-via-bind", run: "-v /tmp:/x", try: "attempt write /x && test $(stat -c %u /x) = 0"},
		{step: "host-proc-mount-core-pattern", run: "-v /proc:/x", try: "attempt write /x/sys/kernel/core_pattern"},
	} {
		p.safe = []string{p.run}
		p.run = "--userns host " + p.run
		proofs = append(proofs, p)
	}
	prove(t, opts, nil, proofs)
}

// TestLiveParents: a socket is found through the directories that hold it, through a
// volume that is a bind in disguise and through the volumes of another container,
// and a writable mount below a read-only one.
func TestLiveParents(t *testing.T) {
	for _, p := range []proof{
		{step: "docker-sock-mount", run: "-v /:/x:ro", try: "attempt connect /x/run/docker.sock", safe: []string{"--mount type=bind,src=/,dst=/x,ro,bind-recursive=disabled"}},
		{step: "docker-sock-mount", run: "-v disguised:/x:ro", try: "attempt connect /x/docker.sock", safe: []string{"-v ordinary:/x"}},
		{step: "etc-mount-rw", run: "--volumes-from other", try: "attempt write /x", safe: []string{"--volumes-from other:ro"}},
		{step: "cron-dir-mount-rw", run: "--mount type=bind,src=/etc,dst=/x,ro,bind-recursive=writable", try: "attempt write /x/cron.d", safe: []string{"-v /etc:/x:ro"}},
	} {
		t.Run(p.step+" "+p.run, func(t *testing.T) {
			prove(t, lab.Options{}, func(h *lab.TestHost) {
				h.Docker("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", "device=/run", "disguised")
				h.Exec("sh", "-c", "mkdir -p /etc/cron.d && mount -t tmpfs jobs /etc/cron.d")
				h.Run("--name", "other", "--network", "none", "-v", "/etc/sudoers.d:/x", "lab/attempt:1")
			}, []proof{p})
		})
	}
}

// TestLiveRootless proves the steps of rootless engines, whose root is their user.
func TestLiveRootless(t *testing.T) {
	h := lab.New(t, lab.Options{})
	h.AddUser("alice")
	h.Exec("runuser", "-u", "alice", "--", "sh", "-c", "mkdir -p ~/.ssh ~/p && umask 077 && echo none > ~/.ssh/id_ed25519")
	e := h.StartRootless("alice")
	importAttempt(t, h, e)
	proofs := []proof{
		{step: "rootless-sock-mount", run: "-v " + e.SockInside() + ":/s:ro", try: "attempt connect /s"},
		{step: "rootless-home-mount", run: "-v /home/alice:/x", try: "attempt write /x", safe: []string{"-v /home/alice:/x:ro"}},
		{step: "rootless-home-mount-ro", run: "--cap-drop ALL -v /home/alice/.ssh:/x:ro", try: "attempt read /x/id_ed25519", safe: []string{"-v /home/alice/p:/x:ro"}},
		{step: "host-binaries-mount-rw", safe: []string{"-v /usr/local/bin:/x"}, try: "attempt write /x"},
		{step: "privileged-container", safe: []string{"--privileged"}, try: "attempt write /proc/sys/kernel/core_pattern"},
	}
	start := func(name, run string) {
		args := append([]string{"--name", name, "--network", "none"}, strings.Fields(run)...)
		if _, err := e.Run(t.Context(), append(args, "lab/attempt:1")...); err != nil {
			t.Fatal(err)
		}
	}
	for i := range proofs {
		p := &proofs[i]
		start(p.name(0), p.run)
		for j, run := range p.safe {
			start(p.name(j+1), run)
		}
	}
	m := steptest.Model(collect(t, h), steps.All())
	check := func(p *proof, name string, want bool) {
		_, err := e.Docker(t.Context(), "exec", name, "sh", "-c", p.try)
		if said := saidOf(m, p.step, name); said != attack.Sure(want) || (err == nil) != want {
			t.Errorf("%s: the model says %v, the attempt finds %v, want %t", name, said, err, want)
		}
	}
	for i := range proofs {
		p := &proofs[i]
		check(p, p.name(0), p.run != "")
		for j := range p.safe {
			check(p, p.name(j+1), false)
		}
	}
}

// importAttempt makes the image of proofs in an engine.
func importAttempt(t *testing.T, h *lab.TestHost, e *lab.Engine) {
	t.Helper()
	image, err := h.Busybox()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(lab.Self(t))
	if err != nil {
		t.Fatal(err)
	}
	image.Ref, image.Files["bin/attempt"] = "lab/attempt:1", program
	if err := e.ImportImage(t.Context(), image); err != nil {
		t.Fatal(err)
	}
}
