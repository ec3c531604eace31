package hostplace_test

import (
	"strings"
	"testing"

	"seawall/hostpath"
	"seawall/hostplace"
	"seawall/rule"
)

// TestDeviceOf: what a person would say of each device, by its severity and a
// word of the reason.
func TestDeviceOf(t *testing.T) {
	tests := []struct {
		severity rule.Severity
		word     string
		devices  string
	}{
		{0, "", "/dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/log /dev/ptmx " +
			"/dev/shm /dev/mqueue /dev/stdin /dev/stdout /dev/stderr /dev/fd /dev/fd/3"},
		{rule.Critical, "all devices", "/dev"},
		{rule.Critical, "memory", "/dev/mem /dev/kmem /dev/port"},
		{rule.High, "registers", "/dev/cpu/0/msr"},
		{rule.High, "below its operating system", "/dev/ipmi0 /dev/ipmi/0"},
		{rule.High, "firmware", "/dev/mtd0 /dev/mtdblock0 /dev/nvram"},
		{rule.High, "terminals", "/dev/pts /dev/pts/0"},
		{rule.High, "types", "/dev/uinput"},
		{rule.High, "memory", "/dev/uio0"},
		{rule.High, "disk", "/dev/sda /dev/sda1 /dev/vda /dev/xvda1 /dev/hda /dev/nvme0n1p2 /dev/mmcblk0 /dev/dm-0 /dev/mapper/root /dev/md0 " +
			"/dev/loop0 /dev/disk/by-uuid/0 /dev/root /dev/block/8:0 /dev/zd0 /dev/nbd0 /dev/rbd0 /dev/sg0"},
		{rule.Medium, "security keys", "/dev/hidraw0"},
		{rule.Medium, "keyboard", "/dev/input /dev/input/event0"},
		{rule.Medium, "keys", "/dev/tpm0 /dev/tpmrm0"},
		{rule.Medium, "console", "/dev/console /dev/vcs /dev/vcsa1"},
		{rule.Low, "device", "/dev/vcsm /dev/vcsm-cma /dev/vchiq /dev/dvb/adapter0 /dev/serial/by-id/usb-x"},
		{rule.Medium, "hardware", "/dev/vfio/vfio"},
		{rule.Medium, "restarts", "/dev/watchdog /dev/watchdog0"},
		{rule.Medium, "a device", "/dev/unheard-of"},
		{rule.Low, "a device", "/dev/dri/card0 /dev/snd /dev/net/tun /dev/fuse /dev/kvm /dev/ttyUSB0 /dev/ttyACM0 /dev/ttyS0 /dev/nvidia0 /dev/kfd " +
			"/dev/video0 /dev/rtc0 /dev/hwrng /dev/vhost-net /dev/usb/lp0 /dev/bus/usb/001/001 /dev/infiniband/uverbs0 /dev/sgx_enclave /dev/sgx/enclave"},
	}
	for _, tt := range tests {
		for device := range strings.FieldsSeq(tt.devices) {
			if got := hostplace.DeviceOf(device); got.Severity != tt.severity || !strings.Contains(got.What, tt.word) {
				t.Errorf("%s: %d (%s), want %d (%s)", device, got.Severity, got.What, tt.severity, tt.word)
			}
		}
	}
}

