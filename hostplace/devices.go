package hostplace

import (
	"strings"

	"seawall/hostpath"
	"seawall/lang"
	"seawall/rule"
)

// Device says what a device gives.
type Device struct {
	Severity rule.Severity // 0 for one that every container has
	What     string        // part of a sentence
}

// harmlessDevices are the ones that every container has anyway, and pipes to
// the host's logger.
var harmlessDevices = [...]string{
	"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty",
	"/dev/log", "/dev/ptmx", "/dev/shm", "/dev/mqueue", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd",
}

// knownDevices begin the names of devices that give more, or something else,
// than their driver. Docker's device list opens the console (5:1) and
// terminals (136:*) to every container, so only the lack of a path keeps it
// from the host's.
var knownDevices = [...]struct {
	prefix string
	Device
}{
	{"/dev/console", Device{rule.Medium, lang.N("it is the host's console")}},
	{"/dev/cpu/", Device{rule.High, lang.N("with SYS_RAWIO it sets the registers of the processor")}},
	{"/dev/hidraw", Device{rule.Medium, lang.N("keyboards and security keys are read through it")}},
	{"/dev/input", Device{rule.Medium, lang.N("the host's keyboard is read through it")}},
	{"/dev/ipmi", Device{rule.High, lang.N("it controls the machine below its operating system")}},
	{"/dev/mtd", Device{rule.High, lang.N("it holds the machine's firmware")}},
	{"/dev/nvram", Device{rule.High, lang.N("it holds the firmware's settings")}},
	{"/dev/pts", Device{rule.High, lang.N("what is typed on the host's terminals is read through it")}},
	{"/dev/tpm", Device{rule.Medium, lang.N("it keeps the machine's keys")}},
	{"/dev/uinput", Device{rule.High, lang.N("whoever has it types on the host's keyboard")}},
	{"/dev/uio", Device{rule.High, lang.N("devices reach the host's memory through it")}},
	{"/dev/vcs", Device{rule.Medium, lang.N("it shows the host's console")}},
	{"/dev/vfio", Device{rule.Medium, lang.N("it hands hardware of the host over")}},
	{"/dev/watchdog", Device{rule.Medium, lang.N("whoever has it restarts the machine")}},
}

// narrowDevices serve one purpose each; they are listed since every driver is
// a way into the kernel.
var narrowDevices = [...]string{
	"/dev/dri", "/dev/snd", "/dev/net/tun", "/dev/fuse", "/dev/kvm", "/dev/ttyUSB", "/dev/ttyACM", "/dev/ttyS",
	"/dev/nvidia", "/dev/kfd", "/dev/video", "/dev/rtc", "/dev/hwrng", "/dev/vhost", "/dev/usb", "/dev/bus/usb", "/dev/infiniband",
	"/dev/sgx", "/dev/dvb", "/dev/serial/", "/dev/vchiq", "/dev/vcsm",
}

// DeviceOf judges a device of the host by its path.
func DeviceOf(device string) Device {
	d := deviceOf(device)
	d.What = lang.T(d.What)
	return d
}

func deviceOf(device string) Device {
	for _, d := range harmlessDevices {
		if hostpath.Within(device, d) {
			return Device{}
		}
	}
	switch device {
	case "/dev":
		return Device{rule.Critical, lang.N("it is all devices of the host")}
	case "/dev/mem", "/dev/kmem", "/dev/port":
		return Device{rule.Critical, lang.N("it is the host's memory")}
	}
	for _, d := range knownDevices {
		if strings.HasPrefix(device, "/dev/vcsm") {
			break // memory of the Raspberry Pi's video processor, and no console
		}
		if strings.HasPrefix(device, d.prefix) {
			return d.Device
		}
	}
	for _, d := range narrowDevices {
		if strings.HasPrefix(device, d) {
			return Device{rule.Low, lang.N("it is a device of the host")}
		}
	}
	if hostpath.Disk(device) {
		return Device{rule.High, lang.N("it is a disk of the host, past all file permissions")}
	}
	return Device{rule.Medium, lang.N("it is a device of the host")}
}
