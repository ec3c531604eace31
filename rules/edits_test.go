package rules_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/shell"

	"seawall/fix"
	"seawall/rule"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/source/composefile"
	"seawall/trial"
)

// notAsFile are bad examples that cannot be written as a Compose file, or that no edit
// mends, and why.
var notAsFile = map[string]string{
	"container-in-engine-group 2":           "the group is that of user, of which the number is the workload's",
	"container-in-host-userns 1":            "the engine remaps nobody",
	"container-in-host-userns 3":            "the engine remaps nobody",
	"container-on-default-bridge 1":         "Compose makes a network for each project",
	"container-net-raw-on-shared-bridge 2":  "Compose makes a network for each project",
	"container-new-privileges-allowed 3":    "a process that runs has what it was started with",
	"port-published-on-all-interfaces 4":    "Compose makes a network for each project",
	"container-apparmor-off 2":              "a process that runs has what it was started with",
	"container-apparmor-off 3":              "the engine applies no profile",
	"container-seccomp-off 2":               "the engine's own profile filters nothing",
	"container-seccomp-off 3":               "a process that runs has what it was started with",
	"container-sensitive-mount 12":          "only the kernel shows the mount",
	"container-joins-namespace 1":           "on one network with the other it could forge packets, which weighs more",
	"container-selinux-off 3":               "the engine does not label",
	"container-selinux-off 4":               "a process that runs has what it was started with",
	"container-without-selinux 2":           "SELinux only reports",
	"container-host-cgroupns 2":             "the engine's default",
	"container-default-capabilities-kept 3": "a process that runs has what it was started with",
}

// TestEdits makes Compose files of the bad examples of rules about containers. With all
// edits the rule passes, nothing else fails that did not, and whatever is not concerned
// is the same, byte for byte.
func TestEdits(t *testing.T) {
	for _, r := range rules.Book().Rules() {
		if r.Kind() != rule.KindContainer || len(r.Fix.Edits.Do) == 0 {
			continue
		}
		t.Run(r.ID, func(t *testing.T) {
			tried := 0
			for i, ex := range r.Bad {
				name := fmt.Sprintf("%s %d", r.ID, i+1)
				if _, not := notAsFile[name]; not || ex.Run == "" {
					continue
				}
				testEdit(t, r, name, ex, "\n")
				if tried++; tried == 1 {
					testEdit(t, r, name, ex, "\r\n")
				}
			}
			if tried == 0 {
				t.Error("no example shows that the edits mend anything")
			}
		})
	}
}

func testEdit(t *testing.T, r *rule.Rule, name string, ex rule.Example, newline string) {
	text := strings.ReplaceAll(composeOf(t, ex.Run), "\n", newline)
	job := jobOf(t, r, ex, text)
	before, err := job.Load(t.Context(), job.Files)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	if len(before.Warnings) > 0 {
		t.Fatalf("%s: %v\n%s", name, before.Warnings, text)
	}
	failed := func(results []rule.Result) int {
		n := 0
		for _, x := range results {
			if x.Verdict == rule.Failed && x.Rule == r.ID {
				n++
			}
		}
		return n
	}
	if failed(job.Judge(before, []*rule.Rule{r})) == 0 {
		t.Errorf("%s: as a Compose file it does not fail:\n%s", name, text)
		return
	}
	out, err := fix.Run(t.Context(), job)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	was := map[string]rule.Verdict{}
	for _, x := range job.Judge(before, nil) {
		was[x.Rule+x.Subject.Name] = x.Verdict
	}
	now, err := job.Load(t.Context(), out.Files)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, x := range job.Judge(now, nil) {
		v, had := was[x.Rule+x.Subject.Name]
		if had = had || x.Subject.Kind == rule.KindContainer; !had {
			continue // a network that Compose makes for the service now
		}
		if x.Verdict == rule.Failed && v != rule.Failed && v != rule.NotApplicable && x.Severity >= r.Severity {
			t.Errorf("%s: now %s fails: %s", name, x.Rule, x.Message)
		}
	}
	for _, l := range out.Left {
		t.Errorf("%s: left: %s: %s", name, l.Result.Subject.Name, l.Why)
	}
	after := string(out.Files[0].Content)
	if t.Failed() {
		t.Logf("%s\n%s----\n%s", name, text, after)
		return
	}
	untouched(t, text, after, newline)
	job.Files = out.Files
	if again, err := fix.Run(t.Context(), job); err != nil || again.Changed() {
		t.Errorf("%s: a second time it changes more: %v\n%s", name, err, after)
	}
}

