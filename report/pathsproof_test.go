package report_test

import (
	"strings"
	"testing"

	"seawall/report"
)

// provePaths gives the hops of paths proofs: those of a step the one named, all
// others are proven.
func provePaths(p *report.Paths, others map[string]report.PathProof) {
	for i := range p.Paths {
		for k := range p.Paths[i].Hops {
			h := &p.Paths[i].Hops[k]
			proof, has := others[h.Step]
			if !has {
				proof = report.PathProof{Verdict: report.Proven, Tried: []string{"CapBnd of process 812: it holds SYS_ADMIN", "Seccomp of process 812: no filter"}}
			}
			h.Proof = &proof
		}
	}
}

// TestPathsProof: what was tried stands beside each hop, what is refuted once more
// at the end, and all of it fits the schema.
func TestPathsProof(t *testing.T) {
	p := samplePaths(t, "bad")
	provePaths(p, map[string]report.PathProof{
		"privileged-container": {Verdict: report.Refuted, Tried: []string{"CapBnd of process 812: it lacks SYS_ADMIN"}, Detail: "CapBnd of process 812: it lacks SYS_ADMIN"},
		"image-runs-as-root":   {Verdict: report.NotProvable, Tried: []string{}, Detail: "process 812 has ended"},
	})
	golden(t, "paths/bad-proof.golden", writePaths(t, "text", p, report.Style{Width: 80}))
	validate(t, compile(t, "..", "docs", "schema", "paths-1.json"), writePaths(t, "json", p, report.Style{}))
	for _, format := range report.PathsOutputNames() {
		writePaths(t, format, p, report.Style{})
	}
	verbose := writePaths(t, "text", p, report.Style{Width: 80, Verbose: true})
	if !strings.Contains(verbose, "tried: CapBnd of process 812: it lacks SYS_ADMIN") {
		t.Errorf("what was tried of a refuted hop is not told:\n%s", verbose)
	}
}
