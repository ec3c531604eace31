// Package imagehistory reads the history of an image: what each step of its
// build did, as far as it matters. Its parser is pure and keeps no text of the
// steps, since build arguments and scripts hold secrets of any form.
package imagehistory

import (
	"regexp"
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

// Step is one step of a build, taken apart.
type Step struct {
	Number int // 1 for the first
	// Instruction is that of the Dockerfile: "RUN", "ADD", …
	Instruction string
	// Script is what RUN hands to a shell, or Exec the words of what it runs without one.
	Script string
	Exec   []string
	// Assigned are the build arguments that RUN was given and what ENV and ARG set:
	// NAME=value, and NAME alone of an ARG without a default.
	Assigned []string
	// Sources are what ADD and COPY take, Checked the ones of the network whose checksum
	// is named.
	Sources []string
	Checked bool
	// Dir is that of WORKDIR.
	Dir string

	// unnamed is what the old builder tells of ADD and COPY in the place of names:
	// "dir:0a1b… in /srv".
	unnamed string
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
		s.Number, s.base = i+1, base
		switch s.Instruction {
		case "RUN", "ADD", "COPY":
			base = false
		}
		out = append(out, s.Remarks()...)
	}
	return Bound(out, cut, len(texts))
}

// Bound keeps as many remarks as are read, of a build with some number of steps. Where
// there are more, or some were left out before, the last one says so.
func Bound(out []snapshot.BuildRemark, cut bool, steps int) []snapshot.BuildRemark {
	if cut || len(out) > maxRemarks {
		out = append(out[:min(len(out), maxRemarks-1)], snapshot.BuildRemark{Step: steps, Kind: snapshot.BuildCut, What: "more than is read"})
	}
	return out
}

// parse takes the text of one step apart. The forms are those of BuildKit
// ("RUN |1 A=b /bin/sh -c make # buildkit", "ADD a /b # buildkit") and of the
// old builder ("|1 A=b /bin/sh -c make", "/bin/sh -c #(nop) ADD file:… in /b").
func parse(text string) Step {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "# buildkit"))
	if rest, ok := strings.CutPrefix(text, "/bin/sh -c #(nop)"); ok {
		return instruction(strings.TrimSpace(rest), true)
	}
	if strings.HasPrefix(text, "|") || startOfShell(text) > 0 {
		return ran(text)
	}
	if rest, ok := strings.CutPrefix(text, "RUN "); ok {
		return ran(rest)
	}
	return instruction(text, false)
}

// instruction reads "ENV A=b". What begins with no word in capitals is none.
func instruction(text string, legacy bool) Step {
	name, rest, _ := strings.Cut(text, " ")
	if name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return Step{}
	}
	s, rest := Step{Instruction: name}, strings.TrimSpace(rest)
	switch name {
	case "ENV", "ARG":
		s.Assigned = assignments(rest)
	case "WORKDIR":
		s.Dir = rest
	case "ADD", "COPY":
		if legacy {
			s.unnamed = rest
			break
		}
		var options []string
		s.Sources, options = sourcesOf(rest)
		s.Checked = slices.ContainsFunc(options, isChecksum)
	}
	return s
}

// shellStart is how a shell that runs a script is named in a history: "/bin/sh -c ",
// "/bin/bash -o pipefail -c ".
var shellStart = regexp.MustCompile(`^(?:/\S*/)?(?:ba|da|a|k|z)?sh(?: -[a-zA-Z]*o [a-z]+| --?[a-zA-Z]+)*? -[a-zA-Z]*c `)

// startOfShell is how long the name of a shell is at the beginning of a text.
func startOfShell(text string) int {
	return len(shellStart.FindString(text[:min(len(text), maxShellStart)]))
}

// maxShellStart is more than the name of a shell with its options takes.
const maxShellStart = 200

// ran splits what was run into build arguments and script. The number after
// the bar is that of the arguments, whose values may hold spaces: they end where
// the shell begins.
func ran(text string) Step {
	s := Step{Instruction: "RUN"}
	if strings.HasPrefix(text, "|") {
		_, text, _ = strings.Cut(text, " ")
		for i := 0; i < len(text); i++ {
			if i > 0 && text[i-1] != ' ' {
				continue
			}
			if n := startOfShell(text[i:]); n > 0 {
				s.Assigned, s.Script = assignments(text[:i]), text[i+n:]
				return s
			}
		}
		s.Script = text
		return s
	}
	s.Script = text[startOfShell(text):]
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
