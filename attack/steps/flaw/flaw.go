package flaw

import (
	"slices"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/currency"
	"seawall/currency/known"
	"seawall/currency/version"
	"seawall/lang"
	"seawall/snapshot"
)

// flaw is one of a program of the engine, or of the kernel: several advisories where
// the same releases mend them and an attack takes the same.
type flaw struct {
	part known.Component
	ids  []string // of advisories
	// mended are the first releases that mend all of them, one a branch, and the last
	// for all later branches. Those need no look into the data of advisories.
	mended []string
}

// open: the flaw is there. Where the vendor's word is not known, or the version was not
// seen, it may be.
func (f *flaw) open() *attack.Cond {
	says, args := f.says()
	return &attack.Cond{
		Says: says, Args: args,
		Check: cond.AsRead,
		Ask:   f.ask,
		Ends: func(q *attack.Query) []attack.Change {
			c := attack.Change{Kind: update, Engine: q.Engine.Name, Subject: string(f.part), Detail: strings.Join(f.ids, ", ")}
			if f.part == known.Kernel {
				c.Kind, c.Engine = updateKernel, ""
			}
			return q.Changes(c)
		},
	}
}

// says is the condition in words.
func (f *flaw) says() (text string, args []any) {
	ids := strings.Join(f.ids, ", ")
	switch f.part {
	case known.Kernel:
		return "the host's kernel has a flaw that a newer version mends (%s)", []any{ids}
	case known.Engine:
		return "the engine has a flaw that a newer version mends (%s)", []any{ids}
	}
	return "its engine's %s has a flaw that a newer version mends (%s)", []any{string(f.part), ids}
}

func (f *flaw) ask(q *attack.Query) attack.Truth {
	told, o, known := f.version(q)
	switch {
	case !known:
		return attack.Unknown
	case told == "":
		return attack.No
	}
	j := f.judge(q, told)
	if j.mended {
		return attack.No
	}
	truth := attack.No
	if len(j.verdicts) == 0 {
		q.Missed(o, snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.Semicolon(append([]string{lang.Sprintf("what is known of version %s does not decide", told)}, j.missing...))})
		return attack.Unknown
	}
	for _, v := range j.verdicts {
		at := snapshot.At(v.Advisory.ID+" in "+string(f.part)+" "+told, "advisories; "+o.Source)
		switch v.Status {
		case currency.Open, currency.Accepted:
			q.Saw(at, v.Why)
			truth = attack.Yes
		case currency.VendorUnknown, currency.Undecided:
			q.Missed(at, snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: v.Why, Remedy: lang.T("see: seawall updates")})
			truth = max(truth, attack.Unknown)
		}
	}
	return truth
}

// version is what runs of the part; "" if the engine has no such part.
func (f *flaw) version(q *attack.Query) (told string, o snapshot.Origin, seen bool) {
	switch f.part {
	case known.Kernel:
		told, seen = q.Host.Kernel.Try(q)
		return told, q.Host.Kernel.Origin(), seen
	case known.Engine:
		told, seen = q.Engine.Version.Try(q)
		return told, q.Engine.Version.Origin(), seen
	}
	parts, seen := q.Engine.Components.Try(q)
	for _, p := range parts {
		if p.Name == string(f.part) {
			told = p.Version
		}
	}
	return told, q.Engine.Components.Origin(), seen
}

// isMended reports whether a version is surely made of a release that holds the mend.
func (f *flaw) isMended(told string) bool {
	runs := version.Clean(told)
	for i, m := range f.mended {
		order, err := version.Upstream.Compare(runs, m)
		if err == nil && order >= 0 && (i == len(f.mended)-1 || branch(runs) == branch(m)) {
			return true
		}
	}
	return false
}

// branch are the first two numbers of a release.
func branch(release string) string {
	numbers := strings.SplitN(release, ".", 3)
	return strings.Join(numbers[:min(2, len(numbers))], ".")
}

// judged is what is known of a flaw where an engine is.
type judged struct {
	mended   bool
	verdicts []currency.Verdict
	missing  []string // what could not be seen of the part
}

// judgedKey is the key of that, reportKey of what is known of the host's software.
type (
	judgedKey struct {
		f *flaw
		e *snapshot.Engine
	}
	reportKey struct{}
)

// judge is what is known of the flaw where the site's engine is. The data of advisories
// is looked into only for versions that are not mended for sure: to read it takes 20 ms.
func (f *flaw) judge(q *attack.Query, told string) judged {
	return attack.Once(q.Site, judgedKey{f, q.Engine}, func() judged {
		if f.isMended(told) {
			return judged{mended: true}
		}
		verdicts, missing := f.verdicts(q)
		return judged{verdicts: verdicts, missing: missing}
	})
}

func (f *flaw) verdicts(q *attack.Query) (out []currency.Verdict, missing []string) {
	report := attack.Once(q.Site, reportKey{}, func() *currency.Report { return currency.Judge(q.Snapshot, known.BuiltIn()) })
	for i := range report.Components {
		c := &report.Components[i]
		if c.Kind != f.part || f.part != known.Kernel && c.Engine != q.Engine.Name {
			continue
		}
		for _, v := range c.Verdicts {
			if slices.Contains(f.ids, v.Advisory.ID) {
				out = append(out, v)
			}
		}
		for _, m := range c.Missing {
			missing = append(missing, lang.Reword(m.Gap.Detail))
		}
	}
	return out, missing
}

var (
	update = &attack.ChangeKind{
		ID: "update", Text: "Update {subject} of {engine} to a version that mends {detail}",
		Weight: 2, Disruption: attack.Restart, Breaks: "Containers stop during the update, unless live restore is on; those that run keep the old program until they are restarted.",
		Shell: "seawall updates   # which version mends it\nsudo apt-get install --only-upgrade docker-ce containerd.io || sudo apt-get install --only-upgrade docker.io containerd runc",
	}
	updateKernel = &attack.ChangeKind{
		ID: "update-kernel", Text: "Start the host with a kernel that mends {detail}",
		Weight: 3, Disruption: attack.Reboot, Breaks: "Everything on the host, for the time of a restart.",
		Shell: "sudo apt-get upgrade && sudo systemctl reboot   # or the distribution's own way",
	}
)
