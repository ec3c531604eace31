// Package vm boots whole systems for tests: Debian with its own kernel, systemd,
// a security module that enforces, and the engine as Debian ships it, in an
// emulated machine. It is for what the namespaces of package lab cannot show:
// AppArmor, SELinux, socket activation, units, the journal.
//
//	func TestHost(t *testing.T) {
//		m := vm.Boot(t, vm.Options{Image: vm.AppArmor, Programs: map[string]string{"/usr/local/bin/seawall": program}})
//		label := m.Run("cat /proc/$(pidof dockerd)/attr/current")
//		...
//	}
//
// # What it needs
//
// Linux on amd64, root, mmdebstrap and a Debian mirror, mke2fs and
// qemu-system-x86_64; scripts/setup-vm.sh installs them. The first boot of an
// image builds it (about a minute, 1 GB in lab.CacheDir). A boot takes half a
// minute on an idle machine, for the processor is emulated: the host needs no
// KVM, which is used only where a test and SEAWALL_KVM ask for it ([Options].Fast). Each machine
// starts from the image as it was built; what it changes is gone with it.
//
// # How it ends
//
// A shell beside the emulator reads a pipe whose other end only the owner holds.
// When the owner closes it or dies, the shell kills the emulator. Nothing else
// is left: the disk's changes and the archive of programs are files without a
// name.
//
// # What differs from a real host
//
// The profiles of AppArmor for programs that are not installed are gone, timers
// and login prompts are off, and scripts run as root from a service (agent)
// instead of a login. There is no network beyond the host.
package vm
