package livehost

import (
	"fmt"
	"regexp"
	"strings"
)

// sudoFile is the content of sudoers(5) as far as it decides who may run what.
type sudoFile struct {
	host    string // name of this host
	aliases map[string][]string
	rules   []sudoRule
	broken  []string // file:line of lines that cannot be understood
	noAuth  bool     // Defaults !authenticate
}

// sudoRule is one user specification for one list of hosts.
type sudoRule struct {
	where    string // file:line
	users    []string
	hosts    []string
	commands []sudoCommand
}

// sudoCommand is a command with what applies to it.
type sudoCommand struct {
	text     string // with arguments; "!" in front negates
	runUsers []string
	runGroup []string
	noPasswd bool
}

func newSudoFile(host string) *sudoFile {
	return &sudoFile{host: host, aliases: map[string][]string{}}
}

// parse reads one file. Includes are handed out where they stand.
func (f *sudoFile) parse(name, text string, include func(target string, dir bool)) {
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		where := fmt.Sprintf("%s:%d", name, i+1)
		line := strings.TrimRight(lines[i], "\r")
		for strings.HasSuffix(line, `\`) && i+1 < len(lines) {
			i++
			line = strings.TrimSuffix(line, `\`) + " " + strings.TrimRight(lines[i], "\r")
		}
		if target, dir, ok := includeLine(line); ok {
			include(target, dir)
			continue
		}
		if line = strings.TrimSpace(withoutComment(line)); line != "" && !f.line(where, line) {
			f.broken = append(f.broken, where)
		}
	}
}

// includeLine recognises @include and its older spelling #include.
func includeLine(line string) (target string, dir, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return "", false, false
	}
	switch fields[0] {
	case "@include", "#include":
	case "@includedir", "#includedir":
		dir = true
	default:
		return "", false, false
	}
	target = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), fields[0]))
	return strings.ReplaceAll(strings.Trim(target, `"`), `\ `, " "), dir, true
}

// withoutComment cuts a comment off. "#" before a digit is a user's number,
// "\#" the character.
func withoutComment(line string) string {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case '#':
			if !quoted && (i+1 == len(line) || line[i+1] < '0' || line[i+1] > '9') {
				return line[:i]
			}
		}
	}
	return line
}

// line reads one logical line and reports whether it was understood.
func (f *sudoFile) line(where, line string) bool {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(word, "Defaults"):
		f.noAuth = f.noAuth || word == "Defaults" && strings.Contains(rest, "!authenticate")
		return true
	case strings.HasSuffix(strings.Fields(word)[0], "_Alias"):
		return f.aliasLine(strings.TrimSpace(strings.TrimPrefix(line, strings.Fields(word)[0])))
	}
	return f.ruleLine(where, line)
}

// aliasLine reads "NAME = item, item : NAME2 = …".
func (f *sudoFile) aliasLine(text string) bool {
	for _, part := range splitTop(text, ':') {
		name, items, ok := strings.Cut(part, "=")
		if !ok {
			return false
		}
		name = strings.TrimSuffix(strings.TrimSpace(name), "+")
		f.aliases[strings.TrimSpace(name)] = append(f.aliases[strings.TrimSpace(name)], splitTop(items, ',')...)
	}
	return true
}

// nextHosts finds where a rule goes on for other hosts: " : HOSTS = commands".
var nextHosts = regexp.MustCompile(`\s:\s*[A-Za-z0-9_.,!*\s-]+=\s*`)

// ruleLine reads "users hosts = commands : hosts = commands".
func (f *sudoFile) ruleLine(where, line string) bool {
	head, commands, ok := strings.Cut(line, "=")
	if !ok {
		return false
	}
	users, hosts, ok := usersAndHosts(head)
	if !ok {
		return false
	}
	for {
		next := nextHosts.FindStringIndex(commands)
		rule := sudoRule{where: where, users: users, hosts: hosts}
		own := commands
		if next != nil {
			own = commands[:next[0]]
		}
		rule.commands = commandList(own)
		f.rules = append(f.rules, rule)
		if next == nil {
			return len(rule.commands) > 0
		}
		head := strings.TrimLeft(commands[next[0]:next[1]], " \t:")
		hosts = splitTop(strings.TrimRight(head, " \t="), ',')
		commands = commands[next[1]:]
	}
}

// aroundComma matches commas and negations with the space around them.
var aroundComma = regexp.MustCompile(`\s*,\s*`)
var afterNot = regexp.MustCompile(`!\s+`)

// usersAndHosts splits "alice, %ops  web1, web2": two lists.
func usersAndHosts(head string) (users, hosts []string, ok bool) {
	head = afterNot.ReplaceAllString(aroundComma.ReplaceAllString(strings.TrimSpace(head), ","), "!")
	words := splitTop(strings.ReplaceAll(head, "\t", " "), ' ')
	if len(words) != 2 {
		return nil, nil, false
	}
	return splitTop(words[0], ','), splitTop(words[1], ','), true
}

// splitTop splits at a separator that stands outside of quotes and parentheses
// and is not escaped. Empty parts drop out.
func splitTop(s string, separator byte) []string {
	var out []string
	quoted, depth, start := false, 0, 0
	add := func(part string) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth = max(0, depth-1)
		case c == separator && depth == 0:
			add(s[start:i])
			start = i + 1
		}
	}
	add(s[start:])
	return out
}

var (
	sudoTag    = regexp.MustCompile(`^([A-Z_]+)\s*:\s*`)
	sudoOption = regexp.MustCompile(`^(ROLE|TYPE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT|CWD|CHROOT|APPARMOR_PROFILE)\s*=\s*("[^"]*"|\S+)\s*`)
	sudoRunAs  = regexp.MustCompile(`^\(([^)]*)\)\s*`)
	sudoDigest = regexp.MustCompile(`^sha(224|256|384|512)\s*:\s*\S+\s+`)
)

// commandList reads the commands of a rule. Who they run as and their tags
// hold for all that follow, until changed.
func commandList(text string) []sudoCommand {
	var out []sudoCommand
	now := sudoCommand{runUsers: []string{"root"}}
	for _, item := range splitTop(text, ',') {
		for item = strings.TrimSpace(item); ; {
			rest := now.prefix(item)
			if rest == item {
				break
			}
			item = rest
		}
		if item == "" {
			continue
		}
		now.text = afterNot.ReplaceAllString(item, "!")
		out = append(out, now)
	}
	return out
}

// prefix takes one thing that may stand before a command off.
func (c *sudoCommand) prefix(item string) string {
	if m := sudoRunAs.FindStringSubmatch(item); m != nil {
		users, groups, _ := strings.Cut(m[1], ":")
		c.runUsers, c.runGroup = splitTop(users, ','), splitTop(groups, ',')
		return item[len(m[0]):]
	}
	if m := sudoDigest.FindString(item); m != "" {
		return item[len(m):]
	}
	if m := sudoOption.FindString(item); m != "" {
		return item[len(m):]
	}
	if m := sudoTag.FindStringSubmatch(item); m != nil {
		switch m[1] {
		case "NOPASSWD":
			c.noPasswd = true
		case "PASSWD":
			c.noPasswd = false
		}
		return item[len(m[0]):]
	}
	return item
}
