package observe_test

import (
	"testing"

	"seawall/lab"
	"seawall/observation"
	"seawall/source/observe"
)

// TestCountsAreWhole: of what one process does again and again nothing is counted twice or
// left out, though most of it is counted beside the processor first, and sessions stay
// apart.
func TestCountsAreWhole(t *testing.T) {
	const chowns = "touch /tmp/f /etc/f; chown 33 $(for i in $(seq 500); do echo /tmp/f /etc/f; done)"
	h := lab.New(t, lab.Options{})
	image := h.ImportBusybox()
	w := watch(t, h.Engine(), observe.Options{})
	h.Run("--name", "lives", image, "sh", "-c", chowns+"; touch /tmp/done; exec sleep 600")
	h.Docker("exec", "lives", "sh", "-c", "until [ -e /tmp/done ]; do sleep 0.1; done;"+chowns)
	h.Docker("run", "--name", "ends", image, "sh", "-c", chowns)
	o := w.stop()
	// Root may give its own file to a group it is in: one check the first time, then two.
	for _, want := range []struct {
		name    string
		session observation.Session
		checks  uint64
	}{{"lives", observation.Workload, 1998}, {"lives", observation.Exec, 2000}, {"ends", observation.Workload, 1998}} {
		c := named(t, o, want.name)
		if n := counted(c, want.session, "CHOWN"); n != want.checks {
			t.Errorf("%s, %s: %d checks of CAP_CHOWN, want %d", want.name, want.session, n, want.checks)
		}
		for _, dir := range []string{"/tmp", "/etc"} {
			// Making a file counts a few times more.
			if n := changes(c, want.session, dir); n < 500 || n > 520 {
				t.Errorf("%s, %s: %d changes in %s, want 500 and those of new files", want.name, want.session, n, dir)
			}
		}
	}
}

func counted(c *observation.Container, s observation.Session, name string) uint64 {
	n := uint64(0)
	for _, u := range c.Capabilities {
		if u.Session == s && u.Capability == name {
			n += u.Count
		}
	}
	return n
}

func changes(c *observation.Container, s observation.Session, dir string) uint64 {
	n := uint64(0)
	for _, w := range c.Written {
		if w.Session == s && w.Directory == dir {
			n += w.Count
		}
	}
	return n
}
