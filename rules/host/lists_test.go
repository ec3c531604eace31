package host

import (
	"slices"
	"testing"
	"time"

	"seawall/rule"
	"seawall/rule/example"
	"seawall/snapshot"
	"seawall/trial"
)

// TestLists: what lists say of updates, and that old ones, none, and packages of modules
// say nothing.
func TestLists(t *testing.T) {
	fetched := func(days int) func(*snapshot.Software) {
		return func(s *snapshot.Software) {
			example.Set(&s.Lists, snapshot.PackageLists{UpdatedAt: trial.Baseline().TakenAt.AddDate(0, 0, -days), Newest: map[string]string{}})
		}
	}
	of := func(name, version string) func(*snapshot.Software) {
		return func(s *snapshot.Software) {
			fetched(1)(s)
			p := snapshot.Package{Manager: "rpm", Name: name, Version: version, Source: name, SourceVersion: version, Maintainer: "Red Hat, Inc."}
			if name == "kernel-core" {
				example.Set(&s.Kernel.Installed, []snapshot.Package{p})
				return
			}
			example.Set(&s.Programs, []snapshot.Program{{Name: "runc", Path: "/usr/bin/runc", First: true, Package: snapshot.See(p, snapshot.At("package", "db"))}})
		}
	}
	phased := func(version string) func(*snapshot.Software) {
		return func(s *snapshot.Software) {
			fetched(1)(s)
			l, _ := s.Lists.Peek()
			l.Phased = map[string]snapshot.PhasedVersion{"containerd.io": {Version: version, Percent: 20}}
			example.Set(&s.Lists, l)
		}
	}
	for name, tt := range map[string]struct {
		facts func(*snapshot.Software)
		want  rule.Verdict
	}{
		"lists of yesterday":  {fetched(1), rule.Passed},
		"lists of last month": {fetched(30), rule.Unknown},
		"no lists": {func(s *snapshot.Software) {
			s.Lists = snapshot.None[snapshot.PackageLists](snapshot.At("lists", "/var/lib/apt/lists"))
		}, rule.Unknown},
		"phased":               {phased("2.4.2-1~debian.13~trixie"), rule.Unknown},
		"phased, and old":      {phased("2.3.9-1~debian.13~trixie"), rule.Passed},
		"a package of rpm":     {of("runc", "4:1.2.4-1.el9"), rule.Passed},
		"a package of module":  {of("runc", "1:1.1.12-1.module+el8.10.0+1"), rule.Unknown},
		"a kernel of a module": {of("kernel-core", "5.14.0-1.module+el8"), rule.Passed}, // of another rule
	} {
		s, err := trial.Load(rule.Example{Facts: software(tt.facts)})
		if err != nil {
			t.Fatal(err)
		}
		s.TakenAt = s.TakenAt.Add(time.Minute)
		rules := Rules()
		i := slices.IndexFunc(rules, func(r *rule.Rule) bool { return r.ID == "host-updates-waiting" })
		results := rule.Evaluate(s, rules[i:i+1])
		if len(results) != 1 || results[0].Verdict != tt.want {
			t.Errorf("%s: %+v, want %s", name, results, tt.want)
		}
		if tt.want == rule.Unknown && (len(results[0].Gaps) == 0 || results[0].Gaps[0].Remedy == "") {
			t.Errorf("%s: no gap says how to learn more: %+v", name, results[0].Gaps)
		}
	}
}

// TestAskedByLists: an audit that was not asked for the lists leaves these rules out.
func TestAskedByLists(t *testing.T) {
	for _, r := range Rules() {
		if want := r.ID == "host-updates-waiting" || r.ID == "kernel-behind-vendor"; r.Lists != want {
			t.Errorf("%s needs lists: %v, want %v", r.ID, r.Lists, want)
		}
	}
}
