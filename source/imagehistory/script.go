package imagehistory

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// ran looks at a script and the build arguments it was given.
func (s step) ran(note noter) {
	for _, a := range s.args {
		secretAssignment(note, a)
		noVerifyVariable(note, a)
	}
	for _, name := range snapshot.SecretArgs([]string{" " + s.rest}) {
		note(snapshot.BuildSecret, name)
	}
	list := commands(s.rest)
	fetchedScripts(note, s.rest, list)
	for _, c := range list {
		noVerify(note, c)
		unsigned(note, c)
		worldWritable(note, c)
	}
	for word := range strings.FieldsSeq(s.rest) {
		noVerifyVariable(note, strings.Trim(word, `"';`))
	}
	if strings.Contains(s.rest, "NOPASSWD") {
		note(snapshot.BuildSudo, "NOPASSWD")
	}
	if program := updatedAlone(list); program != "" {
		note(snapshot.BuildUpdate, program)
	}
}

var (
	fetchers     = []string{"curl", "wget", "fetch"}
	interpreters = regexp.MustCompile(`^(ba|da|a|z|k)?sh$|^(python|perl|ruby|node|php)[0-9.]*$`)
	// substituted finds sh -c "$(curl …)" and bash <(curl …).
	substituted = regexp.MustCompile(`\b(?:(?:ba|da|a|z|k)?sh|eval|source|\.|python3?)\s+(?:-c\s+)?["']?(?:\$\(|<\(|` + "`" + `)\s*(curl|wget)\b([^)` + "`" + `]*)`)
)

// fetchedScripts finds what is fetched and run without being looked at.
func fetchedScripts(note noter, script string, list []command) {
	from, plain := "", false
	for _, c := range list {
		if !c.piped {
			from = ""
		}
		if slices.Contains(fetchers, c.program()) {
			from, plain = c.program(), overHTTP(c.words)
		} else if from != "" && c.piped && interpreters.MatchString(c.program()) {
			note(scriptKind(plain), from+" | "+c.program())
		}
	}
	for _, m := range substituted.FindAllStringSubmatch(script, maxRemarks) {
		note(scriptKind(overHTTP(strings.Fields(m[2]))), "sh $("+m[1]+")")
	}
}

func scriptKind(plain bool) snapshot.BuildKind {
	if plain {
		return snapshot.BuildPlainHTTP
	}
	return snapshot.BuildScript
}

func overHTTP(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(strings.Trim(w, `"'`), "http://") })
}

// worldWritable finds chmod that lets everyone write what has no sticky bit.
func worldWritable(note noter, c command) {
	if c.program() != "chmod" {
		return
	}
	for i, w := range c.words[1:] {
		if strings.HasPrefix(w, "-") {
			continue
		}
		targets := slices.DeleteFunc(slices.Clone(c.words[i+2:]), isTemporary)
		if opensToAll(w) && len(targets) > 0 {
			note(snapshot.BuildWritable, "chmod "+w+" "+path.Clean(targets[0]))
		}
		return // the first word that is no option is the mode
	}
}

func isTemporary(target string) bool {
	return target == "/tmp" || target == "/var/tmp" || strings.HasPrefix(target, "-") || strings.HasPrefix(target, "/dev/")
}

// opensToAll reads a mode: "777", "a+rwx", "o=rw"; not "1777".
func opensToAll(mode string) bool {
	if n, err := strconv.ParseUint(mode, 8, 16); err == nil {
		return n&0o002 != 0 && n&0o1000 == 0
	}
	for part := range strings.SplitSeq(mode, ",") {
		i := strings.IndexAny(part, "+=")
		if i < 0 || strings.ContainsAny(part[i:], "t") {
			continue
		}
		if who := part[:i]; strings.ContainsAny(who, "ao") && strings.Contains(part[i:], "w") {
			return true
		}
	}
	return false
}
