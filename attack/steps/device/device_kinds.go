package device

import (
	"seawall/attack"
	"seawall/attack/steps/cond"
	"seawall/attack/steps/scene"
	"seawall/lang"
	"seawall/rule"
)

// devices are the steps through devices that are no disks. Those that need a fault
// in a driver are there since every driver is a way into the kernel.
func devices() []*attack.Step {
	var steps []*attack.Step
	for _, f := range append(machineDevices(), peopleDevices()...) {
		f.Bad = append(f.Bad, rule.Example{Run: "docker run " + f.example() + " alpine"})
		f.Good = append(f.Good, rule.Example{Run: "docker run alpine"}, rule.Example{Run: "docker run --device /dev/rtc0 alpine"},
			rule.Example{Run: "docker run " + f.example() + " alpine", Daemon: `{"userns-remap": "default"}`})
		steps = append(steps, f.step())
	}
	return append(steps, faultyDrivers()...)
}

// example are options of docker run that give a device of the family.
func (f family) example() string { return f.options + "--device " + f.device }

// machineDevices lead to the machine itself.
func machineDevices() []family {
	return []family{
		{
			Step: attack.Step{
				ID: "device-mem", Title: "Change the memory of the host",
				Why: "The device is the machine's memory, the kernel's included: whoever writes it is root.",
				To:  attack.HostRoot, ATTACK: "T1611", Cost: 3, CostReason: "the kernel must let its memory be written (not with STRICT_DEVMEM)",
				Needs: attack.All(cond.HasCap("SYS_RAWIO"), cond.NoLockdown()),
				Good:  []rule.Example{{Run: "docker run --device /dev/mem alpine"}, {Run: "docker run --cap-add SYS_RAWIO --device /dev/mem alpine", Facts: scene.LockedDown("integrity")}, {Run: "docker run --cap-add SYS_RAWIO --device /dev/mem:/dev/mem:m alpine"}},
			},
			is: named("/dev/mem", "/dev/kmem", "/dev/port"), numbers: []string{"c 1:1", "c 1:2", "c 1:4"}, access: "r",
			device: "/dev/mem", options: "--cap-add SYS_RAWIO ",
		},
		{
			Step: attack.Step{
				ID: "device-cpu-msr", Title: "Set the registers of the processor",
				Why: "The registers say where the kernel is entered: whoever sets them runs code in the kernel.",
				To:  attack.HostRoot, ATTACK: "T1611", Cost: 4, CostReason: "code for the machine's processor, and a kernel that lets registers be set",
				Needs: attack.All(cond.HasCap("SYS_RAWIO"), cond.NoLockdown()),
				Good:  []rule.Example{{Run: "docker run --device /dev/cpu/0/msr alpine"}},
			},
			is: named("/dev/cpu"), numbers: []string{"c 202:*"}, access: "w",
			device: "/dev/cpu/0/msr", options: "--cap-add SYS_RAWIO ",
		},
		{
			Step: attack.Step{
				ID: "device-vfio-uio", Title: "Reach the host's memory through a device",
				Why: "The container drives the hardware itself. What the hardware reads and writes is the host's memory, where no IOMMU keeps it apart.",
				To:  attack.HostRoot, ATTACK: "T1611", Cost: 4, CostReason: "hardware that can be made to write to any address",
			},
			is: named("/dev/vfio", "/dev/uio*"), numbers: []string{"c 10:196"}, access: "rw", device: "/dev/uio0",
		},
		{
			Step: attack.Step{
				ID: "device-ipmi", Title: "Control the machine by its management controller",
				Why: "The controller adds users, and starts the machine from another medium, whatever the operating system says.",
				To:  attack.HostRoot, ATTACK: "T1542", Cost: 2, CostReason: "one command (ipmitool) and a restart",
			},
			is: named("/dev/ipmi*", "/dev/ipmidev"), access: "rw", device: "/dev/ipmi0",
		},
		{
			Step: attack.Step{
				ID: "device-firmware-flash", Title: "Change the firmware of the machine",
				Why: "What the firmware holds runs before the operating system, with all rights.",
				To:  attack.HostRoot, ATTACK: "T1542", Cost: 4, CostReason: "firmware for this machine must be built, and a restart",
			},
			is: named("/dev/mtd*", "/dev/nvram"), numbers: []string{"c 90:*", "b 31:*"}, access: "w", device: "/dev/mtd0",
		},
		{
			Step: attack.Step{
				ID: "device-mapper-control", Title: "Put other data under a disk of the host",
				Why: "The control device of the device mapper changes the tables of disks that the host has mounted.",
				To:  attack.HostRoot, ATTACK: "T1611", Cost: 3, CostReason: "disks of the host that are mapped (LVM, dm-crypt), and contents to put there",
				Needs: attack.All(cond.HasCap("SYS_ADMIN")),
				Good:  []rule.Example{{Run: "docker run --device /dev/mapper/control alpine"}},
			},
			is: named("/dev/mapper/control"), numbers: []string{"c 10:236"}, access: "r",
			device: "/dev/mapper/control", options: "--cap-add SYS_ADMIN ",
		},
		{
			Step: attack.Step{
				ID: "device-watchdog", Title: "Restart the machine by its watchdog",
				Why: "Whoever opens the watchdog and stays silent restarts the machine.",
				To:  attack.Outage, ATTACK: "T1529", Cost: 1, CostReason: "one command",
			},
			is: named("/dev/watchdog*"), numbers: []string{"c 10:130"}, access: "w", device: "/dev/watchdog",
		},
	}
}

