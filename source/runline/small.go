package runline

import (
	"maps"
	"slices"
	"strings"
)

// keyValues reads KEY=VALUE; the last of a key counts.
func keyValues(assignments []string) map[string]string {
	out := make(map[string]string, len(assignments))
	for _, a := range assignments {
		key, value, _ := strings.Cut(a, "=")
		out[key] = value
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// unique keeps the first of equal strings.
func unique(in []string) []string {
	var out []string
	for _, s := range in {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// extraHosts writes name=address as the API has it: name:address. An IPv6
// address loses its brackets.
func extraHosts(in []string) []string {
	var out []string
	for _, s := range in {
		name, address, found := strings.Cut(s, "=")
		if !found {
			name, address, _ = strings.Cut(s, ":")
		}
		if len(address) > 2 && address[0] == '[' && address[len(address)-1] == ']' {
			address = address[1 : len(address)-1]
		}
		out = append(out, name+":"+address)
	}
	return out
}
