package e2e

import (
	"strings"
	"testing"

	"seawall/lab"
	"seawall/rule"
)

// ownRules asks for labels of everything that has them.
const ownRules = `rules:
` + ownRule + `    subject: container
    fail: '!has(container.labels.owner) && container.state == "running"'
    message: '{container.name} runs as root: {container.runsAsRoot()}; label "made" is {container.labels.made}'
    bad: [{run: docker run nginx, facts: {container.state: running}}]
    good: [{run: docker run --label owner=a nginx}]
`

const ownRule = `  - id: acme-without-owner
    title: Something has no owner
    severity: high
    why: Nobody answers for it.
    fix: {text: Label it., breaks: Nothing.}
    refs: {own: ACME 1}
`

// ownRuleOf is the rule for another kind of subject.
func ownRuleOf(kind, fact, run string) string {
	return strings.Replace(ownRule, "acme-without-owner", "acme-"+kind+"-without-owner", 1) +
		"    subject: " + kind + "\n" +
		"    fail: '!has(" + kind + ".labels.owner)'\n" +
		"    message: '{" + fact + "}'\n" +
		"    bad: [{run: " + run + "}]\n" +
		"    good: [{run: " + run + ", facts: {" + kind + ".labels.owner: a}}]\n"
}

// TestOwnRules judges a real engine by rules of a person's own: labels of
// containers, which have those of their image, of images, networks and volumes.
func TestOwnRules(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V28})
	image := h.ImportSleep()
	h.ImportBusybox()
	h.WriteFile("/srv/Dockerfile", "FROM lab/busybox:1\nLABEL made=here owner=build\nCMD [\"sleep\", \"2147483647\"]\n", 0o644)
	h.Exec("sh", "-ec", "DOCKER_BUILDKIT=0 docker build -t lab/labelled:1 /srv 2>&1")
	h.Docker("network", "create", "--label", "owner=net", "owned")
	h.Docker("network", "create", "plain")
	h.Docker("volume", "create", "--label", "owner=vol", "kept")
	h.Docker("volume", "create", "lost")
	h.Run("--name", "owned", "--label", "owner=web", "--label", "token=hunter2", image)
	h.Run("--name", "bare", "--label", "made=there", image)
	h.Run("--name", "inherits", "lab/labelled:1")
	h.WriteFile("/tmp/rules.yaml", ownRules+
		ownRuleOf("image", "image.tags", "docker run nginx")+
		ownRuleOf("network", "network.driver", "docker run nginx")+
		ownRuleOf("volume", "volume.name", "docker run -v data:/d nginx"), 0o644)

	if o := seawall(t, h, "rules", "check", "/tmp/rules.yaml"); o.code != 0 {
		t.Fatalf("rules check: %s%s", o.stdout, o.stderr)
	}
	r := audit(t, h, "--rules-file", "/tmp/rules.yaml", "--rule", "acme-*")
	wantFail(t, r, "acme-without-owner", "bare")
	wantFail(t, r, "acme-image-without-owner", image, "lab/busybox:1")
	wantFail(t, r, "acme-network-without-owner", "bridge", "host", "none", "plain")
	wantFail(t, r, "acme-volume-without-owner", "lost")
	for _, result := range r.Results {
		if result.Verdict == rule.Unknown {
			t.Errorf("%s on %s is not checked: %s", result.Rule, result.Subject.Name, result.Message)
		}
		if want := `bare runs as root: true; label "made" is there`; result.Subject.Name == "bare" && result.Message != want {
			t.Errorf("message %q, want %q", result.Message, want)
		}
	}
	if o := seawall(t, h, "audit", "--rules-file", "/tmp/rules.yaml", "--verbose"); o.code != 1 || strings.Contains(o.stdout, "hunter2") {
		t.Errorf("exit code %d, want 1; or a label's secret is in the report:\n%s", o.code, o.stdout)
	}
}
