package ownrule_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/ownrule"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/trial"
)

// evaluate judges docker run lines by rules.
func evaluate(t testing.TB, rules []*rule.Rule, run string) []rule.Result {
	t.Helper()
	s, err := trial.Load(rule.Example{Run: run})
	if err != nil {
		t.Fatal(err)
	}
	return rule.Evaluate(s, rules)
}

// TestVerdicts: what becomes of the verdict, the evidence and the gaps.
func TestVerdicts(t *testing.T) {
	r := parse(t, owner)
	s, err := trial.Load(rule.Example{Run: "docker run nginx"})
	if err != nil {
		t.Fatal(err)
	}
	containers, _ := s.Engines[0].Containers.Peek()
	c := &containers[0]
	refused := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "refused", Remedy: "run as root"}
	judged := func() string {
		result := rule.Evaluate(s, r)[0]
		out := string(result.Verdict) + ": " + result.Message
		for _, e := range result.Evidence {
			out += fmt.Sprintf("; %s=%v", e.Fact, e.Value)
		}
		for _, g := range result.Gaps {
			out += "; " + g.Fact + " " + g.Remedy
		}
		return out
	}
	var got []string
	note := func() { got = append(got, judged()) }
	note()
	c.Image.Blind(refused)
	note()
	c.Labels.Blind(refused)
	note()
	c.State = snapshot.See("exited", snapshot.At("State.Status", "test"))
	note()
	c.State.Blind(refused)
	note()
	c.Labels = snapshot.See(map[string]string{"owner": "a"}, c.Labels.Origin())
	note()
	c.State = snapshot.See("running", c.State.Origin())
	note()
	want := []string{
		`fail: no label "owner"; its image is nginx; State=declared; Config.Labels=map[]; Config.Image=nginx`,
		`fail: no label "owner"; its image is (not known); State=declared; Config.Labels=map[]`,
		`unknown: could not read Config.Labels: refused; State=declared; Config.Labels run as root`,
		`not-applicable: the container has ended; State.Status=exited`,
		`unknown: could not read State.Status: refused; State.Status run as root`,
		`unknown: could not read State.Status: refused; State.Status run as root`,
		`pass: not so: A container has no owner; State.Status=running; Config.Labels=map[owner:a]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCostLimit: an expression that costs too much is ended, and the result is
// unknown.
func TestCostLimit(t *testing.T) {
	fail := `!has(container.labels.owner) && engine.containers.all(a, engine.containers.all(b, a.image.matches('(a*)*c') == false && b.image != ''))`
	rules := parse(t, withFail(fail, "many"))
	if got := evaluate(t, rules, strings.Repeat("docker run nginx\n", 3))[0].Verdict; got != rule.Failed {
		t.Errorf("three containers: %s", got)
	}
	result := evaluate(t, rules, strings.Repeat("docker run nginx\n", 250))[0]
	want := "could not read the value of fail: the expression costs too much on this snapshot: more than 10000 steps"
	if result.Verdict != rule.Unknown || result.Message != want {
		t.Errorf("many containers: %s: %s", result.Verdict, result.Message)
	}
	if gap := result.Gaps[0]; gap.Source != "rules.yaml:15:12" || gap.Remedy == "" {
		t.Errorf("gap %+v", gap)
	}
}

// TestKinds: a rule can be about every kind of subject; its examples can set
// what no declaration tells.
func TestKinds(t *testing.T) {
	tests := []struct{ kind, fail, bad, good string }{
		{"host", "host.kernel.startsWith('5.')", `facts: {host.kernel: "5.10"}`, `facts: {host.kernel: "6.1"}`},
		{"host", "host.sysctls['kernel.sysrq'] != '0'", `facts: {'host.sysctls["kernel.sysrq"]': "1"}`, "daemon: '{}'"},
		{"engine", "engine.settings.icc", `daemon: '{"icc": true}'`, `daemon: '{"icc": false}'`},
		{"listener", "listener.network == 'tcp' && listener.handshake.anonymous",
			`facts: {listener.network: tcp, listener.handshake: {anonymous: true}}`, "daemon: '{}'"},
		{"client", "has(client.config) && client.config.clearCredentials.size() > 0",
			`config: '{"auths": {"a.example": {"auth": "eDp5"}}}'`, `config: '{"credsStore": "pass"}'`},
		{"user", "user.groups.exists(g, g == 'docker') && user.sudoDocker == []", "", ""},
		{"user", "'docker' in user.groups && has(user.sudoDocker)", "facts: {user.groups: [docker]}", "facts: {user.groups: [staff]}"},
		{"image", "image.user == '' && image.usedBy.size() > 0", "run: docker run nginx", "run: docker run nginx\n        facts: {image.user: \"1000\"}"},
		{"network", "network.attachable && has(network.labels.shared)", "facts: {network.attachable: true, network.labels.shared: \"1\"}", "run: docker run nginx"},
		{"volume", "!has(volume.labels.owner)", "run: docker run -v data:/data nginx",
			"run: docker run -v data:/data nginx\n        facts: {volume.labels: {owner: a}}"},
		{"swarm", "!swarm.autoLock", "facts: {engine.swarm: {nodeId: a, manager: true}, swarm.autoLock: false}",
			"facts: {engine.swarm: {nodeId: a, manager: true}, swarm.autoLock: true}"},
		{"container", "container.process.uid == 0", "run: docker run nginx\n        facts: {container.process.uid: 0}",
			"run: docker run nginx\n        facts: {container.process.uid: 1000}"},
		{"container", "has(container.process) && container.process.uid == 0", "run: docker run nginx\n        facts: {container.process.uid: 0}",
			"run: docker run nginx\n        facts: {container.process: null}"},
	}
	for _, tt := range tests {
		text := strings.NewReplacer("subject: container", "subject: "+tt.kind, "'!has(container.labels.owner)'", fmt.Sprintf("%q", tt.fail),
			"    when: container.state != \"exited\"\n    otherwise: the container has ended\n", "", "; its image is {container.image}", "",
			"run: docker run nginx", tt.bad, "run: docker run --label owner=web nginx", tt.good).Replace(owner)
		rules, err := ownrule.Parse("rules.yaml", []byte(text), free)
		if tt.bad == "" {
			if err == nil || !strings.Contains(err.Error(), "cannot be compared") && !strings.Contains(err.Error(), "an empty") {
				t.Errorf("%s: %v", tt.fail, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %s", tt.fail, lines(err))
		} else if string(rules[0].Kind()) != tt.kind {
			t.Errorf("kind %s, want %s", rules[0].Kind(), tt.kind)
		}
	}
}

// TestNothingKnown: a rule that answers where no fact is known is refused.
func TestNothingKnown(t *testing.T) {
	text := strings.NewReplacer("subject: container", "subject: engine", `'!has(container.labels.owner)'`, `engine.kind == "docker"`,
		"    when: container.state != \"exited\"\n    otherwise: the container has ended\n", "", "; its image is {container.image}", "",
		"run: docker run --label owner=web nginx", "facts: {engine.kind: podman}").Replace(owner)
	_, err := ownrule.Parse("rules.yaml", []byte(text), free)
	want := "rules.yaml:16:9: acme-container-without-owner has an answer where no fact is known: let fail or when read one"
	if got := lines(err); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestSameAnswers: rules judged side by side give the same results each time.
func TestSameAnswers(t *testing.T) {
	rules := parse(t, owner)
	run := strings.Repeat("docker run nginx\ndocker run --label owner=a nginx\n", 50)
	first := evaluate(t, rules, run)
	for range 20 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(first, evaluate(t, rules, run)); diff != "" {
				t.Errorf("-first +again:\n%s", diff)
			}
		})
	}
}
