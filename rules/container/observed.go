package container

import (
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// observedRules are about what containers were given and not seen to need while they
// were watched.
func observedRules() []*rule.Rule {
	return []*rule.Rule{
		capabilityUnused(),
		rootNeedlessly(),
		publishedUnused(),
		rootfsNeedlessly(),
	}
}

// enough reads what a container was seen to use, for a rule that takes not seen for not
// needed. Where too little was seen for that, the check ends as unknown.
func enough(c *rule.Context, ctr *snapshot.Container) snapshot.Observed {
	seen := watched(c, ctr)
	seen.Enough.Read(c)
	return seen
}

// watched is what a container was seen to use. It leaves no evidence: a check cites the
// part that decides.
func watched(c *rule.Context, ctr *snapshot.Container) snapshot.Observed {
	seen, known := ctr.Observed.Look(c)
	if !known {
		c.Stop()
	}
	return seen
}

// basis says how long a container was watched, for messages.
func basis(seen snapshot.Observed) string {
	starts := lang.Sprintf("%d starts", seen.Starts)
	if seen.Starts == 1 {
		starts = lang.T("a start")
	}
	minutes := seen.Seconds / 60
	if minutes < 120 {
		return lang.Sprintf("%.0f minutes and %s", minutes, starts)
	}
	return lang.Sprintf("%.0f hours and %s", minutes/60, starts)
}

// give are the options of docker run, and the lines of Compose, for these capabilities and
// no other.
func give(caps snapshot.CapSet) string {
	if caps == 0 {
		return lang.T("--cap-drop ALL, or cap_drop: [ALL]")
	}
	run := "--cap-drop ALL"
	for _, name := range caps.Names() {
		run += " --cap-add " + name
	}
	return lang.Sprintf("%s, or cap_drop: [ALL] and cap_add: [%s]", run, strings.Join(caps.Names(), ", "))
}

// seenToUse makes the example's last container one that was watched for two hours, with
// three starts, and change what was seen of it.
func seenToUse(change func(*snapshot.Observed)) func(*snapshot.Snapshot) {
	const source = "seen.json"
	return inContainer(func(c *snapshot.Container) {
		seen := snapshot.Observed{
			Seconds: 7200, Starts: 3,
			Enough:   snapshot.See("medium", snapshot.At("confidence", source)),
			Listened: snapshot.See([]snapshot.Listened(nil), snapshot.At("sockets", source)),
			UDP:      snapshot.See(true, snapshot.At("watched.looked", source)),
			Written:  snapshot.See([]string(nil), snapshot.At("written", source)),
		}
		change(&seen)
		c.Observed = snapshot.See(seen, snapshot.At("observed", source))
	})
}
