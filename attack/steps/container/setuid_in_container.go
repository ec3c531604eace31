package container

import (
	"path"
	"strings"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/lang"
	"seawall/rule"
	"seawall/snapshot"
)

func setuidInContainer() *attack.Step {
	return &attack.Step{
		ID: "setuid-in-container", Title: "Become root by a program of the image",
		Why:  "Programs with the setuid bit or file capabilities run with more rights than who starts them. A shell or interpreter among them gives root, any other by a fault.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.ContainerRoot,
		ATTACK: "T1548.001", Cost: 1, CostReason: "one command where the program runs others, else a fault of it",
		Needs: attack.All(cond.NotRootInside(), cond.NewPrivileges()),
		Each:  raisingFiles,
		Rules: []string{"container-new-privileges-allowed"},
		Proof: "NoNewPrivs of its process, and the modes and capabilities of the image's files",
		Bad: []rule.Example{
			{Run: "docker run --user 1000 --security-opt no-new-privileges=false alpine", Facts: imageFiles(setID, setuidShell)},
			{Run: "docker run --user 1000 --security-opt no-new-privileges=false alpine", Facts: imageFiles(setID, setuidMount)},
			{Run: "docker run --user 1000 --security-opt no-new-privileges=false alpine", Facts: imageFiles(capable, capablePython)},
		},
		Good: []rule.Example{
			{Run: "docker run --user 1000 --security-opt no-new-privileges=false alpine"},
			{Run: "docker run --user 1000 --security-opt no-new-privileges alpine", Facts: imageFiles(setID, setuidShell)},
			{Run: "docker run --user 0 --security-opt no-new-privileges=false alpine", Facts: imageFiles(setID, setuidShell)},
		},
	}
}

var (
	setuidShell   = snapshot.ImageFile{Path: "/bin/bash", Mode: 0o4755, Layer: 1}
	setuidMount   = snapshot.ImageFile{Path: "/bin/mount", Mode: 0o4755, Layer: 1}
	capablePython = snapshot.ImageFile{Path: "/usr/bin/python3.13", Mode: 0o755, Layer: 1, Capabilities: snapshot.Caps("SETUID"), CapsEffective: true}
)

// faultNeeded is what a program costs more that runs no others by design.
const faultNeeded = 3

// runners are programs that run others, or write any file, for who starts them; a
// version may follow.
var runners = [...]string{
	"ash", "awk", "bash", "busybox", "cat", "chmod", "chown", "chroot", "cp", "dash", "dd", "env", "find", "gawk", "gdb", "install",
	"lua", "mawk", "mv", "nano", "node", "nsenter", "perl", "php", "python", "rsync", "ruby", "sed", "setpriv", "sh", "socat",
	"tar", "tee", "vi", "vim", "xargs", "zsh",
}

// raisingCaps are capabilities that give root, or any file of its.
var raisingCaps = snapshot.Caps("SETUID", "SETFCAP", "DAC_OVERRIDE", "CHOWN", "FOWNER", "SYS_ADMIN", "SYS_PTRACE")

// raisingFiles are the programs of the container's image that run as root, or with
// a capability that comes to the same. Those that take a fault are one instance:
// they are many, and no single one matters.
func raisingFiles(q *attack.Query) []attack.Instance {
	image := confinement.ImageOf(q.Engine, q.Container)
	if image == nil {
		return imageUnknown(q)
	}
	out := q.Instances()
	var faulty *snapshot.ImageFile
	withBit := cond.Look(&out, image.SetIDFiles)
	for i := range withBit {
		switch f := &withBit[i]; {
		case f.Mode&0o4000 == 0 || f.UID != 0:
		case runsOthers(f.Path):
			out = append(out, raisingFile(q, f, cond.Element(image.SetIDFiles, f.Path)))
		default:
			faulty = f
		}
	}
	if faulty != nil {
		out = append(out, attack.Instance{What: lang.Sprintf("such as %s", faulty.Path), Cost: faultNeeded, Origin: cond.Element(image.SetIDFiles, faulty.Path), Value: faulty.Mode.String()})
	}
	withCaps := cond.Look(&out, image.CapabilityFiles)
	for i := range withCaps {
		if f := &withCaps[i]; f.Capabilities&raisingCaps != 0 && runsOthers(f.Path) {
			out = append(out, raisingFile(q, f, cond.Element(image.CapabilityFiles, f.Path)))
		}
	}
	return out
}

func raisingFile(q *attack.Query, f *snapshot.ImageFile, o snapshot.Origin) attack.Instance {
	return attack.Instance{What: f.Path, Ends: []attack.Change{change.OnContainer(q, change.RemoveSetIDFile, f.Path)}, Origin: o, Value: f.Mode.String()}
}

// runsOthers reports whether a program is one of the runners.
func runsOthers(program string) bool {
	name := strings.TrimRight(path.Base(program), "0123456789.-")
	for _, r := range runners {
		if name == r {
			return true
		}
	}
	return false
}
