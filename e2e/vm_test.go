//go:build vm

package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seawall/lab/vm"
	"seawall/report"
	"seawall/rule"
)

const (
	systemEngine = "unix:///run/docker.sock"
	aliceEngine  = "unix:///run/user/1000/docker.sock"
)

// TestVMDebian: the host that Debian's packages make, with AppArmor, containers
// of many kinds, and a rootless engine that a user's service manager runs.
func TestVMDebian(t *testing.T) {
	h := bootSystem(t, "debian", vm.Options{Image: vm.AppArmor})
	h.wantNoGaps(t)
	if got, want := engineNames(h.report), []string{systemEngine, aliceEngine}; !slices.Equal(got, want) {
		t.Fatalf("engines %v, want %v", got, want)
	}
	t.Run("host", func(t *testing.T) {
		lsms, _ := h.snapshot.Host.LSMs.Peek()
		appArmor, _ := h.snapshot.Host.AppArmor.Peek()
		mode, _ := appArmor.DockerDefault.Peek()
		if !slices.Contains(lsms, "apparmor") || !appArmor.Enabled || mode != "enforce" || appArmor.Profiles["complain"] != 1 {
			t.Errorf("modules %v, AppArmor %+v", lsms, appArmor)
		}
		if state, _ := h.snapshot.Host.SELinux.Peek(); state.Enabled {
			t.Errorf("SELinux %+v", state)
		}
	})
	t.Run("labels", func(t *testing.T) {
		want := map[string]string{
			"plain": "docker-default (enforce)", "privileged": "unconfined", "unconfined": "unconfined", "complaining": "lab-complain (complain)",
			"unfiltered": "docker-default (enforce)", "socket": "docker-default (enforce)", "web": "docker-default (enforce)",
		}
		if diff := cmp.Diff(want, h.labels(systemEngine)); diff != "" {
			t.Errorf("labels (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]string{"hers": "unconfined"}, h.labels(aliceEngine)); diff != "" {
			t.Errorf("labels of the rootless engine (-want +got):\n%s", diff)
		}
	})
	t.Run("services", func(t *testing.T) {
		h.wantUnit(t, systemEngine, "systemd-socket", []string{"/usr/lib/systemd/system/docker.service"}, []string{"/run/docker.sock"})
		h.wantUnit(t, aliceEngine, "rootlesskit", []string{"/home/alice/.config/systemd/user/docker.service"}, nil)
	})
	t.Run("verdicts", func(t *testing.T) {
		wantFail(t, h.report, "container-apparmor-off", "complaining", "unconfined")
		wantFail(t, h.report, "container-seccomp-off", "unfiltered")
		wantFail(t, h.report, "container-privileged", "privileged")
		wantFail(t, h.report, "engine-socket-mounted", "socket")
		wantFail(t, h.report, "engine-socket-group-members", systemEngine)
		wantFail(t, h.report, "engine-socket-owner-unusual")
		judged{pass: "engine-unit-writable engine-binary-writable engine-oom-unprotected"}.check(t, h.report, systemEngine)
	})
	t.Run("CIS", func(t *testing.T) {
		for _, id := range []string{"engine-service-owner-unusual", "engine-service-unit-too-open"} {
			if v, message := worst(h.report, id, ""); v == rule.Failed {
				t.Errorf("%s%s", id, message)
			}
		}
	})
	t.Run("an audit changes nothing", h.changesNothing)
	t.Run("less sight", func(t *testing.T) {
		compare(t, h.report, auditSystem(t, h.TestMachine, "runuser -u mallory -- "+programInside))
		compare(t, h.report, auditSystem(t, h.TestMachine, "runuser -u alice -- env HOME=/home/alice XDG_RUNTIME_DIR=/run/user/1000 "+programInside))
		confined := strings.ReplaceAll(strings.Join(readmeFlags, " "), "--security-opt apparmor=unconfined", "-v /run/docker.sock:/run/docker.sock")
		r := h.fromContainer(t, confined)
		compare(t, h.report, r)
		judged{unknown: "engine-socket-group-members engine-unit-writable"}.check(t, r, "")
	})
	t.Run("from a container", func(t *testing.T) { h.sameFromContainer(t, "") })
}

// TestVMHardened: what a careful administrator is accused of are choices, and
// nothing else.
func TestVMHardened(t *testing.T) {
	h := bootSystem(t, "hardened", vm.Options{Image: vm.AppArmor, Kernel: []string{"mitigations=auto"}})
	h.wantNoGaps(t)
	h.wantUnit(t, systemEngine, "systemd-socket",
		[]string{"/usr/lib/systemd/system/docker.service", "/etc/systemd/system/docker.service.d/10-start.conf"}, []string{"/run/docker.sock"})
	if diff := cmp.Diff(map[string]string{"app": "docker-default (enforce)"}, h.labels(systemEngine)); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	var findings []string
	for _, x := range auditDefault(t, h.TestMachine).Results {
		if x.Verdict == rule.Failed {
			findings = append(findings, x.Rule)
		}
	}
	slices.Sort(findings)
	want := []string{"engine-no-authorization-plugin", "engine-runs-as-root"}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	socket := h.Run("stat -c '%a %U:%G' /run/docker.sock")
	if socket != "600 root:root\n" {
		t.Errorf("the socket is %s", socket)
	}
	h.changesNothing(t)
	h.sameFromContainer(t, "--userns host")
}

// TestVMSELinux: SELinux enforces, and the engine labels.
func TestVMSELinux(t *testing.T) {
	h := bootSystem(t, "selinux", vm.Options{Image: vm.SELinux})
	h.wantNoGaps(t)
	if state, _ := h.snapshot.Host.SELinux.Peek(); !state.Enabled || !state.Enforcing {
		t.Errorf("SELinux %+v", state)
	}
	if state, _ := h.snapshot.Host.AppArmor.Peek(); state.Enabled {
		t.Errorf("AppArmor %+v", state)
	}
	types := map[string]string{}
	for name, label := range h.labels(systemEngine) {
		types[name] = strings.Split(label, ":")[2]
	}
	want := map[string]string{"plain": "container_t", "leveled": "container_t", "disabled": "spc_t", "privileged": "spc_t", "typed": "spc_t"}
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	wantFail(t, h.report, "container-selinux-off", "disabled", "typed", "stopped")
	wantFail(t, h.report, "container-without-selinux", "disabled", "privileged", "typed", "stopped")
	judged{pass: "host-selinux-permissive engine-selinux-off host-without-lsm", na: "container-apparmor-off"}.check(t, h.report, "")
	h.changesNothing(t)
	compare(t, h.report, auditSystem(t, h.TestMachine, "runuser -u mallory -- "+programInside))
	compare(t, h.report, auditSystem(t, h.TestMachine, "runcon unconfined_u:unconfined_r:unconfined_t:s0 "+programInside))
	h.sameFromContainer(t, "")
}

// auditDefault audits a machine by the default rules.
func auditDefault(t *testing.T, m *vm.TestMachine) *report.Report {
	t.Helper()
	o := m.Try(programInside + " audit --format json --exit-zero")
	return parse(t, outcome{o.Code, o.Stdout, o.Stderr})
}

// wantUnit checks how a daemon was started, by which unit files, and at which
// addresses systemd listens for it.
func (h system) wantUnit(t *testing.T, engine, start string, files, listen []string) {
	t.Helper()
	for _, e := range h.snapshot.Engines {
		if e.Name != engine {
			continue
		}
		process, _ := e.Daemon.Process.Peek()
		unit, _ := e.Daemon.Unit.Peek()
		if process.Start != start || unit.Name != "docker.service" || !slices.Equal(unit.Files, files) || !slices.Equal(unit.Listen, listen) {
			t.Errorf("%s: started by %q, unit %+v", engine, process.Start, unit)
		}
	}
}

// sameFromContainer: with the flags of the README, and more where the host asks
// for them, an audit from a container gives root's verdicts. What the kernel
// shows to SYS_ADMIN alone stays unknown.
func (h system) sameFromContainer(t *testing.T, more string) {
	t.Helper()
	r := h.fromContainer(t, strings.Join(readmeFlags, " ")+" "+more)
	got := map[string]rule.Verdict{}
	for _, x := range r.Results {
		got[x.Rule+" "+marshal(x.Subject)] = x.Verdict
		if x.Rule == "host-sysctl-bpf-jit" && (len(x.Gaps) != 1 || !strings.Contains(x.Gaps[0].Remedy, "SYS_ADMIN")) {
			t.Errorf("%s: %+v", x.Rule, x.Gaps)
		}
	}
	for _, x := range h.report.Results {
		want := x.Verdict
		switch {
		case x.Rule == "host-sysctl-bpf-jit":
			want = rule.Unknown
		case x.Subject.Kind == rule.KindImage && strings.HasPrefix(x.Subject.Name, "seawall"):
			continue // a container uses it now
		}
		if v := got[x.Rule+" "+marshal(x.Subject)]; v != want {
			t.Errorf("%s on %s: %q from a container, %s on the host (%s)", x.Rule, x.Subject.Name, v, x.Verdict, x.Message)
		}
	}
}
