package drift

import (
	"encoding/json"
	"maps"
	"slices"

	"seawall/lang"
	"seawall/snapshot"
)

// field is a part that is compared. Change is nil if it is the same; gap says why that
// cannot be told.
type field struct {
	name    string
	compare func(*pair) (change *Change, gap string)
}

// verdict is what a comparison of two values comes to.
type verdict int

const (
	same verdict = iota
	differs
	untold
)

// whether is same or differs.
func whether(is bool) verdict {
	if is {
		return same
	}
	return differs
}

// of makes a field of a fact. Where the file leaves a part of a list open, what is known
// of it is compared, and more may be there: partial is true then.
func of[T any](name string, fact func(*snapshot.Container) *snapshot.Fact[T], is func(p *pair, declared, running T, partial bool) verdict) field {
	return field{name, func(p *pair) (*Change, string) {
		declared, running := fact(p.declared), fact(p.running)
		want, told := declared.Peek()
		if !told {
			return nil, declared.Gap().Detail
		}
		got, told := running.Peek()
		if !told {
			return nil, running.Gap().Detail
		}
		partial := declared.Gap().Reason != ""
		switch is(p, want, got, partial) {
		case differs:
			return &Change{Declared: want, Running: got, Place: declared.Origin().Source}, ""
		case untold:
			return nil, lang.T("the image or the settings of the engine decide")
		}
		return nil, ""
	}}
}

// showing shows what of the values was compared.
func showing[T any](f field, show func(p *pair, declared, running T) (T, T)) field {
	return field{f.name, func(p *pair) (*Change, string) {
		c, gap := f.compare(p)
		if c != nil {
			c.Declared, c.Running = shown(p, c, show)
		}
		return c, gap
	}}
}

func shown[T any](p *pair, c *Change, show func(p *pair, declared, running T) (T, T)) (declared, running any) {
	// Both are of the type of the fact.
	return show(p, c.Declared.(T), c.Running.(T))
}

// equal compares values that both sides write alike.
func equal[T comparable](_ *pair, a, b T, _ bool) verdict { return whether(a == b) }

// or compares texts of which an empty one stands for others.
func or(others ...string) func(*pair, string, string, bool) verdict {
	return func(_ *pair, a, b string, _ bool) verdict {
		return whether(a == b || a == "" && slices.Contains(others, b))
	}
}

// unless is equal where something is declared; the engine's settings decide else.
func unless(setting func(*snapshot.Engine) snapshot.Fact[string]) func(*pair, string, string, bool) verdict {
	return func(p *pair, a, b string, _ bool) verdict {
		if a != "" || a == b {
			return whether(a == b)
		}
		if s, known := setting(p.engine).Peek(); known && s != "" {
			return whether(s == b)
		}
		return untold
	}
}

// sets compares lists without their order.
func sets[T any](_ *pair, a, b []T, partial bool) verdict {
	want, got := texts(a), texts(b)
	for text := range want {
		if !got[text] {
			return differs
		}
	}
	return whether(partial || len(want) == len(got))
}

func texts[T any](list []T) map[string]bool {
	out := map[string]bool{}
	for _, x := range list {
		text, err := json.Marshal(x)
		if err != nil {
			text = []byte(err.Error())
		}
		out[string(text)] = true
	}
	return out
}

