package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"seawall/drift"
	"seawall/lab"
	"seawall/snapshot"
	"seawall/source/composefile"
)

// declaredAt is a project as files in a directory of a test's host declare it.
func declaredAt(t *testing.T, text string) drift.Declared {
	t.Helper()
	p, err := composefile.Load(t.Context(), []composefile.File{{Name: "/srv/made/compose.yaml", Content: []byte(text)}}, composefile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return drift.Declare(p.Name, p.Dir, p.Containers, p.Placed)
}

// differences are lines "SERVICE STATUS: FACTS".
func differences(r *drift.Report) string {
	var b strings.Builder
	for _, x := range r.Services {
		if x.Status == drift.Same {
			continue
		}
		var facts []string
		for _, c := range x.Changes {
			facts = append(facts, c.Fact)
		}
		fmt.Fprintf(&b, "%s %s: %s\n", x.Service, x.Status, strings.Join(facts, " "))
	}
	return b.String()
}

// TestNoDriftWhereNothingChanged: containers that Compose made are as they were declared,
// whatever is declared.
func TestNoDriftWhereNothingChanged(t *testing.T) {
	h := composeHost(t)
	r := rand.New(rand.NewPCG(11, 26))
	told, untold := 0, 0
	for range 2 {
		text := services(r, 100)
		h.WriteFile("/srv/made/compose.yaml", text, 0o644)
		if out, err := h.Command(t.Context(), "docker", "compose", "-f", "/srv/made/compose.yaml", "create", "--pull", "never").CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s\n%s", err, out, text)
		}
		for _, x := range drift.Compare(declaredAt(t, text), &audit(t, h, nil).Engines[0]).Services {
			told, untold = told+1, untold+len(x.Unknown)
			for _, c := range x.Changes {
				t.Errorf("%s: %s is %v, declared %v\n%s", x.Service, c.Fact, c.Running, c.Declared, serviceText(text, "made-"+x.Service+"-1"))
			}
			if x.Status != drift.Same && len(x.Changes) == 0 {
				t.Errorf("%s: %s", x.Service, x.Status)
			}
		}
		h.Docker("compose", "-f", "/srv/made/compose.yaml", "down", "--timeout", "1")
	}
	t.Logf("%d services, of which %d parts are not known", told, untold)
	if untold > 5*told {
		t.Errorf("%d parts of %d services are not known", untold, told)
	}
}

// TestDriftByHand changes containers by hand, and finds just that.
func TestDriftByHand(t *testing.T) {
	h := composeHost(t)
	service := func(name, parts string) string {
		return fmt.Sprintf("  %s:\n    image: %s\n    command: [sleep, \"1000\"]\n    init: true\n%s", name, lab.BusyboxRef, parts)
	}
	text := "services:\n" + service("plain", "    ports: [\"8080:80\"]\n    environment: {A: b}\n    volumes: [data:/data]\n") +
		service("updated", "    mem_limit: 64m\n    restart: \"no\"\n") + service("connected", "") + service("again", "    cap_drop: [ALL]\n    read_only: true\n") +
		service("gone", "") + service("odd", "    profiles: [debug]\n") + "networks: {default: {}, other: {name: other}}\nvolumes: {data: {}}\n"
	h.WriteFile("/srv/made/compose.yaml", text, 0o644)
	compose := func(args ...string) {
		t.Helper()
		if out, err := h.Command(t.Context(), append([]string{"docker", "compose", "-f", "/srv/made/compose.yaml"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	compose("up", "-d", "--pull", "never", "--scale", "plain=1")
	look := func() *snapshot.Engine { return &audit(t, h, nil).Engines[0] }
	declared := declaredAt(t, text)
	if got := differences(drift.Compare(declared, look())); got != "odd off: \n" {
		t.Fatalf("as it was made:\n%s", got)
	}
	h.Docker("update", "--memory", "128m", "--memory-swap", "256m", "--restart", "always", "made-updated-1")
	h.Docker("network", "create", "elsewhere")
	h.Docker("network", "connect", "elsewhere", "made-connected-1")
	h.Docker("rm", "-f", "made-gone-1", "made-again-1")
	label := func(service string) []string {
		return []string{"--label", "com.docker.compose.project=made", "--label", "com.docker.compose.service=" + service}
	}
	run := func(name, service string, options ...string) {
		h.Docker(append(append(append([]string{"run", "-d", "--pull", "never", "--network", "made_default", "--name", name}, label(service)...), options...), lab.BusyboxRef, "sleep", "1000")...)
	}
	run("made-again-1", "again", "--privileged", "-v", "/etc:/host", "-e", "X=y", "-p", "9000:90")
	run("made-stray-1", "stray")
	run("made-plain-run-1", "plain", "--label", "com.docker.compose.oneoff=True", "--privileged")
	want := "again changed: Privileged CapDrop Seccomp AppArmor SELinux UnmaskedPaths ReadonlyRootfs Mounts Ports Env\n" +
		"connected changed: Networks\ngone missing: \nodd off: \nupdated changed: Memory MemorySwap RestartPolicy\nstray extra: \n"
	if got := differences(drift.Compare(declared, look())); got != want {
		t.Errorf("%s----\n%s", got, want)
	}
}
