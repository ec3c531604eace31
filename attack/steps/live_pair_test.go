package steps_test

import (
	"strings"
	"testing"
	"time"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/lab"
)

// pair proves a step that takes root in a container and an account of the host:
// leave is what root does in the container, and take what the account alice then
// tries on the host. NAME is the container's.
type pair struct {
	step string
	run  string
	safe []string
	// leave is run by docker exec and stays; take is a shell command that succeeds
	// where the access is there.
	leave, take string
}

// TestLivePairs proves the steps that a container and an account of the host take
// together. The node that is left is the null device's.
func TestLivePairs(t *testing.T) {
	pairs := []pair{
		{step: "device-node-proc-root", run: "", safe: []string{"--cap-drop MKNOD", "--cap-drop SETUID", "--cap-drop SETGID"},
			leave: "attempt leave-node /dev/NAME 1000", take: "for n in /proc/[0-9]*/root/dev/NAME; do : <> $n && exit 0; done; exit 1"},
		{step: "setuid-left-in-volume", run: "-v left:/v", safe: []string{"-v left:/v:ro", "--tmpfs /v"},
			leave: "cp /bin/true /v/NAME; chmod 4755 /v/NAME", take: "[ -u /var/lib/docker/volumes/left/_data/NAME ]"},
	}
	h := lab.New(t, lab.Options{})
	image := attemptImage(t, h)
	h.AddUser("alice") // user 1000
	h.Exec("chmod", "711", "/var/lib/docker")
	h.CopyIn(lab.Self(t), "/srv/attempt", 0o755)
	for _, p := range pairs {
		for i, run := range p.runs() {
			(&proof{}).start(h, image, p.name(i), run)
		}
	}
	m := steptest.Model(collect(t, h), steps.All())
	for _, p := range pairs {
		for i, run := range p.runs() {
			p.check(t, h, m, p.name(i), run, i == 0)
		}
	}
}

// runs are those of the container where the step is there, and of the safe ones.
func (p *pair) runs() []string { return append([]string{p.run}, p.safe...) }

func (p *pair) name(n int) string { return (&proof{step: p.step}).name(n) }

func (p *pair) check(t *testing.T, h *lab.TestHost, m *attack.Model, name, run string, want bool) {
	t.Helper()
	if said := saidOf(m, p.step, name); said != attack.Sure(want) {
		t.Errorf("%s (%s): the model says %v, want %t%s", p.step, run, said, want, missingOf(m, p.step, name))
	}
	h.Docker("exec", "--detach", name, "sh", "-c", strings.ReplaceAll(p.leave, "NAME", name))
	take := strings.ReplaceAll(p.take, "NAME", name)
	var out []byte
	var err error
	for range 20 { // until what is left is there
		if out, err = h.Command(t.Context(), "runuser", "-u", "alice", "--", "bash", "-c", take).CombinedOutput(); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if (err == nil) != want {
		t.Errorf("%s (%s): the attempt %q finds access: %t, want %t\n%s", p.step, run, take, err == nil, want, out)
	}
}
