package confinement

import (
	"seawall/lang"
	"seawall/snapshot"
)

// Confined says why root in the container is not root on the host; "" if it
// is, or if that is not known. For what belongs to the engine rather than a
// container, the container is nil. It leaves no evidence: it weighs a fault and
// never decides that there is none.
func Confined(e *snapshot.Engine, c *snapshot.Container) string {
	if rootless, _ := e.Settings.Rootless.Peek(); rootless {
		return lang.T("the engine is rootless: what escapes is an ordinary user of the host")
	}
	if c == nil {
		return ""
	}
	if maps, _ := peekProcess(c).UIDMap.Peek(); len(maps) > 0 {
		if root, _ := rootOutside(maps); root != 0 {
			return lang.Sprintf("root in the container is user %d on the host", root)
		}
		return ""
	}
	if remap, _ := e.Settings.UserNSRemap.Peek(); !remap {
		return ""
	}
	if mode, ok := c.UsernsMode.Peek(); !ok || mode == "host" {
		return ""
	}
	return lang.T("user namespaces are remapped: root in the container is an ordinary user of the host")
}

// NotRoot says that the container's process is known to be an ordinary user
// inside the container, and who; "" otherwise. Like [Confined] it weighs only.
func NotRoot(e *snapshot.Engine, c *snapshot.Container) string {
	if u := UserOf(silent{}, e, c); u.Known && !u.Root {
		return u.Name
	}
	return ""
}

// silent is a witness that forgets.
type silent struct{}

func (silent) Saw(snapshot.Origin, any)             {}
func (silent) Missed(snapshot.Origin, snapshot.Gap) {}
func (silent) Stop()                                {}
