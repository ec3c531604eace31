// Package imagehistory reads the history of an image: what each step of its
// build did, as far as it matters. Its parser is pure and keeps no text of the
// steps, since build arguments and scripts hold secrets of any form.
package imagehistory

import (
	"slices"
	"strings"

	"seawall/snapshot"
)

// Bounds of what is read: steps of an image, bytes of a step, remarks, and bytes
// of what one says.
const (
	maxSteps   = 512
	maxText    = 64 << 10
	maxRemarks = 64
	maxWhat    = 80
)

// step is one entry of the history, taken apart.
type step struct {
	number      int
	instruction string
	// rest is what follows the instruction; of RUN the script.
	rest string
	// args are the build arguments that RUN was given: NAME=value.
	args []string
	// legacy: the engine's old builder made it. Of ADD and COPY it tells a
	// checksum instead of names.
	legacy bool
	// base: nothing was run or copied before it.
	base bool
}

// Remarks reads the texts of a history ("CreatedBy"), oldest first. Where there
// is more than the bounds allow, the last remark says so.
func Remarks(texts []string) []snapshot.BuildRemark {
	var out []snapshot.BuildRemark
	base, cut := true, len(texts) > maxSteps
	for i, text := range texts[:min(len(texts), maxSteps)] {
		cut = cut || len(text) > maxText
		s := parse(text[:min(len(text), maxText)])
		s.number, s.base = i+1, base
		switch s.instruction {
		case "RUN", "ADD", "COPY":
			base = false
		}
		out = append(out, s.remarks()...)
	}
	if cut || len(out) > maxRemarks {
		out = append(out[:min(len(out), maxRemarks-1)], snapshot.BuildRemark{Step: len(texts), Kind: snapshot.BuildCut, What: "more than is read"})
	}
	for i := range out {
		out[i].What = strings.ToValidUTF8(out[i].What[:min(len(out[i].What), maxWhat)], "")
	}
	return out
}

// parse takes the text of one step apart. The forms are those of BuildKit
// ("RUN |1 A=b /bin/sh -c make # buildkit", "ADD a /b # buildkit") and of the
// old builder ("|1 A=b /bin/sh -c make", "/bin/sh -c #(nop) ADD file:… in /b").
func parse(text string) step {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "# buildkit"))
	if rest, ok := strings.CutPrefix(text, "/bin/sh -c #(nop)"); ok {
		s := instruction(strings.TrimSpace(rest))
		s.legacy = true
		return s
	}
	if strings.HasPrefix(text, "|") || strings.HasPrefix(text, shell) {
		s := run(text)
		s.legacy = true
		return s
	}
	if rest, ok := strings.CutPrefix(text, "RUN "); ok {
		return run(rest)
	}
	return instruction(text)
}

// instruction splits "ENV A=b". What is no word in capitals is none.
func instruction(text string) step {
	name, rest, _ := strings.Cut(text, " ")
	if name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return step{}
	}
	return step{instruction: name, rest: strings.TrimSpace(rest)}
}

const shell = "/bin/sh -c "

// run splits what was run into build arguments and script. The number after
// the bar is that of the arguments, whose values may hold spaces: they end where
// the shell begins.
func run(text string) step {
	s := step{instruction: "RUN", rest: text}
	if strings.HasPrefix(text, "|") {
		_, text, _ = strings.Cut(text, " ")
		arguments, script, found := strings.Cut(text, shell)
		if !found {
			script = text
		}
		s.args, s.rest = assignments(arguments), script
		return s
	}
	s.rest = strings.TrimPrefix(text, shell)
	return s
}

// assignments splits "A=b c D=e" into "A=b c" and "D=e".
func assignments(text string) []string {
	text = strings.TrimSpace(text)
	var out []string
	start, at := 0, 0
	for word := range strings.SplitSeq(text, " ") {
		if name, _, assigned := strings.Cut(word, "="); assigned && isName(name) && at > 0 {
			out = append(out, strings.TrimSpace(text[start:at]))
			start = at
		}
		at += len(word) + 1
	}
	return slices.DeleteFunc(append(out, text[start:]), func(s string) bool { return s == "" })
}

// isName reports whether the text can be the name of a variable.
func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
