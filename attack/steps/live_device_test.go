package steps_test

import (
	"path"
	"strings"
	"testing"

	"seawall/lab"
)

// node is a proof with a device. The lab host has a file for it, with the numbers
// of a device that the machine need not have: the kernel is asked for access to
// the file, and the device is not opened.
type node struct {
	step, path string
	number     string // kind, major and minor
	access     string
	// options is what the step takes besides, and try an attempt that needs it.
	options, try string
}

// TestLiveDevices proves the steps that take a device.
func TestLiveDevices(t *testing.T) {
	const admin = "--cap-add SYS_ADMIN "
	nodes := []node{
		{step: "device-mapper-control", path: "/dev/mapper/control", number: "c 10 236", access: "r", options: admin, try: " && attempt procfs"},
		{step: "device-vfio-uio", path: "/dev/uio0", number: "c 240 0", access: "rw"},
		{step: "device-ipmi", path: "/dev/ipmi0", number: "c 241 0", access: "rw"},
		{step: "device-firmware-flash", path: "/dev/mtd0", number: "c 90 0", access: "w"},
		{step: "device-watchdog", path: "/dev/watchdog", number: "c 10 130", access: "w"},
		{step: "device-input", path: "/dev/input/event0", number: "c 13 64", access: "r"},
		{step: "device-uinput", path: "/dev/uinput", number: "c 10 223", access: "w"},
		{step: "device-console", path: "/dev/ttyS0", number: "c 4 64", access: "r"},
		{step: "device-audio-video", path: "/dev/snd/pcmC0D0c", number: "c 116 24", access: "r"},
		{step: "device-tpm", path: "/dev/tpmrm0", number: "c 242 0", access: "rw"},
		{step: "device-usb-bus", path: "/dev/bus/usb/001/001", number: "c 189 0", access: "rw"},
		{step: "device-kvm", path: "/dev/kvm", number: "c 10 232", access: "r"},
		{step: "device-vhost", path: "/dev/vhost-net", number: "c 10 238", access: "r"},
		{step: "device-gpu", path: "/dev/dri/card0", number: "c 226 0", access: "r"},
	}
	proofs := []proof{
		{step: "device-block-rw", run: "--device /dev/sda", try: "attempt device /dev/sda b 8 240 rw", safe: []string{"", "--device /dev/sda:/dev/sda:r"}},
		{step: "device-block-ro", run: "--device-cgroup-rule b~8:*~r", try: "attempt device /dev/lab b 8 240 r", safe: []string{"", "--cap-drop MKNOD --device-cgroup-rule b~8:*~r"}},
		{step: "cap-sys-admin-block-device-mount", run: admin + "--device /dev/sda", try: "attempt mount /dev/sda", safe: []string{admin, "--device /dev/sda"}},
	}
	for _, n := range nodes {
		proofs = append(proofs, n.proof())
	}
	prove(t, lab.Options{}, func(h *lab.TestHost) {
		securityfs(h)
		makeNode(h, "/dev/sda", "b 8 240")
		for _, n := range nodes {
			makeNode(h, n.path, n.number)
		}
	}, proofs)
}

// proof tries the device in a container that has it, and in those that lack it or
// what else it takes.
func (n node) proof() proof {
	given := "--device " + n.path
	p := proof{step: n.step, run: n.options + given, try: strings.Join([]string{"attempt device", n.path, n.number, n.access}, " ") + n.try, safe: []string{n.options}}
	if n.options != "" {
		p.safe = append(p.safe, given)
	}
	return p
}

// makeNode makes the file of a device in a lab host, for root only.
func makeNode(h *lab.TestHost, file, number string) {
	h.Exec("sh", "-c", "mkdir -p "+path.Dir(file)+"; [ -e "+file+" ] || mknod -m 600 "+file+" "+number)
}
