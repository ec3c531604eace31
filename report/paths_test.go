package report_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"seawall/attack"
	"seawall/attack/steps"
	"seawall/attack/steptest"
	"seawall/report"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// told are the steps that the samples are told by: others do not change them.
var told = []string{
	"image-runs-as-root", "privileged-container", "cap-sys-module", "engine-socket-group", "engine-api-over-network", "engine-starts-privileged-container",
	"engine-enters-container", "service-breached", "client-plugin-directory-writable", "client-credentials-readable", "client-context", "sudo-docker",
}

// toldBook is the book of the samples' steps.
func toldBook(t testing.TB) *attack.Book {
	t.Helper()
	var list []*attack.Step
	for _, id := range told {
		s := steps.All().Lookup(id)
		if s == nil {
			t.Fatalf("there is no step %s", id)
		}
		list = append(list, s)
	}
	return attack.MustBook(list...)
}

// pathSamples are the hosts of the samples: what is on them, and what of them
// could not be read.
var pathSamples = map[string]rule.Example{
	"clean": {Run: "docker run -d --name web --user 1000 nginx"},
	"bad": {
		Run:      "docker run -d --name ci --privileged ci/agent:2\ndocker run -d --name db --user 999 postgres:17",
		Firewall: "iptables -P INPUT ACCEPT",
		Facts: example.Together(
			example.Running(
				example.Container{Name: "web", Network: "bridge", IPv4: "172.17.0.2", Ports: []snapshot.Port{{HostIP: "0.0.0.0", HostPort: "80", Port: 80, Protocol: "tcp"}}},
				example.Container{Name: "node-exporter", Network: "host"},
			),
			example.Engine(openAPI("0.0.0.0:2375")),
			example.Host(members("docker", "alice")),
			example.Client(func(c *snapshot.Client) {
				example.Set(&c.Config, snapshot.ClientConfig{ClearCredentials: []string{"registry.example"}})
				example.Set(&c.Files, []snapshot.File{example.File(snapshot.RoleConfig, "/root/.docker/config.json", "file", 0o644)})
			}),
		),
	},
	"unknown": {
		Run: "docker run -d --name ci --privileged ci/agent:2\ndocker run -d --name web nginx",
		Facts: example.Together(
			example.Engine(openAPI("127.0.0.1:2375")),
			func(s *snapshot.Snapshot) {
				denied := func(what string) snapshot.Gap {
					return snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "open " + what + ": permission denied", Remedy: "run as root"}
				}
				e := &s.Engines[0]
				containers, _ := e.Containers.Peek()
				containers[0].Privileged.Blind(denied("/proc/4711/status"))
				listeners, _ := e.Listeners.Peek()
				listeners[0].Socket.Blind(denied("/run/docker.sock"))
				s.Net[0].Stack.Blind(denied("/proc/1/ns/net"))
				s.Clients.Blind(denied("/home"))
			},
		),
	},
	"many": {Run: runs(12, "docker run -d --name worker-%02d --privileged ci/agent:2") + runs(9, "docker run -d --name probe-%02d --cap-add SYS_MODULE probe") + runs(3, "docker run -d --name own-%02d --user 1000 app/%[1]d")},
}

// runs repeats a command with numbers from 1.
func runs(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+"\n", i+1)
	}
	return b.String()
}

// openAPI adds a TCP listener that obeys anyone.
func openAPI(address string) func(*snapshot.Engine) {
	return func(e *snapshot.Engine) {
		l := trial.TCPListener(address)
		example.Set(&l.Handshake, snapshot.Handshake{Plaintext: true, Anonymous: true})
		example.Add(&e.Listeners, l)
	}
}

// members puts an account into a group.
func members(group, name string) func(*snapshot.Host) {
	return func(h *snapshot.Host) {
		users, _ := h.Users.Peek()
		for i := range users {
			if users[i].Name == name {
				users[i].Groups = append(users[i].Groups, group)
			}
		}
		empty, _ := h.EmptyGroups.Peek()
		example.Set(&h.EmptyGroups, slices.DeleteFunc(empty, func(g string) bool { return g == group }))
	}
}

