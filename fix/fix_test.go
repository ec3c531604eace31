package fix_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seawall/fix"
	"seawall/rule"
	"seawall/rules"
	"seawall/source/composefile"
	"seawall/source/declared"
)

// jobOf is to make all changes of files of a project, which lie in a directory.
func jobOf(files ...composefile.File) fix.Job {
	return fix.Job{
		Files: files,
		Load: func(ctx context.Context, files []composefile.File) (*composefile.Project, error) {
			return composefile.Load(ctx, files, composefile.Options{Project: "shop"})
		},
		Judge: func(p *composefile.Project, only []*rule.Rule) []rule.Result {
			if only == nil {
				only = containerRules()
			}
			s := declared.Snapshot([]declared.Project{{Name: files[0].Name, Containers: p.Containers, Networks: p.Networks, Volumes: p.Volumes}}, "test", time.Unix(0, 0))
			return rule.Evaluate(s, only)
		},
		Rule:  rules.Book().Lookup,
		Risky: true,
	}
}

func containerRules() []*rule.Rule {
	var out []*rule.Rule
	for _, r := range rules.Book().Rules() {
		if r.Kind() == rule.KindContainer && !r.Observed {
			out = append(out, r)
		}
	}
	return out
}

// mend changes a file by some rules; none: by all.
func mend(t *testing.T, text string, ids ...string) (string, *fix.Outcome) {
	t.Helper()
	job := jobOf(composefile.File{Name: filepath.Join(t.TempDir(), "compose.yaml"), Content: []byte(text)})
	job.Wanted = func(x *rule.Result) bool {
		return len(ids) == 0 || strings.Contains(" "+strings.Join(ids, " ")+" ", " "+x.Rule+" ")
	}
	out, err := fix.Run(t.Context(), job)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return string(out.Files[0].Content), out
}

