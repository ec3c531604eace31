package ownrule_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/ownrule"
	"seawall/rule"
)

const owner = `rules:
  - id: acme-container-without-owner
    title: A container has no owner
    severity: low
    confined: low
    subject: container
    why: Without an owner nobody answers for what it does.
    fix:
      text: Give it a label that names its team.
      run: --label owner=TEAM
      breaks: Nothing.
    refs: {own: ACME-SEC 12, cis: "5.8", nist: 4.4.3, attack: T1610, docs: Labels}
    when: container.state != "exited"
    otherwise: the container has ended
    fail: '!has(container.labels.owner)'
    message: 'no label "owner"; its image is {container.image}'
    bad:
      - run: docker run nginx
    good:
      - run: docker run --label owner=web nginx
`

func TestParse(t *testing.T) {
	r := parse(t, owner)[0]
	got := []string{r.ID, r.Title, r.Severity.String(), r.Confined.String(), string(r.Kind()), r.Why, r.Fix.Text, r.Fix.Run, r.Fix.Breaks,
		r.Where, r.Bad[0].Run, r.Good[0].Run, strings.Join(r.Refs.List(), "; ")}
	want := []string{"acme-container-without-owner", "A container has no owner", "low", "low", "container",
		"Without an owner nobody answers for what it does.", "Give it a label that names its team.", "--label owner=TEAM", "Nothing.",
		"rules.yaml:2", "docker run nginx", "docker run --label owner=web nginx",
		"CIS 1.8: 5.8; NIST SP 800-190: 4.4.3; ATT&CK: T1610; Docker docs: Labels; ACME-SEC 12"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestFaults: every kind of mistake is one line that says what, where and what
// to do.
func TestFaults(t *testing.T) {
	const fail, run = `fail: '!has(container.labels.owner)'`, "run: docker run nginx"
	tests := []struct{ old, new, want string }{
		{"title: A", "titel: A", "2:5: no title: add 'title: A fault, as a statement'\nrules.yaml:3:5: unknown key \"titel\": did you mean \"title\"?"},
		{"    why: ", "    author: me\n    why: ", "7:5: unknown key \"author\": a rule has id, title, severity, confined, subject, why, fix, refs, when, otherwise, fail, message, bad, good"},
		{"    why: ", "    title: x\n    why: ", "7:5: title is given twice"},
		{"    title: A container has no owner\n", "    title: [x]\n", "3:12: title must be a text"},
		{"severity: low\n", "severity: lo\n", "4:15: unknown severity \"lo\": want critical, high, medium or low"},
		{"confined: low", "confined: high", "5:15: confined is above the severity: it is the severity where root in a container is not root on the host"},
		{"subject: container", "subject: contaner", "6:14: unknown subject \"contaner\": did you mean \"container\"?"},
		{"subject: container", "subject: x-y-z-a-b", "6:14: unknown subject \"x-y-z-a-b\": want one of host, engine, listener, client, user, image, container, network, volume, swarm"},
		{"id: acme-container-without-owner", "id: Acme", "2:9: id \"Acme\": want words in lower case with hyphens between, such as acme-container-without-owner"},
		{"id: acme-container-without-owner", "id: container-privileged", "2:9: id container-privileged is taken by a rule of the rulebook: choose another"},
		{"      breaks: Nothing.\n", "", "9:7: no breaks: add 'breaks: what may stop working, or Nothing.'"},
		{"own: ACME-SEC 12, cis: \"5.8\"", "cis: \"99.1\"", "12:17: cis \"99.1\": want a recommendation of the CIS Docker Benchmark 1.8, such as \"5.8\""},
		{"attack: T1610", "attack: T1", "12:63: attack \"T1\": want a technique such as T1611"},
		{"nist: 4.4.3", "nist: four", "12:48: nist \"four\": want a section of NIST SP 800-190 such as 4.4.3"},
		{"refs: {own: ACME-SEC 12, cis: \"5.8\", nist: 4.4.3, attack: T1610, docs: Labels}", "refs: {}", "12:11: no reference: name one under own, cis, nist, attack or docs"},
		{"    otherwise: the container has ended\n", "", "13:11: when without otherwise: say why the question does not arise"},
		{"    when: container.state != \"exited\"\n", "", "13:16: otherwise without when"},

		{"has(container.labels.owner)", "has(container.lables.owner)", "15:27: a Container has no field \"lables\": did you mean \"labels\"?"},
		{fail, "fail: |\n      // a comment\n      container.name == 'x' &&\n         container.nam == 'y'", "18:20: a Container has no field \"nam\": did you mean \"name\"?"},
		{fail, "fail: >-\n      container.name == 'x' &&\n      container.nam == 'y'", "17:17: a Container has no field \"nam\": did you mean \"name\"?"},
		{fail, "fail: \"container.name == \\\"x\\\" && \\\n      container.nam == 'y'\"", "16:17: a Container has no field \"nam\": did you mean \"name\"?"},
		{fail, "fail: 'container.name == ''x'' && container.nam == ''y'''", "15:49: a Container has no field \"nam\": did you mean \"name\"?"},
		{fail, "fail: container.name == \"ä\"\n       && container.nam == 'y'", "16:21: a Container has no field \"nam\": did you mean \"name\"?"},
		{fail, "fail: container.image", "15:11: its value is of type string: want a condition, true or false"},
		{fail, "fail:", "2:5: no fail: add 'fail: the condition of a finding'"},
		{"{container.image}", "{container.imag}", "16:57: a Container has no field \"imag\": did you mean \"image\"?"},
		{"{container.image}", "{container.image", "16:46: a { without }: write {{ for a brace"},
		{"{container.image}", "container.image}", "16:61: a } without {: write }} for a brace"},
		{"{container.image}", "{container.mounts}", "16:47: values of type list(Mount) cannot be shown: name a part of it"},

		{run, "run: docker ruin nginx", "18:9: example \"docker ruin nginx\": docker run line: no docker run or docker create command in \"docker ruin nginx\""},
		{run, "daemon: '{'", "18:9: example daemon.json \"{\": daemon.json: line 1: unexpected end of JSON input"},
		{run, "show: nothing but words", "18:9: the bad example of acme-container-without-owner does not fail: it has no subject"},
		{run, "facts: {container.image: x}", "18:17: the example has no container: add one with run"},
		{run, run + "\n        facts: {container.imag: x}", "19:17: container.imag: a Container has no field \"imag\""},
		{run, run + "\n        facts: {contaner.image: x}", "19:17: unknown name \"contaner\": facts of an example about a container begin with container, engine, host, snapshot"},
		{run, run + "\n        facts: {container.privileged: x}", "19:17: container.privileged: a string does not fit"},
		{run, run + "\n        facts: {'container.labels[': x}", "19:17: \"container.labels[\" is no path: write it as in expressions, such as engine.networks[1].driver"},
		{run, run + "\n        facts: {container: x}", "19:17: \"container\" names no fact: write it as in expressions, such as engine.networks[1].driver"},
		{run, run + "\n        facts: {'engine.networks[7].name': x}", "19:17: engine.networks[7].name: the list is shorter, its length is 1"},
		{run, run + "\n        facts: {container.image.x: x}", "19:17: container.image.x: there is nothing inside a string"},
		{run, "{}", "18:9: an empty bad example: give it run, daemon, config or facts"},
		{"    bad:\n      - " + run + "\n", "", "2:5: no bad example: add 'bad:' and a list, such as '- run: docker run nginx'"},
		{"good:\n      - run: docker run --label owner=web nginx", "good: 3", "19:11: good examples must be a list"},
		{"good:\n      - run: docker run --label owner=web nginx", "good: []", "19:11: no good example"},

		{fail, "fail: container.privileged", "18:9: the bad example of acme-container-without-owner does not fail: container nginx: pass, not so: A container has no owner"},
		{fail, "fail: container.privileged || !container.privileged", "20:9: the good example of acme-container-without-owner does not pass: container nginx: fail, no label \"owner\"; its image is nginx"},
		{fail, "fail: container.labels.owner == ''", "18:9: the bad example of acme-container-without-owner does not fail: container nginx: unknown, could not read the value of fail: no such key: owner"},
	}
	for _, tt := range tests {
		text := strings.Replace(owner, tt.old, tt.new, 1)
		if text == owner {
			t.Errorf("%q is not in the text", tt.old)
		}
		_, err := ownrule.Parse("rules.yaml", []byte(text), func(id string) string {
			if id == "container-privileged" {
				return "the rulebook"
			}
			return ""
		})
		if diff := cmp.Diff("rules.yaml:"+tt.want, lines(err)); diff != "" {
			t.Errorf("%s\n-want +got:\n%s", tt.new, diff)
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	second := strings.ReplaceAll(strings.TrimPrefix(owner, "rules:\n"), "\n\n", "\n")
	tests := []struct{ text, want string }{
		{"", "rules.yaml: the file is empty: want 'rules:' and a list"},
		{"rules: [", "rules.yaml:1: not YAML: did not find expected node content"},
		{"rules:\n- 1\n---\nx", "rules.yaml:3:1: a second document: a file of rules is one"},
		{"rules: []", "rules.yaml:1:1: no rules: add 'rules:' and a list"},
		{"rules: x", "rules.yaml:1:8: rules must be a list"},
		{"rules: [x]", "rules.yaml:1:9: want a rule: a mapping with id, title, severity, confined, subject, why, fix, refs, when, otherwise, fail, message, bad, good"},
		{"- x", "rules.yaml:1:1: want a file of rules: a mapping with rules"},
		{"rule: []", "rules.yaml:1:1: unknown key \"rule\": did you mean \"rules\"?"},
		{owner + second, "rules.yaml:21:9: id acme-container-without-owner is taken by a rule of rules.yaml:2: choose another"},
		{"rules: [" + strings.Repeat("x,", 201) + "]", "rules.yaml:1:8: 201 rules: at most 200 are read"},
		{strings.Repeat(" ", ownrule.MaxFile+1), "rules.yaml: more than 1048576 bytes"},
		{"a: &a [x]\nrules: *a", "rules.yaml:1:1: unknown key \"a\": a file of rules has rules"},
		{"rules: &a [x, *a]", "rules.yaml:1:12: want a rule: a mapping with id, title, severity, confined, subject, why, fix, refs, when, otherwise, fail, message, bad, good\nrules.yaml:1:15: want a rule: a mapping with id, title, severity, confined, subject, why, fix, refs, when, otherwise, fail, message, bad, good"},
	}
	for _, tt := range tests {
		_, err := ownrule.Parse("rules.yaml", []byte(tt.text), free)
		if diff := cmp.Diff(tt.want, lines(err)); diff != "" {
			t.Errorf("%.60q -want +got:\n%s", tt.text, diff)
		}
	}
}

func TestFaultsAsOneLine(t *testing.T) {
	_, err := ownrule.Parse("r.yaml", []byte("a: 1\nb: 2\n"), free)
	if want := `r.yaml:1:1: unknown key "a": a file of rules has rules (and 1 more: see 'seawall rules check')`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	var faults ownrule.Faults
	if !errors.As(err, &faults) || faults[1].Line != 2 {
		t.Errorf("faults %v", faults)
	}
}

// TestProfiles: a rule that a person brought belongs to every profile, to a
// benchmark's if it decides a recommendation of it.
func TestProfiles(t *testing.T) {
	decides, other := parse(t, owner)[0], parse(t, strings.Replace(owner, `cis: "5.8", `, "", 1))[0]
	for _, p := range rule.Profiles() {
		want := p.Benchmark.IsZero()
		if got := p.Holds(other); got != want {
			t.Errorf("profile %s holds a rule without recommendation: %t", p.Name, got)
		}
		if got := p.Holds(decides); !got {
			t.Errorf("profile %s does not hold the rule that decides 5.8", p.Name)
		}
	}
}

// subject says what a rule is about and how, for tests of messages.
func withFail(fail, message string) string {
	text := strings.Replace(owner, `'!has(container.labels.owner)'`, fmt.Sprintf("%q", fail), 1)
	return strings.Replace(text, `'no label "owner"; its image is {container.image}'`, fmt.Sprintf("%q", message), 1)
}

// TestMessages: values are worded, what is not known is said to be so, and the
// whole is one sentence.
func TestMessages(t *testing.T) {
	tests := []struct{ message, want string }{
		{"plain.", "plain"},
		{"{{a}} {container.name}", "{a} nginx"},
		{"{container.capAdd}; {container.privileged}; {container.memory}; {snapshot.takenAt}", "none; false; 0; 2026-11-01T12:00:00Z"},
		{"{['a', 'b{'].map(x, x + '}')}", "a}, b{}"},
		{"{snapshot.takenAt - timestamp('2026-11-01T00:00:00Z')}", "12h0m0s"},
		{"user {container.user}", "user (not known)"},
		{"{container.mounts[3].source}", "(not known)"},
		{"two\nlines\u0007", "two lines"},
		{strings.Repeat("x", 600), strings.Repeat("x", 499) + "…"},
	}
	for _, tt := range tests {
		results := evaluate(t, parse(t, withFail("!has(container.labels.owner)", tt.message)), "docker run nginx")
		if got := results[0].Message; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.message, got, tt.want)
		}
	}
}