// pathsOf answers a question about an example by a book.
func pathsOf(t testing.TB, ex rule.Example, b *attack.Book, q attack.Question) *report.Paths {
	t.Helper()
	s, err := trial.Load(ex)
	if err != nil {
		t.Fatal(err)
	}
	if q.Ways == 0 {
		q.Ways = 3
	}
	a, err := steptest.Model(s, b).Answer(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return report.BuildPaths("test", s, a, q.Made)
}

// samplePaths is the answer about a sample.
func samplePaths(t testing.TB, name string) *report.Paths {
	t.Helper()
	return pathsOf(t, pathSamples[name], toldBook(t), attack.Question{})
}

func writePaths(t testing.TB, format string, p *report.Paths, style report.Style) string {
	t.Helper()
	out, err := report.LookupPathsOutput(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := out.Write(&b, p, style); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPathsGolden: a person has read what every format makes of the samples.
func TestPathsGolden(t *testing.T) {
	for name := range pathSamples {
		p := samplePaths(t, name)
		golden(t, "paths/"+name+"-80.golden", writePaths(t, "text", p, report.Style{Width: 80}))
		for _, format := range report.PathsOutputNames() {
			if format != "text" && (name == "bad" || format != "json" && format != "sarif") {
				golden(t, "paths/"+name+"."+format+".golden", writePaths(t, format, p, report.Style{}))
			}
		}
	}
	p := samplePaths(t, "bad")
	golden(t, "paths/bad-120.golden", writePaths(t, "text", p, report.Style{Width: 120}))
	golden(t, "paths/bad-verbose.golden", writePaths(t, "text", p, report.Style{Width: 80, Verbose: true}))
	golden(t, "paths/bad-colour.golden", writePaths(t, "text", p, report.Style{Width: 80, Color: true}))
}

// copied begins lines to be copied.
var copied = regexp.MustCompile(`^ *((docker run|Compose|daemon\.json|shell):|Try a change: |One entry or target: |About a step: )`)

// TestPathsFit: no line is wider than the terminal, but for words that must stay
// whole to be copied, and a host with four faults takes two screens.
func TestPathsFit(t *testing.T) {
	for name := range pathSamples {
		if text := writePaths(t, "text", samplePaths(t, name), report.Style{Width: 80}); strings.Count(text, "\n") > 80 {
			t.Errorf("%s takes more than 80 lines", name)
		}
		for _, width := range []int{60, 80, 120} {
			for _, verbose := range []bool{false, true} {
				for line := range strings.Lines(writePaths(t, "text", samplePaths(t, name), report.Style{Width: width, Verbose: verbose})) {
					line = strings.TrimRight(line, "\n")
					if utf8.RuneCountInString(line) > width && len(strings.Fields(line)) > 3 && !copied.MatchString(line) {
						t.Errorf("%s, width %d: %q", name, width, line)
					}
				}
			}
		}
	}
}

// TestPathsGridOfMany: however many targets there are, entries keep their names, and
// several that reach one only together are a row.
func TestPathsGridOfMany(t *testing.T) {
	p := samplePaths(t, "bad")
	from, with := p.Entries[0], p.Entries[1]
	for i := range 60 {
		id := fmt.Sprintf("secret:many-%d", i)
		p.States = append(p.States, report.PathState{ID: id, Kind: attack.Secret, Name: id})
		p.Targets = append(p.Targets, id)
		p.Pairs = append(p.Pairs, report.PathPair{From: from, With: []string{with}, To: id, Cost: 7})
	}
	text := writePaths(t, "text", p, report.Style{Width: 80, Verbose: true})
	name := func(id string) string {
		i := slices.IndexFunc(p.States, func(s report.PathState) bool { return s.ID == id })
		return p.States[i].Name
	}
	row := regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(name(from)[:20]) + `.*$`)
	sevens := 0
	for _, line := range row.FindAllString(text, -1) {
		if utf8.RuneCountInString(line) > 80 {
			t.Errorf("wider than the terminal: %q", line)
		}
		sevens += strings.Count(line, " 7")
	}
	if sevens != 60 {
		t.Errorf("rows of %q with %q reach %d targets, not 60:\n%.3000s", name(from), name(with), sevens, text)
	}
}