// jobOf is to make all edits of a rule in the Compose file of an example.
func jobOf(t *testing.T, r *rule.Rule, ex rule.Example, text string) fix.Job {
	return fix.Job{
		Files: []composefile.File{{Name: "/srv/shop/compose.yaml", Content: []byte(text)}},
		Load: func(ctx context.Context, files []composefile.File) (*composefile.Project, error) {
			return composefile.Load(ctx, files, composefile.Options{})
		},
		Judge: func(p *composefile.Project, only []*rule.Rule) []rule.Result {
			if only == nil {
				only = rules.Book().Rules()
			}
			return rule.Evaluate(onTrial(t, p, ex.Facts), only)
		},
		Rule:   rules.Book().Lookup,
		Wanted: func(x *rule.Result) bool { return r != nil && x.Rule == r.ID && x.Subject.Service != "other" },
		Risky:  true,
	}
}

// onTrial lays what a project declares on a well-configured host.
func onTrial(t *testing.T, p *composefile.Project, facts func(*snapshot.Snapshot)) *snapshot.Snapshot {
	s, err := trial.Load(rule.Example{})
	if err != nil {
		t.Fatal(err)
	}
	e := &s.Engines[0]
	networks, _ := e.Networks.Peek()
	volumes, _ := e.Volumes.Peek()
	e.Containers = snapshot.See(slices.Clone(p.Containers), e.Containers.Origin())
	networks = append(slices.Clone(networks), p.Networks...)
	for i := range networks {
		var on []string
		for _, c := range p.Containers {
			endpoints, _ := c.Networks.Peek()
			if slices.ContainsFunc(endpoints, func(e snapshot.Endpoint) bool { return e.Network == networks[i].Name }) {
				on = append(on, c.Name)
			}
		}
		networks[i].Containers = snapshot.See(on, networks[i].Containers.Origin())
	}
	e.Networks = snapshot.See(networks, e.Networks.Origin())
	e.Volumes = snapshot.See(append(slices.Clone(volumes), p.Volumes...), e.Volumes.Origin())
	if facts != nil {
		facts(s)
	}
	return s
}

// The lines of a file that nothing may change.
const (
	composeHead = "# A shop.\nx-common: &common\n  labels: {team: 'web'}   # quoted\n\nservices:\n"
	composeFoot = "\n  # The end.\n  other:\n    <<: *common\n    image: \"nginx:1.27\"\n    network_mode: none\n    command:\n      - sh\n\n      - -c\n      - |\n        # no comment\n        exec nginx\n\nvolumes:\n"
)

// untouched checks that comments and the parts around the examples' services are there,
// as they were.
func untouched(t *testing.T, before, after, newline string) {
	t.Helper()
	at := strings.ReplaceAll
	if !strings.HasPrefix(after, at(composeHead, "\n", newline)) || !strings.Contains(after, at(composeFoot, "\n", newline)) {
		t.Errorf("what is not concerned was changed:\n%s----\n%s", before, after)
	}
	if newline == "\r\n" && strings.Count(after, "\n") != strings.Count(after, newline) {
		t.Errorf("ends of lines differ:\n%q", after)
	}
	for line := range strings.Lines(before) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") && strings.Count(after, line) != strings.Count(before, line) {
			t.Errorf("comment %q is not there any more:\n%s", line, after)
		}
	}
}