// TestForms are the forms in which a part may be written.
func TestForms(t *testing.T) {
	const head = "services:\n  web:\n    image: a:1\n"
	for name, c := range map[string]struct{ rules, before, after string }{
		"scalar":              {"container-privileged", "services: {web: {image: a:1, privileged: yes}}", "services: {web: {image: a:1, privileged: false}}"},
		"JSON":                {"container-no-pids-limit", `{"services": {"web": {"image": "a:1"}}}`, `{"services": {"web": {"image": "a:1", "pids_limit": 200}}}`},
		"no line at the end":  {"container-no-pids-limit", "services:\n  web:\n    image: a:1", "services:\n  web:\n    image: a:1\n    pids_limit: 200"},
		"lines of DOS":        {"container-no-pids-limit", "services:\r\n  web:\r\n    image: a:1 # x\r\n\r\n", "services:\r\n  web:\r\n    image: a:1 # x\r\n    pids_limit: 200\r\n\r\n"},
		"byte order mark":     {"container-privileged", "\ufeffservices: {web: {image: a:1, privileged: true}}", "\ufeffservices: {web: {image: a:1, privileged: false}}"},
		"other letters":       {"container-privileged", "services: {wëb: {image: a:1, labels: [ä, ö], privileged: true}}", "services: {wëb: {image: a:1, labels: [ä, ö], privileged: false}}"},
		"last in braces":      {"container-host-pid", "services: {web: {image: a:1, pid: host}}", "services: {web: {image: a:1}}"},
		"first in braces":     {"container-host-pid", "services: {web: {pid: host, image: a:1}}", "services: {web: {image: a:1}}"},
		"last of a list":      {"container-capability-sys-admin", head + "    cap_add: [CHOWN, \"sys_admin\"]\n", head + "    cap_add: [CHOWN]\n"},
		"all of a list":       {"container-capability-sys-admin", head + "    cap_add: [CAP_SYS_ADMIN]  # x\n    # y\n", head + "    # y\n"},
		"list over lines":     {"container-capability-sys-admin", head + "    cap_add: [\n      SYS_ADMIN,  # x\n      CHOWN\n    ]\n", head + "    cap_add: [\n      CHOWN\n    ]\n"},
		"list at the key":     {"container-capability-sys-admin", head + "    cap_add:\n    - SYS_ADMIN\n    - CHOWN\n", head + "    cap_add:\n    - CHOWN\n"},
		"mapping or list":     {"container-sysctl-weakened", head + "    sysctls:\n      net.ipv4.conf.all.route_localnet: 1\n      net.core.somaxconn: 1024\n", head + "    sysctls:\n      net.core.somaxconn: 1024\n"},
		"block text before":   {"container-no-pids-limit", head + "    command: |+\n      a\n\n      # b\n\n", head + "    command: |+\n      a\n\n      # b\n\n    pids_limit: 200\n"},
		"empty list":          {"container-default-capabilities-kept", head + "    cap_drop: []\n", head + "    cap_drop: [ALL]\n"},
		"no list":             {"container-default-capabilities-kept", head + "    cap_drop: # none\n", head + "    cap_drop: [ALL] # none\n"},
		"text for a list":     {"container-rootfs-writable", head + "    tmpfs: /x\n", head + "    tmpfs: [/x, /tmp]\n    read_only: true\n"},
		"port":                {"port-published-on-all-interfaces", head + "    network_mode: bridge\n    ports: [0.0.0.0:80:80, '[::]:81:81/udp']\n", head + "    network_mode: bridge\n    ports: [127.0.0.1:80:80, '127.0.0.1:81:81/udp']\n"},
		"number of a port":    {"port-published-on-all-interfaces", head + "    ports:\n      - 80\n", head + "    ports:\n      - 127.0.0.1::80\n"},
		"port with variables": {"port-published-on-all-interfaces", head + "    ports:\n      - \"${P:-80}:80\"\n", head + "    ports:\n      - \"127.0.0.1:${P:-80}:80\"\n"},
		"long port":           {"port-published-on-all-interfaces", head + "    ports:\n      - target: 80\n        published: \"80\"\n", head + "    ports:\n      - target: 80\n        published: \"80\"\n        host_ip: 127.0.0.1\n"},
		"long mount":          {"container-mount-propagation-shared", head + "    volumes:\n      - {type: bind, source: /x, target: /y, bind: {propagation: shared}}\n", head + "    volumes:\n      - {type: bind, source: /x, target: /y, bind: {propagation: rslave}}\n"},
		"short mount":         {"container-mount-propagation-shared", head + "    volumes: [\"/x:/y:ro,rshared\"]\n", head + "    volumes: [\"/x:/y:ro,rslave\"]\n"},
		"merged":              {"container-privileged", "x-a: &a\n  privileged: true\nservices:\n  web:\n    <<: *a\n    image: a:1\n", "x-a: &a\n  privileged: true\nservices:\n  web:\n    <<: *a\n    image: a:1\n    privileged: false\n"},
		"an alias":            {"container-privileged", "x-a: &a true\nservices: {web: {image: a:1, privileged: *a}, other: {image: b:1, read_only: *a}}\n", "x-a: &a true\nservices: {web: {image: a:1, privileged: false}, other: {image: b:1, read_only: *a}}\n"},
		"several documents":   {"container-host-pid", head + "---\nservices:\n  web:\n    pid: host\n    uts: host\n", head + "---\nservices:\n  web:\n    uts: host\n"},
		"parts in parts":      {"container-log-may-drop", head + "    logging:\n      options:\n        mode: non-blocking\n    pid: host\n", head + "    pid: host\n"},
		"tabs in comments":    {"container-host-pid", head + "    pid: host\t# x\n    #\ty\n    uts: host\n", head + "    #\ty\n    uts: host\n"},
	} {
		after, out := mend(t, c.before, c.rules)
		if name == "text for a list" {
			after = strings.ReplaceAll(after, ", /run", "")
		}
		if after != c.after {
			t.Errorf("%s: %+v\n%s----\n%s----\n%s", name, out.Left, c.before, after, c.after)
		}
	}
}

// TestLeft is what is not changed, and why.
func TestLeft(t *testing.T) {
	for why, c := range map[string]struct{ rule, text string }{
		"its value comes from a variable: ${P:-true}":                  {"container-privileged", "services: {web: {image: a:1, privileged: \"${P:-true}\"}}"},
		"others refer to its value by the anchor &p":                   {"container-privileged", "services: {web: {image: a:1, privileged: &p true}, b: {image: b:1, read_only: *p}}"},
		"it would change service b, too":                               {"container-host-pid", "x-a: &a {pid: host, uts: host}\nservices: {web: {<<: *a, image: a:1}, b: {<<: *a, image: b:1}}"},
		"two mounts would be at /tmp":                                  {"container-rootfs-writable", "services: {web: {image: a:1, volumes: [\"/x:/tmp\"]}}"},
		"which version is to run is not in the file":                   {"container-image-unpinned", "services: {web: {image: a}}"},
		"it is written in a form that is not edited":                   {"container-no-pids-limit", "services:\n  web:\n    image: a:1\n    command: a\n     b\n"},
		"only services of Compose files are changed":                   {"volume-binds-host-path", "services: {web: {image: a:1, volumes: [\"v:/v\"]}}\nvolumes: {v: {driver_opts: {type: none, o: bind, device: /etc}}}"},
		"the files have nothing at the service that the fix takes out": {"container-host-pid", "services: {web: {extends: {service: base}}, base: {image: a:1, pid: host}}"},
	} {
		job := jobOf(composefile.File{Name: filepath.Join(t.TempDir(), "compose.yaml"), Content: []byte(c.text)})
		judge := job.Judge
		job.Judge = func(p *composefile.Project, only []*rule.Rule) []rule.Result {
			if only == nil {
				only = rules.Book().Rules()
			}
			return judge(p, only)
		}
		job.Wanted = func(x *rule.Result) bool {
			return x.Rule == c.rule && x.Subject.Service != "b" && x.Subject.Service != "base"
		}
		out, err := fix.Run(t.Context(), job)
		if err != nil {
			t.Errorf("%s: %v", why, err)
			continue
		}
		if len(out.Left) != 1 || !strings.Contains(out.Left[0].Why, why) || out.Changed() {
			t.Errorf("%s: %+v\n%s", why, out.Left, out.Files[0].Content)
		}
	}
}

