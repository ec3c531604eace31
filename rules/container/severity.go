package container

import (
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// failGraded fails with a severity that depends on what was found. It is at
// most medium where root in the container is not root on the host.
func failGraded(c *rule.Context, ctr *snapshot.Container, s rule.Severity, reason, format string, args ...any) rule.Answer {
	if s > rule.Medium {
		if why := confinement.Confined(c.Engine, ctr); why != "" {
			s, reason = rule.Medium, why
		}
	}
	return c.FailAs(s, reason, format, args...)
}

// failForRoot is failGraded for faults that only root inside the container can
// use at once: an ordinary user has to become root there first.
func failForRoot(c *rule.Context, ctr *snapshot.Container, s rule.Severity, reason, format string, args ...any) rule.Answer {
	if user := confinement.NotRoot(c.Engine, ctr); user != "" && s > rule.Low {
		s, reason = s-1, lang.Sprintf("the container's process is no root (user %s) and has to become it first", user)
	}
	return failGraded(c, ctr, s, reason, format, args...)
}

// coveredByPrivileged is the answer of rules about something that a privileged
// container has anyway, and whether it is one.
func coveredByPrivileged(c *rule.Context, ctr *snapshot.Container) (rule.Answer, bool) {
	if privileged, _ := ctr.Privileged.Try(c); privileged {
		return c.NotApplicable("the container is privileged, which container-privileged reports"), true
	}
	return rule.Answer{}, false
}

// coveredByAll is the answer of rules about single capabilities to a container
// that is known to have all, and whether it is one. Whoever calls it has read
// the settings.
func coveredByAll(c *rule.Context, ctr *snapshot.Container) (rule.Answer, bool) {
	if privileged, _ := ctr.Privileged.Peek(); privileged {
		return c.NotApplicable("the container is privileged, which container-privileged reports"), true
	}
	if add, _ := ctr.CapAdd.Peek(); add == snapshot.AllCaps {
		return c.NotApplicable("all capabilities were added, which container-capability-all-added reports"), true
	}
	return rule.Answer{}, false
}

// life says that a container does not run, for the end of a message.
func life(ctr *snapshot.Container) string {
	state, _ := ctr.State.Peek()
	switch state {
	case "", "running", "paused", "restarting", "declared":
		return ""
	}
	return lang.Sprintf(" (it is not running: %s)", state)
}
