package auditrule

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// Config gathers the rules of one or more files in the order in which auditctl
// takes them (auditctl(8), audit.rules(7)).
type Config struct {
	// IsDir says whether a path is a directory: -w watches such a one with all
	// that is below it.
	IsDir func(path string) bool

	out    snapshot.AuditConfig
	merged bool     // of rules.d: what augenrules does to the order
	lines  []lineAt // of a merged set, until all files are read
}

type lineAt struct{ text, where string }

// NewConfig begins to read files. Merged are those of rules.d, which augenrules
// makes one of: the deletion of all rules comes first, the switch last.
func NewConfig(merged bool, isDir func(string) bool) *Config {
	return &Config{IsDir: isDir, merged: merged, out: snapshot.AuditConfig{Enabled: -1}}
}

// Add reads a file.
func (c *Config) Add(file, text string) {
	c.out.Files = append(c.out.Files, file)
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		c.lines = append(c.lines, lineAt{line, file + ":" + strconv.Itoa(n)})
	}
}

// Rules are what is left when all files are read.
func (c *Config) Rules() snapshot.AuditConfig {
	if c.merged {
		c.lines = slices.DeleteFunc(c.lines, func(l lineAt) bool { return l.text == "-D" })
		last := func(l lineAt) bool { return strings.HasPrefix(l.text, "-e") }
		switches := slices.DeleteFunc(slices.Clone(c.lines), func(l lineAt) bool { return !last(l) })
		c.lines = slices.DeleteFunc(c.lines, last)
		if len(switches) > 0 {
			c.lines = append(c.lines, switches[len(switches)-1])
		}
	}
	for _, l := range c.lines {
		if c.out.Enabled == 2 { // nothing is taken once the rules are locked
			break
		}
		if err := c.line(l); err != nil {
			c.out.Unread = append(c.out.Unread, l.where)
		}
	}
	c.lines = nil
	return c.out
}

// errLine is for what auditctl would not take, or takes in a way that is not
// known here.
var errLine = errors.New(lang.N("not understood"))

// takesValue are the options of auditctl that are followed by a value.
const takesValue = "aAdCDefbkpqrSFmRwW"

// line takes up one line: a rule, or an order.
func (c *Config) line(l lineAt) error {
	d := draft{config: c, rule: snapshot.AuditRule{Where: l.where, Action: "always"}}
	words := splitWords(l.text)
	for len(words) > 0 {
		option := words[0]
		words = words[1:]
		if strings.HasPrefix(option, "--") { // settings of the log, not rules
			return nil
		}
		if len(option) < 2 || option[0] != '-' {
			return fmt.Errorf("%w: %q", errLine, option)
		}
		letter, value := option[1], option[2:]
		if letter != 'D' && strings.IndexByte(takesValue, letter) >= 0 && value == "" {
			if len(words) == 0 {
				return lang.RecordErrorf("%w: -%c without a value", errLine, letter)
			}
			value, words = words[0], words[1:]
		}
		if err := d.take(letter, value); err != nil {
			return err
		}
	}
	return d.finish()
}

// splitWords splits at blanks outside of quotes.
func splitWords(line string) []string {
	var words []string
	var word strings.Builder
	quote, in := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, in = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if in {
				words = append(words, word.String())
			}
			word.Reset()
			in = false
		default:
			word.WriteRune(r)
			in = true
		}
	}
	if in {
		words = append(words, word.String())
	}
	return words
}

// add takes up a rule: at the end, or in front of all.
func (c *Config) add(r snapshot.AuditRule, front bool) {
	if front {
		c.out.Rules = slices.Insert(c.out.Rules, 0, r)
		return
	}
	c.out.Rules = append(c.out.Rules, r)
}

// remove takes away rules that say the same.
func (c *Config) remove(r snapshot.AuditRule) {
	c.out.Rules = slices.DeleteFunc(c.out.Rules, func(have snapshot.AuditRule) bool {
		return have.String() == r.String() && have.Key == r.Key
	})
}

// removeAll takes away all rules, or those with a key.
func (c *Config) removeAll(key string) {
	c.out.Rules = slices.DeleteFunc(c.out.Rules, func(have snapshot.AuditRule) bool {
		return key == "" || slices.Contains(strings.Split(have.Key, ","), key)
	})
}

// watch makes the rule that -w stands for.
func (c *Config) watch(r *snapshot.AuditRule, target string) error {
	if !path.IsAbs(target) {
		return lang.RecordErrorf("%w: -w %q is no absolute path", errLine, target)
	}
	target = path.Clean(target)
	r.Filter = "exit"
	if c.IsDir != nil && c.IsDir(target) {
		r.Dir = target
	} else {
		r.Path = target
	}
	return nil
}
