package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"seawall/cli"
)

// TestPagesAreClean: mandoc and man-db have nothing to complain of in any page.
func TestPagesAreClean(t *testing.T) {
	all := pages(cli.Commands(), "1.2.3", "2026-12-01")
	if len(all) < 15 {
		t.Fatalf("only %d pages", len(all))
	}
	dir := t.TempDir()
	var names []string
	for name, text := range all {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, path)
	}
	if out, err := exec.Command("mandoc", append([]string{"-Tlint", "-Wwarning"}, names...)...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("mandoc: %v\n%s", err, out)
	}
	for _, name := range names {
		cmd := exec.Command("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", name)
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80")
		var complaints strings.Builder
		cmd.Stderr = &complaints
		if err := cmd.Run(); err != nil || complaints.Len() > 0 {
			t.Errorf("%s: %v\n%s", filepath.Base(name), err, complaints.String())
		}
	}
}

// TestPage: what people look for is in a page, in the customary order.
func TestPage(t *testing.T) {
	all := pages(cli.Commands(), "1.2.3", "2026-12-01")
	text := string(all["seawall-audit.1"])
	at := 0
	for _, heading := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", `SEE ALSO`} {
		i := strings.Index(text, ".SH "+heading+"\n")
		if i < at {
			t.Errorf("%s is missing, or not in its place", heading)
			continue
		}
		at = i
	}
	for _, want := range []string{
		`seawall\-audit \- judge the engines`, `\fB\-f\fR, \fB\-\-format\fR=\fIstring\fR`, "2 wrong usage or bad input", `\fBseawall\-audit\-run\fR(1)`,
		`\fB\-\-deep\fR[=\fIimages\fR]`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(string(all["seawall-observe.1"]), "hook") {
		t.Error("a hidden flag is told")
	}
}

// TestEscape: text stays what it is, and no line of it is taken for a macro.
func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		".so x": `\&.so x`, "'audit'": `\(aqaudit\(aq`, `a\nb`: `a\enb`, "--deep": `\-\-deep`, "…": `\[u2026]`, "~/.docker": `\(ti/.docker`,
	} {
		if got := escape(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// asked matches variables of the environment that the program reads.
var asked = regexp.MustCompile(`(?:Getenv|getenv)\("([A-Z_]+)"\)`)

// TestEnvironment: every variable that a command reads for its user is in the manual.
func TestEnvironment(t *testing.T) {
	// HOME is every program's; the Docker CLI sets its socket, and GOGC is Go's.
	told := map[string]bool{"HOME": true, "PATH": true, "DOCKER_CLI_PLUGIN_SOCKET": true, "GOGC": true}
	for _, e := range environment {
		told[e.term] = true
	}
	if !told["LC_ALL"] {
		t.Error("the manual says nothing of the locale")
	}
	found := 0
	for _, dir := range []string{"cli", "source", "datafile", "datafetch"} {
		err := filepath.WalkDir("../../"+dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path)
			for _, m := range asked.FindAllStringSubmatch(string(data), -1) {
				found++
				if !told[m[1]] {
					t.Errorf("%s reads %s, of which the manual says nothing", path, m[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 10 {
		t.Errorf("only %d are read: are they found?", found)
	}
}
