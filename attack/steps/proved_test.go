package steps_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"seawall/attack/steps"
)

// notLive are the steps that no proof shows, and why a machine with the lab's
// kernel cannot show them, or what shows them besides.
var notLive = map[string]string{
	"cap-sys-module":                     "the kernel has no loadable modules",
	"cap-sys-rawio":                      lockedKernel,
	"cap-sys-admin-bpf-tracing":          lockedKernel,
	"device-mem":                         lockedKernel,
	"device-cpu-msr":                     lockedKernel,
	"container-on-network":               "nothing to do: it is what a network is",
	"neighbour-breached":                 "a fault in a service is assumed",
	"route-localnet-exposure":            "package reach proves with real frames who gets to a loopback address, and what stops them",
	"direct-routing-to-container":        "package reach proves, with connections of a neighbour, who gets to the addresses of containers",
	"management-ui":                      "a lab host has no image of such an interface",
	"builder-over-network":               "a lab host has no image of a builder",
	"log-viewer-open":                    "a lab host has no image of such a viewer",
	"client-talks-in-clear":              "what is sent to another machine would have to be changed",
	"run-dir-mount":                      "no systemd runs in a lab host",
	"cgroup-v1-mount-rw":                 ownCgroups,
	"debugfs-tracefs-mount":              lockedKernel,
	"host-dev-mount":                     "a terminal of the machine would have to be opened",
	"cmdline-or-label-secret":            "labels and health checks show to who asks the engine, not inside",
	"cap-sys-admin-cgroup-release-agent": ownCgroups,

	"any-local-user":                     "nothing to do",
	"sudo-docker":                        "no sudo is in a lab host",
	"containerd-config-writable":         "the engines of lab hosts start their containerd themselves",
	"client-context":                     "the engine of another machine would have to be used",
	"engine-starts-privileged-container": "every proof with --privileged starts one",
	"engine-enters-container":            "every proof enters its container by docker exec",
	"engine-answers":                     "every proof asks the engine",
	"rootless-engine-owner":              "every proof on a rootless engine uses it as its owner",
	"rootless-engine-is-its-owner":       "every proof on a rootless engine uses it as its owner",
	"swarm-joined-as-manager":            "a node would have to join",
	"swarm-state-read":                   "a node would have to be made of the files",
	"image-replaced":                     otherImage,
	"registry-credential-pushes-image":   otherImage,
	"registry-insecure":                  otherImage,
	"runc-leaked-directory":              flawUsed,
	"runc-redirected-write":              flawUsed,
	"containerd-shim-socket":             flawUsed,
	"authorization-plugin-bypassed":      flawUsed,
	"kernel-copy-fail":                   flawUsed,
}

const (
	flawUsed     = "the flaw would have to be used: package currency judges by advisories that it is there"
	otherImage   = "an image would have to be replaced in a registry"
	lockedKernel = "the kernel is locked down (integrity)"
	ownCgroups   = "a lab host has a control group namespace of its own, so that the root of the hierarchy is not in it"
)

// proofOf finds the step that a line of a table of proofs is about.
var proofOf = regexp.MustCompile(`\{step: "([a-z0-9-]+)"`)

// TestProved: each step has a proof, or a reason why it has none.
func TestProved(t *testing.T) {
	files, err := filepath.Glob("live_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	proved := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range proofOf.FindAllStringSubmatch(string(text), -1) {
			proved[m[1]] = true
		}
	}
	for _, s := range steps.All().Steps() {
		if _, excused := notLive[s.ID]; proved[s.ID] == excused {
			t.Errorf("%s: proved %t, not to be proved %t", s.ID, proved[s.ID], excused)
		}
	}
}
