package main

import (
	"fmt"
	"strings"

	"seawall/attack"
	"seawall/rule"
	"seawall/trial/outline"
)

// stepsPage tells of all steps of attack paths, by where they are looked for.
func stepsPage(b *attack.Book) (string, error) {
	var out strings.Builder
	fmt.Fprintf(&out, `# Steps of attack paths

%d steps, by what they are looked for at. Generated from the steps by `+"`make docs`"+`;
[paths.md](paths.md) says how they join into paths.

Effort is 0 where there is nothing to do, 1 for one command, 2 for a public exploit or
one more condition, 3 for a race, waiting, or an exploit to be built, 4 for hardware or
a fault that is assumed, 5 for research. Each change under *ended by* ends the step
alone; its id is what `+"`--keep`, `--weight` and `--what-if`"+` take, with names in place of
NAME and DETAIL, or a pattern such as `+"`drop-capability:*`"+`. Its weight is the effort and
risk of making it.
`, len(b.Steps()))
	for _, kind := range rule.Kinds() {
		header := false
		for _, s := range b.Steps() {
			if s.At != kind {
				continue
			}
			if !header {
				fmt.Fprintf(&out, "\n## At each %s\n", kind)
				header = true
			}
			o, err := outline.Of(s)
			if err != nil {
				return "", err
			}
			step(&out, s, o)
		}
	}
	return out.String(), nil
}

// step says all that a step says about itself, as `seawall explain` does.
func step(b *strings.Builder, s *attack.Step, o *attack.Outline) {
	fmt.Fprintf(b, "\n### %s\n\n%s: %s → %s. %s\n\n", s.ID, s.Title, strings.Join(o.From, ", or "), strings.Join(o.To, ", or "), paragraph(s.Why))
	fmt.Fprintf(b, "- effort %d: %s\n", s.Cost, s.CostReason)
	fmt.Fprintf(b, "- MITRE ATT&CK %s\n", technique(s.ATTACK))
	if len(o.Needs) > 0 {
		fmt.Fprintf(b, "- if %s\n", strings.Join(o.Needs, "; and "))
	}
	for _, harder := range o.Harder {
		fmt.Fprintf(b, "- one more effort if %s\n", harder)
	}
	fmt.Fprintf(b, "- seen by: %s\n", paragraph(s.Proof))
	for _, c := range o.Changes {
		fmt.Fprintf(b, "- ended by `%s` (weight %d): %s\n", c.ID, c.Weight, c.Text)
	}
	if len(s.Rules) > 0 {
		links := make([]string, len(s.Rules))
		for i, id := range s.Rules {
			links[i] = fmt.Sprintf("[%s](rules/%s.md)", id, id)
		}
		fmt.Fprintf(b, "- rules that find the same fault: %s\n", strings.Join(links, ", "))
	}
	if s.Permanent != "" {
		fmt.Fprintf(b, "- no change ends it: %s\n", s.Permanent)
	}
}