// peopleDevices lead to what people at the machine say, show and type, and to the
// keys and things that they plug in.
func peopleDevices() []family {
	return []family{
		{
			Step: attack.Step{
				ID: "device-input", Title: "Read the host's keyboard",
				Why: "The device tells every key that is pressed, passwords included.",
				To:  attack.Secret, ATTACK: "T1056.001", Cost: 3, CostReason: "somebody must type at the machine",
			},
			is: named("/dev/input", "/dev/hidraw*"), numbers: []string{"c 13:*"}, access: "r", device: "/dev/input/event0",
			secret: lang.N("what is typed at the host"),
		},
		{
			Step: attack.Step{
				ID: "device-uinput", Title: "Type at the host's keyboard",
				Why: "Keys that the container sends go to whoever is logged in at the machine, as root or with sudo.",
				To:  attack.HostRoot, ATTACK: "T1674", Cost: 4, CostReason: "a session with rights must be open at the machine",
			},
			is: named("/dev/uinput"), numbers: []string{"c 10:223"}, access: "w", device: "/dev/uinput",
		},
		{
			Step: attack.Step{
				ID: "device-console", Title: "Read the host's console",
				Why: "What is typed at a console or serial line goes to whoever reads it, and what it shows can be read back.",
				To:  attack.Secret, ATTACK: "T1056", Cost: 3, CostReason: "somebody must use the console",
			},
			is:     named("/dev/tty[0-9]*", "/dev/ttyS[0-9]*", "/dev/console", "/dev/pts", "/dev/vcs*"),
			access: "r", device: "/dev/tty1", numbers: []string{"c 4:*", "c 7:*"}, secret: lang.N("what is typed at the host"),
		},
		{
			Step: attack.Step{
				ID: "device-audio-video", Title: "Listen and look by the host's microphones and cameras",
				Why: "The devices record whoever is near the machine.",
				To:  attack.Secret, ATTACK: "T1123", Cost: 3, CostReason: "somebody must be near the machine",
			},
			is: named("/dev/snd", "/dev/video*"), numbers: []string{"c 116:*", "c 81:*"}, access: "r", device: "/dev/snd",
			secret: lang.N("what the host's microphones and cameras take in"),
		},
		{
			Step: attack.Step{
				ID: "device-tpm", Title: "Use the keys of the host's security chip",
				Why: "The chip opens what was sealed for this machine, such as the keys of its disks, to whoever asks from it.",
				To:  attack.Secret, ATTACK: "T1552.004", Cost: 3, CostReason: "keys must be sealed without a password",
			},
			is: named("/dev/tpm*"), numbers: []string{"c 10:224"}, access: "rw", device: "/dev/tpmrm0",
			secret: lang.N("the keys of the host's security chip"),
		},
		{
			Step: attack.Step{
				ID: "device-usb-bus", Title: "Use what is plugged into the host",
				Why: "The bus gives every USB device: disks past their file systems, security keys, adapters.",
				To:  attack.Secret, ATTACK: "T1025", Cost: 3, CostReason: "something of value must be plugged in",
			},
			is: named("/dev/bus/usb", "/dev/usb"), numbers: []string{"c 189:*"}, access: "rw", device: "/dev/bus/usb/001/001",
			secret: lang.N("what is plugged into the host"),
		},
	}
}

// faultyDrivers are the steps that need a fault in a driver.
func faultyDrivers() []*attack.Step {
	driver := func(id, title, device string, f family) *attack.Step {
		f.Step = attack.Step{
			ID: id, Title: title, To: attack.HostRoot, ATTACK: "T1068", Cost: 5, CostReason: "a fault in the driver must be found",
			Why:  "The driver is a large part of the kernel that few containers may call. A fault in it gives the kernel.",
			Bad:  append(f.Bad, rule.Example{Run: "docker run --device " + device + " alpine"}),
			Good: []rule.Example{{Run: "docker run alpine"}, {Run: "docker run --device /dev/rtc0 alpine"}},
		}
		f.access = "r"
		return f.step()
	}
	return []*attack.Step{
		driver("device-kvm", "Exploit a fault in the kernel's virtual machines", "/dev/kvm", family{is: named("/dev/kvm"), numbers: []string{"c 10:232"}}),
		driver("device-vhost", "Exploit a fault in the kernel's devices of virtual machines", "/dev/vhost-net",
			family{is: named("/dev/vhost-*", "/dev/vsock"), numbers: []string{"c 10:238", "c 10:241"}}),
		driver("device-gpu", "Exploit a fault in the driver of the graphics card", "/dev/dri", family{
			is: named("/dev/dri", "/dev/nvidia*", "/dev/kfd"), numbers: []string{"c 226:*", "c 195:*"}, requests: "gpu",
			Step: attack.Step{Bad: []rule.Example{{Run: "docker run --gpus all alpine"}}},
		}),
	}
}
