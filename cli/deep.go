package cli

import (
	"slices"

	"github.com/spf13/pflag"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
	"seawall/source/livehost"
)

// deepFlag is --deep: whether the files of images are read, and of which.
type deepFlag struct{ scope livehost.Deep }

func (d *deepFlag) flag(flags *pflag.FlagSet) {
	flags.Var(d, "deep", lang.T("read the files of images, too: of those that containers use, or of 'all'"))
	flags.Lookup("deep").NoOptDefVal = string(livehost.DeepUsed)
}

// Set takes "used" (which the flag alone means) or "all".
func (d *deepFlag) Set(text string) error {
	switch scope := livehost.Deep(text); scope {
	case livehost.DeepUsed, livehost.DeepAll:
		d.scope = scope
		return nil
	}
	return lang.Error("want --deep or --deep=all")
}

func (d *deepFlag) Type() string   { return "images" }
func (d *deepFlag) String() string { return string(d.scope) }

// asked are the selected rules without those about the files of images, the package
// manager's lists, and what containers were seen to use, where these were not read. They
// are asked all the same, and not known, where one is named by its id or nothing else was
// selected.
func (p auditPlan) asked(snap *snapshot.Snapshot) []*rule.Rule {
	asked := slices.DeleteFunc(slices.Clone(p.selected), func(r *rule.Rule) bool {
		if snap.Declared {
			return r.Deep || r.Observed && !slices.Contains(p.rules, r.ID) || !tells(snap, r)
		}
		return leftOut(r, snap) && !slices.Contains(p.rules, r.ID)
	})
	if len(asked) == 0 {
		return p.selected
	}
	return asked
}

// leftOut reports whether what a rule judges is read when asked for only, and was not.
func leftOut(r *rule.Rule, s *snapshot.Snapshot) bool {
	return r.Dockerfile || r.Deep && !s.Deep || r.Observed && len(s.Observations) == 0 || r.Lists && s.Host.Software.Lists.Gap().Reason == snapshot.ReasonNotCollected
}

// waiversOf are the waivers without those of rules that are left out because what they
// judge was not read: that they match nothing is no reason to remove them.
func (p auditPlan) waiversOf(asked []*rule.Rule) rule.Waivers {
	return slices.DeleteFunc(slices.Clone(p.waivers), func(w *rule.Waiver) bool {
		named, err := p.book.Match(w.Rule)
		return err == nil && !slices.ContainsFunc(named, func(r *rule.Rule) bool {
			return !r.Deep && !r.Lists && !r.Observed && !r.Dockerfile || slices.Contains(asked, r)
		})
	})
}
