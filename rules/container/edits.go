package container

import (
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

// dropOption takes a security option out, "seccomp:unconfined" by its name, where it
// stands for less security.
func dropOption(name string) rule.Edit {
	return rule.DropThose("security_opt", func(option string) bool {
		return optionName(option) == name
	})
}

// optionName is the name of a security option, "seccomp" of "seccomp=unconfined".
func optionName(option string) string {
	if i := strings.IndexAny(option, ":="); i >= 0 {
		return option[:i]
	}
	return option
}

// dropCapability takes a capability out of those that are added, however it is written.
func dropCapability(name string) rule.Edit {
	return rule.DropThose("cap_add", func(added string) bool {
		return strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(added)), "CAP_") == name
	})
}

// privatePropagation keeps mounts of the container from the host.
func privatePropagation() rule.Edit {
	return rule.Options("volumes", "bind.propagation", "rslave", lang.N("let no mount of the container appear on the host"), func(option string) string {
		switch option {
		case "shared", "rshared":
			return "rslave"
		}
		return option
	})
}

// withoutExec leaves the option exec of a tmpfs out.
func withoutExec() rule.Edit {
	return rule.Options("tmpfs", "", "", lang.N("leave the option exec out"), func(option string) string {
		if option == "exec" {
			return ""
		}
		return option
	})
}

const whenHoldsNone = "where user names an ordinary user by number, no-new-privileges is set and no capability is added: its programs hold none"

// holdsNone reports whether no program of a container can hold a capability, as far as
// its own settings tell: it is an ordinary user's, and stays that.
func holdsNone(c *snapshot.Container) bool {
	name, known := c.User.Peek()
	user, _, _ := strings.Cut(name, ":")
	uid, err := strconv.Atoi(user)
	if !known || err != nil || uid <= 0 {
		return false
	}
	privileged, told := c.Privileged.Peek()
	added, listed := c.CapAdd.Peek()
	nnp, set := c.NoNewPrivileges.Peek()
	return told && !privileged && listed && added == 0 && set && nnp
}
