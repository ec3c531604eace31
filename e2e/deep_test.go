package e2e

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab"
	"seawall/report"
	"seawall/rule"
)

// deepRules are those that judge the files of images.
var deepRules = []string{"image-account-without-password", "image-credentials-inside", "image-file-capabilities",
	"image-private-key-inside", "image-setid-files", "image-system-file-writable"}

// ownImage builds lab/own:1 with a setuid program and a file that all may write,
// and makes a container of it.
func ownImage(t *testing.T, h *lab.TestHost) (image string) {
	t.Helper()
	h.ImportBusybox()
	h.WriteFile("/srv/build/Dockerfile", "FROM lab/busybox:1\nRUN cp /bin/busybox /bin/own && chmod 4755 /bin/own && chmod 666 /etc/passwd\n", 0o644)
	h.Exec("sh", "-ec", "DOCKER_BUILDKIT=0 docker build -t lab/own:1 /srv/build 2>&1")
	h.Run("--name", "own", "lab/own:1")
	return "lab/own:1"
}

// ofDeep are the verdicts of the rules about the files of an image.
func ofDeep(r *report.Report, image string) map[string]rule.Verdict {
	out := map[string]rule.Verdict{}
	for _, id := range deepRules {
		if v, ok := verdicts(r, id)[image]; ok {
			out[id] = v
		}
	}
	return out
}

// TestDeep: the files of images are judged when they were asked for, live, from a
// snapshot and from a container; who may not read them is told so.
func TestDeep(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V28})
	h.AddUser("alice", "docker")
	image := ownImage(t, h)
	want := map[string]rule.Verdict{}
	for _, id := range deepRules {
		want[id] = rule.Passed
	}
	want["image-setid-files"], want["image-system-file-writable"] = rule.Failed, rule.Failed

	plain := audit(t, h)
	if got := ofDeep(plain, image); len(got) > 0 || slices.Contains(plain.Rules, "image-setid-files") {
		t.Errorf("not asked for: %v", got)
	}
	wantNothingUnknown(t, plain)
	if diff := cmp.Diff(want, ofDeep(audit(t, h, "--deep"), image)); diff != "" {
		t.Errorf("live (-want +got):\n%s", diff)
	}
	if o := seawall(t, h, "snapshot", "--deep", "-o", "/tmp/host.json"); o.code != 0 {
		t.Fatal(o.stderr)
	}
	if diff := cmp.Diff(want, ofDeep(audit(t, h, "/tmp/host.json"), image)); diff != "" {
		t.Errorf("of a snapshot (-want +got):\n%s", diff)
	}
	args := append([]string{"run", "--rm", "--name", "auditor", "-v", programInside + ":/seawall:ro"}, readmeFlags...)
	contained := parse(t, outcome{stdout: h.Docker(append(args, image, "/seawall", "audit", "--deep", "--exit-zero", "--format", "json")...)})
	if diff := cmp.Diff(want, ofDeep(contained, image)); diff != "" {
		t.Errorf("from a container (-want +got):\n%s", diff)
	}
	for id := range want {
		want[id] = rule.Unknown
	}
	o := execute(t, h, "setpriv", "--reuid", "alice", "--regid", "alice", "--init-groups", programInside, "audit", "--deep", "--exit-zero", "--format", "json")
	if diff := cmp.Diff(want, ofDeep(parse(t, o), image)); diff != "" {
		t.Errorf("for a member of the socket's group (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(rule.Unknown, verdicts(audit(t, h, "--rule", "image-setid-files"), "image-setid-files")[image]); diff != "" {
		t.Errorf("named and not read (-want +got):\n%s", diff)
	}
}
