// Package audited judges whether the kernel's audit log records the changes of
// files, and puts the answer in words.
package audited

import (
	"fmt"

	"seawall/auditlog"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// Open is a path of which changes are not recorded, and why.
type Open struct {
	Path snapshot.AuditPath
	Why  string
}

// String is the path with the reason.
func (o Open) String() string { return lang.Bracket(o.Path.Path, o.Why) }

// Missing finds the paths of which changes are not recorded. It ends the check
// as unknown where the kernel does not tell its rules, and taints it where a
// path cannot be judged.
func Missing(c *rule.Context, paths []snapshot.AuditPath) []Open {
	log := c.Host.Audit
	if _, ok := log.Peek(); !ok {
		g := log.Gap()
		g.Detail = lang.Reword(g.Detail) + configured(c, paths)
		c.Missed(log.Origin(), g)
		c.Stop()
	}
	a, _ := log.Look(c)
	if auditlog.AsksLabels(a) && !c.Host.SELinux.Read(c).Enabled {
		a = auditlog.WithoutLabels(a)
	}
	var out []Open
	for _, p := range paths {
		w := auditlog.Of(a, p)
		switch {
		case log.State() == snapshot.Absent:
			c.Cite(log.Origin(), lang.T("absent"))
			out = append(out, Open{p, lang.T("the kernel has no audit log")})
		case len(w.Doubts) > 0:
			c.Missed(log.Origin(), snapshot.Gap{
				Reason: snapshot.ReasonUnresolved, Detail: lang.Semicolon(w.Doubts), Remedy: lang.Sprintf("give %s a rule of its own", p.Real),
			})
		case w.Changes():
			for _, r := range w.By {
				c.Saw(snapshot.At(p.Real, log.Origin().Source), r.String())
			}
		default:
			c.Cite(snapshot.At(p.Real, log.Origin().Source), why(w))
			out = append(out, Open{p, why(w)})
		}
	}
	return out
}

// why says what keeps changes out of the log.
func why(w auditlog.Watch) string {
	if len(w.Limits) == 0 {
		return lang.T("no rule is about it")
	}
	return lang.Semicolon(w.Limits)
}

// configured tells, for a gap, what auditd's files would have recorded.
func configured(c *rule.Context, paths []snapshot.AuditPath) string {
	config, ok := c.Host.AuditConfig.Peek()
	switch {
	case !ok:
		return ""
	case c.Host.AuditConfig.State() == snapshot.Absent:
		return lang.T("; no rules are configured in /etc/audit")
	}
	var without []string
	for _, p := range paths {
		if !auditlog.Of(snapshot.Audit{Enabled: 1, Rules: config.Rules}, p).Changes() {
			without = append(without, p.Path)
		}
	}
	if len(without) == 0 {
		return lang.T("; by the rules configured in /etc/audit the changes would be recorded")
	}
	return lang.Sprintf("; the rules configured in /etc/audit leave out %s", lang.Comma(without))
}

// Line is the rule that auditd's files need for a path.
func Line(p snapshot.AuditPath) string {
	field := "path"
	if p.Type == "dir" {
		field = "dir"
	}
	return fmt.Sprintf("-a always,exit -F %s=%s -F perm=wa -F key=docker", field, p.Real)
}