// TestOf: what it means to mount a path of the host, writable and read-only.
func TestOf(t *testing.T) {
	const none = rule.Severity(0)
	tests := []struct {
		write, read rule.Severity
		paths       string
	}{
		{rule.Critical, rule.High, "/ /dev /etc /etc/gshadow /etc/kubernetes/pki /etc/rancher/k3s /etc/shadow /etc/ssh/ssh_host_rsa_key /root /root/.ssh /root/.ssh/id_rsa " +
			"/var /var/lib /var/lib/containerd/x /var/lib/containers/x /var/lib/docker /var/lib/docker/containers/x /var/lib/etcd/x /var/lib/kubelet/pods /var/lib/rancher/k3s"},
		{rule.Critical, rule.Medium, "/etc/docker/daemon.json /etc/openvpn/x /etc/wireguard/wg0.conf /proc /proc/sys/kernel/core_pattern"},
		{rule.Critical, rule.Low, "/bin/sh /boot/grub /lib /lib/modules/6.1 /lib64 /sbin/init /usr /usr/lib /usr/lib/modules/6.1 /var/spool/at/x /var/spool/cron/root"},
		{rule.Critical, none, "/etc/NetworkManager/dispatcher.d/x /etc/apt/sources.list /etc/cdi/x /etc/cni/net.d /etc/cron.d/x /etc/cron.daily/x /etc/cron.hourly/x /etc/cron.monthly/x " +
			"/etc/cron.weekly/x /etc/crontab /etc/environment /etc/fstab /etc/group /etc/init.d/x /etc/ld.so.conf /etc/ld.so.conf.d/x /etc/ld.so.preload /etc/logrotate.d/x " +
			"/etc/modprobe.d/x /etc/network/interfaces /etc/nsswitch.conf /etc/pam.d/sshd /etc/passwd /etc/polkit-1/rules.d /etc/profile /etc/profile.d/x /etc/rc.local " +
			"/etc/sudoers /etc/sudoers.d/x /etc/systemd/system /etc/udev/rules.d /lib/systemd/system /usr/bin/env /usr/lib/systemd/system /usr/libexec/x " +
			"/lib/x86_64-linux-gnu /lib64/ld-linux-x86-64.so.2 /usr/lib/python3 /usr/lib/x86_64-linux-gnu/libc.so.6 /usr/lib32/x /usr/lib64/x /usr/local/bin/x " +
			"/usr/local/lib/docker/cli-plugins /usr/local/sbin/x /usr/sbin/x /root/.bashrc /root/.profile /root/.config/systemd/user /root/.local/bin/x"},
		{rule.High, none, "/home/bob/.bashrc /home/bob/.bashrc.d/x /home/bob/.bash_aliases /home/bob/.bash_login /home/bob/.bash_logout /home/bob/.bash_profile /home/bob/.config/autostart/x " +
			"/home/bob/.config/fish /home/bob/.config/git/config /home/bob/.config/systemd/user /home/bob/.gitconfig /home/bob/.local/bin /home/bob/.profile " +
			"/home/bob/.xprofile /home/bob/.xsession /home/bob/.zlogin /home/bob/.zprofile /home/bob/.zshenv /home/bob/.zshrc"},
		{rule.High, rule.High, "/dev/pts /dev/pts/3 /etc/krb5.keytab /etc/pki/tls/private/x /etc/ssl/private/x /run /run/containerd /run/docker /run/systemd/x /run/user /dev/sda"},
		{rule.High, rule.Medium, "/etc/NetworkManager/system-connections/x /etc/letsencrypt/live /home /home/bob"},
		{rule.High, rule.Low, "/sys/devices /sys/fs/bpf/x /sys/kernel/debug/x /sys/kernel/tracing/x"},
		{rule.Critical, rule.Low, "/sys /sys/firmware/efi/efivars/x"},
		{rule.High, none, "/etc/sysctl.conf /etc/sysctl.d/x /sys/fs/cgroup/x /sys/class/net"},
		{rule.Critical, none, "/proc/meminfo /proc/cpuinfo /proc/stat /proc/uptime /proc/loadavg /proc/diskstats /proc/swaps"},
		{rule.High, none, "/run/systemd/resolve/stub-resolv.conf"},
		{rule.Medium, none, "/dev/disk /dev/disk/by-id /dev/disk/by-path"},
		{rule.Medium, rule.Low, "/dev/shm/x /tmp /var/log /var/log/journal/x /var/tmp"},
		{none, none, "/srv/data /opt/app /etc/localtime /etc/hostname /etc/shadow-notes /home/bob/project /var/log/nginx /tmp/build /var/tmp/x /usr/share/zoneinfo /usr/lib/debug/x /usr/lib/locale " +
			"/usr/lib/os-release /root/data /root/.cache /home/bob/.bashrc-old /home/bob/src/.bashrc /srv/bob/.bashrc /.bashrc /run/udev /run/utmp /dev/null /run/systemd/journal/socket /run/systemd/journal/stdout /run/systemd/journal/dev-log /run/systemd/journal/syslog"},
	}
	for _, tt := range tests {
		for path := range strings.FieldsSeq(tt.paths) {
			place, write := hostplace.Of(path, false)
			_, read := hostplace.Of(path, true)
			if write != tt.write || read != tt.read || write > 0 && place.Gives == "" {
				t.Errorf("%s: writable %d (%s), read-only %d, want %d and %d", path, write, place.Gives, read, tt.write, tt.read)
			}
		}
	}
}

// TestWidest: of what a mount holds, that is named which contains the others.
func TestWidest(t *testing.T) {
	for path := range strings.FieldsSeq("/ /dev /etc /home /lib /root /run /sys/kernel /usr /usr/lib /var/log") {
		want := path
		if path == "/sys/kernel" {
			want = "/sys"
		}
		if place, _ := hostplace.Of(path, false); place.Path != want {
			t.Errorf("%s is told as %s, want %s", path, place.Path, want)
		}
	}
	for path := range strings.FieldsSeq("/lib /lib64 /usr /usr/lib") {
		if place, _ := hostplace.Of(path, true); place.Path != path {
			t.Errorf("%s, read-only, is told as %s", path, place.Path)
		}
	}
	if place, _ := hostplace.Of("/root/.ssh", true); !strings.Contains(place.Gives, "root's") {
		t.Errorf("root's keys are told as: %s", place.Gives)
	}
}

