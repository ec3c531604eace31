package livehost

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
	"seawall/source/auditrule"
	"seawall/source/hostfile"
)

// auditRemedy is what makes the kernel tell its audit rules.
var auditRemedy = lang.Recordf("run as root on the host itself, or in a container with: %s", source.ContainerFlags+" --cap-add AUDIT_CONTROL")

// auditLog asks the kernel for its audit log. It has one for all namespaces.
func (v vantage) auditLog(ctx context.Context) snapshot.Fact[snapshot.Audit] {
	o := snapshot.At("audit rules", "AUDIT_LIST_RULES")
	a, err := auditrule.Kernel(ctx)
	switch {
	case errors.Is(err, auditrule.ErrNoAudit):
		return snapshot.None[snapshot.Audit](o)
	case errors.Is(err, auditrule.ErrRefused):
		return snapshot.Lost[snapshot.Audit](snapshot.Gap{Reason: snapshot.ReasonPermission, Detail: lang.Untranslated(err), Remedy: auditRemedy}, o)
	case err != nil:
		return snapshot.Lost[snapshot.Audit](source.GapFrom(err), o)
	}
	for i := range a.Rules {
		resolveRule(v.m.Files, &a.Rules[i])
	}
	return snapshot.See(a, o)
}

// resolveRule finds what the path of a rule leads to: the kernel follows the
// links above the last element (kernel/audit_watch.c, kernel/audit_tree.c).
func resolveRule(files *hostfile.FS, r *snapshot.AuditRule) {
	target := r.Target()
	if target == "" {
		return
	}
	if target == "/" {
		r.Real = "/"
		return
	}
	dir, err := files.Real(path.Dir(target))
	if err != nil {
		return
	}
	real := path.Join(dir, path.Base(target))
	link, err := files.Lstat(real, "")
	if errors.Is(err, fs.ErrNotExist) && r.Path != "" { // watched until there is one
		r.Real = real
	}
	if err != nil {
		return
	}
	r.Real = real
	if link.Type == "symlink" {
		r.LinkTo, _ = files.Real(real)
	}
}

// The places of auditd's rules. augenrules(8) makes the file of the directory's
// files at every start, where there are such.
const (
	auditRulesDir  = "/etc/audit/rules.d"
	auditRulesFile = "/etc/audit/audit.rules"
	maxAuditRules  = 4 << 20
)

// auditConfig reads the rules that are loaded at boot.
func (v vantage) auditConfig() snapshot.Fact[snapshot.AuditConfig] {
	o := snapshot.At("audit.rules", auditRulesDir+", "+auditRulesFile)
	return hostFact(v.files, o, func() snapshot.Fact[snapshot.AuditConfig] {
		names, err := auditRuleFiles(v.m.Files)
		if err != nil {
			return snapshot.Lost[snapshot.AuditConfig](source.GapFrom(err), o)
		}
		c := auditrule.NewConfig(len(names) > 0, func(name string) bool {
			info, err := v.m.Files.Info(name)
			return err == nil && info.Mode.IsDir()
		})
		if len(names) == 0 {
			names = []string{auditRulesFile}
		}
		for _, name := range names {
			data, err := v.m.Files.ReadFile(name, maxAuditRules)
			if errors.Is(err, fs.ErrNotExist) && name == auditRulesFile {
				return snapshot.None[snapshot.AuditConfig](o)
			}
			if err != nil {
				return snapshot.Lost[snapshot.AuditConfig](source.GapFrom(lang.RecordErrorf("audit rules: %w", err)), o)
			}
			c.Add(name, string(data))
		}
		config := c.Rules()
		for i := range config.Rules {
			resolveRule(v.m.Files, &config.Rules[i])
		}
		return snapshot.See(config, o)
	})
}

// auditRuleFiles lists the files of rules.d in the order of augenrules, which is
// that of ls -v.
func auditRuleFiles(files *hostfile.FS) ([]string, error) {
	names, err := files.ReadDir(auditRulesDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, ".rules") || name[0] == '.' })
	out := auditrule.VersionSort(names)
	for i := range out {
		out[i] = path.Join(auditRulesDir, out[i])
	}
	return out, nil
}
