package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"seawall/attack/steps"
	"seawall/lab/recorded"
	"seawall/lang"
	"seawall/report"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules"
	"seawall/snapshot"
	"seawall/trial"
)

// allowed are English sentences in Japanese output that are right there.
var allowed = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`no such file or directory|operation not permitted|invalid syntax|connection refused`), "the words of the operating system and of Go"},
	{regexp.MustCompile(`(?m)^\s*((docker run|shell): )?(sudo|seawall|docker|dockerd|apt-get|Delegate=\w+) .*$| # .*$`), "commands and lines of files, with their comments, are shown as they are typed"},
	{regexp.MustCompile(`__user pointer sanitization.*`), "the words of the kernel"},
	{regexp.MustCompile(`Docker docs: .*`), "titles of pages"},
	{regexp.MustCompile(`(yaml: |did not find expected|no build stage).*`), "the words of parsers"},
	{regexp.MustCompile(`(?m)^.*(CVE records|commits of moby/moby|copies of release notes|Debian archive|linux_kernel_cves|Ubuntu CVE tracker).*$`), "the record of where data comes from"},
	{regexp.MustCompile(`(?m)^(pass|fail|unknown|not-applicable|waived),.*$`), "CSV has evidence as it was read"},
	{regexp.MustCompile(`確認内容: .*`), "evidence is shown as it was read"},
	{regexp.MustCompile(`(?m)^\s*(seen|見|確認|根拠)[^:：]*[:：].*$`), "evidence is shown as it was read"},
}

// evidence and code: what is quoted, or stands in a block of code, in a link or in a tag.
var quotedParts = []*regexp.Regexp{
	regexp.MustCompile("(?s)```.*?```"), regexp.MustCompile("`[^`\n]*`"), regexp.MustCompile(`"[^"\n]*"`), regexp.MustCompile(`'[^'\n]*'`),
	regexp.MustCompile(`https?://\S+`),
}

// sentence are four words of English one after the other.
var sentence = regexp.MustCompile(`\b[a-z]{2,}(?: [a-z]{1,}){2,} [a-z]{2,}\b`)

