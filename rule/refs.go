package rule

import "strings"

// List gives all references as strings of the form "CIS 1.8: 5.5",
// "NIST SP 800-190: 4.4.3", "ATT&CK: T1611", "Guide: G6",
// "Docker docs: Rootless mode".
func (r Refs) List() []string {
	list := make([]string, 0, 6)
	for _, number := range strings.Fields(r.CIS) {
		list = append(list, "CIS 1.8: "+number)
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
	return list
}

// CISNumbers gives the recommendation's numbers in a release of the CIS Docker
// Benchmark: "1.8", "1.7" or "1.6". Release 1.8 inserted 2.7, so 2.8 to 2.19
// were one lower before; all other numbers are the same.
func (r Refs) CISNumbers(release string) []string {
	var numbers []string
	for _, n := range strings.Fields(r.CIS) {
		if release != "1.8" {
			n = before18(n)
		}
		if n != "" {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

var section2Before18 = map[string]string{
	"2.7": "", "2.8": "2.7", "2.9": "2.8", "2.10": "2.9", "2.11": "2.10",
	"2.12": "2.11", "2.13": "2.12", "2.14": "2.13", "2.15": "2.14",
	"2.16": "2.15", "2.17": "2.16", "2.18": "2.17", "2.19": "2.18",
}

func before18(n string) string {
	if old, ok := section2Before18[n]; ok {
		return old
	}
	return n
}
