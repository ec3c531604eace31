package browser

import (
	_ "embed" // of axe-core
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/emulation"
)

//go:embed axe/axe.min.js
var axe string

// Broken is a rule of axe-core that a page breaks, or may break, and in what way.
type Broken struct {
	Rule  string   `json:"rule"`
	Why   string   `json:"why"`
	Where []string `json:"where"` // selectors of the places
}

func (v Broken) String() string {
	return fmt.Sprintf("%s: %s\n%d places: %s", v.Rule, v.Why, len(v.Where), strings.Join(v.Where[:min(5, len(v.Where))], "\n\t"))
}

// drawAll lays out what is otherwise only laid out once it is scrolled to: of the rest axe
// does not know where it is.
const drawAll = `(() => { const s = new CSSStyleSheet(); s.replaceSync('* { content-visibility: visible !important }'); document.adoptedStyleSheets.push(s); })()`

// askAxe asks the rules of WCAG 2.2 AA and those that axe calls best practice.
const askAxe = `axe.run({runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}, resultTypes: ['violations', 'incomplete']})
.then(r => {
  const list = of => {
    const out = new Map();
    for (const v of of) for (const n of v.nodes) {
      const why = n.any.concat(n.all, n.none).map(c => c.message).join('; ');
      if (!out.has(v.id + why)) out.set(v.id + why, {rule: v.id, why, where: []});
      out.get(v.id + why).where.push(n.target.join(' '));
    }
    return [...out.values()];
  };
  return {violations: list(r.violations), incomplete: list(r.incomplete), passes: r.passes.length};
})`

// Axe asks axe-core of the page as it is now: which rules it breaks, and of which axe
// cannot tell. It comes by the DevTools protocol, to which the page's policy does not
// apply; pages whose scripts are off are let run for it.
func (b *Tab) Axe() (broken, unsure []Broken) {
	b.t.Helper()
	Send(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
	if !Value[bool](b, "typeof axe === 'object'") {
		b.Script(axe)
		b.Script(drawAll)
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
