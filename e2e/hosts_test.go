package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	"seawall/lab"
	"seawall/report"
	"seawall/rule"
)

// checkHost audits a host unlike the first one, with a good and a bad container
// on it: the audit sees all, and says of both what it always says.
func checkHost(t *testing.T, h *lab.TestHost, as ...string) *report.Report {
	t.Helper()
	o := execute(t, h, append(as, programInside, "audit", "--exit-zero", "--format", "json")...)
	r := parse(t, o)
	judged{fail: "container-privileged container-sensitive-mount engine-socket-mounted container-no-memory-limit"}.check(t, r, "bad")
	judged{pass: "container-runs-as-root container-rootfs-writable container-new-privileges-allowed container-privileged " +
		"container-sensitive-mount engine-socket-mounted container-seccomp-off container-capability-sys-admin"}.check(t, r, "good")
	return r
}

var goodAndBad = [][]string{
	{"--name", "bad", "--privileged", "-v", "/run:/r"},
	{"--name", "good", "--network", "none", "--cap-drop", "ALL", "--read-only", "--user", "1000:1000", "--security-opt", "no-new-privileges", "--memory", "64m", "--pids-limit", "20"},
}

func startGoodAndBad(t *testing.T, e *lab.Engine) {
	t.Helper()
	image, err := e.ImportSleep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range goodAndBad {
		if _, err := e.Run(t.Context(), append(slices.Clone(args), image)...); err != nil {
			t.Fatal(err)
		}
	}
}

func wantNothingUnknown(t *testing.T, r *report.Report) {
	t.Helper()
	for _, x := range r.Results {
		if x.Verdict == rule.Unknown && !asksAuditLog(x.Rule) && !asksVendors(x.Rule) {
			t.Errorf("%s on %s is unknown: %s", x.Rule, x.Subject.Name, x.Message)
		}
	}
}

// asksAuditLog reports whether a rule asks for the kernel's audit rules, which
// the kernel tells to no host of the lab: these have process namespaces of their
// own.
func asksAuditLog(id string) bool {
	return strings.HasPrefix(id, "audit-") || strings.HasSuffix(id, "-not-audited")
}

// asksVendors reports whether a rule asks for the word of who built a program: all
// facts may have been read, and that word not be known.
func asksVendors(id string) bool {
	return strings.HasSuffix(id, "-has-open-advisory") || id == "engine-branch-unmaintained" || id == "kernel-has-known-container-escape"
}

// asksFilters says whether a rule needs the kernel's packet filters. Programs of
// the host list them, which the image of Seawall does not have.
func asksFilters(id string) bool {
	return slices.Contains([]string{
		"api-reachable-from-container", "api-reachable-from-other-hosts", "container-ports-reachable-from-outside",
		"containers-can-talk-across-projects", "ipv6-not-filtered-like-ipv4", "published-port-bypasses-host-firewall",
	}, id)
}

