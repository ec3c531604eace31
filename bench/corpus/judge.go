package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"seawall/rule"
	"seawall/rules"
	"seawall/source/composefile"
	"seawall/source/declared"
)

// judgement is what became of a file.
type judgement struct {
	err      error
	panicked bool
	lenient  bool // Compose would refuse it
	services int
	findings []rule.Result
	took     time.Duration
}

// asked are the rules that an audit of Compose files asks.
var asked = slices.DeleteFunc(slices.Clone(rules.Book().Select(mustProfile())), func(r *rule.Rule) bool {
	switch r.Kind() {
	case rule.KindContainer, rule.KindNetwork, rule.KindVolume, rule.KindImage:
		return r.Deep || r.Observed || r.Lists
	}
	return true
})

func mustProfile() rule.Profile {
	p, err := rule.LookupProfile(rule.DefaultProfile)
	if err != nil {
		panic(err)
	}
	return p
}

// judge reads a file as a project and judges it.
func judge(f composefile.File) (j judgement) {
	begun := time.Now()
	defer func() {
		j.took = time.Since(begun)
		if p := recover(); p != nil {
			j.panicked, j.err = true, fmt.Errorf("%s: panic: %v", f.Name, p)
		}
	}()
	p, err := composefile.Load(context.Background(), []composefile.File{f}, composefile.Options{})
	if err != nil {
		return judgement{err: err}
	}
	project := declared.Project{Name: f.Name, Containers: p.Containers, Networks: p.Networks, Volumes: p.Volumes, Waivers: p.Waivers}
	declared.Built(&project, p.Builds)
	j.services, j.lenient = len(p.Containers), len(p.Warnings) > 0
	for _, r := range rule.Evaluate(declared.Snapshot([]declared.Project{project}, "corpus", begun), asked) {
		if r.Verdict == rule.Failed {
			j.findings = append(j.findings, r)
		}
	}
	return j
}

// oneLine reports whether an error is what a person can use: one line that names the
// file.
func oneLine(f composefile.File, err error) bool {
	return strings.Contains(err.Error(), f.Name) && !strings.Contains(err.Error(), "\n")
}
