package advice

import (
	"slices"
	"strings"

	"seawall/confinement"
	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// User says whether an ordinary user would do. It is never among the settings to take
// over as they are: whose its files are is for a person to arrange.
type User struct {
	Setting
	// Runs is the user, and perhaps the group, that its programs become after the
	// start: "999:999"; empty if none was seen.
	Runs string `json:"runs,omitempty"`
	// Paths are what it gave to another owner at the start, which would have to be
	// arranged before.
	Paths []string `json:"paths,omitempty"`
}

// bridging are the capabilities that a program needs to prepare its files and to become
// another user, and no longer once it is that user.
var bridging = snapshot.Caps("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID")

func user(in Input) User {
	now := confinement.UserOf(quiet{}, in.Engine, in.Container)
	if now.Known && !now.Root && startsAsUser(in) {
		return User{Setting: setting(Already, lang.T("it starts as an ordinary user"))}
	}
	if in.Seen == nil {
		return User{Setting: setting(Unknown, lang.T("it was not watched"))}
	}
	out := User{Runs: becomes(in.Seen), Paths: given(in.Seen)}
	used := in.Seen.Used(observation.Workload)
	beyond := used &^ bridging
	switch {
	case used == 0 && in.Seen.Watched.Starts == 0:
		out.Setting = setting(Tentative, lang.T("it runs as root and used no capability, but its start was not seen"))
	case used == 0:
		out.Setting = setting(Tentative, lang.T("it runs as root and used no capability: any user will do who may read its files and write those that it writes"))
	case beyond != 0:
		out.Setting = setting(Fails, lang.Sprintf("it used %s, which an ordinary user has not", beyond))
	case out.Runs == "":
		out.Setting = setting(Fails, lang.Sprintf("it used %s as root, and was not seen to become another user", used))
	default:
		out.Setting = setting(Tentative, lang.Sprintf("it starts as root only to prepare files and to become user %s: --user %s would do, with no capability", out.Runs, out.Runs))
	}
	if out.Verdict == Tentative && len(out.Paths) > 0 {
		out.Reasons = append(out.Reasons, lang.Sprintf("against it stands that it gives these to their owners at its start, which would have to be done before: %s", lang.Comma(out.Paths)))
	}
	return out
}

// becomes is the one user, and group, that its programs were seen to become; empty if
// there is none, or several.
func becomes(seen *observation.Container) string {
	uid, ok := target(seen, "SETUID", "setuid", "setreuid", "setresuid")
	if !ok {
		return ""
	}
	if gid, ok := target(seen, "SETGID", "setgid", "setregid", "setresgid"); ok {
		return uid + ":" + gid
	}
	return uid
}

// target is the one number other than 0 that these calls were given.
func target(seen *observation.Container, capability string, calls ...string) (string, bool) {
	found := ""
	for _, x := range usedInEarnest(seen) {
		if x.Capability != capability || !slices.Contains(calls, x.Syscall) {
			continue
		}
		id := lastNumber(x.Argument)
		if id == "0" || id == "-1" || id == "" || found != "" && found != id {
			return "", false
		}
		found = id
	}
	return found, found != ""
}

// lastNumber is the last of the numbers of a call: the saved id of setresuid, the
// effective one of setreuid.
func lastNumber(argument string) string {
	return argument[strings.LastIndex(argument, " ")+1:]
}

// given are the paths whose owner was changed, as far as their first is known.
func given(seen *observation.Container) []string {
	var out []string
	for _, x := range usedInEarnest(seen) {
		if x.Capability == "CHOWN" && strings.HasPrefix(x.Argument, "/") {
			out = append(out, x.Argument)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