// TestHosts audits engines and hosts that differ from the usual one.
func TestHosts(t *testing.T) {
	tests := []struct {
		name     string
		versions []lab.Version
		options  lab.Options
		judged   // of all subjects
	}{
		{name: "cgroup v2", versions: lab.Versions(), options: lab.Options{CgroupV2: true}, judged: judged{pass: "host-cgroup-v1"}},
		{name: "images kept by containerd", versions: []lab.Version{lab.V26, lab.V28},
			options: lab.Options{DaemonJSON: `{"features": {"containerd-snapshotter": true}}`},
			judged:  judged{pass: "engine-legacy-storage-driver engine-settings-disagree", fail: "image-runs-as-root"}},
		{name: "a host of a distribution without systemd", versions: []lab.Version{lab.V28}, judged: judged{na: "engine-unit-writable"}},
	}
	for _, tt := range tests {
		for _, v := range tt.versions {
			t.Run(tt.name+"/"+string(v), func(t *testing.T) {
				tt.options.Version = v
				h := newHost(t, tt.options)
				startGoodAndBad(t, h.Engine())
				r := checkHost(t, h)
				wantNothingUnknown(t, r)
				tt.check(t, r, "")
			})
		}
	}
	t.Run("users remapped", func(t *testing.T) {
		h := newHost(t, lab.Options{Version: lab.V28, Flags: []string{"--userns-remap", "default"}, Prepare: dockremap})
		image := h.ImportSleep()
		h.Run("--name", "bad", "--userns", "host", "--privileged", "-v", "/run:/r", image)
		h.Run(append(slices.Clone(goodAndBad[1]), image)...)
		r := checkHost(t, h)
		wantNothingUnknown(t, r)
		judged{pass: "engine-userns-remap-off"}.check(t, r, "")
		judged{fail: "container-host-userns"}.check(t, r, "bad")
	})
	t.Run("laid out as the snap is", func(t *testing.T) {
		// The command line and the unit are those of the snap "docker", revision
		// 2963, as ps shows them. The confinement of snapd is missing.
		h := newHost(t, lab.Options{Version: lab.V28, NoEngine: true, Files: map[string]string{
			"/var/snap/docker/2963/config/daemon.json":        `{"log-level": "debug"}`,
			"/etc/systemd/system/snap.docker.dockerd.service": "[Service]\nExecStart=/usr/bin/snap run docker.dockerd\n",
			"/etc/docker/daemon.json":                         `{"icc": false}`, // of nobody
		}})
		h.Exec("sh", "-ec", "mkdir -p /snap/docker/2963/bin; cp /usr/sbin/dockerd /snap/docker/2963/bin/; chmod 666 /var/snap/docker/2963/config/daemon.json")
		startInUnit(h, "snap.docker.dockerd.service", `env SNAP=/snap/docker/2963 SNAP_DATA=/var/snap/docker/2963 SNAP_COMMON=/var/snap/docker/common PATH=/snap/docker/2963/bin:$PATH \
	dockerd --group docker --exec-root=/run/snap.docker --data-root=/var/snap/docker/common/var-lib-docker --storage-driver vfs \
	--pidfile=/run/snap.docker/docker.pid --config-file=/var/snap/docker/2963/config/daemon.json`)
		startGoodAndBad(t, h.Engine())
		r := checkHost(t, h)
		wantNothingUnknown(t, r)
		judged{fail: "engine-log-level engine-config-writable default-bridge-icc-enabled", pass: "engine-socket-world-accessible containerd-socket-accessible engine-binary-writable"}.check(t, r, "")
	})
	t.Run("processes of others hidden", func(t *testing.T) {
		lab.RequireRootless(t)
		h := newHost(t, lab.Options{Version: lab.V28})
		h.StartRootless("rita")
		h.AddUser("alice", "docker")
		startGoodAndBad(t, h.Engine())
		root := audit(t, h)
		h.Exec("mount", "-o", "remount,hidepid=2", "/proc")
		r := parse(t, execute(t, h, "setpriv", "--reuid", "alice", "--regid", "alice", "--init-groups", programInside, "audit", "--exit-zero", "--format", "json"))
		judged{na: "host-user-namespaces-open"}.check(t, root, "") // rita's engine needs them
		judged{unknown: "host-user-namespaces-open"}.check(t, r, "")
		judged{unknown: "container-runs-sshd container-runs-as-root"}.check(t, r, "good")
		judged{fail: "container-privileged"}.check(t, r, "bad")
		compare(t, root, r)
	})
	t.Run("a rootless engine of the caller", func(t *testing.T) {
		lab.RequireRootless(t)
		h := newHost(t, lab.Options{Version: lab.V28, NoEngine: true})
		h.AddUser("rita")
		e := h.StartRootless("rita")
		image, err := e.ImportSleep(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Run(t.Context(), "--name", "inner", "--cap-add", "SYS_ADMIN", "-v", e.SockInside()+":/s", image); err != nil {
			t.Fatal(err)
		}
		root := audit(t, h)
		r := parse(t, execute(t, h, "setpriv", "--reuid", "rita", "--regid", "rita", "--init-groups", "env", "HOME=/home/rita", programInside, "audit", "--exit-zero", "--format", "json"))
		if got := engineNames(r); len(got) != 1 || got[0] != "unix://"+e.SockInside() || r.Engines[0].Gap != nil {
			t.Fatalf("engines %+v", r.Engines)
		}
		judged{fail: "engine-socket-mounted container-capability-sys-admin container-runs-as-root"}.check(t, r, "inner")
		judged{pass: "engine-runs-as-root"}.check(t, r, r.Engines[0].Name)
		compare(t, root, r)
	})
}

// dockremap makes the account that --userns-remap default is for.
func dockremap(ctx context.Context, h *lab.Host) error {
	_, err := h.Exec(ctx, "sh", "-ec", `id dockremap >/dev/null 2>&1 || adduser --system --group --no-create-home dockremap
echo dockremap:100000:65536 >>/etc/subuid; echo dockremap:100000:65536 >>/etc/subgid`)
	return err
}
