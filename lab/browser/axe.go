package browser

import (
	_ "embed" // of axe-core
	"fmt"
	"strings"
)

//go:embed axe/axe.min.js
var axe string

// Broken is a rule of axe-core that a page breaks, or may break.
type Broken struct {
	Rule  string   `json:"id"`
	About string   `json:"help"`
	Where []string `json:"where"` // selector and why, of the first few places
	Count int      `json:"count"`
}

func (v Broken) String() string {
	return fmt.Sprintf("%s (%s), at %d places:\n\t%s", v.Rule, v.About, v.Count, strings.Join(v.Where, "\n\t"))
}

// askAxe asks the rules of WCAG 2.2 AA and those that axe calls best practice.
const askAxe = `axe.run({runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, resultTypes: ['violations', 'incomplete']})
.then(r => {
  const list = of => of.map(v => ({id: v.id, help: v.help, count: v.nodes.length, where: v.nodes.slice(0, 5).map(n => n.target.join(' ') + ': ' + n.any.concat(n.all, n.none).map(c => c.message).join('; '))}));
  return {violations: list(r.violations), incomplete: list(r.incomplete), passes: r.passes.length};
})`

// Axe asks axe-core of the page as it is now: which rules it breaks, and of which axe
// cannot tell. It comes by the DevTools protocol, to which the page's policy does not apply.
func (b *Tab) Axe() (broken, unsure []Broken) {
	b.t.Helper()
	if !Value[bool](b, "typeof axe === 'object'") {
		b.Script(axe)
	}
	out := Value[struct {
		Violations, Incomplete []Broken
		Passes                 int
	}](b, askAxe)
	if out.Passes < 10 {
		b.t.Fatalf("axe says that %d rules are kept: it did not look", out.Passes)
	}
	return out.Violations, out.Incomplete
}
