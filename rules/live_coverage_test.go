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
	"engine-authorization-bypass":        "takes a release of Docker's own: Debian's hold mends of their own, and the rule says that it cannot tell",
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
	"host-without-lsm":                   "the security modules are the machine's",
}

// auditElsewhere: TestAuditHosts judges a whole system that was recorded.
const auditElsewhere = "the kernel tells its audit rules to the first process namespace only, which the hosts of the lab are not in: tried on recorded hosts"

// TestEveryRuleIsLive: each rule fails on a real engine, or is listed with the
// reason why none can be made. The rules about containers have such a test of
// their own.
func TestEveryRuleIsLive(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range slices.Concat(liveEngines(), liveObjects(), liveBenchmark(), liveImages(), liveSurroundings(), liveReach()) {
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
