package image

import (
	"path"
	"strings"

	"seawall/snapshot"
)

// setIDOfDistributions are the names of setuid and setgid programs that Debian,
// Ubuntu, Fedora, RHEL, SUSE, Alpine and Arch ship in their packages.
var setIDOfDistributions = words(`
	at bbsuid bsd-write bwrap chage chfn chrome-sandbox chsh cockpit-session crontab dbus-daemon-launch-helper
	dmcrypt-get-device dotlockfile doas exim4 expiry fusermount fusermount3 gpasswd grub2-set-bootflag gst-ptp-helper
	kismet_cap locate lockfile lockspool mail-lock mail-touchlock mail-unlock mlocate mount mount.cifs mount.nfs
	mtr-packet netreport newgidmap newgrp newuidmap ntfs-3g pam_extrausers_chk pam_timestamp_check passwd ping ping6
	pkexec plocate polkit-agent-helper-1 postdrop postlog postqueue pppd procmail screen sendmail sg ssh-agent
	ssh-keysign staprun su sudo sudoedit suexec traceroute6.iputils umount unix2_chkpwd unix_chkpwd userhelper
	usernetctl utempter vlock vmware-user-suid-wrapper wall write Xorg.wrap`)

// capsOfDistributions are those that get file capabilities.
var capsOfDistributions = words("arping clockdiff fping gst-ptp-helper mtr-packet newgidmap newuidmap ping ping6 tracepath traceroute")

func words(text string) map[string]bool {
	out := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		out[word] = true
	}
	return out
}

// ofDistribution reports whether a program is where packages put such
// programs, has one of the names and is not an ordinary user's.
func ofDistribution(f *snapshot.ImageFile, names map[string]bool) bool {
	top, name, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(f.Path, "/usr/"), "/"), "/")
	switch top {
	case "bin", "sbin":
	case "lib", "lib64", "libexec":
		name = path.Base(name)
	default:
		return false
	}
	return names[name] && f.UID < 1000
}
