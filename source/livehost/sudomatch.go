package livehost

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seawall/snapshot"
)

// enginePrograms give whoever runs them as root control of the host.
var enginePrograms = [...]string{
	"docker", "dockerd", "docker-compose", "containerd", "ctr", "nerdctl", "podman", "podman-compose", "runc", "crun",
}

// programDirs are where those programs usually are, for rules that name them
// by directory or pattern.
var programDirs = [...]string{"/usr/bin/", "/usr/local/bin/", "/bin/", "/usr/sbin/", "/usr/local/sbin/", "/sbin/", "/snap/bin/"}

// dockerRules are the rules that let a user run an engine's programs as root,
// or in a group of their choice. Left out are rules for ALL commands (such a
// user is root anyway) and those that allow no more than to look (docker ps).
// A later rule that forbids a command removes it.
func (f *sudoFile) dockerRules(u *snapshot.User) []snapshot.SudoRule {
	var out []snapshot.SudoRule
	for _, rule := range f.rules {
		if !f.matches(rule.users, func(item string) bool { return isUser(item, u) }) ||
			!f.matches(rule.hosts, func(item string) bool { return item == f.host || item == shortName(f.host) }) {
			continue
		}
		for _, c := range rule.commands {
			if !f.asRoot(c) {
				continue
			}
			for _, text := range f.expand(c.text, maxAliasSteps()) {
				out = apply(out, text, snapshot.SudoRule{Where: rule.where, NoPasswd: c.noPasswd || f.noAuth})
			}
		}
	}
	return out
}

func shortName(host string) string {
	short, _, _ := strings.Cut(host, ".")
	return short
}

// apply adds a command that gives control, or removes those it forbids.
func apply(rules []snapshot.SudoRule, text string, rule snapshot.SudoRule) []snapshot.SudoRule {
	command, forbids := strings.CutPrefix(text, "!")
	program, args, _ := strings.Cut(command, " ")
	switch {
	case forbids && command == "ALL":
		return nil
	case forbids && strings.TrimSpace(args) == "":
		return slices.DeleteFunc(rules, func(r snapshot.SudoRule) bool {
			allowed, _, _ := strings.Cut(r.Command, " ")
			return allowed == program
		})
	case forbids || !runsEngine(program) || onlyLooks(program, args):
		return rules
	}
	rule.Command = withoutOptions(command)
	return append(rules, rule)
}

// withoutOptions is a command up to its first option: what follows may be a
// password.
func withoutOptions(command string) string {
	words := strings.Fields(command)
	if i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") }); i >= 0 {
		words = append(words[:i], "…")
	}
	return strings.Join(snapshot.RedactArgs(words), " ")
}

// matches reports whether a list names someone: the last item that fits
// counts, "!" in front of it denies, aliases stand for their lists.
func (f *sudoFile) matches(list []string, one func(string) bool) bool {
	return f.match(list, one, maxAliasSteps()) > 0
}

// maxAliasSteps is how many times aliases are looked up for one list: a file
// may let them stand for themselves, or for each other many times over.
func maxAliasSteps() *int {
	steps := 10_000
	return &steps
}

// match is 1 for yes, -1 for no, 0 if no item fits.
func (f *sudoFile) match(list []string, one func(string) bool, steps *int) int {
	answer := 0
	for _, item := range list {
		sign := 1
		for strings.HasPrefix(item, "!") {
			item, sign = strings.TrimSpace(item[1:]), -sign
		}
		item = unquote(item)
		if alias, ok := f.aliases[item]; ok {
			if *steps--; *steps < 0 {
				return 0
			}
			if inner := f.match(alias, one, steps); inner != 0 {
				answer = sign * inner
			}
			continue
		}
		if item == "ALL" || one(item) {
			answer = sign
		}
	}
	return answer
}

func unquote(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, `"`, ""), `\`, "")
}

// isUser reports whether an item of a user list is a user, by name or number,
// or a group of theirs. Netgroups (+name) are not looked up.
func isUser(item string, u *snapshot.User) bool {
	if number, ok := strings.CutPrefix(item, "%#"); ok {
		return number == strconv.Itoa(u.GID)
	}
	if group, ok := strings.CutPrefix(item, "%"); ok {
		return slices.Contains(u.Groups, group)
	}
	return item == u.Name || item == "#"+strconv.Itoa(u.UID)
}

// asRoot reports whether a command may run as root, or with a group: the group
// docker is enough to control the engine.
func (f *sudoFile) asRoot(c sudoCommand) bool {
	if f.matches(c.runUsers, func(item string) bool { return item == "root" || item == "#0" }) {
		return true
	}
	return f.matches(c.runGroup, func(item string) bool { return item == "docker" || item == "root" })
}

// expand replaces an alias by its commands.
func (f *sudoFile) expand(text string, steps *int) []string {
	name, negated := text, false
	for strings.HasPrefix(name, "!") {
		name, negated = name[1:], !negated
	}
	alias, ok := f.aliases[name]
	if *steps--; *steps < 0 {
		return nil
	}
	if !ok {
		if negated {
			name = "!" + name
		}
		return []string{name}
	}
	var out []string
	for _, c := range alias {
		if c = sudoDigest.ReplaceAllString(strings.TrimSpace(c), ""); negated {
			c = "!" + c
		}
		out = append(out, f.expand(strings.TrimPrefix(c, "!!"), steps)...)
	}
	return out
}

// runsEngine reports whether a command of a rule is, or its pattern covers, a
// program that controls an engine.
func runsEngine(program string) bool {
	program = strings.ReplaceAll(program, `\`, "")
	if slices.Contains(enginePrograms[:], path.Base(program)) {
		return !strings.HasSuffix(program, "/")
	}
	var fits func(string) bool
	switch {
	case strings.HasPrefix(program, "^"):
		re, err := regexp.Compile(program)
		if err != nil {
			return false
		}
		fits = re.MatchString
	case strings.HasSuffix(program, "/"):
		fits = func(p string) bool { return path.Dir(p)+"/" == program }
	case strings.ContainsAny(program, "*?["):
		fits = func(p string) bool { ok, _ := path.Match(program, p); return ok }
	default:
		return false
	}
	for _, dir := range programDirs {
		for _, name := range enginePrograms {
			if fits(dir + name) {
				return true
			}
		}
	}
	return false
}

// looking are the subcommands that change nothing.
var looking = [...]string{
	"ps", "images", "version", "info", "logs", "stats", "top", "inspect", "events", "port", "history", "search", "diff", "ls", "list", "df", "--version", "-v",
}

// managing are the subcommands that take one of those.
var managing = [...]string{"container", "image", "volume", "network", "system", "compose", "node", "service", "stack"}

// onlyLooks reports whether the arguments a rule prescribes allow no more than
// to look. No arguments in a rule mean any; "" means none.
func onlyLooks(program, args string) bool {
	f := strings.Fields(args)
	switch path.Base(program) {
	case "docker", "podman", "nerdctl":
	default:
		return false
	}
	if len(f) == 0 {
		return false
	}
	if f[0] == `""` {
		return true
	}
	if slices.Contains(managing[:], f[0]) && len(f) > 1 {
		f = f[1:]
	}
	return slices.Contains(looking[:], f[0])
}
