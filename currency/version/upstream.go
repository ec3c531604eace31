package version

import (
	"cmp"
	"strings"

	"seawall/lang"
)

// compareUpstream orders releases naturally: numbers by their value, so that rc10
// is after rc9 (runc counted to rc95), a pre-release before its release, and a
// missing number as zero (23.0 is 23.0.0).
func compareUpstream(a, b string) (int, error) {
	x, err := parseUpstream(a)
	if err != nil {
		return 0, err
	}
	y, err := parseUpstream(b)
	if err != nil {
		return 0, err
	}
	for i := range max(len(x.numbers), len(y.numbers)) {
		if c := compareDigits(at(x.numbers, i), at(y.numbers, i)); c != 0 {
			return c, nil
		}
	}
	switch {
	case x.pre == y.pre:
		return 0, nil
	case x.pre == "":
		return 1, nil
	case y.pre == "":
		return -1, nil
	}
	return natural(x.pre, y.pre), nil
}

// upstream is a release: its numbers as digits, and what marks a pre-release.
type upstream struct {
	numbers []string
	pre     string // "" for a release
}

func parseUpstream(text string) (upstream, error) {
	var u upstream
	numbers, pre, found := strings.Cut(Clean(text), "-")
	if found && pre == "" {
		return u, lang.Errorf("version %q ends with a dash", text)
	}
	u.pre = pre
	for number := range strings.SplitSeq(numbers, ".") {
		if number == "" || strings.Trim(number, "0123456789") != "" {
			return u, lang.Errorf("version %q is not numbers with dots between", text)
		}
		u.numbers = append(u.numbers, number)
	}
	return u, nil
}

func at(numbers []string, i int) string {
	if i < len(numbers) {
		return numbers[i]
	}
	return "0"
}

// compareDigits compares numbers of any length.
func compareDigits(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// natural compares texts in which runs of digits count by their value. A dot or
// dash between letters and digits says nothing: rc.1 is rc1.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, restA := run(a)
		y, restB := run(b)
		c := cmp.Compare(x, y) // numbers before words, as semver has it
		if digit(x[0]) && digit(y[0]) {
			c = compareDigits(x, y)
		}
		if c != 0 {
			return c
		}
		a, b = restA, restB
	}
	return cmp.Compare(len(a), len(b))
}

// run is the first run of digits or of others, and what follows it without a
// separator.
func run(s string) (first, rest string) {
	isDigit := digit(s[0])
	i := 1
	for i < len(s) && digit(s[i]) == isDigit && s[i] != '.' && s[i] != '-' {
		i++
	}
	return s[:i], strings.TrimLeft(s[i:], ".-")
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
