package steps_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/lab"
	"seawall/reach/matrix"
	"seawall/snapshot"
	"seawall/source/livehost"
)

// proof shows on a real engine that what a step says is so: in a container where
// the step is there an attempt finds the access, and in one where it is not, for
// want of it or for a blocker, the same attempt finds none. Attempts open, connect
// and list; nothing is written or harmed.
type proof struct {
	step string
	// run are the arguments of docker run that make the container, a space in one
	// written as ~; safe those of containers that differ in one thing and where the
	// step must not be.
	run  string
	safe []string
	// try is a shell command in the container, run by docker exec, that succeeds
	// where the access is there. "attempt …" is [attempt].
	try string
	// user runs try as another user of the container than its own; "" for its own.
	user string
	// caps are capabilities that the machine must have for the container to start.
	caps string
}

// TestMain runs the tests, or as "attempt" in a container what proofs ask for.
func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == "attempt" {
		if err := attempt(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// prove makes the containers of proofs on one engine and tries them.
func prove(t *testing.T, opts lab.Options, prepare func(*lab.TestHost), proofs []proof) {
	t.Helper()
	missing, err := lab.MissingCapabilities()
	if err != nil {
		t.Fatal(err)
	}
	h := lab.New(t, opts)
	image := attemptImage(t, h)
	if prepare != nil {
		prepare(h)
	}
	var tried []*proof
	for i := range proofs {
		p := &proofs[i]
		if lacks := common(missing, p.caps); lacks != "" {
			t.Logf("NOT RUN: %s: the machine itself lacks %s", p.step, lacks)
			continue
		}
		tried = append(tried, p)
		p.start(h, image, p.name(0), p.run)
		for j, run := range p.safe {
			p.start(h, image, p.name(j+1), run)
		}
	}
	m := steptest.Model(collect(t, h), steps.All())
	for _, p := range tried {
		p.check(t, h, m, p.name(0), p.run, true)
		for j, run := range p.safe {
			p.check(t, h, m, p.name(j+1), run, false)
		}
	}
}

// name is that of a container of the proof: the step's own is 0.
func (p *proof) name(n int) string { return fmt.Sprintf("%s-%d", p.step, n) }

func (p *proof) start(h *lab.TestHost, image, name, run string) {
	args := []string{"--name", name}
	for _, word := range strings.Fields(run) {
		args = append(args, strings.ReplaceAll(word, "~", " "))
	}
	if !strings.Contains(run, "--network") {
		args = append(args, "--network", "none")
	}
	h.Run(append(args, image)...)
}

// check compares what the model says of a container, what the attempt finds, and
// what is right.
func (p *proof) check(t *testing.T, h *lab.TestHost, m *attack.Model, name, run string, want bool) {
	t.Helper()
	if said := saidOf(m, p.step, name); said != attack.Sure(want) {
		t.Errorf("%s (%s): the model says %v, want %t%s", p.step, run, said, want, missingOf(m, p.step, name))
	}
	args := []string{"exec"}
	if p.user != "" {
		args = append(args, "--user", p.user)
	}
	out, err := h.Command(t.Context(), append(append([]string{"docker"}, args...), name, "sh", "-c", p.try)...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if (err == nil) != want {
		t.Errorf("%s (%s): the attempt %q finds access: %t, want %t\n%s", p.step, run, p.try, err == nil, want, out)
	}
}

// saidOf is what a model says of a step at a container.
func saidOf(m *attack.Model, step, container string) attack.Truth {
	said := attack.No
	for _, move := range m.Moves() {
		if move.Step.ID != step || about(&move) != container {
			continue
		}
		said = max(said, attack.Unknown)
		if !move.Possible {
			said = attack.Yes
		}
	}
	return said
}

// about is the container that a move begins in, or else the one that it leads to.
func about(m *attack.Move) string {
	if from := m.From[0]; from.Kind == attack.Container || from.Kind == attack.ContainerRoot {
		return from.Name
	}
	return m.To.Name
}

// missingOf are the facts that a model lacks to be sure of a step at a container.
func missingOf(m *attack.Model, step, container string) string {
	text := ""
	moves := m.Moves()
	for i := range moves {
		if move := &moves[i]; move.Possible && move.Step.ID == step && move.From[0].Name == container {
			_, missing := move.Facts()
			text += fmt.Sprintf("\nnot seen: %v", missing)
		}
	}
	return text
}

// attemptImage is busybox with the test program as "attempt".
func attemptImage(t *testing.T, h *lab.TestHost) string {
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
	h.ImportImage(image)
	return image.Ref
}

// collect takes the snapshot of a lab host as root there, where the kernel shows
// the containers' mounts and sockets as the host names them; images' files
// included.
func collect(t *testing.T, h *lab.TestHost) *snapshot.Snapshot {
	t.Helper()
	h.CopyIn(lab.Self(t), "/usr/local/bin/attempt", 0o755)
	var out, complaints bytes.Buffer
	cmd := h.Command(t.Context(), "/usr/local/bin/attempt", "collect")
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

// collectHere takes the snapshot of the host that the program runs on.
func collectHere() error {
	plan := func(s *snapshot.Snapshot) livehost.NetPlan { return matrix.NewPlan(s, matrix.ForPaths) }
	s, err := livehost.Collect(context.Background(), livehost.Options{Tool: "test", Deep: livehost.DeepUsed, Plan: plan})
	if err != nil {
		return err
	}
	return s.Encode(os.Stdout)
}

// common are the words that a list and a text have in common.
func common(list []string, words string) string {
	for _, w := range strings.Fields(words) {
		for _, have := range list {
			if strings.TrimPrefix(have, "CAP_") == w {
				return w
			}
		}
	}
	return ""
}
