package advice

import (
	"strconv"

	"seawall/confinement"
	"seawall/lang"
	"seawall/observation"
	"seawall/snapshot"
)

// noNewPrivileges says whether it matters that setuid bits and file capabilities give
// nothing any more.
func noNewPrivileges(in Input, b Basis) Setting {
	if g := confinement.NoNewPrivileges(quiet{}, in.Engine, in.Container); !g.Off && g.Why != lang.T("not known") {
		return setting(Already, g.Why)
	}
	gained, kept := "", ""
	if in.Seen != nil {
		gained, kept = gainedPrivileges(in)
	}
	if gained != "" {
		return setting(Fails, gained)
	}
	files, known := privilegedFiles(in)
	switch {
	case known && len(files) == 0:
		return setting(Holds, mountedToo(in, lang.T("its image has no setuid or setgid program and none with capabilities")))
	case in.Seen == nil && !known:
		return setting(Unknown, lang.T("it was not watched, and the image's files were not read"))
	case in.Seen == nil:
		return setting(Unknown, lang.Sprintf("it was not watched, and its image has %s: whether an ordinary user runs them is not known", someFiles(files)))
	case !known:
		return setting(Tentative, lang.T("no process of an ordinary user used a capability; the image's files were not read"))
	}
	verdict, why := b.verdict()
	reason := lang.Sprintf("its image has %s; no process of an ordinary user was seen to use a capability", someFiles(files))
	if kept != "" {
		verdict, reason = Tentative, lang.Sprintf("its image has %s; %s", someFiles(files), kept)
	}
	if ids := setIDNote(in); ids != "" {
		verdict, why = Tentative, append(why, ids)
	}
	return setting(verdict, append([]string{reason}, why...)...)
}

// gainedPrivileges is the sign that a process had capabilities that it cannot have had
// by its user: a setuid or marked program gave them. Where the user is one that root
// became, it may as well have kept them. Both are empty if there is no such process.
func gainedPrivileges(in Input) (gained, kept string) {
	became := map[string]bool{}
	for _, x := range usedInEarnest(in.Seen) {
		if x.Capability == "SETUID" {
			became[lastNumber(x.Argument)] = true
		}
	}
	for _, x := range in.Seen.Capabilities {
		uid, known := insideUID(in, x.UID)
		if !x.Counts() || !known || uid == 0 {
			continue
		}
		who := lang.Sprintf("%s ran for user %d and used %s (%s)", x.Process, uid, x.Capability, x.Words())
		if !became[strconv.Itoa(uid)] {
			return lang.Sprintf("%s: a setuid program or file capabilities gave it that", who), ""
		}
		kept = lang.Sprintf("%s: it may have kept that when it became this user, or a setuid program gave it", who)
	}
	return "", kept
}

// setIDNote says what an observation does not tell of setuid programs of other users.
func setIDNote(in Input) string {
	if startsAsUser(in) {
		return lang.T("it starts as an ordinary user: a setuid program that asks for no capability would not have been seen")
	}
	return ""
}

// privilegedFiles are the setuid, setgid and marked files of the image; known is false
// if they were not read.
func privilegedFiles(in Input) (files []string, known bool) {
	if in.Image == nil {
		return nil, false
	}
	setID, known1 := in.Image.SetIDFiles.Peek()
	marked, known2 := in.Image.CapabilityFiles.Peek()
	for _, list := range [][]snapshot.ImageFile{setID, marked} {
		for _, f := range list {
			files = append(files, f.Path)
		}
	}
	return files, known1 && known2
}

// someFiles names a few of the files.
func someFiles(files []string) string {
	const few = 3
	text := lang.Comma(files[:min(few, len(files))])
	if more := len(files) - few; more > 0 {
		text += lang.Sprintf(" and %d more", more)
	}
	return text
}

// mountedToo adds a reservation for what mounts bring in.
func mountedToo(in Input, text string) string {
	mounts, known := in.Container.Mounts.Peek()
	for _, m := range mounts {
		if m.Type == "bind" || m.Type == "volume" {
			return lang.Sprintf("%s; what its mounts bring in was not looked at", text)
		}
	}
	if !known {
		return lang.Sprintf("%s; what its mounts bring in is not known", text)
	}
	return text
}

// insideUID is a user of the host as the container numbers it.
func insideUID(in Input, uid int) (int, bool) {
	p, _ := in.Container.Process.Peek()
	maps, known := p.UIDMap.Peek()
	if !known || len(maps) == 0 {
		remapped, sure := in.Engine.Settings.UserNSRemap.Peek()
		rootless, sure2 := in.Engine.Settings.Rootless.Peek()
		return uid, sure && sure2 && !remapped && !rootless
	}
	for _, m := range maps {
		if offset := int64(uid) - int64(m.Outside); offset >= 0 && offset < int64(m.Length) {
			return int(int64(m.Inside) + offset), true
		}
	}
	return uid, false
}

// usedInEarnest are the workload's checks that count.
func usedInEarnest(seen *observation.Container) []observation.Capability {
	var out []observation.Capability
	for _, x := range seen.Capabilities {
		if x.Counts() && x.Session == observation.Workload {
			out = append(out, x)
		}
	}
	return out
}