// TestKeys: the keys and tokens of users are known wherever they lie, and not
// taken for what is only named alike.
func TestKeys(t *testing.T) {
	const keys = ".ssh .docker/config.json .aws/credentials .kube/config .gnupg .azure .config/gcloud/x .config/gh/hosts.yml .config/containers/auth.json " +
		".config/doctl/x .config/hcloud/x .oci/config .git-credentials .netrc .npmrc .pypirc .pgpass .my.cnf .vault-token .terraform.d/credentials.tfrc.json " +
		".cargo/credentials.toml .password-store/x .local/share/keyrings keys/id_rsa keys/id_dsa keys/id_ecdsa keys/id_ed25519 .ssh-old/.ssh"
	for name := range strings.FieldsSeq(keys) {
		for _, home := range []string{"/home/bob/", "/srv/homes/bob/"} {
			for _, readOnly := range []bool{false, true} {
				if _, got := hostplace.Of(home+name, readOnly); got != rule.High {
					t.Errorf("%s%s, read-only %t: %d", home, name, readOnly, got)
				}
			}
		}
	}
	for name := range strings.FieldsSeq(".ssh-old x.ssh .config/ghostty .config keys/id_rsa.pub .npmrc.example") {
		if place, got := hostplace.Of("/home/bob/"+name, true); got != 0 {
			t.Errorf("%s is taken for keys: %d (%s)", name, got, place.Gives)
		}
	}
}

// TestSocketFile: the control sockets of engines, by their usual names.
func TestSocketFile(t *testing.T) {
	for path, want := range map[string]bool{
		"/run/docker.sock": true, "/run/user/1000/podman/podman.sock": true, "/run/containerd/containerd.sock": true,
		"/run/mysqld/mysqld.sock": false, "/run/docker.sock.d": false, "/run": false,
	} {
		if got := hostpath.SocketFile(path); got != want {
			t.Errorf("%s: %t", path, got)
		}
	}
}

// TestServices: whose each socket is and what whoever connects to it can do.
func TestServices(t *testing.T) {
	tests := []struct {
		severity   rule.Severity
		name, word string
		paths      string
	}{
		{rule.Critical, "cri-dockerd", "containers", "/run/cri-dockerd.sock"},
		{rule.Critical, "CRI-O", "containers", "/run/crio /run/crio/crio.sock"},
		{rule.Critical, "Incus", "containers", "/var/lib/incus/unix.socket"},
		{rule.Critical, "LXD", "containers", "/var/lib/lxd/unix.socket /var/snap/lxd/common/lxd/unix.socket"},
		{rule.Critical, "the Node Resource Interface", "every container", "/run/nri /run/nri/nri.sock"},
		{rule.Critical, "libvirt", "virtual machines", "/run/libvirt /run/libvirt/libvirt-sock"},
		{rule.Critical, "snapd", "installs", "/run/snapd.socket"},
		{rule.Critical, "systemd", "root", "/run/systemd/private"},
		{rule.High, "BuildKit", "builds", "/run/buildkit /run/buildkit/buildkitd.sock"},
		{rule.High, "containerd's shims", "other containers", "/run/containerd/s"},
		{rule.High, "a shim of containerd", "another container", "/run/containerd/s/0123"},
		{rule.High, "the system's message bus", "orders", "/run/dbus /run/dbus/system_bus_socket"},
		{rule.High, "a user's services", "as the user", "/run/user/1000"},
		{rule.High, "a user's message bus", "as the user", "/run/user/1000/bus"},
		{rule.High, "a user's systemd", "as the user", "/run/user/1000/systemd /run/user/1000/systemd/private"},
		{rule.High, "a user's GnuPG agent", "user's keys", "/run/user/1000/gnupg /run/user/1000/gnupg/S.gpg-agent"},
		{rule.High, "a user's keyring", "user's keys", "/run/user/1000/keyring /run/user/1000/keyring/ssh"},
		{rule.High, "an ssh agent", "user's keys", "/run/host-services/ssh-auth.sock /run/user/1000/openssh_agent /run/user/1000/ssh-agent.socket /tmp/ssh-XYZ /tmp/ssh-XYZ/agent.12"},
		{rule.High, "a user's X server", "keyboard", "/tmp/.X11-unix /tmp/.X11-unix/X0"},
		{rule.Low, "a user's sound and screen", "microphone", "/run/user/1000/pipewire-0"},
		{rule.Low, "a user's sound", "microphone", "/run/user/1000/pulse /run/user/1000/pulse/native"},
		{rule.Low, "a user's desktop", "windows", "/run/user/1000/wayland-0"},
	}
	for _, tt := range tests {
		for path := range strings.FieldsSeq(tt.paths) {
			got, ok := hostplace.ServiceOf(path)
			if !ok || got.Severity != tt.severity || got.Name != tt.name || !strings.Contains(got.Gives, tt.word) {
				t.Errorf("%s: %d %s (%s), want %d %s (%s)", path, got.Severity, got.Name, got.Gives, tt.severity, tt.name, tt.word)
			}
		}
	}
}
