package auditrule

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// draft is a rule while its line is read.
type draft struct {
	config *Config
	rule   snapshot.AuditRule
	order  byte // the option that says what is done: a, A, d, w, W, D; 0 if none
	target string
	calls  []string
	keys   []string
}

// take takes up one option with its value.
func (d *draft) take(letter byte, value string) error {
	switch letter {
	case 'a', 'A', 'd', 'w', 'W', 'D':
		if d.order != 0 {
			return lang.RecordErrorf("%w: -%c beside -%c", errLine, letter, d.order)
		}
		d.order = letter
		if letter == 'w' || letter == 'W' {
			d.target = value
			return nil
		}
		if letter == 'D' {
			return nil
		}
		return d.list(value)
	case 'S':
		d.calls = append(d.calls, strings.Split(value, ",")...)
	case 'F':
		return d.field(value)
	case 'C':
		return d.comparison(value)
	case 'k':
		d.keys = append(d.keys, value)
	case 'p':
		return d.perm(value)
	case 'e':
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 || n > 2 {
			return fmt.Errorf("%w: -e %s", errLine, value)
		}
		d.config.out.Enabled = n
	case 'b', 'f', 'r', 'c', 'i', 'q': // settings of the log, and what happens at errors
	default:
		return fmt.Errorf("%w: -%c", errLine, letter)
	}
	return nil
}

// list reads "always,exit", in either order.
func (d *draft) list(value string) error {
	for word := range strings.SplitSeq(value, ",") {
		switch word {
		case "always", "never":
			d.rule.Action = word
		case "exit", "task", "user", "exclude", "filesystem", "io_uring":
			d.rule.Filter = word
		default:
			return lang.RecordErrorf("%w: list %q", errLine, value)
		}
	}
	if d.rule.Filter == "" || strings.Count(value, ",") != 1 {
		return lang.RecordErrorf("%w: list %q", errLine, value)
	}
	return nil
}

func (d *draft) perm(value string) error {
	letters, ok := sortedPerms(value)
	if !ok {
		return lang.RecordErrorf("%w: permissions %q", errLine, value)
	}
	d.rule.Perm = letters
	return nil
}

// signs in the order in which they are looked for.
var signs = [...]string{"!=", ">=", "<=", "&=", "=", ">", "<", "&"}

// cutSign splits a condition at its operator, the first there is.
func cutSign(s string) (left, sign, right string, ok bool) {
	at := strings.IndexAny(s, "!<>=&")
	if at <= 0 {
		return "", "", "", false
	}
	for _, sign := range signs {
		if right, ok := strings.CutPrefix(s[at:], sign); ok {
			return s[:at], sign, right, true
		}
	}
	return "", "", "", false
}

// field reads the value of -F.
func (d *draft) field(condition string) error {
	name, sign, value, ok := cutSign(condition)
	if alias, other := aliases[name]; other {
		name = alias
	}
	number, known := fieldNumbers[name]
	if !ok || !known || value == "" {
		return lang.RecordErrorf("%w: field %q", errLine, condition)
	}
	equal := sign == "="
	switch {
	case (number == fieldWatch || number == fieldDir) && (!equal || d.rule.Target() != "" || !path.IsAbs(value)):
		return lang.RecordErrorf("%w: field %q", errLine, condition)
	case number == fieldWatch:
		d.rule.Path = path.Clean(value)
	case number == fieldDir:
		d.rule.Dir = path.Clean(value)
	case number == fieldKey:
		d.keys = append(d.keys, value)
	case number == fieldPerm:
		return d.perm(value)
	case number == fieldArch && equal:
		d.rule.Arch = archOf(value)
	case number == fieldArch:
		d.rule.Conditions = append(d.rule.Conditions, "arch"+sign+archOf(value))
	default:
		d.rule.Conditions = append(d.rule.Conditions, name+sign+valueOf(number, value))
	}
	return nil
}

// archOf gives a machine the name by which rules tell programs apart.
func archOf(value string) string {
	switch value {
	case "b64", "x86_64", "aarch64", "ppc64", "ppc64le", "s390x", "riscv64", "loongarch64":
		return "b64"
	}
	return "b32"
}

// valueOf writes a value as the kernel's are written.
func valueOf(field uint32, value string) string {
	switch {
	case isText(field):
		return value
	case value == "yes":
		return "1"
	case value == "no":
		return "0"
	}
	if n, err := strconv.ParseInt(value, 0, 64); err == nil && n >= -1<<31 && n < 1<<32 {
		return number(field, uint32(n))
	}
	return value
}

// comparison reads the value of -C.
func (d *draft) comparison(value string) error {
	left, sign, right, ok := cutSign(value)
	for _, pair := range comparisons {
		a, b, _ := strings.Cut(pair, " ")
		if ok && (left == a && right == b || left == b && right == a) {
			d.rule.Conditions = append(d.rule.Conditions, a+sign+b)
			return nil
		}
	}
	return lang.RecordErrorf("%w: comparison %q", errLine, value)
}

// finish does what the line says.
func (d *draft) finish() error {
	d.rule.Key = strings.Join(d.keys, ",")
	switch d.order {
	case 'D':
		d.config.removeAll(d.rule.Key)
		return nil
	case 'w', 'W':
		if d.rule.Perm == "" {
			d.rule.Perm = "rwxa"
		}
		if len(d.calls) > 0 || d.rule.Target() != "" {
			return lang.RecordErrorf("%w: -%c with -S or -F", errLine, d.order)
		}
		if err := d.config.watch(&d.rule, d.target); err != nil {
			return err
		}
	case 0:
		if len(d.calls) > 0 || len(d.rule.Conditions) > 0 || d.rule.Target() != "" || d.rule.Perm != "" {
			return lang.RecordErrorf("%w: fields without -a or -w", errLine)
		}
		return nil
	}
	slices.Sort(d.rule.Conditions)
	if d.rule.Filter == "exit" || d.rule.Filter == "io_uring" {
		if len(d.calls) == 0 || slices.Contains(d.calls, "all") {
			setAll(&d.rule)
		} else {
			named(&d.rule, d.calls)
		}
	}
	if d.order == 'd' || d.order == 'W' {
		d.config.remove(d.rule)
		return nil
	}
	d.config.add(d.rule, d.order == 'A')
	return nil
}
