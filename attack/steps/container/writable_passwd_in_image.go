package container

import (
	"slices"

	"seawall/attack"
	"seawall/attack/steps/change"
	"seawall/attack/steps/cond"
	"seawall/confinement"
	"seawall/rule"
	"seawall/snapshot"
)

func writablePasswdInImage() *attack.Step {
	return &attack.Step{
		ID: "writable-passwd-in-image", Title: "Change a file that decides who is root in the container",
		Why:  "Everyone may write a file or directory of the image by which root works: accounts, or programs and libraries. What is put there counts at the next start, docker exec or su.",
		At:   rule.KindContainer,
		From: attack.Container, To: attack.ContainerRoot,
		ATTACK: "T1222.002", Cost: 2, CostReason: "one command, and somebody who starts a program there",
		Needs: attack.All(cond.NotRootInside(), cond.WritableRoot()),
		Each:  openFiles,
		Rules: []string{"container-rootfs-writable"},
		Proof: "The modes of the image's files, HostConfig.ReadonlyRootfs",
		Bad:   []rule.Example{{Run: "docker run --user 1000 alpine", Facts: imageFiles(opened, openPasswd)}},
		Good: []rule.Example{
			{Run: "docker run --user 1000 alpine"},
			{Run: "docker run --user 1000 --read-only alpine", Facts: imageFiles(opened, openPasswd)},
			{Run: "docker run --user 0 alpine", Facts: imageFiles(opened, openPasswd)},
			{Run: "docker run --user 1000 alpine", Facts: imageFiles(opened, snapshot.ImageFile{Path: "/etc/motd", Mode: 0o666, Layer: 1})},
		},
	}
}

var openPasswd = snapshot.ImageFile{Path: "/etc/passwd", Mode: 0o666, Layer: 1}

// decisive are files and directories of a system that say who is root, or are run
// by it.
var decisive = [...]string{
	"/", "/bin", "/etc", "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/pam.d", "/etc/passwd", "/etc/shadow", "/etc/sudoers", "/etc/sudoers.d",
	"/lib", "/lib64", "/sbin", "/usr", "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/local", "/usr/local/bin", "/usr/local/sbin", "/usr/sbin",
}

// openFiles are the decisive files of the container's image that everyone may
// write.
func openFiles(q *attack.Query) []attack.Instance {
	image := confinement.ImageOf(q.Engine, q.Container)
	if image == nil {
		return imageUnknown(q)
	}
	out := q.Instances()
	for _, f := range cond.Look(&out, image.OpenFiles) {
		if slices.Contains(decisive[:], f.Path) {
			out = append(out, attack.Instance{What: f.Path, Ends: []attack.Change{change.OnContainer(q, change.CloseFile, f.Path)}, Origin: cond.Element(image.OpenFiles, f.Path), Value: f.Mode.String()})
		}
	}
	return out
}
