package container

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func rootfsNeedlessly() *rule.Rule {
	return &rule.Rule{
		ID:       "container-root-filesystem-writable-needlessly",
		Title:    "A container's root file system is writable, and nothing needs it to be",
		Severity: rule.Low,
		Observed: true,
		Why: "While it was watched the container changed nothing outside of its volumes, or only in directories for what may be lost. " +
			"A writable root file system serves whoever breaks in: programs can be replaced, and tools left there.",
		Fix: rule.Fix{
			Text:    "Make the root file system read-only, with a tmpfs for each directory that the finding names; 'seawall advise NAME --observation FILE' gives their owners and modes.",
			Run:     "--read-only --tmpfs /run --tmpfs /tmp   # those that the finding names",
			Compose: "services:\n  web:\n    read_only: true\n    tmpfs: [/run, /tmp]",
			Breaks:  "What it writes seldom and did not write while it was watched. A tmpfs is empty at each start, and hides what the image has there.",
			Edits:   rule.Edits{Not: "it takes an observation, and 'seawall advise' writes what to give instead"},
		},
		Refs: rule.Refs{CISRelated: "5.13", NIST: "4.4.4", ATTACK: "T1554", Guide: "G25", Docs: "docker container run"},
		Bad: []rule.Example{
			{Show: "a container that wrote nothing", Run: "docker run alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
			{Show: "one that wrote a pid file", Run: "docker run alpine", Facts: seenToUse(wroteIn("/run"))},
		},
		Good: []rule.Example{
			{Show: "a container that writes among its data", Run: "docker run alpine", Facts: seenToUse(wroteIn("/var/lib/app"))},
			{Show: "one that is read-only", Run: "docker run --read-only alpine", Facts: seenToUse(func(*snapshot.Observed) {})},
		},
		Container: rootfsNeedlesslyCheck,
	}
}

// wroteIn is an example's container that changed something in a directory.
func wroteIn(dir string) func(*snapshot.Observed) {
	return func(o *snapshot.Observed) { o.Written = snapshot.See([]string{dir}, o.Written.Origin()) }
}

func rootfsNeedlesslyCheck(c *rule.Context, ctr *snapshot.Container) rule.Answer {
	seen := watched(c, ctr)
	if ctr.ReadonlyRootfs.Read(c) {
		return c.Pass("its root file system is read-only")
	}
	written := seen.Written.Read(c)
	var tmpfs []string
	for _, dir := range written {
		top := snapshot.Passing(dir)
		if top == "" {
			return c.Pass("it writes in %s", dir)
		}
		if !slices.Contains(tmpfs, top) {
			tmpfs = append(tmpfs, top)
		}
	}
	seen.Enough.Read(c)
	c.Cite(ctr.ReadonlyRootfs.Origin(), false)
	c.Cite(seen.Written.Origin(), written)
	if len(written) == 0 {
		return c.Fail("in %s it changed nothing outside of volumes: --read-only, or read_only: true%s", basis(seen), life(ctr))
	}
	return c.Fail("in %s it changed files outside of volumes only in %s: --read-only --tmpfs %s, or read_only: true and tmpfs: [%s]%s",
		basis(seen), lang.Comma(written), strings.Join(tmpfs, " --tmpfs "), strings.Join(tmpfs, ", "), life(ctr))
}
