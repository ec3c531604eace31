package report

import (
	"seawall/lang"
	"seawall/rule"
)

// The parts of a SARIF fix that are used.
type (
	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted *sarifText  `json:"insertedContent,omitempty"`
	}
)

// newSARIFFix makes a fix of a patch, with the changes of one file together.
func newSARIFFix(p *rule.Patch) sarifFix {
	out := sarifFix{Description: sarifText{Text: sarifPlain(lang.Semicolon(p.Edits))}}
	files := map[string]int{}
	for _, c := range p.Changes {
		at, has := files[c.File]
		if !has {
			at = len(out.Changes)
			files[c.File] = at
			out.Changes = append(out.Changes, sarifChange{Artifact: sarifArtifact{place{file: c.File}.uri()}})
		}
		r := sarifReplacement{Deleted: sarifRegion{c.StartLine, c.StartColumn, c.EndLine, c.EndColumn}}
		if c.Text != "" {
			r.Inserted = &sarifText{Text: c.Text}
		}
		out.Changes[at].Replacements = append(out.Changes[at].Replacements, r)
	}
	return out
}
