// Package client holds the rules about users' Docker CLI configurations: where
// they connect to, what secrets they keep, and who can get at them.
package client

import (
	"slices"

	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

// Rules lists all rules of this package.
func Rules() []*rule.Rule {
	return []*rule.Rule{
		credentialsInClear(), proxyPassword(), secretHeader(), configInvalid(),
		contextPlaintext(), contextSkipsVerification(), dockerHostPlaintext(),
		keyReadable(), configReadable(), configWritable(), pluginDirectoryWritable(),
	}
}

// check is a check of a client.
type check = func(*rule.Context, *snapshot.Client) rule.Answer

// accessCheck judges files by who else has access to them. Fault is the format of
// what it says: whose files, and who can do what to them.
func accessCheck(fault string, list func(*snapshot.Client) snapshot.Fact[[]snapshot.File], has func(string) bool,
	who func(snapshot.File, access.Trust) []access.Grant) check {
	return func(c *rule.Context, cl *snapshot.Client) rule.Answer {
		files := list(cl)
		judged := 0
		var found []string
		for _, f := range files.Read(c) {
			if !has(f.Role) {
				continue
			}
			judged++
			if grants := trust.Grants(c, who, f, trust.Client(cl)); len(grants) > 0 {
				c.Cite(snapshot.At(f.Path, files.Origin().Source), f.String())
				found = append(found, lang.Sprintf("%s by %s", f.Path, access.Describe(grants)))
			}
		}
		switch {
		case len(found) > 0:
			return c.Fail(fault, cl.User, lang.Semicolon(found))
		case judged == 0:
			return c.NotApplicable("%s has none", cl.User)
		}
		return c.Pass("only root and %s can get at it", cl.User)
	}
}

func files(cl *snapshot.Client) snapshot.Fact[[]snapshot.File]      { return cl.Files }
func pluginDirs(cl *snapshot.Client) snapshot.Fact[[]snapshot.File] { return cl.PluginDirs }

// role returns a test for some roles.
func role(names ...string) func(string) bool {
	return func(name string) bool { return slices.Contains(names, name) }
}

// withFile is a client with this one file.
func withFile(f snapshot.File) func(*snapshot.Snapshot) {
	return example.Client(func(cl *snapshot.Client) { example.Set(&cl.Files, []snapshot.File{f}) })
}
