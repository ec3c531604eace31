package engine

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"seawall/access"
	"seawall/lang"
	"seawall/rule"
	"seawall/rule/example"
	"seawall/rules/internal/trust"
	"seawall/snapshot"
)

// exactFile is a kind of file for which the CIS Docker Benchmark asks an owner
// and a mode, whoever can really change it: that is judged by the rules about
// files that others can write.
type exactFile struct {
	slug, what  string
	owner, mode string        // recommendations
	most        snapshot.Mode // no more permissions than these
	path        string        // for examples
	role        string
	is          func(snapshot.File) bool // among the files of the role
	wiser       string                   // the rule that judges the effect
}

func exactFiles() []exactFile {
	any := func(snapshot.File) bool { return true }
	ends := func(with string) func(snapshot.File) bool {
		return func(f snapshot.File) bool { return strings.HasSuffix(f.Path, with) }
	}
	own := func(f snapshot.File) bool { return !ofRegistry(f) }
	return []exactFile{
		{"service-unit", lang.N("the engine's service unit"), "3.1", "3.2", 0o644, "/usr/lib/systemd/system/docker.service", snapshot.RoleUnit, ends(".service"), "engine-unit-writable"},
		{"socket-unit", lang.N("the engine's socket unit"), "3.3", "3.4", 0o644, "/usr/lib/systemd/system/docker.socket", snapshot.RoleUnit, ends(".socket"), "engine-unit-writable"},
		{"config-directory", lang.N("the engine's configuration directory"), "3.5", "3.6", 0o755, "/etc/docker", snapshot.RoleConfigDir, any, "engine-config-writable"},
		{"registry-certificates", lang.N("a certificate or key for a registry"), "3.7", "3.8", 0o444, "/etc/docker/certs.d/registry.example/ca.crt", "", ofRegistry, "engine-tls-file-writable"},
		{"tls-ca", lang.N("the CA certificate of the API"), "3.9", "3.10", 0o444, "/etc/docker/ca.pem", snapshot.RoleTLSCA, own, "engine-tls-file-writable"},
		{"tls-certificate", lang.N("the API's certificate"), "3.11", "3.12", 0o444, "/etc/docker/server-cert.pem", snapshot.RoleTLSCert, own, "engine-tls-file-writable"},
		{"tls-key", lang.N("the API's key"), "3.13", "3.14", 0o400, "/etc/docker/server-key.pem", snapshot.RoleTLSKey, own, "engine-tls-key-readable"},
		{"config-file", lang.N("the engine's configuration file"), "3.17", "3.18", 0o644, "/etc/docker/daemon.json", snapshot.RoleConfig, any, "engine-config-writable"},
		{"default-file", "/etc/default/docker", "3.19", "3.20", 0o644, "/etc/default/docker", snapshot.RoleEnvironment, ends("/etc/default/docker"), "engine-config-writable"},
		{"sysconfig-file", "/etc/sysconfig/docker", "3.22", "3.21", 0o644, "/etc/sysconfig/docker", snapshot.RoleEnvironment, ends("/etc/sysconfig/docker"), "engine-config-writable"},
	}
}

// ofRegistry reports whether a file is a certificate or key in certs.d.
func ofRegistry(f snapshot.File) bool {
	return path.Base(path.Dir(path.Dir(f.Path))) == "certs.d"
}

// exactFileRules makes two rules of each kind of file.
func exactFileRules() []*rule.Rule {
	var rules []*rule.Rule
	for _, k := range exactFiles() {
		rules = append(rules, k.ownerRule(), k.modeRule())
	}
	return rules
}

func (k exactFile) ownerRule() *rule.Rule {
	bob := k.example(k.most)
	bob.UID, bob.Owner = 1001, "bob"
	group := k.example(k.most)
	group.GID, group.Group = 50, "staff"
	return k.rule(rule.Rule{
		ID:    "engine-" + k.slug + "-not-owned-by-root",
		Title: sentence(k.what) + " does not belong to root:root",
		Fix:   rule.Fix{Text: "Give it to root.", Shell: "sudo chown root:root " + k.path, Breaks: "Whoever edits the file as its owner or by its group."},
		Refs:  rule.Refs{CIS: k.owner, CISRelated: k.mode},
		Bad: []rule.Example{
			{Show: "chown bob " + k.path, Facts: example.EngineFile(bob)},
			{Show: "chgrp staff " + k.path, Facts: example.EngineFile(group)},
		},
	}, func(c *rule.Context, e *snapshot.Engine, f snapshot.File) bool {
		return ownedBy(f, trust.Engine(c, e))
	}, func() string { return lang.T("all belong to root") })
}

