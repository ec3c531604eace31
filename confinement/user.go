package confinement

import (
	"slices"
	"strconv"
	"strings"

	"seawall/lang"
	"seawall/snapshot"
)

// User is who a container's first process is.
type User struct {
	// Root: it is root inside the container.
	Root bool
	// Known: Root was decided. Otherwise what was missing has been recorded.
	Known bool
	// Name is the user as it was seen: "0", "app", "the image's user, root".
	Name string
}

// UserOf tells whether the container's process is root inside the container:
// by the kernel for a running one, else by its user setting, else by the
// image's. A user's name is numbered in the image's /etc/passwd, which an audit
// does not read: for a container that does not run, only the names "root" and
// numbers tell.
func UserOf(w snapshot.Witness, e *snapshot.Engine, c *snapshot.Container) User {
	p := ProcessOf(w, c)
	if p.Runs {
		if uid, seen := p.UID.Try(w); seen {
			return kernelUser(w, p, uid)
		}
	}
	if c.User.Gap().Reason == snapshot.ReasonUnresolved {
		if image := ImageOf(e, c); image != nil {
			return NamedUser(w, image.User, lang.T("the image's user, "))
		}
	}
	return NamedUser(w, c.User, "")
}

// kernelUser compares the process's user with the one that the container's
// root is on this host.
func kernelUser(w snapshot.Witness, p Process, uid int) User {
	name := lang.Sprintf("%d on the host", uid)
	maps, seen := p.UIDMap.Try(w)
	if !seen {
		return User{Root: uid == 0, Known: uid == 0, Name: name}
	}
	root, mapped := rootOutside(maps)
	if len(maps) == 0 {
		root, mapped = 0, true
	}
	return User{Root: mapped && uint32(uid) == root, Known: true, Name: name}
}

// rootOutside gives who the container's root is on the host, if it is anybody:
// the range that holds 0 begins with it.
func rootOutside(maps []snapshot.IDMap) (uid uint32, mapped bool) {
	for _, m := range maps {
		if m.Inside == 0 {
			return m.Outside, true
		}
	}
	return 0, false
}

// NamedUser tells whether a user setting means root. A name other than "root"
// could mean anyone: that is recorded as missed. The prefix goes before the
// name.
func NamedUser(w snapshot.Witness, user snapshot.Fact[string], prefix string) User {
	value, seen := user.Try(w)
	if !seen {
		return User{}
	}
	name, _, _ := strings.Cut(value, ":")
	if name == "" || name == "root" {
		return User{Root: true, Known: true, Name: prefix + orRoot(value)}
	}
	switch number, err := strconv.ParseUint(name, 10, 32); {
	case err == nil && number == 0:
		return User{Root: true, Known: true, Name: prefix + value}
	case err == nil:
		return User{Known: true, Name: prefix + value}
	}
	w.Missed(user.Origin(), snapshot.Gap{
		Reason: snapshot.ReasonUnresolved,
		Detail: lang.Sprintf("user %s is numbered in the image's /etc/passwd", quoted(name)),
		Remedy: lang.T("name the user by number, or audit while the container runs"),
	})
	return User{Name: prefix + value}
}

func orRoot(user string) string {
	if user == "" {
		return lang.T("root by default")
	}
	return user
}

// ImageOf finds the image that the container was made from, by its id; where
// no engine has told the id, the image that the container names. It is nil if
// the engine does not have it.
func ImageOf(e *snapshot.Engine, c *snapshot.Container) *snapshot.Image {
	name, _ := c.Image.Peek()
	id, _ := c.ImageID.Peek()
	images, _ := e.Images.Peek()
	i := -1
	switch {
	case id != "":
		i = slices.IndexFunc(images, func(i snapshot.Image) bool { return i.ID == id })
	case name != "":
		i = slices.IndexFunc(images, func(i snapshot.Image) bool { return i.Is(name) })
	}
	if i < 0 {
		return nil
	}
	return &images[i]
}
