package extract

import (
	"seawall/attack/steps"
	"seawall/cis"
	"seawall/currency/known"
	"seawall/lang"
	"seawall/rule"
	"seawall/rules/client"
	"seawall/rules/container"
	"seawall/rules/engine"
	"seawall/rules/host"
	"seawall/rules/image"
	"seawall/rules/listener"
	"seawall/rules/network"
	"seawall/rules/volume"
)

// books are the rules by the directory that they stand in.
var books = map[string]func() []*rule.Rule{
	"rules/client": client.Rules, "rules/container": container.Rules, "rules/engine": engine.Rules,
	"rules/host": host.Rules, "rules/image": image.Rules, "rules/listener": listener.Rules,
	"rules/network": network.Rules, "rules/volume": volume.Rules,
}

// stepsDir is where the texts of steps are put, whose packages are many and small.
const stepsDir = "attack/steps"

// All are the texts of the module: those in its code, of its rules and of its steps. The
// language that is spoken must be English.
func All(root string) ([]Package, error) {
	found, err := Sources(root)
	if err != nil {
		return nil, err
	}
	byDir := map[string]*collector{}
	for _, p := range found {
		byDir[p.Dir] = &collector{texts: map[lang.Key]*Text{}}
		for _, t := range p.Texts {
			byDir[p.Dir].texts[t.Key] = &t
		}
	}
	at := func(dir string) *collector {
		if byDir[dir] == nil {
			byDir[dir] = &collector{texts: map[lang.Key]*Text{}}
		}
		return byDir[dir]
	}
	for dir, list := range books {
		for _, r := range list() {
			for _, text := range r.Texts() {
				at(dir).add(lang.Key{Text: *text}, "", r.ID)
			}
			for _, text := range r.Shown() {
				at(dir).add(lang.Key{Text: text}, "", r.ID)
			}
		}
	}
	for _, r := range cis.All() {
		for _, text := range r.Texts() {
			at("cis").add(lang.Key{Text: text}, "", r.Number)
		}
	}
	data := known.BuiltIn()
	for i := range data.Advisories {
		for _, text := range data.Advisories[i].Texts() {
			at("currency/known").add(lang.Key{Text: text}, "", data.Advisories[i].ID)
		}
	}
	for _, s := range steps.All().Steps() {
		for _, text := range s.Texts() {
			at(stepsDir).add(lang.Key{Text: *text}, "", s.ID)
		}
		for _, text := range s.Shown() {
			at(stepsDir).add(lang.Key{Text: text}, "", s.ID)
		}
		for _, c := range s.Conds() {
			at(stepsDir).add(lang.Key{Text: c.Says}, "", s.ID)
		}
	}
	return packages(byDir), nil
}
