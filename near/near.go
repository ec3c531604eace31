// Package near finds the name that a mistyped one was meant to be.
package near

import "strings"

// Match returns the name with the smallest edit distance to the given one, or
// "" if none is near enough to be meant.
func Match(name string, names []string) string {
	best, bestDistance := "", len(name)/3+2
	for _, n := range names {
		d := distance(name, n)
		if strings.Contains(n, name) && len(name) > 3 {
			d = min(d, 1)
		}
		if d < bestDistance {
			best, bestDistance = n, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