func (k exactFile) modeRule() *rule.Rule {
	acl := k.example(k.most &^ 0o066)
	acl.ACL = []snapshot.ACLEntry{{Kind: "user", ID: 1001, Name: "bob", Perm: 7}}
	return k.rule(rule.Rule{
		ID:    "engine-" + k.slug + "-too-open",
		Title: fmt.Sprintf("%s has a mode beyond %o", sentence(k.what), k.most),
		Fix:   rule.Fix{Text: fmt.Sprintf("Set the mode %o, or a stricter one.", k.most), Shell: fmt.Sprintf("sudo chmod %o %s", k.most, k.path), Breaks: "Whoever uses the permissions that are taken."},
		Refs:  rule.Refs{CIS: k.mode, CISRelated: k.owner},
		Bad: []rule.Example{
			{Show: fmt.Sprintf("chmod %o %s", k.most|0o020, k.path), Facts: example.EngineFile(k.example(k.most | 0o020))},
			{Show: fmt.Sprintf("chmod %o %s", k.most|0o002, k.path), Facts: example.EngineFile(k.example(k.most | 0o002))},
			{Show: "setfacl -m u:bob:rwx " + k.path, Facts: example.EngineFile(acl)},
		},
	}, func(_ *rule.Context, _ *snapshot.Engine, f snapshot.File) bool {
		return access.Granted(f)&^k.most == 0
	}, func() string { return lang.Sprintf("all have no permissions beyond %o", k.most) })
}

// rule completes a rule: what both have in common, and a check that asks every
// file of the kind, and says all where nothing is wrong.
func (k exactFile) rule(r rule.Rule, fine func(*rule.Context, *snapshot.Engine, snapshot.File) bool, all func() string) *rule.Rule {
	r.Severity, r.Exact = rule.Low, true
	r.Why = "The CIS Docker Benchmark asks for it to the letter. It is no fault by itself: whether others than root can get at the file is judged by " + k.wiser + "."
	r.Refs.NIST, r.Refs.ATTACK = "4.5.4 4.5.5", "T1222.002"
	r.Good = []rule.Example{
		{Show: fmt.Sprintf("root:root, mode %o", k.most), Facts: example.EngineFile(k.example(k.most))},
		{Show: fmt.Sprintf("root:root, mode %o", k.most&0o500), Facts: example.EngineFile(k.example(k.most & 0o500))},
	}
	r.Engine = dockerd(func(c *rule.Context, e *snapshot.Engine) rule.Answer {
		var wrong []string
		files := k.files(c, e)
		for _, f := range files {
			if !fine(c, e, f) {
				cite(c, e.Daemon.Files.Origin(), f)
				wrong = append(wrong, f.String())
			}
		}
		switch {
		case len(wrong) > 0:
			return c.Fail("%s: %s", lang.T(k.what), lang.Semicolon(wrong))
		case len(files) == 0:
			return c.NotApplicable("the engine does not use such a file (%s)", lang.T(k.what))
		}
		return c.Pass("%s", lang.Bracket(all(), lang.T(k.what)))
	})
	return &r
}

// files are those of the kind that the engine uses. Units are among its files
// only where it is known which unit runs it.
func (k exactFile) files(c *rule.Context, e *snapshot.Engine) []snapshot.File {
	files := e.Daemon.Files.Read(c)
	if k.role == snapshot.RoleUnit {
		e.Daemon.Unit.Read(c)
	}
	roles := []string{k.role}
	switch k.role {
	case snapshot.RoleEnvironment:
		roles = append(roles, snapshot.RoleDefaults)
	case "":
		roles = []string{snapshot.RoleTLSCA, snapshot.RoleTLSCert, snapshot.RoleTLSKey}
	}
	return slices.DeleteFunc(slices.Clone(files), func(f snapshot.File) bool { return !slices.Contains(roles, f.Role) || !k.is(f) })
}

// ownedBy reports whether a file belongs to root, or to the user whose rootless
// engine it is, and to the group of either.
func ownedBy(f snapshot.File, allowed access.Trust) bool {
	user := f.UID == 0 || slices.Contains(allowed.UIDs, f.UID)
	return user && (f.GID == 0 || f.Group != "" && slices.Contains(allowed.Users, f.Group))
}

// example is a file of the kind that belongs to root:root.
func (k exactFile) example(mode snapshot.Mode) snapshot.File {
	role, kind := k.role, "file"
	if role == "" {
		role = snapshot.RoleTLSCA
	}
	if role == snapshot.RoleConfigDir {
		kind = "dir"
	}
	return example.File(role, k.path, kind, mode)
}

// sentence begins with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
