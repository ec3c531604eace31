package main

import (
	"fmt"
	"strings"

	"seawall/attack"
	"seawall/cis"
	"seawall/rule"
)

// references lists what a rule refers to, with links where there is a page of it.
func references(r rule.Refs) string {
	var b strings.Builder
	recommendations(&b, r.CIS, "")
	recommendations(&b, r.CISRelated, " (related)")
	for section := range strings.FieldsSeq(r.NIST) {
		fmt.Fprintf(&b, "- NIST SP 800-190: %s\n", section)
	}
	for id := range strings.FieldsSeq(r.ATTACK) {
		fmt.Fprintf(&b, "- MITRE ATT&CK: %s\n", technique(id))
	}
	for id := range strings.FieldsSeq(r.Guide) {
		fmt.Fprintf(&b, "- Guide: [%s](../guide.md)\n", id)
	}
	if r.Docs != "" {
		fmt.Fprintf(&b, "- Docker docs: %s\n", r.Docs)
	}
	for _, own := range r.Own {
		fmt.Fprintf(&b, "- %s\n", own)
	}
	return b.String()
}

// recommendations are those of the CIS Docker Benchmark, each with a link to its section.
func recommendations(b *strings.Builder, numbers, note string) {
	for number := range strings.FieldsSeq(numbers) {
		name := "CIS 1.8: " + number
		if release, old, ok := strings.Cut(number, ":"); ok {
			name = "CIS " + release + ": " + old
		}
		fmt.Fprintf(b, "- [%s](../cis.md#%s)%s\n", name, strings.ReplaceAll(strings.ToLower(cis.Section(number)), " ", "-"), note)
	}
}

// technique links a technique of MITRE ATT&CK.
func technique(id string) string {
	return fmt.Sprintf("[%s](https://attack.mitre.org/techniques/%s/)", id, strings.ReplaceAll(id, ".", "/"))
}

// stepsOf are the steps of attack paths by the rules that find the same fault.
func stepsOf(book *attack.Book) map[string][]*attack.Step {
	out := map[string][]*attack.Step{}
	for _, s := range book.Steps() {
		for _, id := range s.Rules {
			out[id] = append(out[id], s)
		}
	}
	return out
}
