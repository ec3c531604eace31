package confinement

import (
	"slices"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// HasAppArmor tells whether the machine of the engine has AppArmor: the engine
// applies it, or the host has it enabled.
func HasAppArmor(w snapshot.Witness, h *snapshot.Host, e *snapshot.Engine) (has, known bool) {
	if applied, _ := e.Settings.AppArmor.Peek(); applied {
		return e.Settings.AppArmor.Try(w)
	}
	host, known := h.AppArmor.Try(w)
	return host.Enabled, known
}

// AppArmor tells whether a profile confines the container, on a machine that
// has AppArmor: the label of the running process, its own option, whether the
// engine applies profiles.
func AppArmor(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) Guard {
	own, _ := c.AppArmor.Try(w)
	if own == "unconfined" {
		return off(lang.T("its own option switches it off (apparmor=unconfined)"))
	}
	if p := ProcessOf(w, c); p.Runs {
		label, seen := p.Label.Try(w)
		switch {
		case !seen:
		case label == "" || strings.HasPrefix(label, "unconfined"):
			return off(lang.T("the kernel shows its process as unconfined"))
		case strings.HasSuffix(label, "(complain)"):
			return off(lang.Sprintf("its profile %s only complains", label))
		}
	}
	applied, known := e.Settings.AppArmor.Try(w)
	if known && !applied {
		return off(lang.T("the engine applies no profiles although the host has AppArmor"))
	}
	if own != "" {
		return on(lang.Sprintf("profile %s", own))
	}
	return on(lang.T("the engine's default profile"))
}

// HasSELinux tells whether the host has SELinux enabled.
func HasSELinux(w snapshot.Witness, h *snapshot.Host) (has, known bool) {
	s, known := h.SELinux.Try(w)
	return s.Enabled, known
}

// unconfinedTypes are the SELinux types that confine nothing, as the field of
// a context. Containers get spc_t when labels are disabled.
var unconfinedTypes = []string{":spc_t:", ":unconfined_t:", ":unconfined_service_t:", ":container_runtime_t:", ":init_t:", ":initrc_t:"}

// SELinux tells whether a label confines the container, on a host that has
// SELinux: the label of the running process, whether the engine labels, the
// label options. A container keeps the label it was created with when the
// engine stops labelling.
func SELinux(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) Guard {
	p := ProcessOf(w, c)
	if label, _ := p.Label.Peek(); label != "" && !unconfinedLabel(label) {
		p.Label.Try(w)
		return on(lang.Sprintf("the kernel shows its process with the label %s", quoted(label)))
	}
	labels, known := e.Settings.SELinux.Try(w)
	if known && !labels {
		return off(lang.T("the engine labels no containers (selinux-enabled is off)"))
	}
	options, _ := c.SELinux.Try(w)
	if slices.Contains(options, "disable") {
		return off(lang.T("its labels are disabled (label=disable, which --pid host and --ipc host imply)"))
	}
	for _, option := range options {
		if t, ok := strings.CutPrefix(option, "type:"); ok && unconfinedLabel(":"+t) {
			return off(lang.Sprintf("its type %s confines nothing", t))
		}
	}
	if p.Runs {
		if label, seen := p.Label.Try(w); seen && (label == "" || unconfinedLabel(label)) {
			return off(lang.Sprintf("the kernel shows its process with the label %s", quoted(label)))
		}
	}
	return on(lang.T("a label confines it"))
}

func unconfinedLabel(label string) bool {
	return slices.ContainsFunc(unconfinedTypes, func(t string) bool { return strings.Contains(label+":", t) })
}

func quoted(s string) string { return `"` + s + `"` }