// TestSafe: without a word, only what no program can notice is changed.
func TestSafe(t *testing.T) {
	const text = "services:\n  web:\n    image: a:1\n    user: \"1000\"\n    security_opt: [\"no-new-privileges:true\"]\n  root:\n    image: b:1\n"
	job := jobOf(composefile.File{Name: filepath.Join(t.TempDir(), "compose.yaml"), Content: []byte(text)})
	job.Risky = false
	out, err := fix.Run(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(text, "  root:", "    cap_drop:\n      - ALL\n  root:", 1)
	if got := string(out.Files[0].Content); got != want {
		t.Errorf("%s", got)
	}
	for _, l := range out.Left {
		if l.Risky && l.Why == "" {
			t.Errorf("%s: nothing on what may break", l.Result.Rule)
		}
	}
}

// TestOverride: what is set in a file that overrides is changed there.
func TestOverride(t *testing.T) {
	dir := t.TempDir()
	job := jobOf(
		composefile.File{Name: filepath.Join(dir, "compose.yaml"), Content: []byte("services:\n  web:\n    image: a:1\n    privileged: false\n    volumes: [\"/:/a\"]\n")},
		composefile.File{Name: filepath.Join(dir, "override.yaml"), Content: []byte("services:\n  web:\n    privileged: true\n    volumes: [\"/etc:/b\", \"/x:/x\"]\n")},
	)
	job.Wanted = func(x *rule.Result) bool {
		return x.Rule == "container-privileged" || x.Rule == "container-sensitive-mount"
	}
	out, err := fix.Run(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	got := string(out.Files[0].Content) + string(out.Files[1].Content)
	if want := "services:\n  web:\n    image: a:1\n    privileged: false\nservices:\n  web:\n    privileged: false\n    volumes: [\"/x:/x\"]\n"; got != want {
		t.Errorf("%+v\n%s", out.Left, got)
	}
}

// FuzzFix: whatever a file holds, it is refused, or the result loads and a second time
// nothing changes.
func FuzzFix(f *testing.F) {
	for _, text := range []string{
		"services: {web: {image: nginx, privileged: true, ports: [\"80:80\"], volumes: [/etc:/b]}}",
		"services:\n  web:\n    image: ${X}\n    pid: host # x\n    cap_add:\n    - SYS_ADMIN\n\n    - CHOWN",
		"x: &x {privileged: true, cap_add: [ALL]}\nservices: {web: {<<: *x, image: a}, b: {<<: [*x], image: b}}",
		"services:\r\n  web:\r\n    image: a\r\n    security_opt:\r\n      - seccomp:unconfined\r\n    logging: {driver: none}\r\n",
		"services:\n  a:\n    extends: {service: b}\n  b:\n    image: c\n    command: |\n      x\n    ports:\n      - target: 80\n        published: 80\n    tmpfs: /tmp:exec\n    read_only: true\n",
		"services:\n  a: &a\n    image: !!str x\n    ipc: \"host\"\n    logging:\n      options:\n        mode: 'non-blocking'\n  b: *a\n---\nservices: {a: {uts: host}}",
	} {
		f.Add(text)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		job := jobOf(composefile.File{Name: filepath.Join(dir, "compose.yaml"), Content: []byte(text)})
		if _, err := job.Load(t.Context(), job.Files); err != nil {
			return
		}
		out, err := fix.Run(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		if out.Changed() == bytes.Equal(out.Files[0].Content, []byte(text)) {
			t.Fatalf("%d findings are mended, and the file is\n%q", len(out.Done), out.Files[0].Content)
		}
		if _, err := job.Load(t.Context(), out.Files); err != nil {
			t.Fatalf("%v\n%s", err, out.Files[0].Content)
		}
		job.Files = out.Files
		again, err := fix.Run(t.Context(), job)
		if err != nil || again.Changed() {
			t.Fatalf("a second time: %v, %+v\n%s\n----\n%s", err, again.Done, out.Files[0].Content, again.Files[0].Content)
		}
	})
}
