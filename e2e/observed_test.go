package e2e

import (
	"bytes"
	"slices"
	"strings"
	"syscall"
	"testing"

	"seawall/lab"
	"seawall/observation"
	"seawall/report"
	"seawall/rule"
	"seawall/snapshot"
)

// TestAuditObservation: what containers were seen to use becomes findings about what they
// were given beside, each named exactly; a saved snapshot carries it, several files
// merge, and what was not watched, or too briefly, is not known.
func TestAuditObservation(t *testing.T) {
	h := newHost(t, lab.Options{})
	image := h.ImportBusybox()
	h.Run("--name", "before", image)
	o := observe(t, h, "/tmp/seen.json")
	h.Run("--name", "web", "-p", "8080:80", "-p", "8443:443", image, "sh", "-c", "chown 33 /tmp; httpd -f -p 80")
	h.Run("--name", "tight", "--user", "33", "--cap-drop", "ALL", image)
	o.await("it serves", func(s *observation.Observation) bool {
		c := of(s, "web")
		return c != nil && len(c.Sockets) > 0 && uses(s, "web", "CHOWN") && of(s, "tight") != nil
	})
	o.end(syscall.SIGINT)
	h.Run("--name", "after", image)

	brief := audit(t, h, "--observation", "/tmp/seen.json")
	for _, x := range observedResults(brief) {
		if x.Verdict == rule.Failed {
			t.Errorf("watched for a moment: %s of %s: %s", x.Rule, x.Subject.Name, x.Message)
		}
	}
	lengthen(t, h, "/tmp/seen.json", "/tmp/long.json", 1800)
	want := map[string]string{
		"container-capability-unused web":       "in 30 minutes and a start it never needed DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP: give it --cap-drop ALL --cap-add CHOWN, or cap_drop: [ALL] and cap_add: [CHOWN]",
		"container-port-published-unused web":   "in 30 minutes and a start nothing listened on port 443/tcp on 0.0.0.0:8443; port 443/tcp on [::]:8443",
		"container-capability-unused tight":     "each capability that it has was used",
		"container-runs-as-root-needlessly web": "it used CHOWN, which an ordinary user has not",
		"container-capability-unused before":    "no start was seen: restart it while it is watched",
		"container-capability-unused after":     "it is not in what was observed",
	}
	once := audit(t, h, "--observation", "/tmp/long.json")
	wantMessages(t, once, want)
	wantFail(t, once, "container-capability-unused", "web")
	wantFail(t, once, "container-port-published-unused", "web")
	for _, x := range observedResults(once) {
		if x.Verdict == rule.Failed && !slices.ContainsFunc(x.Evidence, func(e rule.Evidence) bool { return e.Source == "/tmp/long.json" }) {
			t.Errorf("%s of %s names another origin: %v", x.Rule, x.Subject.Name, x.Evidence)
		}
	}

	if got := seawall(t, h, "snapshot", "--observation", "/tmp/long.json", "-o", "/tmp/host.json"); got.code != 0 {
		t.Fatal(got.stderr)
	}
	wantMessages(t, audit(t, h, "/tmp/host.json"), want)
	if got := seawall(t, h, "snapshot", "-o", "/tmp/plain.json"); got.code != 0 {
		t.Fatal(got.stderr)
	}
	lengthen(t, h, "/tmp/seen.json", "/tmp/more.json", 1800)
	both := audit(t, h, "/tmp/plain.json", "--observation", "/tmp/long.json", "--observation", "/tmp/more.json")
	wantMessages(t, both, map[string]string{"container-capability-unused web": "in 60 minutes and 2 starts it never needed"})
	if plain := observedResults(audit(t, h)); len(plain) > 0 {
		t.Errorf("asked without an observation: %v", plain)
	}
	for _, x := range observedResults(audit(t, h, "--rule", "container-capability-unused")) {
		if x.Verdict != rule.Unknown || !strings.Contains(x.Gaps[0].Remedy, "--observation") {
			t.Errorf("%s, named: %s %v", x.Subject.Name, x.Verdict, x.Gaps)
		}
	}
}

// observedResults are those of the rules that judge what was observed.
func observedResults(r *report.Report) []rule.Result {
	ids := []string{"container-capability-unused", "container-runs-as-root-needlessly", "container-port-published-unused"}
	return slices.DeleteFunc(slices.Clone(r.Results), func(x rule.Result) bool { return !slices.Contains(ids, x.Rule) })
}

// wantMessages looks for what results say, by rule and subject.
func wantMessages(t *testing.T, r *report.Report, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for i := range r.Results {
		got[r.Results[i].Rule+" "+r.Results[i].Subject.Name] = r.Results[i].Message
	}
	for key, message := range want {
		if !strings.Contains(got[key], message) {
			t.Errorf("%s: %q, want %q", key, got[key], message)
		}
	}
}

// lengthen writes an observation anew as if it had lasted longer, since no test can wait
// for what makes one worth trusting.
func lengthen(t *testing.T, h *lab.TestHost, from, to string, seconds float64) {
	t.Helper()
	data, err := h.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	o, err := observation.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range o.Containers {
		o.Containers[i].Watched.Seconds = seconds
	}
	var out bytes.Buffer
	if err := o.Encode(&out); err != nil {
		t.Fatal(err)
	}
	h.WriteFile(to, out.String(), 0o600)
}

// TestAuditObservationInput: what cannot be observed, or read, is said in one line; a
// declaration does not know what it will use.
func TestAuditObservationInput(t *testing.T) {
	h := newHost(t, lab.Options{})
	const compose, empty = "/srv/compose.yaml", "/srv/empty.json"
	h.WriteFile(compose, `services: {web: {image: "nginx:1.29", ports: ["80:80"]}}`, 0o600)
	h.WriteFile(empty, `{"format": "seawall.observation/1", "containers": []}`, 0o600)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--observation", "/srv/none.json"}, "none.json: cannot read the observation: no such file"},
		{[]string{"--observation", compose}, "not an observation"},
		{[]string{compose, "--observation", empty}, "--observation tells of containers that ran"},
	} {
		got := seawall(t, h, append([]string{"audit"}, test.args...)...)
		if got.code != 2 || !strings.Contains(got.stderr, test.want) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%v: exit code %d, %q, want %q", test.args, got.code, got.stderr, test.want)
		}
	}
	asked := audit(t, h, "--rule", "container-capability-unused", compose)
	if len(asked.Results) != 1 || asked.Results[0].Verdict != rule.Unknown || asked.Results[0].Gaps[0].Reason != snapshot.ReasonNotCollected {
		t.Errorf("of a declaration: %+v", asked.Results)
	}
	if all := observedResults(audit(t, h, compose)); len(all) > 0 {
		t.Errorf("asked of a declaration: %v", all)
	}
}