// composeOf is the Compose file of docker run lines.
func composeOf(t *testing.T, run string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(composeHead)
	volumes, networks := map[string]string{}, map[string]bool{}
	for i, line := range strings.Split(strings.ReplaceAll(run, "\\\n", " "), "\n") {
		s := runService(t, line, volumes, networks)
		if s.name == "" {
			s.name = fmt.Sprintf("s%d", i)
		}
		fmt.Fprintf(&b, "  # Service %s.\n  %s:\n    container_name: the-%s   # its name\n", s.name, s.name, s.name)
		for _, key := range s.order {
			if value, single := s.single[key]; single {
				fmt.Fprintf(&b, "    %s: %s\n", key, value)
				continue
			}
			fmt.Fprintf(&b, "    %s:\n", key)
			for _, element := range s.lists[key] {
				fmt.Fprintf(&b, "      # about the next\n      - %s  # this\n", element)
			}
			b.WriteString("\n")
		}
	}
	b.WriteString(composeFoot)
	for name, options := range volumes {
		fmt.Fprintf(&b, "  %s: %s\n", name, options)
	}
	if len(volumes) == 0 {
		b.WriteString("  none: {}\n")
	}
	if len(networks) > 0 {
		b.WriteString("networks:\n")
	}
	for name := range networks {
		fmt.Fprintf(&b, "  %s: {name: %s}\n", name, name)
	}
	return b.String()
}

// service is what a docker run line says, as parts of a service.
type service struct {
	name   string
	order  []string
	single map[string]string
	lists  map[string][]string
}

func (s *service) set(key, value string) {
	if s.single[key] == "" && s.lists[key] == nil {
		s.order = append(s.order, key)
	}
	s.single[key] = value
}

func (s *service) add(key, value string) {
	if s.lists[key] == nil {
		s.order = append(s.order, key)
	}
	s.lists[key] = append(s.lists[key], "'"+value+"'")
}

// runFlags are options of docker run by the part of a service that says the same; those
// that end with * are lists.
var runFlags = map[string]string{
	"--privileged": "privileged", "--cap-add": "cap_add*", "--cap-drop": "cap_drop*", "--security-opt": "security_opt*", "-v": "volumes*",
	"--volumes-from": "volumes_from*", "--pid": "pid", "--ipc": "ipc", "--uts": "uts", "--userns": "userns_mode", "--cgroupns": "cgroup", "--device": "devices*",
	"--device-cgroup-rule": "device_cgroup_rules*", "--gpus": "gpus", "--read-only": "read_only", "--tmpfs": "tmpfs*", "-p": "ports*", "--memory": "mem_limit",
	"--memory-swap": "memswap_limit", "--pids-limit": "pids_limit", "--cpus": "cpus", "--restart": "restart", "--sysctl": "sysctls*", "-e": "environment*",
	"--user": "user", "--group-add": "group_add*", "--oom-score-adj": "oom_score_adj", "--oom-kill-disable": "oom_kill_disable", "--cgroup-parent": "cgroup_parent",
	"--link": "external_links*", "--label": "labels*", "--cpu-shares": "cpu_shares",
}

