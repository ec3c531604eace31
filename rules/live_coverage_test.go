package rules_test

import (
	"slices"
	"strings"
	"testing"

	"seawall/rule"
	"seawall/rules"
)

// notLive are the rules that no test sees fail on a real engine, and why.
var notLive = map[string]string{
	"engine-branch-unmaintained":         "Debian supports what the lab runs: tried on packages of docker.com by the rule's examples",
	"client-has-open-advisory":           "of the flaws of clients Debian's word is not known; tried by the rule's examples",
	"advisory-data-old":                  "the time is the machine's: tried by the rule's examples",
	"host-updates-waiting":               listsElsewhere,
	"kernel-behind-vendor":               listsElsewhere,
	"kernel-has-known-container-escape":  machineKernel,
	"kernel-older-than-installed":        machineKernel,
	"host-booted-without-guards":         machineKernel,
	"host-modules-unrestricted":          machineKernel,
	"host-kernel-tainted":                machineKernel,
	"audit-disabled":                     auditElsewhere,
	"audit-rules-not-loaded":             auditElsewhere,
	"audit-rules-not-persistent":         auditElsewhere,
	"engine-files-not-audited":           auditElsewhere,
	"engine-apparmor-off":                "takes a kernel with AppArmor and an engine that does not use it",
	"engine-selinux-off":                 "takes a kernel with SELinux",
	"api-tls-old-version":                "every engine of the lab refuses TLS below 1.2, whatever it is told; how the versions are read is tested in source/livehost",
	"engine-storage-driver-aufs":         "no kernel of today has aufs",
	"engine-storage-driver-devicemapper": "takes a device-mapper pool, and engines before 25.0",
	"engine-base-device-size-changed":    "takes devicemapper",
	"host-cgroup-v1":                     "the cgroup version is the machine's",
	"host-seccomp-unsupported":           "no kernel that runs an engine lacks seccomp filters",
	"host-selinux-permissive":            "takes a kernel with SELinux",
	"image-base-unpinned":                onlyDockerfile,
	"image-build-on-host-network":        onlyDockerfile,
	"image-build-without-confinement":    onlyDockerfile,
	"image-copies-whole-context":         onlyDockerfile,
	"host-without-lsm":                   "the security modules are the machine's",
}

// auditElsewhere: TestAuditHosts judges a whole system that was recorded.
const auditElsewhere = "the kernel tells its audit rules to the first process namespace only, which the hosts of the lab are not in: tried on recorded hosts"

// machineKernel: all hosts of the lab run the machine's kernel.
const machineKernel = "the kernel is the machine's: tried by the rule's examples"

// onlyDockerfile: an engine holds built images.
const onlyDockerfile = "a built image does not tell it: tried by the rule's examples, and TestDockerfileRules"

// listsElsewhere: the lists are read when asked for only.
const listsElsewhere = "the package manager's lists are read when asked for only: tried by the rule's examples, and TestUpdatesWaiting in e2e"

// TestEveryRuleIsLive: each rule fails on a real engine, or is listed with the
// reason why none can be made. The rules about containers have such a test of
// their own.
func TestEveryRuleIsLive(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range slices.Concat(liveEngines(), liveObjects(), liveBenchmark(), liveImages(), liveSurroundings(), liveReach(), liveCurrency()) {
		for id := range strings.FieldsSeq(l.fail) {
			seen[id] = true
		}
	}
	for _, r := range rules.Book().Rules() {
		_, excused := notLive[r.ID]
		excused = excused || r.Exact && strings.HasSuffix(r.ID, "-not-audited")
		switch {
		case seen[r.ID] && excused:
			t.Errorf("%s fails on a real engine: take it off notLive", r.ID)
		case !seen[r.ID] && !excused && r.Kind() != rule.KindContainer:
			t.Errorf("%s fails in no row of TestLive: add one, or say in notLive why there can be none", r.ID)
		}
		delete(seen, r.ID)
	}
	for id := range seen {
		t.Errorf("TestLive has a row for %s, which is no rule", id)
	}
}
