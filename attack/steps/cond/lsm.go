package cond

import (
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/confinement"
	"seawall/lang"
	"seawall/snapshot"
)

// This file has the conditions about AppArmor and SELinux. AppArmor's profile
// docker-default (moby, profiles/apparmor/template.go) denies no capability, no device
// and no program for the kernel (bpf): it denies mount(2), what is traced and signalled
// outside of the container, and writing below /proc and /sys. SELinux's type for
// containers is container_t, of two policies that agree where a condition says so:
// container-selinux 2.250.0 (Fedora, RHEL) and refpolicy 2.20250213 (Debian).

// NoLSM: neither an AppArmor profile nor an SELinux label confines the container.
func NoLSM() *attack.Cond {
	return &attack.Cond{
		Says:  "no security module confines it",
		Check: Shows(attack.Check{Kind: attack.Unlabelled}),
		Ask:   func(q *attack.Query) attack.Truth { return min(AppArmorOff(q), SELinuxOff(q)) },
		Ends: func(q *attack.Query) []attack.Change {
			if has, _ := confinement.HasAppArmor(q, q.Host, q.Engine); has {
				return q.Changes(change.Confine(q, change.AppArmorDefault))
			}
			return withLabel(q) // what the host's kernel does not have no setting brings
		},
	}
}

// AppArmorOff says whether no AppArmor profile confines the container. What a profile
// that is none of the engine's allows is not known.
func AppArmorOff(q *attack.Query) attack.Truth {
	has, known := confinement.HasAppArmor(q, q.Host, q.Engine)
	switch {
	case !known:
		return attack.Unknown
	case !has:
		return attack.Yes
	}
	own := &attack.Query{Site: q.Site}
	truth := own.Unless(confinement.AppArmor(own, q.Engine, q.Container).Off)
	confinement.AppArmor(q, q.Engine, q.Container)
	if profile := q.Container.AppArmor; truth == attack.No && OwnProfile(profile) {
		q.Missed(profile.Origin(), snapshot.Gap{Reason: snapshot.ReasonUnresolved, Detail: lang.T("what its own profile allows is not read"), Remedy: lang.T("use docker-default")})
		return attack.Unknown
	}
	return truth
}

// OwnProfile reports whether an AppArmor profile is none that engines make.
func OwnProfile(profile snapshot.Fact[string]) bool {
	name, _ := profile.Peek()
	return name != "" && name != "docker-default" && !strings.HasPrefix(name, "containers-default")
}

// SELinuxOff says whether no SELinux label confines the container. A host that only
// reports what its policy would deny denies nothing.
func SELinuxOff(q *attack.Query) attack.Truth {
	host, known := q.Host.SELinux.Try(q)
	switch {
	case !known:
		return attack.Unknown
	case !host.Enabled || !host.Enforcing:
		return attack.Yes
	}
	own := &attack.Query{Site: q.Site}
	truth := own.Unless(confinement.SELinux(own, q.Engine, q.Container).Off)
	confinement.SELinux(q, q.Engine, q.Container)
	return truth
}

// NoLabel: no SELinux label keeps the container from the host's files. AppArmor's
// profile for containers lets it at them.
func NoLabel() *attack.Cond {
	return &attack.Cond{
		Says:  "no SELinux label confines it",
		Check: Shows(attack.Check{Kind: attack.Unlabelled, Name: "selinux"}),
		Ask:   SELinuxOff,
		Ends:  withLabel,
	}
}

// withLabel is the change that confines the container by a label, where the host's
// kernel goes by labels.
func withLabel(q *attack.Query) []attack.Change {
	if host, _ := q.Host.SELinux.Peek(); host.Enabled && host.Enforcing {
		return q.Changes(change.Confine(q, change.SELinuxLabel))
	}
	return nil
}

// NotDenied: no SELinux label keeps the container from something that policies deny to
// container_t whatever their settings, as what it is. Of other types it is not known.
func NotDenied(what string) *attack.Cond {
	return &attack.Cond{
		Says:  "no SELinux label keeps it from " + what,
		Check: Shows(attack.Check{Kind: attack.Unlabelled, Name: "selinux"}),
		Ask: func(q *attack.Query) attack.Truth {
			truth := SELinuxOff(q)
			if truth == attack.No && labelType(q) != "container_t" {
				return labelUnread(q)
			}
			return truth
		},
		Ends: withLabel,
	}
}

// NotKept: no SELinux label may keep the container from something. What the policy of
// a label says of it differs, or depends on its settings, and is not read.
func NotKept(what string) *attack.Cond {
	return &attack.Cond{
		Says:  "no SELinux label may keep it from " + what,
		Check: Shows(attack.Check{Kind: attack.Unlabelled, Name: "selinux"}),
		Ask: func(q *attack.Query) attack.Truth {
			truth := SELinuxOff(q)
			if truth == attack.No {
				return labelUnread(q)
			}
			return truth
		},
	}
}

// labelUnread records that it is not known what a label's policy allows.
func labelUnread(q *attack.Query) attack.Truth {
	q.Missed(q.Container.SELinux.Origin(), snapshot.Gap{Reason: snapshot.ReasonNotCollected, Detail: lang.T("what the policy of its SELinux label allows is not read"), Remedy: lang.T("look with sesearch -A -s container_t, and getsebool -a")})
	return attack.Unknown
}

// labelType is the type of the label that confines the container: that of its process,
// that which the engine gave it or was asked for, else the one that engines give.
func labelType(q *attack.Query) string {
	label, _ := confinement.ProcessOf(q, q.Container).Label.Try(&Gaps{})
	if label == "" {
		label, _ = q.Container.ProcessLabel.Try(&Gaps{})
	}
	if fields := strings.Split(label, ":"); len(fields) > 2 {
		return fields[2]
	}
	options, _ := q.Container.SELinux.Try(&Gaps{})
	for _, o := range options {
		if t, ok := strings.CutPrefix(o, "type:"); ok {
			return t
		}
	}
	return "container_t"
}

// capAllowed says whether the security modules let the container use a capability that
// it holds. A label's policy lets it, but for SYS_MODULE, by settings of its own
// (virt_sandbox_use_all_caps, container_use_host_all_caps), which are not read, nor are
// profiles of AppArmor that are not the engine's.
func capAllowed(q *attack.Query, name string) attack.Truth {
	profile, _ := q.Container.AppArmor.Peek()
	unread := profile != "unconfined" && OwnProfile(q.Container.AppArmor)
	if host, seen := q.Host.SELinux.Peek(); seen && !host.Enabled && !unread {
		return attack.Yes // as almost everywhere: that there is no label is no evidence
	}
	truth := SELinuxOff(q)
	switch {
	case truth == attack.No && name == "SYS_MODULE" && labelType(q) == "container_t":
		return attack.No
	case truth == attack.No:
		truth = labelUnread(q)
	}
	if unread {
		truth = min(truth, AppArmorOff(q))
	}
	return truth
}
