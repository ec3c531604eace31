package livehost

import (
	"path/filepath"
	"slices"
	"strings"

	"seawall/snapshot"
)

// bootOptions reads those options of the kernel's command line that switch its guards.
// The others are left out: some systems pass secrets there.
func (v vantage) bootOptions() snapshot.Fact[[]string] {
	line := kernelText("cmdline", filepath.Join(v.m.Proc, "cmdline"))
	return snapshot.Map(line, func(text string) []string {
		out := []string{}
		for option := range strings.FieldsSeq(text) {
			name, _, _ := strings.Cut(option, "=")
			if option == "--" { // what follows is for the first process
				break
			}
			if slices.Contains(snapshot.BootOptions, strings.ReplaceAll(name, "-", "_")) {
				out = append(out, option)
			}
		}
		return out
	})
}

// moduleSignatures says whether the kernel loads modules without a valid signature:
// "Y" if it refuses them. A kernel that was built without signatures has no such
// setting.
func (v vantage) moduleSignatures() snapshot.Fact[string] {
	return kernelText("sig_enforce", filepath.Join(v.m.Sys, "module/module/parameters/sig_enforce"))
}
