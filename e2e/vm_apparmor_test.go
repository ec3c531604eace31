//go:build vm

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"seawall/advice"
	"seawall/lab"
	"seawall/lab/vm"
)

// confined are the workloads that TestVMAppArmor runs, and what a shell in each of them may
// do under docker-default and not under what it is advised.
var confined = map[string][]string{
	"nginx":      {"touch /usr/bin/x", "mknod /tmp/x c 1 3", "echo x >> /etc/passwd"},
	"redis":      {"touch /var/log/x", "mknod /tmp/x c 1 3"},
	"entrypoint": {"touch /etc/x", "mknod /tmp/x c 1 3"},
}

// TestVMAppArmor: under the AppArmor profile that they are advised, and nothing else of the
// advice, workloads pass their check on a kernel that enforces it, and are denied what they
// may do under the engine's own. They are watched on this machine, whose kernel tells which
// files they change.
func TestVMAppArmor(t *testing.T) {
	profiles := appArmorProfiles(t)
	tree, err := lab.PrepareWorkloads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "workloads.tar")
	if out, err := exec.Command("tar", "--exclude=./dev/*", "-C", tree, "-cf", archive, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	programs := map[string]string{"/srv/workloads.tar": archive}
	for name, profile := range profiles {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(profile), 0o644); err != nil {
			t.Fatal(err)
		}
		programs["/srv/"+name+".profile"] = file
	}
	m := vm.Boot(t, vm.Options{Image: vm.AppArmor, Programs: programs, Fast: true})
	m.Run("docker import /srv/workloads.tar " + lab.WorkloadsRef + " && rm /srv/workloads.tar")
	for i := range workloads {
		w := &workloads[i]
		if confined[w.name] != nil {
			t.Run(w.name, func(t *testing.T) { confinedWorkload(t, m, w) })
		}
	}
}

// appArmorProfiles are the profiles that the workloads are advised.
func appArmorProfiles(t *testing.T) map[string]string {
	t.Helper()
	h := newHost(t, lab.Options{Version: lab.V28})
	h.ImportWorkloads()
	l := &least{T: t, h: h, slots: make(chan struct{}, 2)}
	o := observe(t, h, "/tmp/seen.json", "--syscall-window", "10m")
	chosen := slices.DeleteFunc(slices.Clone(workloads), func(w workload) bool { return confined[w.name] == nil })
	for i := range chosen {
		w := &chosen[i]
		if err := l.run(w, w.name, ""); err != nil {
			t.Fatal(err)
		}
		if err := l.works(w, w.name, settleTime); err != nil {
			t.Fatal(err)
		}
	}
	o.end(syscall.SIGINT)
	out := map[string]string{}
	for i := range chosen {
		a, _ := l.advised(&chosen[i])
		if a.AppArmor.Verdict != advice.Tentative || a.AppArmor.Writable == nil {
			t.Fatalf("%s: %+v: does this kernel (want 6.13 or later) tell of changed files?", a.Container, a.AppArmor)
		}
		out[a.Container] = a.AppArmor.Profile
	}
	return out
}

// confinedWorkload runs a workload under the engine's profile, then under its own.
func confinedWorkload(t *testing.T, m *vm.TestMachine, w *workload) {
	m.Run("apparmor_parser -r -W /srv/" + w.name + ".profile")
	run := func(option string) {
		t.Helper()
		m.Run("docker run -d --name " + w.name + " " + option + " " + strings.Join(w.flags, " ") + " " + lab.WorkloadsRef + " sh -ec " + shellWord(w.script) + ` >/dev/null
n=0; until docker exec ` + w.name + " sh -c " + shellWord(w.check) + ` >/dev/null; do n=$((n+1)); [ $n -lt 100 ] || { docker logs ` + w.name + ` >&2; dmesg | grep DENIED | tail -20 >&2; exit 1; }; sleep 0.3; done`)
	}
	may := func(what string) bool {
		return m.Try("docker exec "+w.name+" sh -c "+shellWord(what)).Code == 0
	}
	run("")
	for _, what := range confined[w.name] {
		if !may(what + "; rm -f /tmp/x") {
			t.Errorf("the engine's own profile denies %q: that shows nothing", what)
		}
	}
	m.Run("docker rm -fv " + w.name)

	run("--security-opt apparmor=seawall-" + w.name)
	if label := m.Run("docker exec " + w.name + " cat /proc/1/attr/current"); label != "seawall-"+w.name+" (enforce)\n" {
		t.Errorf("it runs as %q", label)
	}
	for _, what := range confined[w.name] {
		if may(what) {
			t.Errorf("%q is not denied", what)
		}
	}
	m.Run("docker stop -t 5 " + w.name + " && docker start " + w.name + " && docker rm -fv " + w.name)
}

// shellWord is a word as a shell takes it.
func shellWord(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
