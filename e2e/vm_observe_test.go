//go:build vm

package e2e

import (
	"strings"
	"testing"

	"seawall/lab/vm"
	"seawall/observation"
)

// TestVMObserve: the hooks that kernels have which do not have the tracepoint, containers
// below the slices of systemd, and an engine that its service manager started.
func TestVMObserve(t *testing.T) { observeWithHooks(t, vm.AppArmor, "6.12.") }

// TestVMObserveOlder: the same on a kernel that has neither the tracepoint of capabilities
// nor that of changed files, with an older engine.
func TestVMObserveOlder(t *testing.T) { observeWithHooks(t, vm.Older, "6.1.") }

// observeWithHooks watches containers on an image's kernel by each of the hooks.
func observeWithHooks(t *testing.T, image vm.Image, kernel string) {
	m := vm.Boot(t, vm.Options{Image: image, Programs: map[string]string{programInside: program}, Fast: true})
	if release := m.Run("uname -r"); !strings.HasPrefix(release, kernel) {
		t.Fatalf("the kernel is %s, want %s", release, kernel)
	}
	images, err := setups.ReadFile("testdata/vm/images.sh")
	if err != nil {
		t.Fatal(err)
	}
	m.Run(string(images) + "\nsleeper docker\n")
	for _, test := range []struct{ hook, flag, want string }{
		{"chosen", "", "fexit"}, {"fexit", "--hook fexit", "fexit"}, {"kprobe", "--hook kprobe", "kprobe"},
	} {
		hook := test.hook
		t.Run(hook, func(t *testing.T) {
			out := m.Run(strings.NewReplacer("HOOK", hook, "FLAG", test.flag).Replace(`
seawall observe FLAG -o /tmp/seen.json >/tmp/HOOK.out 2>&1 &
pid=$!
n=0; until [ -e /tmp/seen.json ]; do kill -0 $pid || { cat /tmp/HOOK.out >&2; exit 1; }; n=$((n+1)); [ $n -lt 600 ]; sleep 0.1; done
docker run --name HOOK-chown lab/sleep:1 /bin/busybox chown 33 /etc/passwd
docker run --name HOOK-ping lab/sleep:1 /bin/busybox ping -c 1 127.0.0.1 >/dev/null
docker run --name HOOK-denied --cap-drop ALL lab/sleep:1 /bin/busybox chown 33 /etc/passwd 2>/dev/null || true
docker run -d --name HOOK-exec lab/sleep:1 >/dev/null
docker exec HOOK-exec /bin/busybox chown 33 /etc/passwd
kill -INT $pid
wait $pid
cat /tmp/seen.json
rm /tmp/seen.json`))
			seen, err := observation.Decode(strings.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			if got := seen.Watches[0].Hook; got != test.want {
				t.Errorf("hook %s", got)
			}
			for _, test := range []struct{ name, workload, exec, refused string }{
				{"chown", "CHOWN", "", ""}, {"ping", "NET_RAW", "", ""}, {"denied", "", "", "CHOWN"}, {"exec", "", "CHOWN", ""},
			} {
				c := of(seen, hook+"-"+test.name)
				if c == nil {
					t.Errorf("%s is not seen: %+v", test.name, seen)
					continue
				}
				workload, exec := c.Used(observation.Workload).String(), c.Used(observation.Exec).String()
				if refused := c.Refused().String(); workload != test.workload || exec != test.exec || refused != test.refused || c.Watched.Starts != 1 {
					t.Errorf("%s used [%s], in exec sessions [%s], refused [%s], watched %+v; want %+v", test.name, workload, exec, refused, c.Watched, test)
					t.Logf("%+v", c.Capabilities)
				}
			}
		})
	}
}