// left are the lines of an output in which English is left, without those that are allowed.
func left(output string) []string {
	for _, a := range allowed {
		output = a.pattern.ReplaceAllString(output, "")
	}
	for _, q := range quotedParts {
		output = q.ReplaceAllString(output, "¶")
	}
	var out []string
	for line := range strings.Lines(output) {
		if sentence.MatchString(line) {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return slices.Compact(out)
}

// TestJapaneseIsWhole: in Japanese no command, mistake or report for people says a sentence
// in English.
func TestJapaneseIsWhole(t *testing.T) {
	t.Cleanup(func() { lang.Set(lang.English, nil) })
	dir := t.TempDir()
	for name, s := range japaneseSnapshots(t) {
		if err := saveTo(filepath.Join(dir, name), s); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range japaneseFiles {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	seen := map[string]bool{}
	for _, line := range japaneseCommands(t) {
		output := inJapanese(line)
		if strings.TrimSpace(output) == "" {
			t.Errorf("%s: no output", strings.Join(line, " "))
		}
		var fresh []string
		for _, l := range left(output) {
			if !seen[l] {
				seen[l] = true
				fresh = append(fresh, l)
			}
		}
		if more := len(fresh) - 8; more > 0 {
			fresh = append(fresh[:8], "…")
		}
		if len(fresh) > 0 {
			t.Errorf("%s:\n  %s", strings.Join(line, " "), strings.Join(fresh, "\n  "))
		}
	}
}

// TestEnglishIsNoticed: what the test before looks for it finds.
func TestEnglishIsNoticed(t *testing.T) {
	for text, want := range map[string]int{
		"このルールは the engine listens on a port を示す":            1,
		"seawall: cannot read it: no such file or directory": 0,
		"コンテナwebのソケット `docker run that is code` です":          0,
		"the first line of it\n二行目":                          1,
	} {
		if got := len(left(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}

func inJapanese(args []string) string {
	var out bytes.Buffer
	env := map[string]string{"LANG": "ja_JP.UTF-8", "HOME": "/nonexistent", "SEAWALL_DATA_DIR": "/nonexistent"}
	Main(Env{
		Args: append([]string{"seawall"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Getenv: func(name string) string { return env[name] },
	})
	return out.String()
}

// japaneseCommands are those that are tried: the help of all, reports of all kinds for
// people, and mistakes.
func japaneseCommands(t *testing.T) [][]string {
	var out [][]string
	eachCommand(testApp().root(), func(c *cobra.Command) {
		out = append(out, append(strings.Fields(c.CommandPath())[1:], "--help"))
	})
	run := func(lines ...string) {
		for _, line := range lines {
			out = append(out, strings.Fields(line))
		}
	}
	for _, file := range []string{"bad.json", "paths.json", "hidden.json", "shop.json", "debian.json"} {
		run("audit "+file, "audit --verbose "+file, "audit --profile cis-1.8 "+file, "paths "+file, "paths --verbose "+file, "updates --verbose "+file)
		for _, format := range report.OutputNames() {
			if !slices.Contains([]string{"text", "json", "sarif", "oscal", "html"}, format) {
				run("audit --format " + format + " " + file)
			}
		}
		for _, format := range report.PathsOutputNames() {
			if slices.Contains([]string{"markdown", "mermaid", "dot"}, format) {
				run("paths --format " + format + " " + file)
			}
		}
	}
	run("reach shop.json", "reach --verbose shop.json", "reach --from internet --to api shop.json", "reach bad.json",
		"diff bad.json paths.json", "diff --verbose paths.json bad.json", "diff compose.yaml ran.json", "diff --verbose compose.yaml ran.json",
		"audit compose.yaml", "audit --verbose compose.yaml", "audit compose.yaml --fix --dry-run", "audit compose.yaml --fix=all --dry-run",
		"audit Dockerfile", "audit daemon.json", "paths compose.yaml", "audit run -- docker run --privileged nginx",
		"advise ci --snapshot bad.json", "advise shop-web-1 --snapshot ran.json --format run",
		"rules", "rules --profile cis-1.8", "rules check rules.yaml", "data status", "version",
		"audit --baseline bad.json bad.json", "audit --waivers waivers.yaml bad.json")
	for _, r := range rules.Book().Rules() {
		run("explain " + r.ID)
	}
	for _, s := range steps.All().Steps() {
		run("explain " + s.ID)
	}
	run("frobnicate", "audit --nothing", "audit --format", "audit --deep=some", "audit --rule nothing bad.json", "audit --profile x bad.json",
		"audit --severity x bad.json", "audit --format x bad.json", "audit -o x=y bad.json", "audit -o a -o b bad.json", "audit --deep bad.json",
		"audit --lists bad.json", "audit --probe bad.json", "audit nothing.json", "audit compose.yaml nothing", "audit --fix", "audit --dry-run",
		"audit --image x y", "audit --image nothing.tar", "audit broken.yaml", "audit brokendaemon.json", "audit Dockerfile.broken",
		"audit --host a --context b", "audit --context none", "audit --host x://y", "audit --host tcp://127.0.0.1:1", "audit --host unix:///nonexistent/docker.sock",
		"audit run -- docker run --mount x nginx", "audit run -- docker run", "audit run -- ls", "audit run -- docker run --device x nginx",
		"explain", "explain nothing", "explain container-priviledged", "paths --fail-on x", "paths --weight x", "paths --from nobody bad.json", "paths --what-if x bad.json",
		"paths --prove=x", "paths --prove bad.json", "reach --from nobody shop.json", "reach --format x", "observe --for -1s", "observe --format x", "observe --hook x",
		"advise", "advise --format x web", "advise compose.yaml", "advise nobody --snapshot bad.json", "advise a b --seccomp-profile x",
		"advise web --yes", "advise a b --verify", "advise web --verify --snapshot bad.json", "diff bad.json", "diff bad.json nothing.json", "diff x.txt y.txt",
		"data update --from nothing", "data export", "data frobnicate", "rules check nothing.yaml", "rules check waivers.yaml", "rules --format x",
		"audit --waivers rules.yaml bad.json", "audit --observation nothing bad.json", "audit --baseline compose.yaml bad.json", "snapshot x")
	return out
}

// japaneseFiles are files that commands are about, by name.
var japaneseFiles = map[string]string{
	"compose.yaml": `name: shop
services:
  web:
    image: nginx:1.27
    privileged: true
    logging: {driver: none}
    volumes: ["/var/run/docker.sock:/var/run/docker.sock", "/etc:/host"]
    ports: ["8080:80"]
  db:
    image: postgres:${VERSION}
    read_only: true
`,
	"broken.yaml":       "services:\n  web: [\n",
	"brokendaemon.json": "{\"icc\": 1}",
	"daemon.json":       "{\"hosts\": [\"tcp://0.0.0.0:2375\"], \"icc\": true}",
	"Dockerfile":        "FROM debian:latest\nRUN curl http://example.com/x | sh\nENV PASSWORD=hunter2\n",
	"Dockerfile.broken": "RUN true\n",
	"waivers.yaml":      "waivers:\n  - rule: engine-socket-mounted\n    reason: 理由\n    until: 2020-01-31\n",
	"rules.yaml":        "rules:\n  - id: Bad\n    title: x\n    fail: 'container.nothing'\n    subjct: container\n",
}

// japaneseSnapshots are those that commands are about, by name.
func japaneseSnapshots(t *testing.T) map[string]*snapshot.Snapshot {
	t.Helper()
	out := map[string]*snapshot.Snapshot{
		"shop.json":   recorded.Snapshot(t, "../reach/matrix/testdata/shop.json.gz"),
		"debian.json": recorded.Snapshot(t, "../rules/testdata/hosts/debian.json.gz"),
	}
	for name, ex := range map[string]rule.Example{
		"bad.json":    {Run: "docker run -d --name ci -v /var/run/docker.sock:/var/run/docker.sock ci/agent"},
		"paths.json":  {Run: "docker run -d --name ci --privileged ci/agent"},
		"ran.json":    {Run: "docker run --name shop-web-1 --label com.docker.compose.project=shop --label com.docker.compose.service=web --network shop_default -v /etc:/host -p 127.0.0.1:8080:80 nginx:1.27"},
		"hidden.json": {Facts: example.Engine(hide)},
	} {
		s, err := trial.Load(ex)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = s
	}
	return out
}

// hide makes facts of an engine unknown.
func hide(e *snapshot.Engine) {
	listeners, _ := e.Listeners.Peek()
	gap := snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: "not permitted", Remedy: "run as root"}
	listeners[0].Socket.Blind(gap)
	e.Settings.ICC.Blind(gap)
	e.Networks.Blind(gap)
}

func saveTo(name string, s *snapshot.Snapshot) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := s.Encode(file); err != nil {
		return err
	}
	return file.Close()
}
