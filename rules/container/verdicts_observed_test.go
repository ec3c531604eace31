package container

import (
	"testing"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// idle is what a container was seen to do that did nothing.
func idle(*snapshot.Observed) {}

// briefly takes away what a long watch tells.
func briefly(o *snapshot.Observed) {
	o.Enough.Blind(snapshot.Unobserved("watched for less than ten minutes"))
}

// marked gives a program of the example's image file capabilities.
func marked(caps snapshot.CapSet, effective bool) func(*snapshot.Snapshot) {
	return example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		example.Set(&images[0].CapabilityFiles, []snapshot.ImageFile{{Path: "/bin/ping", Capabilities: caps, CapsEffective: effective}})
	})
}

func TestCapabilityUnused(t *testing.T) {
	raw := snapshot.Caps("NET_RAW")
	unread := example.Engine(func(e *snapshot.Engine) {
		images, _ := e.Images.Peek()
		images[0].CapabilityFiles.Blind(notPermitted)
	})
	judge(t, "container-capability-unused", []verdict{
		{"docker run alpine", nil, "unknown", ""},
		{"docker run alpine", seenToUse(idle), "low", "in 2 hours and 3 starts it never needed CHOWN"},
		{"docker run alpine", seenToUse(idle), "low", "--cap-drop ALL, or cap_drop: [ALL]. "},
		{"docker run alpine", seenToUse(briefly), "unknown", "less than ten minutes"},
		{"docker run --cap-drop ALL --cap-add NET_ADMIN alpine", seenToUse(idle), "medium", "NET_ADMIN"},
		{"docker run --cap-drop ALL --cap-add NET_RAW --cap-add CHOWN alpine", seenToUse(func(o *snapshot.Observed) { o.Used = raw }), "low", "--cap-drop ALL --cap-add NET_RAW, or cap_drop: [ALL] and cap_add: [NET_RAW]"},
		{"docker run --cap-drop ALL --cap-add NET_RAW alpine", all(seenToUse(briefly), seenToUse(func(o *snapshot.Observed) { o.Used = raw; briefly(o) })), "pass", "was used"},
		{"docker run --cap-drop ALL --cap-add NET_RAW alpine", all(seenToUse(idle), marked(raw, true)), "pass", "marked"},
		{"docker run --cap-drop ALL --cap-add NET_RAW alpine", all(seenToUse(idle), marked(raw, false)), "low", "NET_RAW"},
		{"docker run --cap-drop ALL --cap-add NET_RAW alpine", all(seenToUse(idle), unread), "low", "--deep tells"},
		{"docker run --privileged alpine", seenToUse(idle), "not-applicable", ""},
		{"docker run alpine", all(seenToUse(idle), bounded(0)), "pass", ""},
	})
}

func TestRootNeedlessly(t *testing.T) {
	bound := func(kind string, mode snapshot.Mode) func(*snapshot.Snapshot) {
		return all(seenToUse(idle), inContainer(func(c *snapshot.Container) {
			example.Set(&c.BoundFiles, []snapshot.File{trial.RootFile(snapshot.RoleBindSource, "/srv/x", kind, mode)})
		}))
	}
	const run, bind = "docker run --user 0 alpine", "docker run --user 0 -v /srv/x:/x alpine"
	judge(t, "container-runs-as-root-needlessly", []verdict{
		{run, nil, "unknown", ""},
		{run, seenToUse(idle), "medium", "used no capability in 2 hours"},
		{run, all(seenToUse(idle), rootless), "low", ""},
		{run, seenToUse(briefly), "unknown", ""},
		{"docker run --user 7 alpine", seenToUse(briefly), "pass", ""},
		{"docker run --user 0 --device /dev/fuse alpine", seenToUse(idle), "unknown", "/dev/fuse"},
		{"docker run --user 0 --privileged alpine", seenToUse(idle), "unknown", "devices of the host"},
		{bind, bound("file", 0o600), "unknown", "/srv/x"},
		{bind, bound("file", 0o644), "medium", ""},
		{"docker run --user 0 -v data:/x alpine", bound("file", 0o600), "medium", ""},
		{bind, bound("dir", 0o754), "unknown", ""},
		{bind, bound("dir", 0o755), "medium", ""},
		{bind, bound("socket", 0o664), "unknown", ""},
		{bind, bound("socket", 0o666), "medium", ""},
	})
}

