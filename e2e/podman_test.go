package e2e

import (
	"testing"

	"seawall/lab"
	"seawall/report"
	"seawall/rule"
)

// podmanService starts Podman's service beside the engine, with defaults that
// filter nothing, and containers of it.
const podmanService = `mkdir -p /var/lib/containers; mount -t tmpfs lab /var/lib/containers
mkdir -p /run/podman /etc/containers /tmp/image
printf '[containers]\nseccomp_profile = "/etc/all.json"\n' >/etc/containers/containers.conf
export PODMAN_IGNORE_CGROUPSV1_WARNING=1
cp $(which busybox) /tmp/image/sleep
tar -C /tmp/image -c sleep | podman import -q -c 'CMD ["/sleep","2147483647"]' - lab/sleep:1
podman run -d --name plain --network none lab/sleep:1
podman run -d --name bad --privileged --network none -v /run/docker.sock:/s lab/sleep:1
podman run -d --name good --network none --cap-drop all --read-only --user 1000:1000 --security-opt no-new-privileges --memory 64m --pids-limit 20 lab/sleep:1
setsid podman system service --time=0 unix:///run/podman/podman.sock >/var/log/podman.log 2>&1 </dev/null &
for i in $(seq 100); do [ -S /run/podman/podman.sock ] && exit; sleep 0.1; done; cat /var/log/podman.log >&2; exit 1`

// TestPodman: Podman's service is found beside the engine, its containers are
// judged, and what its API fills with constants passes nothing.
func TestPodman(t *testing.T) {
	h := newHost(t, lab.Options{Version: lab.V26, Extras: true, Files: map[string]string{"/etc/all.json": `{"defaultAction": "SCMP_ACT_ALLOW"}`}})
	h.Exec("sh", "-ec", podmanService)
	r := audit(t, h)
	const service = "unix:///run/podman/podman.sock"
	if len(r.Engines) != 2 || r.Engines[1].Name != service || r.Engines[1].Kind != "podman" || r.Engines[1].Containers != 3 {
		t.Fatalf("engines %+v", r.Engines)
	}
	var only report.Report // of Podman
	for _, x := range r.Results {
		if x.Subject.Engine == service || x.Subject.Name == service {
			only.Results = append(only.Results, x)
		}
	}
	judged{fail: "container-privileged engine-socket-mounted container-runs-as-root container-no-memory-limit"}.check(t, &only, "bad")
	judged{fail: "container-runs-as-root container-new-privileges-allowed", pass: "container-privileged engine-socket-mounted container-default-capabilities-kept container-runs-sshd",
		unknown: "container-seccomp-off container-unmasked-paths"}.check(t, &only, "plain")
	judged{pass: "container-runs-as-root container-rootfs-writable container-new-privileges-allowed container-no-memory-limit container-no-pids-limit container-capability-sys-admin"}.check(t, &only, "good")
	judged{fail: "engine-runs-as-root", pass: "engine-socket-world-accessible engine-binary-writable",
		unknown: "engine-seccomp-off engine-userns-remap-off engine-logging-off engine-api-exposed-warning"}.check(t, &only, "")
	for _, x := range only.Results {
		if x.Verdict == rule.Failed && x.Subject.Name == "good" && x.Severity >= rule.Medium {
			t.Errorf("false alarm on good: %s: %s", x.Rule, x.Message)
		}
	}
}

// TestPathsPodman: the paths of a host with Podman's service beside an engine.
func TestPathsPodman(t *testing.T) {
	h := &livePaths{pathHost: pathHost{name: "podman"}, TestHost: newHost(t, lab.Options{Version: lab.V26, Extras: true, Files: map[string]string{"/etc/all.json": `{"defaultAction": "SCMP_ACT_ALLOW"}`}})}
	h.Exec("sh", "-ec", podmanService)
	h.expect(t, h.paths(t))
}
