package engine

import (
	"slices"

	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

// filesCheck judges the files of the daemon that have one of the roles: only
// those who may control the engine may write them. What says what they are.
func filesCheck(what string, has func(role string) bool) check {
	return func(c *rule.Context, e *snapshot.Engine) rule.Answer {
		files := e.Daemon.Files.Read(c)
		allowed := trust.Engine(c, e)
		var found []string
		judged := 0
		for _, f := range files {
			if !has(f.Role) {
				continue
			}
			judged++
			if grants := trust.Grants(c, access.Writers, f, allowed); len(grants) > 0 {
				cite(c, e.Daemon.Files.Origin(), f)
				found = append(found, lang.Sprintf("%s by %s", f.Path, access.Describe(grants)))
			}
		}
		switch {
		case len(found) > 0:
			return c.Fail("%s can be changed: %s", lang.T(what), lang.Semicolon(found))
		case judged == 0:
			return c.NotApplicable("no %s found", lang.T(what))
		}
		return c.Pass("only those who control the engine can change the %s", lang.T(what))
	}
}

// cite names a file as evidence.
func cite(c *rule.Context, o snapshot.Origin, f snapshot.File) {
	c.Cite(snapshot.At(f.Path, o.Source), f.String())
}

// role returns a test for some roles.
func role(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}
