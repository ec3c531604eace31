package rule_test

import (
	"strings"
	"testing"

	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

const hexID = "0f2b3c4d5e6f0f2b3c4d5e6f0f2b3c4d5e6f0f2b3c4d5e6f0f2b3c4d5e6f0f2b"

// print is the fingerprint of a rule's only result about a container.
func print(t *testing.T, c snapshot.Container, engine string) string {
	t.Helper()
	s := withContainer(c)
	s.Engines[0].Name = engine
	results := rule.Evaluate(s, []*rule.Rule{ask(twoFacts)})
	if len(results) != 1 || !rule.ValidFingerprint(results[0].Fingerprint) {
		t.Fatalf("results %+v, want one with a fingerprint", results)
	}
	return results[0].Fingerprint
}

// TestFingerprintStays: what changes when a container is made anew, or when
// the host restarts, is not in its fingerprint; what makes it another one is.
func TestFingerprintStays(t *testing.T) {
	compose := func(name string) snapshot.Container {
		return snapshot.Container{Name: name, Project: "shop", Service: "web"}
	}
	const system = trial.Endpoint
	tests := []struct {
		name             string
		a, b             snapshot.Container
		engineA, engineB string
		same             bool
	}{
		{"another id", snapshot.Container{ID: "1", Name: "db"}, snapshot.Container{ID: "2", Name: "db"}, system, system, true},
		{"another verdict", snapshot.Container{Name: "db", Privileged: seen(true)}, snapshot.Container{Name: "db"}, system, system, true},
		{"another name", snapshot.Container{Name: "db"}, snapshot.Container{Name: "db2"}, system, system, false},
		{"Compose, both spellings", compose("shop-web-1"), compose("shop_web_1"), system, system, true},
		{"Compose, a name of its own", compose("shop-web-1"), compose("frontend"), system, system, true},
		{"Compose, while it is replaced", compose("shop-web-1"), compose("0f2b3c4d5e6f_shop-web-1"), system, system, true},
		{"Compose, the second of two", compose("shop-web-1"), compose("shop-web-2"), system, system, false},
		{"Compose, a one-off", compose("shop-web-run-0f2b3c4d5e6f"), compose("shop-web-run-aaaabbbb1234"), system, system, true},
		{"Compose, another service", compose("shop-web-1"), snapshot.Container{Name: "shop-db-1", Project: "shop", Service: "db"}, system, system, false},
		{"a task of a swarm's service", snapshot.Container{Name: "web.1.aaaaabbbbbcccccdddddeeeee"}, snapshot.Container{Name: "web.1.fffffbbbbbcccccddddd12345"}, system, system, true},
		{"another slot", snapshot.Container{Name: "web.1.aaaaabbbbbcccccdddddeeeee"}, snapshot.Container{Name: "web.2.aaaaabbbbbcccccdddddeeeee"}, system, system, false},
		{"a hash in the name", snapshot.Container{Name: "runner-0f2b3c4d5e6f-build"}, snapshot.Container{Name: "runner-ffff3c4d5e6f-build"}, system, system, true},
		{"a word of hexadecimal letters", snapshot.Container{Name: "deadbeefcafe"}, snapshot.Container{Name: "cafedeadbeef"}, system, system, false},
		{"the system's socket", snapshot.Container{Name: "db"}, snapshot.Container{Name: "db"}, system, "unix:///var/run/docker.sock", true},
		{"another engine", snapshot.Container{Name: "db"}, snapshot.Container{Name: "db"}, system, "unix:///run/user/1000/docker.sock", false},
		{"an engine found below /proc", snapshot.Container{Name: "db"}, snapshot.Container{Name: "db"}, "unix:///proc/7/root/run/a.sock", "unix:///proc/812/root/run/a.sock", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if a, b := print(t, tt.a, tt.engineA), print(t, tt.b, tt.engineB); (a == b) != tt.same {
				t.Errorf("%s and %s, want the same: %v", a, b, tt.same)
			}
		})
	}
}

// volumePrint is the fingerprint of the one volume, mounted at /data of "db".
func volumePrint(t *testing.T, name, container string) string {
	t.Helper()
	s := withContainer(snapshot.Container{Name: container, Mounts: seen([]snapshot.Mount{{Type: "volume", Volume: name, Destination: "/data"}})})
	s.Engines[0].Volumes = seen([]snapshot.Volume{{Name: name}})
	r := rule.Rule{ID: "volume-rule", Severity: rule.Low, Volume: func(c *rule.Context, _ *snapshot.Volume) rule.Answer { return c.Fail("x") }}
	return rule.Evaluate(s, []*rule.Rule{&r})[0].Fingerprint
}

func TestFingerprintOfVolumes(t *testing.T) {
	other := strings.ReplaceAll(hexID, "0f", "a1")
	if volumePrint(t, hexID, "db") != volumePrint(t, other, "db") {
		t.Error("an anonymous volume is not known by its container")
	}
	if volumePrint(t, hexID, "db") == volumePrint(t, hexID, "web") {
		t.Error("anonymous volumes of two containers have one fingerprint")
	}
	if volumePrint(t, "data", "db") != volumePrint(t, "data", "web") {
		t.Error("a named volume is not known by its name")
	}
}

// TestFingerprintOfHost: a host that is renamed stays the host.
func TestFingerprintOfHost(t *testing.T) {
	r := rule.Rule{ID: "host-rule", Severity: rule.Low, Host: func(c *rule.Context, _ *snapshot.Host) rule.Answer { return c.Fail("x") }}
	a, b := trial.Baseline(), trial.Baseline()
	b.Host.Name = seen("renamed")
	if rule.Evaluate(a, []*rule.Rule{&r})[0].Fingerprint != rule.Evaluate(b, []*rule.Rule{&r})[0].Fingerprint {
		t.Error("the fingerprint depends on the host's name")
	}
}

// TestFingerprintsDiffer: containers that look the same are told apart, in the
// order of their names, whatever the order of the list and the verdicts.
func TestFingerprintsDiffer(t *testing.T) {
	prints := func(first, second string, privileged bool) map[string]string {
		s := trial.Baseline()
		s.Engines[0].Containers = seen([]snapshot.Container{
			{Name: first, Project: "shop", Service: "web", Privileged: seen(first == "alpha" && privileged), ReadonlyRootfs: seen(true)},
			{Name: second, Project: "shop", Service: "web", Privileged: seen(second == "alpha" && privileged), ReadonlyRootfs: seen(true)},
		})
		out := map[string]string{}
		for _, r := range rule.Evaluate(s, []*rule.Rule{ask(twoFacts)}) {
			out[r.Subject.Name] = r.Fingerprint
		}
		return out
	}
	a := prints("alpha", "beta", false)
	if a["alpha"] == a["beta"] {
		t.Error("two containers have one fingerprint")
	}
	for _, b := range []map[string]string{prints("beta", "alpha", false), prints("beta", "alpha", true)} {
		if a["alpha"] != b["alpha"] || a["beta"] != b["beta"] {
			t.Errorf("%v, then %v", a, b)
		}
	}
}