func TestPublishedUnused(t *testing.T) {
	const joined = "docker run --name gate -p 8080:80 alpine\ndocker run --name web --network container:gate alpine"
	first := func(change func(*snapshot.Observed)) func(*snapshot.Snapshot) {
		return example.Engine(func(e *snapshot.Engine) {
			list, _ := e.Containers.Peek()
			one := *e
			one.Containers = snapshot.See(list[:1], e.Containers.Origin())
			seenToUse(change)(&snapshot.Snapshot{Engines: []snapshot.Engine{one}})
		})
	}
	judge(t, "container-port-published-unused", []verdict{
		{"docker run -p 8080:80 alpine", nil, "unknown", ""},
		{"docker run -p 8080:80 -p 8443:443 alpine", seenToUse(listenedOn(80, false)), "low", "nothing listened on port 443/tcp on all addresses, port 8443"},
		{"docker run -p 8080:80 alpine", seenToUse(func(o *snapshot.Observed) { listenedOn(80, false)(o); briefly(o) }), "pass", ""},
		{"docker run -p 8080:80 alpine", seenToUse(briefly), "unknown", ""},
		{"docker run -p 8080:80 alpine", seenToUse(listenedOn(80, true)), "low", ""},
		{"docker run -p 8080:80 alpine", seenToUse(func(o *snapshot.Observed) { o.Listened.Blind(notPermitted) }), "unknown", "a test"},
		{"docker run -p 53:53/udp alpine", seenToUse(idle), "low", "port 53/udp"},
		{"docker run -p 53:53/udp alpine", seenToUse(func(o *snapshot.Observed) {
			example.Set(&o.Listened, []snapshot.Listened{{Protocol: "udp", Port: 53}})
		}), "pass", ""},
		{"docker run -p 53:53/udp alpine", seenToUse(func(o *snapshot.Observed) { o.UDP.Blind(notPermitted) }), "unknown", "a test"},
		{"docker run -p 53:53/sctp alpine", seenToUse(idle), "unknown", "sctp"},
		{"docker run -p 53:53/udp -p 80:80 alpine", seenToUse(idle), "low", "port 80/tcp"},
	})
	const elsewhere = "docker run --name gate -p 8080:80 alpine\ndocker run --name other alpine\ndocker run --network container:other alpine"
	for _, test := range []struct {
		name, run string
		facts     func(*snapshot.Snapshot)
		want      rule.Verdict
	}{
		{"who joined another listens", elsewhere, all(first(idle), seenToUse(listenedOn(80, false))), rule.Failed},
		{"who joined it listens", joined, all(first(idle), seenToUse(listenedOn(80, false))), rule.Passed},
		{"nobody listens", joined, all(first(idle), seenToUse(idle)), rule.Failed},
		{"who joined it was not watched", joined, first(idle), rule.Unknown},
		{"who joined it was watched briefly", joined, all(first(idle), seenToUse(briefly)), rule.Unknown},
	} {
		s, err := trial.Load(rule.Example{Run: test.run, Facts: test.facts})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rule.Evaluate(s, []*rule.Rule{publishedUnused()}) {
			if r.Subject.Name == "gate" && r.Verdict != test.want {
				t.Errorf("%s: %s (%s), want %s", test.name, r.Verdict, r.Message, test.want)
			}
		}
	}
}

func TestRootfsNeedlessly(t *testing.T) {
	wrote := func(dirs ...string) func(*snapshot.Snapshot) {
		return seenToUse(func(o *snapshot.Observed) { example.Set(&o.Written, dirs) })
	}
	judge(t, "container-root-filesystem-writable-needlessly", []verdict{
		{"docker run alpine", nil, "unknown", ""},
		{"docker run alpine", seenToUse(idle), "low", "changed nothing outside of volumes: --read-only, or read_only: true"},
		{"docker run alpine", wrote("/run", "/run/x", "/tmp"), "low", "in /run, /run/x, /tmp: --read-only --tmpfs /run --tmpfs /tmp, or read_only: true and tmpfs: [/run, /tmp]"},
		{"docker run alpine", wrote("/run", "/var/lib/x"), "pass", "it writes in /var/lib/x"},
		{"docker run alpine", wrote("/runner"), "pass", "/runner"},
		{"docker run alpine", seenToUse(briefly), "unknown", ""},
		{"docker run alpine", seenToUse(func(o *snapshot.Observed) { o.Written.Blind(notPermitted) }), "unknown", "a test"},
		{"docker run --read-only alpine", seenToUse(briefly), "pass", ""},
	})
}

// TestObservedMarks: just the rules that are marked so need an observation to answer.
func TestObservedMarks(t *testing.T) {
	s, err := trial.Load(rule.Example{Run: "docker run -p 127.0.0.1:81:81 --user 0 alpine"})
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, r := range rule.Evaluate(s, Rules()) {
		if len(r.Gaps) > 0 && r.Gaps[0].Fact == "observed" {
			missing[r.Rule] = true
		}
	}
	for _, r := range Rules() {
		if r.Observed != missing[r.ID] {
			t.Errorf("%s is marked as of observations: %t; without it is unknown: %t", r.ID, r.Observed, missing[r.ID])
		}
	}
}
