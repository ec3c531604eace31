package hostpath

import "strings"

// diskDevices begin the names of disks and their parts.
var diskDevices = [...]string{
	"/dev/sd", "/dev/vd", "/dev/xvd", "/dev/hd", "/dev/nvme", "/dev/mmcblk", "/dev/dm-", "/dev/mapper",
	"/dev/md", "/dev/loop", "/dev/disk", "/dev/root", "/dev/block", "/dev/zd", "/dev/nbd", "/dev/rbd", "/dev/sg",
}

// Disk reports whether a device of the host is by its name a disk, a part of one,
// or the way to send one commands.
func Disk(device string) bool {
	if strings.HasPrefix(device, "/dev/sgx") { // enclaves of the processor
		return false
	}
	for _, d := range diskDevices {
		if strings.HasPrefix(device, d) {
			return true
		}
	}
	return false
}
