package advice

import (
	"slices"
	"strings"

	"github.com/moby/profiles/seccomp"
	"github.com/opencontainers/runtime-spec/specs-go"

	"seawall/confinement"
	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// Seccomp is a profile that allows the system calls that were seen.
type Seccomp struct {
	Setting
	// Seen is how many calls were seen; Allowed how many the profile allows, Default
	// how many the engine's own does.
	Seen    int `json:"seen,omitempty"`
	Allowed int `json:"allowed,omitempty"`
	Default int `json:"default,omitempty"`
	// Beyond are calls that the profile allows and the engine's own does not.
	Beyond  []string `json:"beyond,omitempty"`
	Profile *Profile `json:"profile,omitempty"`
}

// Profile is a seccomp profile as the engine reads it. It has no conditions: it is for
// these capabilities and this architecture.
type Profile struct {
	DefaultAction specs.LinuxSeccompAction `json:"defaultAction"`
	Architectures []specs.Arch             `json:"architectures"`
	Syscalls      []ProfileRule            `json:"syscalls"`
}

// ProfileRule says what becomes of some system calls.
type ProfileRule struct {
	Names    []string                 `json:"names"`
	Action   specs.LinuxSeccompAction `json:"action"`
	ErrnoRet *uint                    `json:"errnoRet,omitempty"`
	Args     []specs.LinuxSeccompArg  `json:"args,omitempty"`
	Comment  string                   `json:"comment,omitempty"`
}

// enosys is the error of a system call that the kernel does not have
// (include/uapi/asm-generic/errno.h).
const enosys = 38

// architecture is the one that profiles are made for: runtimeCalls were recorded on it.
const architecture = "amd64"

func seccompAdvice(in Input, a *Advice) Seccomp {
	calls, compat := seenCalls(in.Seen)
	switch {
	case in.Seen == nil:
		return Seccomp{Setting: setting(Unknown, lang.T("it was not watched"))}
	case in.Machine != "" && in.Machine != "x86_64":
		return Seccomp{Setting: setting(Unknown, lang.Sprintf("which calls the runtime makes is known for x86-64 only, and it was watched on %s", in.Machine))}
	case len(calls) == 0:
		return Seccomp{Setting: setting(Unknown, lang.T("its system calls were not recorded"))}
	case compat > 0:
		return Seccomp{Setting: setting(Unknown, lang.Sprintf("it made %d calls as a 32-bit program, which are not told apart", compat))}
	case in.Seen.Lost.Syscalls > 0:
		return Seccomp{Setting: setting(Unknown, lang.T("some of its system calls found no room"))}
	case in.Seen.Watched.Starts == 0:
		return Seccomp{Setting: setting(Unknown, lang.T("no start was seen: what it calls there and never again is not known"))}
	}
	out := Seccomp{Seen: len(calls)}
	filtered := !confinement.Seccomp(quiet{}, in.Engine, in.Container).Off
	if own, _ := in.Container.Seccomp.Peek(); own != "default" {
		filtered = false // what its own profile allows is not known
	}
	p := build(calls, a.Capabilities.Set(), !filtered)
	out.Profile, out.Beyond, out.Default = p.profile, p.beyond, p.whole
	out.Allowed = p.allowed
	w := in.Seen.Watched
	out.Setting = setting(Tentative, lang.Sprintf("system calls were recorded for %s of %s: one that it makes seldom may be missing, and is refused then (EPERM)",
		observation.Span(w.SyscallSeconds), observation.Span(w.Seconds)))
	if a.Basis.Level == observation.High {
		out.Verdict = Holds
	}
	if len(out.Beyond) > 0 {
		out.Reasons = append(out.Reasons, lang.Sprintf("it is not filtered by the engine's profile now and uses what that denies: %s", strings.Join(out.Beyond, " ")))
	}
	return out
}

// seenCalls are the calls of all sessions, sorted, and how many were 32-bit ones.
func seenCalls(seen *observation.Container) (names []string, compat uint64) {
	if seen == nil {
		return nil, 0
	}
	for _, s := range seen.Syscalls {
		names = append(names, s.Names...)
		compat += s.Compat
	}
	slices.Sort(names)
	return slices.Compact(names), compat
}

// built is a profile in the making.
type built struct {
	profile *Profile
	beyond  []string
	// How many calls the profile allows, and how many the engine's own does.
	allowed, whole int
}

// build narrows the engine's profile to the calls that were seen and those that any
// container takes. Calls that it denies are added if more is true.
func build(calls []string, caps snapshot.CapSet, more bool) built {
	wanted := map[string]bool{}
	for _, list := range [][]string{calls, runtimeCalls, anyProgram} {
		for _, name := range list {
			wanted[name] = true
		}
	}
	out := built{profile: &Profile{DefaultAction: specs.ActErrno, Architectures: []specs.Arch{specs.ArchX86_64}}}
	allowed, whole := map[string]bool{}, map[string]bool{}
	for _, rule := range seccomp.DefaultProfile().Syscalls {
		if rule.Action != specs.ActAllow || !applies(rule, caps) {
			continue
		}
		var names []string
		for _, name := range rule.Names {
			whole[name] = true
			if wanted[name] {
				names = append(names, name)
				allowed[name] = true
			}
		}
		if len(names) > 0 {
			out.profile.Syscalls = append(out.profile.Syscalls, ProfileRule{Names: names, Action: rule.Action, Args: rule.Args})
		}
	}
	for _, name := range calls {
		if more && !allowed[name] {
			out.beyond = append(out.beyond, name)
			allowed[name] = true
		}
	}
	out.allowed, out.whole = len(allowed), len(whole)
	if len(out.beyond) > 0 {
		out.profile.Syscalls = append(out.profile.Syscalls, ProfileRule{
			Names: out.beyond, Action: specs.ActAllow, Comment: lang.T("used without a filter; the engine's own profile denies these"),
		})
	}
	if absent := slices.DeleteFunc(slices.Clone(recentCalls), func(name string) bool { return allowed[name] }); len(absent) > 0 {
		out.profile.Syscalls = append(out.profile.Syscalls, ProfileRule{
			Names: absent, Action: specs.ActErrno, ErrnoRet: new(uint(enosys)),
			Comment: lang.T("not seen: libraries fall back to older calls if the kernel seems not to have them"),
		})
	}
	return out
}

// applies reports whether the engine takes a rule of its profile for a container with
// these capabilities (moby/profiles, seccomp.setupSeccomp). The conditions on the
// kernel's version are older than what can be watched.
func applies(rule *seccomp.Syscall, caps snapshot.CapSet) bool {
	if ex := rule.Excludes; ex != nil {
		if slices.Contains(ex.Arches, architecture) || slices.ContainsFunc(ex.Caps, func(c string) bool { return caps.Has(snapshot.Caps(c)) }) {
			return false
		}
	}
	if in := rule.Includes; in != nil {
		if len(in.Arches) > 0 && !slices.Contains(in.Arches, architecture) {
			return false
		}
		return caps.Has(snapshot.Caps(in.Caps...))
	}
	return true
}