func runService(t *testing.T, line string, volumes map[string]string, networks map[string]bool) *service {
	t.Helper()
	words, err := shell.Fields(line, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &service{single: map[string]string{}, lists: map[string][]string{}}
	words = words[2:]
	for len(words) > 0 && strings.HasPrefix(words[0], "-") {
		flag, value, has := strings.Cut(words[0], "=")
		words = words[1:]
		switch {
		case has:
		case flag == "--privileged" || flag == "--read-only" || flag == "--oom-kill-disable" || flag == "-d":
			value = "true"
		default:
			value, words = words[0], words[1:]
		}
		s.flag(t, flag, value, volumes, networks)
	}
	s.set("image", words[0])
	for _, word := range words[1:] {
		s.add("command", word)
	}
	return s
}

func (s *service) flag(t *testing.T, flag, value string, volumes map[string]string, networks map[string]bool) {
	value = strings.Replace(value, "container:", "service:", 1)
	switch flag {
	case "--name":
		s.name = value
	case "--network":
		if value == "host" || value == "none" || value == "bridge" || strings.HasPrefix(value, "service:") {
			s.set("network_mode", value)
			return
		}
		networks[value] = true
		s.add("networks", value)
	case "--log-driver":
		s.set("logging", "{driver: "+value+"}")
	case "--log-opt":
		key, v, _ := strings.Cut(value, "=")
		driver := strings.TrimSuffix(strings.TrimPrefix(s.single["logging"], "{"), "}")
		s.set("logging", "{"+driver+", options: {"+key+": \""+v+"\"}}")
		if driver == "" {
			s.set("logging", "{options: {"+key+": \""+v+"\"}}")
		}
	case "--mount":
		s.mount(value, volumes)
	default:
		key := runFlags[flag]
		if key == "" {
			t.Fatalf("option %s has no part of a service here", flag)
		}
		if source, _, _ := strings.Cut(value, ":"); flag == "-v" && !strings.HasPrefix(source, "/") {
			volumes[source] = "{name: " + source + "}"
		}
		if flag == "--link" {
			s.set("network_mode", "bridge") // others have no such links
		}
		if list, is := strings.CutSuffix(key, "*"); is {
			s.add(list, value)
			return
		}
		if key == "pid" || key == "user" || key == "cgroup_parent" || key == "restart" {
			value = `"` + value + `"`
		}
		s.set(key, value)
	}
}

// mount is a bind or a volume that is one.
func (s *service) mount(value string, volumes map[string]string) {
	f := map[string]string{}
	for part := range strings.SplitSeq(value, ",") {
		key, v, _ := strings.Cut(part, "=")
		if key == "volume-opt" {
			key, v, _ = strings.Cut(v, "=")
			key = "opt." + key
		}
		f[key] = v
	}
	if s.lists["volumes"] == nil {
		s.order = append(s.order, "volumes")
	}
	if f["type"] == "volume" {
		volumes[f["src"]] = fmt.Sprintf("{name: %s, driver: local, driver_opts: {type: %s, o: %s, device: %s}}", f["src"], f["opt.type"], f["opt.o"], f["opt.device"])
		s.lists["volumes"] = append(s.lists["volumes"], fmt.Sprintf("{type: volume, source: %s, target: %s}", f["src"], f["dst"]))
		return
	}
	s.lists["volumes"] = append(s.lists["volumes"], fmt.Sprintf("{type: bind, source: %s, target: %s, bind: {propagation: %s}}", f["src"], f["dst"], f["bind-propagation"]))
}

// TestEditsTogether mends files with all that can be declared, by all rules at once: what
// is left has a reason that the rule knows, and a second time nothing changes.
func TestEditsTogether(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 3 {
		text := services(r, 40)
		job := jobOf(t, nil, rule.Example{}, text)
		job.Wanted = func(x *rule.Result) bool { return x.Subject.Kind == rule.KindContainer }
		out, err := fix.Run(t.Context(), job)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Done) < 40 {
			t.Errorf("%d findings are mended", len(out.Done))
		}
		for _, l := range out.Left {
			of, err := rules.Book().Lookup(l.Result.Rule)
			if err != nil {
				t.Fatal(err)
			}
			why := slices.ContainsFunc([]string{"the rule would fail all the same: ", "it comes from elsewhere", " would fail of "}, func(part string) bool {
				return strings.Contains(l.Why, part)
			})
			if of.Fix.Edits.Not == "" && !why {
				t.Errorf("%s of %s: %s\n%s", l.Result.Rule, l.Result.Subject.Name, l.Why, serviceText(text, l.Result.Subject.Name))
			}
		}
		job.Files = out.Files
		if again, err := fix.Run(t.Context(), job); err != nil || again.Changed() {
			t.Errorf("a second time it changes more: %v", err)
		}
	}
}
