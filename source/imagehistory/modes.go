package imagehistory

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// modes finds chmod that lets everyone write what has no sticky bit, or that makes a
// program run as its owner.
func modes(note noter, c command) {
	if c.program() != "chmod" {
		return
	}
	for i, w := range c.words[1:] {
		if strings.HasPrefix(w, "-") && !isMode(w) {
			continue
		}
		targets := slices.DeleteFunc(slices.Clone(c.words[i+2:]), isTemporary)
		if len(targets) == 0 {
			return
		}
		what := "chmod " + w + " " + path.Clean(targets[0])
		if opensToAll(w) {
			note(snapshot.BuildWritable, what)
		}
		if setsID(w) {
			note(snapshot.BuildSetID, what)
		}
		return // the first word that is no option is the mode
	}
}

func isTemporary(target string) bool {
	return target == "/tmp" || target == "/var/tmp" || strings.HasPrefix(target, "-") || strings.HasPrefix(target, "/dev/")
}

// isMode reports whether a word that begins as an option does takes rights away: "-x".
func isMode(word string) bool { return strings.Trim(word[1:], "rwxXst") == "" && len(word) > 1 }

// opensToAll reads a mode: "777", "a+rwx", "o=rw", "+w"; not "1777".
func opensToAll(mode string) bool {
	if n, err := strconv.ParseUint(mode, 8, 16); err == nil {
		return n&0o002 != 0 && n&0o1000 == 0
	}
	return slices.ContainsFunc(given(mode), func(p symbolic) bool {
		return strings.ContainsAny(p.who, "ao") && strings.Contains(p.rights, "w") && !strings.Contains(p.rights, "t")
	})
}

// setsID reads a mode: "4755", "u+s"; not "2755" and "g+s", by which the files of a
// directory inherit its group.
func setsID(mode string) bool {
	if n, err := strconv.ParseUint(mode, 8, 16); err == nil {
		return n&0o4000 != 0
	}
	return slices.ContainsFunc(given(mode), func(p symbolic) bool {
		return (p.who == "" || strings.ContainsAny(p.who, "ua")) && strings.Contains(p.rights, "s")
	})
}

// symbolic is a part of a mode that gives rights: "ug+rx".
type symbolic struct{ who, rights string }

func given(mode string) []symbolic {
	var out []symbolic
	for part := range strings.SplitSeq(mode, ",") {
		if i := strings.IndexAny(part, "+="); i >= 0 {
			out = append(out, symbolic{part[:i], part[i:]})
		}
	}
	return out
}