// fields are what is compared, what matters most for security first.
var fields = []field{
	of("Privileged", func(c *snapshot.Container) *snapshot.Fact[bool] { return &c.Privileged }, equal),
	of("CapAdd", func(c *snapshot.Container) *snapshot.Fact[snapshot.CapSet] { return &c.CapAdd }, equal),
	of("CapDrop", func(c *snapshot.Container) *snapshot.Fact[snapshot.CapSet] { return &c.CapDrop }, equal),
	of("User", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.User }, equal),
	of("GroupAdd", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.GroupAdd }, sets),
	of("NoNewPrivileges", func(c *snapshot.Container) *snapshot.Fact[bool] { return &c.NoNewPrivileges }, equal),
	of("Seccomp", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.Seccomp }, equal),
	of("AppArmor", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.AppArmor }, or("docker-default")),
	of("SELinux", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.SELinux }, sets),
	of("UnmaskedPaths", func(c *snapshot.Container) *snapshot.Fact[bool] { return &c.UnmaskedPaths }, equal),
	of("WritableCgroups", func(c *snapshot.Container) *snapshot.Fact[bool] { return &c.WritableCgroups }, equal),
	of("ReadonlyRootfs", func(c *snapshot.Container) *snapshot.Fact[bool] { return &c.ReadonlyRootfs }, equal),
	showing(of("Mounts", func(c *snapshot.Container) *snapshot.Fact[[]snapshot.Mount] { return &c.Mounts }, mounts), mountsShown),
	showing(of("VolumesFrom", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.VolumesFrom }, volumesFrom), volumesShown),
	of("Devices", func(c *snapshot.Container) *snapshot.Fact[[]snapshot.Device] { return &c.Devices }, sets),
	of("DeviceRequests", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.DeviceRequests }, sets),
	of("DeviceCgroupRules", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.DeviceCgroupRules }, sets),
	of("NetworkMode", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.NetworkMode }, joined),
	showing(of("Networks", func(c *snapshot.Container) *snapshot.Fact[[]snapshot.Endpoint] { return &c.Networks }, networks), networksShown),
	showing(of("Ports", func(c *snapshot.Container) *snapshot.Fact[[]snapshot.Port] { return &c.Ports }, ports), portsShown),
	of("Links", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.Links }, sets),
	of("PidMode", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.PidMode }, joined),
	of("IpcMode", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.IpcMode }, ipc),
	of("UTSMode", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.UTSMode }, equal),
	of("UsernsMode", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.UsernsMode }, equal),
	of("CgroupnsMode", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.CgroupnsMode }, cgroupns),
	of("CgroupParent", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.CgroupParent }, equal),
	of("Sysctls", func(c *snapshot.Container) *snapshot.Fact[map[string]string] { return &c.Sysctls }, dictionaries),
	of("Image", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.Image }, equal),
	of("Command", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.Command }, command),
	of("Env", func(c *snapshot.Container) *snapshot.Fact[[]snapshot.EnvVar] { return &c.Env }, environment),
	of("Memory", func(c *snapshot.Container) *snapshot.Fact[int64] { return &c.Memory }, equal),
	of("MemorySwap", func(c *snapshot.Container) *snapshot.Fact[int64] { return &c.MemorySwap }, swap),
	of("NanoCPUs", func(c *snapshot.Container) *snapshot.Fact[int64] { return &c.NanoCPUs }, equal),
	of("CPUQuota", func(c *snapshot.Container) *snapshot.Fact[int64] { return &c.CPUQuota }, limits),
	of("CPUShares", func(c *snapshot.Container) *snapshot.Fact[int64] { return &c.CPUShares }, equal),
	of("CPUSet", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.CPUSet }, equal),
	of("PidsLimit", func(c *snapshot.Container) *snapshot.Fact[int64] { return &c.PidsLimit }, limits),
	of("Ulimits", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.Ulimits }, ulimits),
	of("OOMKillDisable", func(c *snapshot.Container) *snapshot.Fact[bool] { return &c.OOMKillDisable }, oomKill),
	of("OOMScoreAdj", func(c *snapshot.Container) *snapshot.Fact[int] { return &c.OOMScoreAdj }, equal),
	of("RestartPolicy", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.RestartPolicy }, or("no")),
	of("LogDriver", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.LogDriver }, unless(func(e *snapshot.Engine) snapshot.Fact[string] { return e.Settings.LogDriver })),
	of("LogOptions", func(c *snapshot.Container) *snapshot.Fact[[]snapshot.LogOption] { return &c.LogOptions }, logOptions),
	of("Runtime", func(c *snapshot.Container) *snapshot.Fact[string] { return &c.Runtime }, unless(func(e *snapshot.Engine) snapshot.Fact[string] { return e.Settings.DefaultRuntime })),
	of("Health", func(c *snapshot.Container) *snapshot.Fact[bool] { return &c.Health }, equal),
	of("ExtraHosts", func(c *snapshot.Container) *snapshot.Fact[[]string] { return &c.ExtraHosts }, sets),
	showing(of("Labels", func(c *snapshot.Container) *snapshot.Fact[map[string]string] { return &c.Labels }, labels), labelsShown),
}

func dictionaries(_ *pair, a, b map[string]string, partial bool) verdict {
	if partial {
		return whether(within(a, b))
	}
	return whether(maps.Equal(a, b))
}

// within reports whether a mapping has all of another.
func within(a, b map[string]string) bool {
	for key, value := range a {
		if got, has := b[key]; !has || got != value {
			return false
		}
	}
	return true
}
