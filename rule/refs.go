package rule

import (
	"slices"
	"strings"
)

// List gives all references as strings of the form "CIS 1.8: 5.5",
// "NIST SP 800-190: 4.4.3", "ATT&CK: T1611", "Guide: G6",
// "Docker docs: Rootless mode".
func (r Refs) List() []string {
	list := make([]string, 0, 8)
	for _, number := range strings.Fields(r.CIS) {
		list = append(list, cisReference(number))
	}
	for _, number := range strings.Fields(r.CISRelated) {
		list = append(list, cisReference(number)+" (related)")
	}
	for _, section := range strings.Fields(r.NIST) {
		list = append(list, "NIST SP 800-190: "+section)
	}
	for _, id := range strings.Fields(r.ATTACK) {
		list = append(list, "ATT&CK: "+id)
	}
	for _, id := range strings.Fields(r.Guide) {
		list = append(list, "Guide: "+id)
	}
	if r.Docs != "" {
		list = append(list, "Docker docs: "+r.Docs)
	}
	return append(list, r.Own...)
}

// cisReference names the release with the number: 1.8, or the earlier one that
// alone has the recommendation.
func cisReference(number string) string {
	if release, old, ok := strings.Cut(number, ":"); ok {
		return "CIS " + release + ": " + old
	}
	return "CIS 1.8: " + number
}

// Decides reports whether the rule decides a recommendation of the CIS Docker
// Benchmark, by its number in package cis.
func (r Refs) Decides(number string) bool {
	return slices.Contains(strings.Fields(r.CIS), number)
}
