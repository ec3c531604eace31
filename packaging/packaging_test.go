// Package packaging tests what runs Seawall in other people's CI: each command of it, in a
// repository with a finding and in one without.
package packaging_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"
)

// repository makes a directory with a Compose file.
func repository(t *testing.T, service string) string {
	t.Helper()
	dir := t.TempDir()
	text := "services:\n  web:\n    image: nginx:1.29.3\n" + service
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// script runs lines of shell in a directory, and gives the exit code and the output.
func script(t *testing.T, dir, lines string, env ...string) (int, string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-ec", lines)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	cmd.Env = append(os.Environ(), env...)
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// program builds the program once, and gives the directory that holds it.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "seawall")
	if err != nil {
		return "", err
	}
	built = append(built, dir)
	out, err := exec.Command("go", "build", "-o", dir+"/seawall", "../cmd/seawall").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return dir, err
})

// built are directories to remove in the end.
var built []string

// TestMain removes what was built.
func TestMain(m *testing.M) {
	code := m.Run()
	for _, dir := range built {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// tools is a directory with the program as an install leaves it.
func tools(t *testing.T) string {
	t.Helper()
	dir, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestGitHub: the action's own steps build the program, mark a finding and leave SARIF.
func TestGitHub(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct {
			Steps []struct {
				Run string
				Env map[string]string
			}
		}
	}
	read(t, "github/action.yml", &action)
	here, err := filepath.Abs("github")
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	run := func(dir string) (code int, out string) {
		for _, step := range action.Runs.Steps {
			if step.Run == "" {
				continue
			}
			env := []string{"GITHUB_ACTION_PATH=" + here, "RUNNER_TEMP=" + temp}
			for name, value := range step.Env {
				input := strings.TrimSuffix(strings.TrimPrefix(value, "${{ inputs."), " }}")
				env = append(env, name+"="+action.Inputs[input].Default)
			}
			if code, out = script(t, dir, step.Run, env...); code != 0 {
				return code, out
			}
		}
		return code, out
	}
	bad := repository(t, "    privileged: true\n")
	if code, out := run(bad); code != 1 || !strings.Contains(out, "::error file=compose.yaml,line=4,") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if _, err := os.Stat(filepath.Join(bad, "seawall.sarif")); err != nil {
		t.Error(err)
	}
	if code, out := run(repository(t, quiet)); code != 0 {
		t.Errorf("without a finding: exit code %d\n%s", code, out)
	}
}

// quiet is a service without a finding that fails a job.
const quiet = "    user: '1000'\n    cap_drop: [ALL]\n    security_opt: ['no-new-privileges:true']\n    read_only: true\n"

// TestGitLab: the job's script fails where there is a finding, and leaves a report.
func TestGitLab(t *testing.T) {
	var file struct {
		Variables map[string]string
		Job       struct{ Script []string } `yaml:"seawall"`
	}
	read(t, "gitlab/seawall.yml", &file)
	env := []string{"PATH=" + tools(t) + ":" + os.Getenv("PATH")}
	for name, value := range file.Variables {
		env = append(env, name+"="+value)
	}
	for want, service := range map[int]string{1: "    privileged: true\n", 0: quiet} {
		dir := repository(t, service)
		code, out := script(t, dir, strings.Join(file.Job.Script, "\n"), env...)
		if _, err := os.Stat(filepath.Join(dir, "seawall.xml")); code != want || err != nil {
			t.Errorf("exit code %d, want %d; %v\n%s", code, want, err, out)
		}
	}
}

// TestPreCommit: the hook's command judges the work tree.
func TestPreCommit(t *testing.T) {
	var hooks []struct{ ID, Entry, Files string }
	read(t, "../.pre-commit-hooks.yaml", &hooks)
	if len(hooks) == 0 {
		t.Fatal("there is no hook")
	}
	env := "PATH=" + tools(t) + ":" + os.Getenv("PATH")
	for _, h := range hooks {
		files := regexp.MustCompile(h.Files)
		for name, want := range map[string]bool{"compose.yaml": true, "a/docker-compose.prod.yml": true, "b/Dockerfile.web": true, "daemon.json": true, "README.md": false, "app/main.go": false} {
			if files.MatchString(name) != want {
				t.Errorf("%s: %s matches: %t, want %t", h.ID, name, !want, want)
			}
		}
		for want, service := range map[int]string{1: "    privileged: true\n", 0: quiet} {
			if code, out := script(t, repository(t, service), h.Entry, env); code != want {
				t.Errorf("%s: exit code %d, want %d\n%s", h.ID, code, want, out)
			}
		}
	}
}
