// Package seawall_test holds the policies of the repository as tests.
package seawall_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Doc        string
	Imports    []string
	Deps       []string
	GoFiles    []string
}

func (p pkg) is(prefixes ...string) bool {
	name, ours := strings.CutPrefix(p.ImportPath, "seawall/")
	return ours && slices.ContainsFunc(prefixes, func(prefix string) bool {
		return name == prefix || strings.HasPrefix(name, prefix+"/")
	})
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Doc,Imports,Deps,GoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 { // packages of tests only have nothing to import
			list = append(list, p)
		}
	}
}

// TestImportDirection: sources → snapshot → rules → report → cli. Whatever is
// left of an arrow has never heard of what is right of it.
func TestImportDirection(t *testing.T) {
	order := []struct {
		who       []string
		never     []string // packages of ours it must not depend on
		neverElse []string // other packages it must not import
	}{
		{[]string{"parallel"}, []string{"snapshot", "source", "reach", "rule", "rules", "confinement", "access", "auditlog", "cis", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"snapshot"}, []string{"source", "reach", "rule", "attack", "hostpath", "rules", "confinement", "access", "auditlog", "cis", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"observation"}, []string{"source", "reach", "rule", "attack", "hostpath", "rules", "confinement", "access", "auditlog", "cis", "compliance", "report", "cli", "lab"}, []string{"os", "net", "net/http", "os/exec", "syscall"}},
		{[]string{"advice"}, []string{"source", "reach", "rule", "attack", "rules", "cis", "compliance", "report", "cli", "lab"}, []string{"os", "net", "net/http", "os/exec", "syscall"}},
		{[]string{"source"}, []string{"reach", "rule", "attack", "rules", "confinement", "access", "auditlog", "report", "cli", "lab"}, nil},
		{[]string{"currency"}, []string{"source", "reach", "rule", "attack", "rules", "compliance", "report", "cli", "lab"}, []string{"net/http", "os/exec", "syscall"}},
		{[]string{"source"}, []string{"currency/known", "datafile", "datafetch"}, nil},
		{[]string{"datafile", "datafetch"}, []string{"source", "reach", "rule", "attack", "rules", "report", "cli", "lab"}, []string{"os/exec"}},
		{[]string{"cis"}, []string{"source", "rule", "rules", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"rule", "rules"}, []string{"observation", "advice"}, nil}, // what was observed comes to them as facts
		{[]string{"rule"}, []string{"attack", "compliance", "report", "cli", "lab"}, nil},
		{[]string{"trial", "ownrule"}, []string{"rules", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"compliance"}, []string{"source", "rules", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"rules", "confinement", "apiproxy", "access", "auditlog", "hostpath", "dockerhost"}, []string{"attack", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall", "time.Now"}},
		{[]string{"reach"}, []string{"source", "rule", "rules", "confinement", "access", "auditlog", "cis", "compliance", "report", "cli", "lab"}, []string{"os", "net", "net/http", "os/exec", "syscall"}},
		{[]string{"attack/graph"}, []string{"snapshot", "source", "reach", "rule", "rules", "confinement", "access", "auditlog", "cis", "compliance", "report", "cli", "lab"}, []string{"os", "net", "net/http", "os/exec", "syscall", "time"}},
		{[]string{"attack"}, []string{"source", "rules", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall", "time"}},
		{[]string{"drift"}, []string{"source", "reach", "rule", "attack", "rules", "confinement", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"composeedit"}, []string{"reach", "rule", "attack", "rules", "confinement", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"fix"}, []string{"attack", "rules", "compliance", "report", "cli", "lab"}, []string{"os", "net/http", "os/exec", "syscall"}},
		{[]string{"report"}, []string{"source", "rules", "cli", "lab"}, []string{"net/http", "os/exec", "syscall"}},
		{[]string{"cli", "cmd"}, []string{"lab", "rule/ruletest", "attack/steptest"}, nil},
	}
	for _, p := range packages(t) {
		for _, layer := range order {
			if !p.is(layer.who...) || p.is("rule/ruletest", "attack/steptest", "rules/scaffold") {
				continue
			}
			for _, dep := range p.Deps {
				if (pkg{ImportPath: dep}).is(layer.never...) {
					t.Errorf("%s depends on %s", p.ImportPath, dep)
				}
			}
			for _, banned := range layer.neverElse {
				if slices.Contains(p.Imports, banned) {
					t.Errorf("%s imports %s: it must be pure", p.ImportPath, banned)
				}
			}
		}
	}
}

// TestRoomsOfSteps: packages of attack steps know what they share, and not each other.
func TestRoomsOfSteps(t *testing.T) {
	shared := []string{"attack/steps/cond", "attack/steps/change", "attack/steps/reached", "attack/steps/scene"}
	for _, p := range packages(t) {
		if !p.is("attack/steps") || p.ImportPath == "seawall/attack/steps" {
			continue
		}
		for _, dep := range p.Deps {
			if d := (pkg{ImportPath: dep}); d.is("attack/steps") && !d.is(shared...) {
				t.Errorf("%s depends on %s", p.ImportPath, dep)
			}
		}
	}
}

// TestRulesAreIndependentOfSources: only tests load examples with sources.
func TestRulesAreIndependentOfSources(t *testing.T) {
	for _, p := range packages(t) {
		if !p.is("rule", "rules") || p.is("rule/ruletest", "rules/scaffold") {
			continue
		}
		for _, dep := range p.Deps {
			if (pkg{ImportPath: dep}).is("source") {
				t.Errorf("%s depends on %s", p.ImportPath, dep)
			}
		}
	}
}

// TestNoSubprocesses: an audit starts no program, but ssh for ssh:// engines, those
// that list packet filters, and itself, to ask as somebody else what may be done.
func TestNoSubprocesses(t *testing.T) {
	allowed := []string{"source/engineapi", "source/packetfilter", "source/prove", "source/observe/gennames", "lab", "mutate", "rules/scaffold", "docs", "bench"}
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, "os/exec") && !p.is(allowed...) {
			t.Errorf("%s imports os/exec", p.ImportPath)
		}
	}
}

// TestOnlyDataUpdateFetches: one file of one command gets documents from other machines.
func TestOnlyDataUpdateFetches(t *testing.T) {
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, "seawall/datafetch") && !p.is("cli") {
			t.Errorf("%s imports datafetch", p.ImportPath)
		}
	}
	files, err := filepath.Glob("cli/*.go")
	if err != nil {
		t.Fatal(err)
	}
	callers := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"seawall/datafetch"`) {
			callers++
			if name != "cli/data.go" {
				t.Errorf("%s imports datafetch", name)
			}
		}
	}
	if callers != 1 {
		t.Errorf("%d files of cli import datafetch", callers)
	}
}

// TestPackagesAreDocumented: every package says what it is for.
func TestPackagesAreDocumented(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}
