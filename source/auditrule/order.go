package auditrule

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// suffix is what ls -v leaves aside at first: the endings of a file's name.
var suffix = regexp.MustCompile(`(\.[A-Za-z~][A-Za-z0-9~]*)+$`)

// VersionSort orders names as ls -v does (GNU filevercmp): runs of digits by
// their value, letters before other characters.
func VersionSort(names []string) []string {
	return slices.SortedFunc(slices.Values(names), func(a, b string) int {
		return cmp.Or(compareVersions(suffix.ReplaceAllString(a, ""), suffix.ReplaceAllString(b, "")), compareVersions(a, b), cmp.Compare(a, b))
	})
}

func compareVersions(a, b string) int {
	for a != "" || b != "" {
		if c := compareText(cutText(&a), cutText(&b)); c != 0 {
			return c
		}
		numberA, numberB := cutNumber(&a), cutNumber(&b)
		if c := cmp.Or(cmp.Compare(len(numberA), len(numberB)), cmp.Compare(numberA, numberB)); c != 0 {
			return c
		}
	}
	return 0
}

// cutText cuts what comes before the next digit.
func cutText(s *string) string {
	at := strings.IndexAny(*s, "0123456789")
	if at < 0 {
		at = len(*s)
	}
	text := (*s)[:at]
	*s = (*s)[at:]
	return text
}

// cutNumber cuts the digits at the front, without leading zeros.
func cutNumber(s *string) string {
	rest := strings.TrimLeft(*s, "0123456789")
	number := strings.TrimLeft((*s)[:len(*s)-len(rest)], "0")
	*s = rest
	return number
}

func compareText(a, b string) int {
	weight := func(s string, i int) int {
		switch {
		case i >= len(s):
			return 0
		case s[i] == '~':
			return -1
		case s[i] >= 'A' && s[i] <= 'Z' || s[i] >= 'a' && s[i] <= 'z':
			return int(s[i])
		}
		return int(s[i]) + 256
	}
	for i := range max(len(a), len(b)) {
		if c := cmp.Compare(weight(a, i), weight(b, i)); c != 0 {
			return c
		}
	}
	return 0
}
